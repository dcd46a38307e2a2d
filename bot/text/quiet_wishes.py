"""Recognises that the bot is asked to be quiet at night: `no molestes de noche`. Pure."""

from __future__ import annotations

import re

_LEAD = (
    r"(?:(?:por favor|porfa|please|pls|y|e|and|pero|mas|but|quiero|queremos|quero|prefiero|prefiro"
    r"|minga|i want you to|(?:can|could) you|(?:podrias?|puedes|pode)|solo|so)[\s,]+)*"
)
_NOTICES = (
    r"(?:avisos?|recordatorios?|lembretes?|notificac\w+|notifications?|alert\w*|reminders?|pings?"
    r"|mensajes?|mensagens?|messages?)"
)
_WHAT = (
    r"(?:[\s,]+(?:con|com|with|mas|mais|more|any|so many|tant[oa]s?|l[oa]s|[oa]s|tus|seus|sus|us|me"
    rf"|people|every(?:one|body)|the room|up|a la gente|a tod[oa]s|{_NOTICES}))*"
)
_VERB = (
    r"(?:molest(?:es?|en|ar)|incomod(?:es?|en|em|ar|a)|perturb(?:es?|en|em|ar|a)|suen(?:es?|en)"
    r"|mand(?:es?|en|em|a)|envi(?:es?|en|em|a)|escribas?|escreva|avis(?:es?|en|em)|despiert(?:es?|en))"
)
_NOT = (
    rf"(?:que[\s,]+)?(?:no|nao)[\s,]+(?:nos[\s,]+)?{_VERB}"
    rf"|(?:no|nao)[\s,]+me[\s,]+{_VERB}"
    r"|(?:don'?t|do not|stop|never) (?:bother|disturb|wake|ping|message|ring|notify|send)(?:ing)?"
    r"|(?:dej[ae]|deix[ae]|par[ae]) de (?:molestar|mandar|enviar|incomodar)(?:nos)?(?=[\s,]+(?:con "
    rf"|com |mas |mais |l[oa]s |[oa]s |tantos )*{_NOTICES})"
    rf"|(?:no|sin|sem|nada de|without)(?: more| mas| mais)? {_NOTICES}"
    r"|silencio|be quiet|stay quiet"
)
_NIGHT = (
    r"(?:de|en la|por la|a la|a|durante la|durante a|at|in the|during the) (?:noche|noite|night"
    r"|madrugada)s?"
)
_AT_NIGHT = r" ?(?:pm|p\.m\.?|(?:de la|por la|da|at) (?:noche|noite|night))"
_EVENING = (
    rf"(?:(?:1[3-9]|2[0-4])(?:[:h.]\d\d)?\s?(?:h|hs|horas)?|\d{{1,2}}(?:[:h.]\d\d)?{_AT_NIGHT})"
)
_MORNING = r"\d{1,2}(?:[:h.]\d\d)?\s?(?:h\b|hs\b|am\b|a\.m\.?)?"
_HOURS = (
    rf"(?:de |das |from |entre )?(?:las )?({_EVENING}\s?(?:-|a(?: las)?|as|ate(?: as)?"
    rf"|hasta(?: las)?|to|until) ?{_MORNING})(?: (?:de la|da|in the) (?:manana|manha|morning))?"
)
_LATE = r"(?:despues de|depois d[ae]s?|after|a partir de)(?: las| as)? \d{1,2}(?:[:h.]\d\d)?"
_WHEN = rf"(?:{_HOURS}|{_NIGHT}|{_LATE}(?:{_AT_NIGHT}|\s?h)?)"
_BEHIND = r"(?:[\s,]+(?:por favor|porfa|please|pls|gracias|obrigad[oa]|thanks|nunca))*[\s.!]*"

QUIET_WISH = re.compile(rf"{_LEAD}(?:{_NOT}){_WHAT}[\s,]+{_WHEN}{_BEHIND}")
"""All of a line that asks the bot to be quiet at night, folded. Group 1: the hours, if it tells
such as can only be at night."""


def asks_for_quiet(words: str) -> bool:
    """Return whether folded words only ask the bot to be quiet at night. Whoever tells of somebody
    else (`que diego no me moleste de noche`) asks for none."""
    return QUIET_WISH.fullmatch(words.strip()) is not None
