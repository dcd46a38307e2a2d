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
_NO_CONDITION = (
    r"(?!(?:si |avis|llam|estoy|toy|ando|por favor|porfa|ya|rapido|apura|ven|urgente|ayuda"
    r"|me estan? )\w*)"
)
"""Ahead of `si`: what somebody says who means a yes, typed without its accent."""
_IF = re.compile(rf"\W*si\s+{_NO_CONDITION}")
"""`si vuelve me mata`: an if, and no yes."""
_SPELT_YES = re.compile(r"\W*s(?:í|i\u0301)(?!\w)", re.IGNORECASE)
_CERTAIN_YES = re.compile(rf"^\W*{_YES}(?!\w)|{_SPELT_YES.pattern}", re.IGNORECASE)
"""What is a yes and not an if: the first word, and each `sí` with its accent."""
_STATED = re.compile(
    r" (?:no|nao|n) (?=(?:puedo|posso|consigo|tengo|tenho|me dej|me deix|para|hay|tem|salgo|aguant"
    r"|aguent|\d|sei? (?:donde|onde|que|quien|quem|como|cuant|quant|nada)))"
    rf"| (?:pero|but) (?=(?:{_HURRY}|apur\w*|hurry) )| dont (?=know where )"
    r"|(?: estou| to| (?:ele|ela|eles|elas) (?:ta|tao|esta|estao)) no (?!one )"
)
"""What is no objection to the call: `sí, no puedo hablar`, `sim, estou no mercado`."""
_COUNT = r"(?:an?|one|half|two|few|un[oa]?s?|um|uma|media|meia|dos|dois|duas|\d{1,3}|ten|diez|dez)"
_SPAN = (
    r"(?:(?:an? )?(?:moment|minut|min|mins|rat|hor|hour|second|segund|sec|instant)\w{0,4}"
    r"|bit|while|tempo)"
)
_DAY = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|segunda|terca|quarta|quinta|sexta"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_PART_OF_DAY = r"(?:manha|tarde|noche|noite|madrugada|evening|night|afternoon)"
_RESERVED = re.compile(
    r" (?:no|nao|n|not|dont|never|nunca|nadie|ninguem|nobody|pero|but|only|solo|solamente|apenas"
    r"|menos|except|excepto|so (?:a|o|as|para|com)"
    # not yet
    r"|(?<!me )(?<!nos )esper(?:ar?|en?|em|emos|o)|esperame|aguarda\w{0,2}|aguard[ae]m?"
    r"|aguanta\w{0,2}|wait|hold (?:on|off)|hang on|calma"
    r"|todavia|ainda|yet|later|despues|depois|luego|logo mais|soon|afterwards?|after(?! (?:me|us) )"
    r"|(?:mas|mais) tarde|tomorrow|tonight|amanha|(?<!esta )(?<!desde la )manana|al rato"
    r"|antes(?! (?:que|de|d\w{1,3}) )|primero(?! de )|primeiro(?! (?:de|andar) )"
    r"|first(?! (?:st|street|ave\w*|floor) )|let me(?! (?:out|go|leave) )"
    rf"|(?:(?:in|en|em|within|just|so|dame|give me|me da) |(?<=^ )){_COUNT} {_SPAN}"
    rf"|daqui a|dentro de|(?<!desde )(?:el|este|on|this|next|na|no) {_DAY}(?= (?:feira )?$)"
    rf"|(?<!desde )(?:esta|a la|en la|por la|de|a|this) {_PART_OF_DAY}(?= $)"
    r"|(?:a las?|as|at) \d{1,2}(?: \d\d)?(?: ?(?:h|hs|am|pm|horas))?"
    rf"(?: d(?:e la|a) {_PART_OF_DAY})?(?= $)"
    r"|(?:otro|outro|another) (?:dia|day)|(?:proxim[ao]|next) (?:semana|vez|week|time)"
    r"|semana que (?:viene|vem)"
    # only then
    r"|if|unless|until|till|when|whenever|while|(?<!at )once|in case|as long as|provided"
    rf"|cuando|quando|en cuanto|assim que|logo que|mientras|enquanto|caso|si(?= {_NO_CONDITION})"
    r"|una vez que|ni bien|tan pronto|tao logo|por si|salvo (?:que|si|se)|a no ser|depend[es]\w?"
    r"|(?:te|yo|eu) aviso|(?:ill|i will) (?:tell|say|text|write|let)"
    r"|(?:hasta|ate) que|ate (?:ele|ela|eles|eu)|se (?:ele|ela|eles|elas|eu|voce|alguem|a gente|for"
    r"|o|a|os|as|meu|minha|der|precisar|piorar|voltar|vier|chegar|sair|demorar|acontecer)"
    # rather not
    r"|cancel\w*|anul\w*|abort|forget|nevermind|olvid\w*|esquec\w*|undo|suspend\w*"
    r"|(?:(?:yes|yep|yeah|please|pls|ok|to|and) |(?<=^ ))stop|stop (?:it|that|calling|now)"
    r"|hang up|cuelg\w*|desliga|parar|pare[mns]?"
    r"|para(?: (?:por favor|porfa|ya|ja|agora|ahora|tudo|todo|isso|eso|con eso|com isso))*(?= $)"
    r"|detente|deten|basta|chega(?= $)|(?<!me )deixa|dejal[oa]|prefier\w*|prefir\w*|prefer|rather"
    r"|mejor|melhor|tal ?vez|quizas?|capaz(?! de )|maybe|perhaps|idk"
    r"|(?:my|de) (?:mind|idea|ideia|opinion)|arrepent\w*) "
)
"""What follows such a word may be what is not to be done, or not yet: he may still be there."""


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
    left = _STATED.sub(" ", distress.fold_words(_CERTAIN_YES.sub(" ", text)))
    return _RESERVED.search(left) is None and not distress.sounds_over(text)
