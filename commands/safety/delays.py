"""Reads who needs more time for their check-in: `me demoro`, `need 15 more min`."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import fold

_SPAN = r"\d{1,3} ?(?:m|h|min\w*|horas?|hours?)"
_LATE = re.compile(
    r"(?:ya |ja )?(?:(?:me|voy a|vou(?: me)?|estou) )?(?:demor|atra[sz]|retra[sz])\w*\b.{0,30}"
    r"|(?:ya |ja )?(?:no|nao) (?:(?:he|voy a|vou|vou mais) )?(?:lleg|cheg|sali|sair)\w*\b.{0,40}"
    r"|(?:llego|vengo|chego) (?:en|a las|em|as|a) .{0,30}|(?:mejor|melhor) (?:a las |as )?\d.{0,20}"
    r"|(?:ya|ja|todavia|ainda) (?:no|nao)(?: (?:voy a |vou )?(?:salgo|salir|sair|saio))?"
    r"|(?:ya )?(?:llego|vengo|voy|vou|chego|im|i'm|i am|running) (?:\w+ )?(?:tarde|late)"
    r"|(?:necesito |preciso de |i need )?(?:mas|mais|more) (?:tiempo|tempo|time|tarde)"
    rf"|(?:\w+ )?{_SPAN} (?:mas|mais|more)|(?:mas|mais|more) {_SPAN}"
    r"|\d{1,3} more (?:min\w*|hours?)|(?:mi|meu|minha|my) (?:regreso|retorno|volta|return)"
    r"|(?:sin|sem|without) (?:el |o |the )?(?:servidor|server)"
)
_MEASURE = re.compile(
    r"(?<!\w)(?:(?P<count>\d{1,3})|(?P<half>media|meia|half(?: an?)?)|(?:una|uma|otra|outra|an))"
    r"(?P<more> (?:mas|mais|more))? ?(?P<unit>m|mins?|minut\w{1,6}|h|hs|hrs?|horas?|hours?)(?!\w)"
)
_UNTOLD = re.compile(
    r"(?<!\w)(?:no|nao|dont|do not) (?:(?:le|les|me) )?(?:avis|alert|alarm|llam|cham|tell|warn)"
    r"\w*(?: (?:a |o |la )?(?!por |pls|please)\w+)?(?: (?:todavia|aun|ainda|yet))?(?!\w)"
)
"""`no avises todavía`: beside how much later it is."""
_MORE_WORDS = frozenset(
    {
        *("mas", "mais", "more", "otra", "otros", "outra", "outros", "another", "extra", "late"),
        *(
            "later",
            "tarde",
            "atrasada",
            "atrasado",
            "atrasade",
            "retrasada",
            "retrasado",
            "retraso",
        ),
        *("atraso", "atrasar", "atrazo", "atrasando", "demoro", "demorar", "demora", "demorada"),
        *("retrasar", "demorado", "delayed"),
    }
)
_FILLER_WORDS = frozenset(
    {
        *("necesito", "preciso", "precisando", "need", "ocupo", "quiero", "quero", "want", "dame"),
        *("deme", "da", "de", "give", "me", "mi", "eu", "yo", "i", "im", "ill", "am", "will", "be"),
        *(
            "gonna",
            "going",
            "to",
            "a",
            "o",
            "uns",
            "unos",
            "un",
            "um",
            "voy",
            "vou",
            "va",
            "llegar",
        ),
        *("chegar", "llego", "llegare", "chego", "vengo", "vuelvo", "volto", "regreso", "volver"),
        *(
            "voltar",
            "estoy",
            "estou",
            "toy",
            "tou",
            "ando",
            "running",
            "arriving",
            "arrive",
            "back",
        ),
        *("ya", "ja", "como", "tipo", "about", "like", "unos", "por", "favor", "porfa", "please"),
        *("pls", "plz", "gracias", "thx", "thanks", "obrigada", "obrigado", "valeu", "perdon"),
        *(
            "desculpa",
            "sorry",
            "hola",
            "oi",
            "hi",
            "ok",
            "todavia",
            "ainda",
            "still",
            "pra",
            "para",
        ),
        *("casa", "home", "in", "en", "em", "is", "it", "by", "the", "s", "ll", "m", "bit"),
    }
)
_MOST_WORDS = 12
_NEEDED = re.compile(r"(?:i )?(?:necesito|preciso|need|voy|vou)(?!\w)")


def read_delay(text: str) -> timedelta | None:
    """Return how much more time a line asks for that says nothing else: `llego 20 min más tarde`,
    `preciso de mais meia hora`. None if it says something else, or no span."""
    said = _UNTOLD.sub(" ", fold(text).replace("'", "").replace("’", ""))
    measures = list(_MEASURE.finditer(said))
    if len(measures) != 1 or "?" in text:
        return None
    (measure,) = measures
    left = set(re.findall(r"\w+", f"{said[: measure.start()]} {said[measure.end() :]}"))
    is_more = bool(measure["more"] or left & _MORE_WORDS or re.match(r"ot|ou", measure[0]))
    if not is_more or len(left) > _MOST_WORDS or left - _MORE_WORDS - _FILLER_WORDS:
        return None
    count = 0.5 if measure["half"] else int(measure["count"] or 1)
    return timedelta(hours=count) if measure["unit"][0] == "h" else timedelta(minutes=count)


def may_change_check_in(text: str) -> bool:
    """Return whether the text may be about more time for a check-in, or about what the server
    knows."""
    return _LATE.fullmatch(fold(text).strip(" .!¡")) is not None or read_delay(text) is not None


def may_be_misread(text: str) -> bool:
    """Return whether a delay begins with a word that is a command's too, as in `need 15 more
    min`: it is no need of the network's, and no answer to an event."""
    return _NEEDED.match(fold(text).strip(" .!¡")) is not None and read_delay(text) is not None
