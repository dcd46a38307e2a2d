"""How people ask in their own words that all that is kept of them be deleted, whole and no other
way: a thing of theirs is cancelled by its number."""

from __future__ import annotations

import re

from bot.api import Sentence
from commands.rights.declaration import feature

_PLEASE = r"(?:por ?favor|porfa|porfis|please|pls|plz|ya|ja|agora|ahora|now|minga|gracias|thanks)"
_WISH = (
    r"(?:(?:yo |eu |i )?(?:quiero|quisiera|quero|queria|gostaria|necesito|preciso|want|need"
    r"|would like|d like)(?: (?:que|q|de|you to|to))?(?: (?:tu|voce|vc|me))?"
    r"|(?:me )?(?:puedes|podes|podrias|pode|poderia|can you|could you|can u))"
)
_DELETE = (
    r"(?:borr(?:a|e|es|en|ar)(?:me)?|elimin(?:a|e|es|en|ar)|quit(?:a|es|ar)|apag(?:a|ue|ues|uem|ar)"
    r"|exclu(?:i|a|ir)|delet(?:a|e|es|ar)|remov(?:e|a|er)|erase|wipe|clear|get rid of"
    r"|olvid(?:a|ar|es)|esque(?:ce|ca|cer)|forget)"
)
_MINE = (
    r"(?:(?:tod[ao]s?|all|every bit)(?: of)? )?(?:(?:los|las|os|as|la|a|the) )?"
    r"(?:mis?|meus?|minhas?|my)(?: (?:personal|own))? "
    r"(?:datos|dados|data|info|infos|informacion|informacao|informacoes|information|records"
    r"|details)(?: (?:personales|pessoais))?"
)
_ABOUT_ME = r"(?:(?:about|on|of|from) me|(?:de|sobre|acerca de|a respeito de) m[ií]m?)"
_YOU_KEEP = (
    r"(?:(?:que|q|o que|that)? ?(?:tu |voce |vc |you |u )?(?:(?:ha)?ve |'ve |youve )?"
    r"(?:sabes?|sepas|saiba|tienes?|tengas|tenes|tem|tenha|guard[ae]s?|guardou|know|have|got|keep"
    r"|hold|stored|store|saved)"
    r"(?: got)?)"
)
_ALL = (
    r"(?:tod[oa]s?|tudo|everything|all|lo|o|whatever|anything|toda? la informacion|todos los datos"
    r"|todos os dados|todas as informacoes|all (?:the )?(?:data|info|information)"
    r"|(?:the )?(?:data|info|information)|la informacion|los datos|os dados)(?: lo| o)?"
)
_TOO = (
    r"(?: (?:and|y|e)(?: all)?(?: (?:my|mis|minhas|los|as))?"
    r" (?:messages|mensajes|mensagens|chats?))?"
)
_WHOLE = re.compile(
    rf"[¿¡\s]{{0,5}}(?:{_PLEASE}[,.\s]{{1,5}})*(?:{_WISH} )?(?:{_PLEASE} )?{_DELETE}(?:me|lo)? "
    rf"(?:{_MINE}|{_ALL}(?: {_YOU_KEEP})? {_ABOUT_ME}){_TOO}(?:[,.\s]{{1,5}}(?:y |and )?{_PLEASE})*"
    r"[\s.!?]{0,5}"
)
_ASKED_BEFORE = re.compile(
    r"[¿¡\s]{0,5}(?:que|q|o que|what|wat)(?: (?:tu|voce|vc|do you|do u|you|u))?"
    rf" (?:sabes?|tienes?|tenes|tem|guardas?|know|have) {_ABOUT_ME}[\s?!.,]{{1,5}}(?:y |e |and )?"
    rf"{_DELETE} (?:todo|tudo|everything|it all|all of it|it|all)(?:[,.\s]{{1,5}}{_PLEASE})*"
    r"[\s.!]{0,5}"
)

for _pattern in (_WHOLE, _ASKED_BEFORE):
    feature.sentences.append(Sentence(_pattern, "forget-me"))
