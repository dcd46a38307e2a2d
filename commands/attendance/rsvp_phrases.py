"""Parse a plain line about attending: `voy 57 24/09 con 1 más`, `no puedo`, `57 talvez`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import Number, fold, split_number, words
from commands.attendance.roster import Rsvp

LONGEST = 120
"""The length of a line beyond which it counts as talk."""

GOING = words(
    "voy",
    "vou",
    "going",
    "asisto, me apunto, me anoto, confirmo, me sumo, ahí estaré, yo voy, sí voy, voy a ir,"
    " confirmada, cuenta conmigo, cuenten conmigo, anótame para, apúntame para, anótame en"
    " | eu vou, me anota para, me inscreve para, me inscreve na,"
    " me inscrevo, me anota, tô dentro, estou dentro, participo, confirmado, vou sim,"
    " conta comigo, pode contar comigo | count me in,"
    " i'm in, i'll be there, put me down for, sign me up for, count me in for, i'm coming to",
)
NOT_GOING = words(
    "no voy",
    "não vou",
    "not going",
    "no puedo, no llego, no asisto, no iré, ya no voy, ya no puedo, ya no puedo ir, al final no"
    " voy, al final no puedo, al final no puedo ir, no puedo ir, no voy a ir, no voy a poder ir"
    " | n vou, não vou ir, não posso, não vou poder, não vai dar, não vou mais, n vou mais, já não"
    " vou, não posso mais, não posso ir, não vou mais poder, não vou poder ir"
    " | can't go, can't make it, not going anymore, i'm not going, i'm not going anymore,"
    " i can't go, i can't go anymore, not coming, i'm not coming, i can't come",
)
MAYBE = words(
    "tal vez",
    "talvez",
    "maybe",
    "quizás, quizá, de pronto, capaz, a lo mejor, puede ser | pode ser, quem sabe | perhaps",
)

TAKE_WORDS = ("tomo", "pego", "take", "assumo")
DROP_WORDS = ("dejo", "deixo", "drop", "largo")
"""These words are no commands, since they are so short that many typing errors would match."""
_MORE = {
    Rsvp.YES: "ahi estare, alla estare, alli estare, cuenten conmigo, cuenta conmigo,"
    " contem comigo, conta comigo, estarei la, im going, i'm going, i am going, vamos,"
    " im coming, i'm coming, i am coming, coming, im in, ill be there, i will be there, ill come,"
    " i'll come",
    Rsvp.NO: "no voy a poder, no podre ir, no podre, no ire, n posso, n posso ir, cant go,"
    " im not going,"
    " im not going anymore, i am not going, cant make it, i cant make it, i can't make it,"
    " cant come, can't come, cant come anymore, can't come anymore, i cant come anymore,"
    " i can't come anymore, cant make it anymore, i cant make it anymore, i cant come,"
    " im not coming, nao vou conseguir ir, nao vou conseguir,"
    " n vou conseguir ir, n vou conseguir, nao consigo ir, nao vou poder ir mais",
    Rsvp.MAYBE: "quiza, a lo mejor, puede que vaya, puede ser, quem sabe, may be",
}
_LISTED = {Rsvp.YES: GOING, Rsvp.NO: NOT_GOING, Rsvp.MAYBE: MAYBE}


def _stretch_pattern(phrase: str) -> str:
    """Return a pattern that also matches held letters (`voyyy`) and repeated spaces."""
    parts = [r"\s+" if c == " " else re.escape(c) + ("+" if c.isalpha() else "") for c in phrase]
    return "".join(part for n, part in enumerate(parts) if n == 0 or parts[n - 1] != part)


def _phrases() -> dict[str, Rsvp]:
    found: dict[str, Rsvp] = {}
    for says, listed in _LISTED.items():
        for phrase in (*listed, *_MORE[says].split(",")):
            found[" ".join(fold(phrase).split())] = says
    return found


_BY_LENGTH = sorted(_phrases().items(), key=lambda pair: -len(pair[0]))
_PHRASES = [
    (re.compile(_stretch_pattern(phrase) + r"(?![a-z\d])"), says) for phrase, says in _BY_LENGTH
]
_LEAD = re.compile(
    r"(?:(?:si|sim|yes|yo|eu|tambien|tambem|tbm|claro|pues|ok|bueno|nop|nope|hola|oi"
    r"|actually|al final|perdon|disculpen?|sorry|desculpa|gente|ay|ai|en realidad|na verdade"
    r"|scratch that|(?:(?:yo|eu)\s+)?(?:dije|habia dicho|falei|disse|tinha dito|i said|i had said)"
    r"\s+(?:que\s+)?(?:si|sim|yes|iba|voy|ia|vou|i was (?:coming|going)|i'?d (?:come|go))"
    r"[\s,]+(?:pero|mas|but))[\s,]+)*"
)
"""What stands before an answer, also the yes that it takes back: `I said yes but I can't come`."""
_BEFORE_NUMBER = re.compile(
    r"\A\s*(?:(?:al?|ao|para|to)\s+(?:el\s+|o\s+)?(?:evento\s+|event\s+)|evento\s+|event\s+|al\s+|ao\s+)?"
    r"(?:n[uo]m\.?\s*)?(?=[#\d])"
)
_COUNTS = {
    **dict.fromkeys(("un", "una", "uno", "um", "uma", "one", "a"), 1),
    **dict.fromkeys(("dos", "dois", "duas", "two"), 2),
    **dict.fromkeys(("tres", "three"), 3),
    **dict.fromkeys(("cuatro", "quatro", "four"), 4),
}
_COUNT = rf"(\d{{1,2}}|{'|'.join(_COUNTS)})"
_WHO = (
    r"(?:kids?|children|child|nen[ea]s?|nin[oa]s?|hij[oa]s?|criancas?|filh[oa]s?|bebes?|personas?|pessoas?|people|person|acompanantes?|acompanhantes?|invitad[oa]s?|convidad[oa]s?"
    r"|guests?|amig[oa]s?|friends?|companer[oa]s?|colegas?)"
)
_WITH = r"(?:con|com|with|llevo|levo|bringing|y|e|and)"
_GUESTS = (
    re.compile(rf"(?:\b{_WITH}\s+)?\+\s?{_COUNT}\b(?:\s+{_WHO}\b)?"),
    re.compile(rf"\b{_WITH}\s+(?:mas|mais|plus)\s+{_COUNT}\b(?:\s+{_WHO}\b)?"),
    re.compile(rf"\b{_WITH}\s+{_COUNT}(?:\s+{_WHO})?\s+(?:mas|mais|more|else)\b"),
    re.compile(rf"\b(?:con|com|with|llevo|levo|bringing)\s+(?!a\s+mi\b){_COUNT}\b(?:\s+{_WHO}\b)?"),
    re.compile(rf"\b(?:mas|mais|plus)\s+{_COUNT}\b(?:\s+{_WHO}\b)?"),
)
_SOMEBODY = re.compile(
    rf"(?:\b(?:y|e|and)\s+)?\b{_WITH}\s+(?:a\s+)?(?:mi|minha|meu|my)\s+[^\W\d_]+"
)
_ALONE = re.compile(r"\b(?:solo|sola|sozinh[oa]|alone|sin acompanantes|sem acompanhantes)\b")
_EVERY = re.compile(
    r"\b(?:(?:a|em|en|para|to|for)\s+)?(?:tod[oa]s?(?:\s+(?:las|los|as|os)\s+(?:fechas|datas))?"
    r"|siempre|sempre|always|all(?:\s+dates)?|every\s+(?:date|time)|ningun[oa]?|nenhum[oa]?|nunca"
    r"|(?:(?:toda|a)\s+(?:la\s+)?)?serie|the\s+series)\b"
)
_COURTESY = re.compile(
    r"\b(?:perdon|perdao|disculp[ae]n?|desculp[ae]m?|lo siento|sinto muito|sorry|gracias"
    r"|obrigad[oa]|thanks|por favor|si|sim|yes|seguro|segura|claro|com certeza|sin falta"
    r"|(?:ese|esse|este) dia"
    r"|(?:p(?:a)?ra|para) (?:mi|mim)|a (?:mi|todas|todos))\b"
    r"|\b(?:y|e|and)\s+(?:llevo|levo|traigo|trago|bring)(?:\s+[^\W\d_]+){1,3}$"
)
"""What people add to an answer, and what they bring: it says nothing about coming."""
_REASON = re.compile(
    r"[,;.!\n(]|\b(?:porque|pq|xq|por que|ya que|pois|because|cuz|sorry|perdon|desculpa)\b"
)
_COMING = re.compile(
    r"\b(?:ir|ire|voy(?! a poder\b)|vou(?! (?:mais )?(?:poder|conseguir)\b)|asisto|llego|go|going"
    r"|come|coming|make it)\b"
)
"""What a refusal must name: a bare `no puedo` may be about a link that does not open."""
_INFINITIVE = re.compile(r"\W*a [^\W\d_]+[aei]r\b")
_CONTRARY = re.compile(
    r"\b(?:(?:pero|mas|but)\s+(?:\S+\s+)?(?:voy|vou|llego|chego|i'?ll|im|i'm)|si voy"
    r"|vou sim|sim vou|(?:voy|vou) (?:el|a las|no|na|as|sexta|sabado|domingo)|(?:si|sim|yes)\W*$"
    r"|(?:al|no) final (?:si|sim|voy|vou)|miento|minto|mentira|i lied"
    r"|no es (?:cierto|verdad)|nao e verdade|not true|quise decir|quis dizer|quer dizer|i meant?"
    r"|me (?:equivoque|confundi)|errei"
    r"|broma|brincadeira|joking|kidding|jk|jaja|haha|kkk)\b"
)
"""What takes a refusal back: `no voy, mentira, sí voy`."""
_LATE = re.compile(
    r"\b(?:(?:(?:pero|mas|but|y|e|and)\s+)?(?:yo\s+|eu\s+)?"
    r"(?:llego|llegare|voy a llegar|chego|vou chegar|i'?ll be|i will be|(?:i'?m )?running|arriving)"
    r"\s+|(?:pero|mas|but)\s+)(?:un poco |um pouco |algo |a bit |a little |mas |mais )?"
    r"(?:tarde|atrasad[oa]|late|later)\W*$"
)
_TO_IT = re.compile(r"(?:al?|ao|aos?|na|no|para|pra|pro|to)\s+(?:(?:la|el|o|a|the)\s+)?(?=\w)")
_JOINING = frozenset(
    ("a", "al", "ao", "da", "de", "del", "do", "el", "la", "los", "o", "of", "the")
)
_EDGES = " \t\n,.;:!¡?¿()"


@dataclass(frozen=True, slots=True)
class Tail:
    """The text behind the answer word. `rest` may hold the number and a date.

    `guests` is None if none were mentioned. `every` is True if all dates were named.
    """

    rest: str
    guests: int | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """An answer typed as a whole line."""

    says: Rsvp
    tail: Tail
    number: Number | None = None
    """The event's number, if it stands before the answer word."""


