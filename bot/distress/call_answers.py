"""Reads the answer to whether help is to be called: `yes, I'm in 5th street`, `false alarm`."""

from __future__ import annotations

import re

from bot import distress
from bot.text.normalisation import fold

_YES = r"(?:si+|sim+|yes+|yep|yeah)"
_HURRY = (
    r"(?:por favor|porfa|please|plz|pls|ya|ja|ahora|agora|now|rapido|quick|urgente|urgent|asap)"
)
_PEOPLE = (
    r"(?:(?:a|para|com|to) )?(?:ellas|ellos|elas|eles|tod[ao]s|todo el mundo|todo mundo"
    r"|alguien|alguem|them|every(?:one|body)|some(?:one|body)|any(?:one|body)"
    r"|(?:mi|mis|la|minha|minhas|meu|meus|my|the) (?:gente|familia|family|people|pessoal|pessoas"
    r"|amig[ao]s|friends|contact[oa]?s|contatos))"
)
_CALLING = (
    r"(?:(?:avisa|avise|avisen|avisem|avisar|llama|llame|llamen|llamar|chama|chame|chamem|chamar"
    r"|liga|ligue|call|pode (?:avisar|chamar|ligar)|puedes (?:avisar|llamar))"
    rf"(?: {_PEOPLE})?|avisa(?:les|las|los)(?: {_PEOPLE})?|llam[ae]n?(?:las|los|les)"
    rf"|(?:tell|alert|notify) {_PEOPLE}|do it|go ahead|hazlo|hacelo|dale si"
    r"|faz isso|pode sim|faca isso)"
)
_IS_CALLING = re.compile(
    rf"(?:(?:{_YES}|{_HURRY}) )*(?:{_CALLING}|{_YES})(?: (?:{_YES}|{_HURRY}))*"
)
_NO = r"(?:no|nao|n|nop|nope|nah)"
_IS_NO = re.compile(
    rf"(?:{_NO} )*(?:(?:fue|era|foi|it was|its|was|e|es) )?(?:(?:una?|uma?|a) )?"
    r"(?:falsa alarma|alarma falsa|alarme falso|falso alarme|false alarm)(?: gracias| thanks)?"
    rf"|(?:{_NO} )?(?:(?:ya|ja) )?{_NO} (?:hace falta|es necesario|e (?:preciso|necessario)|precisa"
    r"|need|need to call|(?:fue|era|foi|paso|pasa|aconteceu) nada|(?:avis|llam|cham)e[sn]?"
    r"|(?:avis|llam|cham)e[sn]? (?:a nadie|ninguem))"
    r"(?: ya| ja| mas| mais| gracias| thanks| obrigad[ao])?"
    rf"|{_NO} (?:el |ella |ele |ela |eles )?(?:ya|ja) (?:se fue|se fueron|paso|passou"
    r"|(?:foi|foram) embora)(?: gracias| obrigad[ao])?"
    rf"|{_NO} (?:(?:he|she|they)(?:s|re| has| have| is| are)? (?:left|gone)|it was nothing"
    r"|its over|im (?:fine|ok|okay|safe|good))(?: now)?(?: thanks)?"
    rf"|(?:{_NO} )?dont(?: call)?(?: (?:them|anyone|anybody))?|{_NO} (?:gracias|thanks|obrigad[ao])"
)
_BEGINS_YES = re.compile(rf" {_YES} ")
_IF = re.compile(
    r"\W*si\s+(?!(?:avis|llam|estoy|toy|ando|por favor|porfa|ya|rapido|apura|ven|urgente|ayuda"
    r"|me estan? )\w*)"
)
"""`si vuelve me mata`: an if, and no yes."""
_SPELT_YES = re.compile(r"\W*s(?:í|i\u0301)\b", re.IGNORECASE)
_STATED = re.compile(
    r" (?:no|nao|n) (?=(?:puedo|posso|consigo|tengo|tenho|se|sei|me dej|me deix|para|hay|tem|salgo"
    r"|\d))"
)
"""A no that is no objection to the call: `sí, no puedo hablar`."""
_RESERVED = re.compile(
    r" (?:no|nao|n|not|dont|never|nunca|nadie|ninguem|nobody|pero|but|only|solo|solamente|apenas"
    r"|menos|except|excepto|espera|wait|todavia|ainda|yet|later|despues|depois"
    r"|so (?:a|o|as|para|com)) "
)
"""What follows such a word may be what is not to be done, or not yet."""


def read_answer(text: str) -> str | None:
    """Return `yes` or `no` if the line answers whether help is to be called, else None.

    A yes at its beginning is enough, whatever it tells besides, unless that may take it back.
    """
    words = distress.fold_words(text).strip()
    if distress.is_agreement(text) or _IS_CALLING.fullmatch(words) or tells_more(text):
        return "yes"
    return "no" if _IS_NO.fullmatch(words) else None


def tells_more(text: str) -> bool:
    """Return whether the line agrees that help is called and also tells something, such as where
    the person is."""
    words = distress.fold_words(text)
    if distress.is_agreement(text) or _IS_CALLING.fullmatch(words.strip()):
        return False
    if _BEGINS_YES.match(words) is None or "?" in text or "¿" in text:
        return False
    if _IF.match(fold(text)) and not _SPELT_YES.match(text):
        return False
    left = _STATED.sub(" ", words)
    return _RESERVED.search(left) is None and not distress.sounds_over(text)