def parse_answer(line: str) -> TypedAnswer | None:
    """Return the answer about an event that a whole line gives, or None for other text.

    A question is no yes and no no. Cheap, since it runs for every line of a room.
    """
    if len(line) > LONGEST:
        return None
    text = " ".join(fold(_strip_pictures(line)).split()).strip(_EDGES)
    numbered = split_event_number(text)
    number, text = numbered if numbered is not None and numbered[1] else (None, text)
    lead = _LEAD.match(text)
    for start in dict.fromkeys((0, lead.end() if lead else 0)):
        for phrase, says in _PHRASES:
            if found := phrase.match(text, start):
                if "?" in line and says is not Rsvp.MAYBE:
                    return None
                return TypedAnswer(says, parse_tail(text[found.end() :]), number)
    return None


def parse_refusal(line: str) -> TypedAnswer | None:
    """Return the answer in a line that says no and why: `no puedo ir, se enfermó`; else None.

    A line that asks something, takes it back or may be about another thing is no answer.
    """
    text = " ".join(fold(_strip_pictures(line)).split()).strip(_EDGES)
    lead = _LEAD.match(text)
    said = strip_reason(text[lead.end() :] if lead else text) if "?" not in line else ""
    if not said or not _COMING.search(said):
        return None
    found = parse_answer(said)
    return found if found is not None and found.says is Rsvp.NO else None


def strip_reason(text: str) -> str:
    """Return what stands before the reason of a no: `57` of `57, me toca turno`. Return "" without
    a reason, and where the line asks something, takes the no back or may be about another thing.
    """
    if "?" in text:
        return ""
    text = " ".join(fold(_strip_pictures(text)).split()).strip(_EDGES)
    cut = _REASON.search(text)
    if cut is None or _CONTRARY.search(text, cut.start()):
        return ""
    why = text[cut.start() :]
    return "" if _INFINITIVE.match(why) or _takes_back(why) else text[: cut.start()].strip(_EDGES)


def _takes_back(why: str) -> bool:
    """Return whether a part of the reason is another answer: `bueno, voy`."""
    parts = (parse_answer(part) for part in _REASON.split(why))
    return any(one is not None and one.says is not Rsvp.NO and not one.tail.rest for one in parts)


def strip_event_words(rest: str, title: str) -> str:
    """Return what follows `voy` without the event's own name and without being late: `a la asamblea
    pero llego tarde` is ""."""
    rest = _LATE.sub("", rest).strip(_EDGES)
    named = frozenset(re.findall(r"\w+", fold(title))) | {"evento", "event"} | _JOINING
    if (lead := _TO_IT.match(rest)) is None:
        return rest
    words = rest[lead.end() :].split()
    known = next((n for n, word in enumerate(words) if word not in named), len(words))
    meant = set(words[:known]) - _JOINING
    return " ".join(words[known:]) if meant else rest


def parse_tail(text: str) -> Tail:
    """Return the date and the guests named behind an answer such as `voy`, and whether all dates
    are meant."""
    text = " ".join(fold(_strip_pictures(text)).split())[: LONGEST + 1]
    guests: int | None = None
    for way in (*_GUESTS, _SOMEBODY, _ALONE):
        if found := way.search(text):
            guests = _read_count(found) if way in _GUESTS else int(way is _SOMEBODY)
            text = f"{text[: found.start()]} {text[found.end() :]}"
            break
    text = _COURTESY.sub(" ", text)
    every = _EVERY.search(text)
    if every:
        text = f"{text[: every.start()]} {text[every.end() :]}"
    return Tail(" ".join(text.split()).strip(_EDGES), guests, every is not None)


def split_event_number(text: str) -> tuple[Number, str] | None:
    """Return the number of an event that begins a text (`al evento 57`) and the text behind it, or
    None."""
    found = split_number(_BEFORE_NUMBER.sub("", text))
    return (found[0], found[1].strip(_EDGES)) if found else None


def may_be_answer(line: str) -> bool:
    """Return whether the whole line may be an answer with the number of an event, as in `voy
    57`."""
    if len(line) > LONGEST or not any(map(str.isdigit, line)):
        return False
    said = parse_answer(line)
    return said is not None and (
        said.number is not None or split_event_number(said.tail.rest) is not None
    )


def may_be_shift_line(line: str) -> bool:
    """Return whether the line may take or leave a shift, as in `tomo 57 sonido`."""
    head, _sep, rest = line[:LONGEST].strip().partition(" ")
    return rest[:1].isdigit() and fold(head) in TAKE_WORDS + DROP_WORDS and len(line) <= LONGEST


def _read_count(found: re.Match[str]) -> int:
    typed = found[1]
    return int(typed) if typed.isdigit() else _COUNTS[typed]


def _strip_pictures(line: str) -> str:
    return re.sub(r"[^\w\s#+/:.,;!¡?¿()'’\"-]+", " ", line).replace("’", "'")
