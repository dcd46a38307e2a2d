"""Read the line that opens an election: `Comité puestos:5 candidaturas hasta viernes`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import fold
from commands.decision_rules.ballots import SeatQuota
from commands.decision_rules.seat_quotas import MEN, WOMEN

STV, APPROVAL, MOST = "stv", "approval", "most"
_STANDS = r"(?:candidaturas?|candidac(?:y|ies)|postulaci[oó]n(?:es)?|nominations?|inscri\w+)"
_VOTES = r"(?:votos?|votan?|votaci[oó]n|vota[cç][aã]o|votes?|voting|votar)"
_UNTIL = (
    r"(?:\s*:\s*(?:(?:hasta|até|ate|until)\s+)?|\s+(?:hasta|até|ate|until)\s+)(?:(?:el|la|o|a)\s+)?"
)
_SEATS = r"(?:puestos?|asientos?|vagas?|cadeiras?|assentos?|seats?)"
_METHOD = r"(?:m[eé]todo|method|tipo|type)"
_VOTERS = r"(?:votan|votam|voters)"
_HIDDEN = r"(?:(?:en\s+|em\s+|in\s+)?secret[oa]?|an[oó]nim[oa]|anonymous)"
_OPEN = r"(?:(?:voto|vote|votaci[oó]n|vota[cç][aã]o)\s+)?(?:abiert[oa]|abert[oa]|open)"
_PARITY = r"(?:con\s+|com\s+|with\s+)?(?:paridad|paridade|parity)"
_LEAST = r"(?:al\s+menos|por\s+lo\s+menos|pelo\s+menos|ao\s+menos|at\s+least|m[ií]nimo)"
_MOST = r"(?:a\s+lo\s+sumo|como\s+m[aá]ximo|no\s+m[aá]ximo|at\s+most|m[aá]ximo)"
_OF = r"\s+(\d{1,3})\s+(?:de|da|do|del|of|from)\s*:?\s*([^\W\d_][\w-]{0,39})"
_KEYS = (
    rf"{_STANDS}{_UNTIL}|{_VOTERS}\s*:|{_VOTES}{_UNTIL}|{_SEATS}\s*:|\d{{1,3}}\s+{_SEATS}\b"
    rf"|{_METHOD}\s*:|\b{_HIDDEN}\b|\b{_OPEN}\b|\b{_PARITY}\b|{_LEAST}\s+\d|{_MOST}\s+\d"
)
_END = rf"(?=\s*[,;.]?\s*(?:\b(?:y|e|and)\s+)?(?:{_KEYS})|\s*[,;.]?\s*$)"
_METHODS = {
    STV: "stv transferible transferivel transferable preferencia preferencias ranked escoces",
    APPROVAL: "aprobacion aprovacao approval",
    MOST: "mayoria maioria majority votos votes most simple simples plurality pluralidad",
}
_GROUPS = {
    WOMEN: "mujeres mujer mulheres mulher women woman",
    MEN: "hombres hombre homens homem men man",
}


@dataclass(frozen=True, slots=True)
class ElectionLine:
    """What stands in the line. Phrases of dates are as typed, "" where there is none."""

    title: str
    seats: int = 1
    stands_until: str = ""
    votes_until: str = ""
    method: str = STV
    secret: bool = False
    quotas: tuple[SeatQuota, ...] = ()
    voters: str = ""
    unknown: str = ""
    """The name of a method that is none."""


def read_election(text: str) -> ElectionLine:
    """Return the election that the line behind the command describes. What is no setting is the
    title."""
    quoted = re.match(r'\s*(?:de\s+|del\s+|for\s+|of\s+)?"([^"]+)"', text)
    rest = text[quoted.end() :] if quoted else text
    found, rest = _take(rest, rf"\b{_STANDS}{_UNTIL}(.+?){_END}")
    stands = found[0] if found else ""
    found, rest = _take(rest, rf"\b{_VOTERS}\s*:\s*(.+?){_END}")
    voters = found[0] if found else ""
    found, rest = _take(rest, rf"\b{_VOTES}{_UNTIL}(.+?){_END}")
    votes = found[0] if found else ""
    found, rest = _take(rest, rf"\b{_SEATS}\s*:\s*(\d{{1,6}})\b|\b(\d{{1,6}})\s+{_SEATS}\b")
    seats = int(found[0] or found[1]) if found else 1
    found, rest = _take(rest, rf"\b{_METHOD}\s*:\s*(.+?){_END}")
    method, unknown = _method(found[0]) if found else (STV, "")
    secret, rest = _take(rest, rf"\b{_HIDDEN}\b")
    _open, rest = _take(rest, rf"\b{_OPEN}\b")
    parity, rest = _take(rest, rf"\b{_PARITY}\b")
    quotas, rest = _quotas(rest, seats)
    title = quoted[1] if quoted else _title(rest)
    return ElectionLine(
        title.strip(),
        seats,
        stands,
        votes,
        method,
        secret is not None,
        (*quotas, *(parity_quotas(seats) if parity is not None else ())),
        voters,
        unknown,
    )


def parity_quotas(seats: int) -> tuple[SeatQuota, ...]:
    """Return the groups' shares of the seats for parity: neither women nor men have more than half,
    rounded up."""
    half = (seats + 1) // 2
    return tuple(SeatQuota(name, 0, half, frozenset()) for name in (WOMEN, MEN))


def group_name(typed: str) -> str:
    """Return the name of a group of candidates as it is compared: folded, one for women and for
    men."""
    said = re.sub(r"\s+", "-", fold(typed).strip(" .:;-"))
    return next((name for name, also in _GROUPS.items() if said in also.split()), said)


def split_groups(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the words and the groups in `quiero ayudar grupo: sur, mujeres`."""
    found = re.search(r"(?i)\b(?:grupos?|groups?)\s*:\s*(.+)$", text, re.DOTALL)
    if found is None:
        return text.strip(), ()
    parts = re.split(r"[,;\n]|\s(?:y|e|and)\s", found[1])
    named = dict.fromkeys(filter(None, map(group_name, parts)))
    return text[: found.start()].strip(" ,;\n"), tuple(named)[:8]


def _take(text: str, pattern: str) -> tuple[tuple[str, ...] | None, str]:
    """Cut the first match out of the text. Return its groups, or None, and the rest."""
    found = re.search(pattern, text, re.IGNORECASE | re.DOTALL)
    if found is None:
        return None, text
    groups = tuple((one or "").strip(" ,;") for one in found.groups())
    return groups, f"{text[: found.start()].rstrip(' ,;')} {text[found.end() :].lstrip(' ,;')}"


def _method(typed: str) -> tuple[str, str]:
    said = set(re.findall(r"\w+", fold(typed)))
    for method, names in _METHODS.items():
        if said & set(names.split()):
            return method, ""
    return STV, typed[:40]


def _quotas(text: str, seats: int) -> tuple[list[SeatQuota], str]:
    found: dict[str, SeatQuota] = {}
    while (least := _take(text, rf"\b{_LEAST}{_OF}"))[0] is not None:
        text, name = least[1], group_name(least[0][1])
        found[name] = SeatQuota(name, int(least[0][0]), seats, frozenset())
    while (most := _take(text, rf"\b{_MOST}{_OF}"))[0] is not None:
        text, name = most[1], group_name(most[0][1])
        low = found[name].low if name in found else 0
        found[name] = SeatQuota(name, low, int(most[0][0]), frozenset())
    return [*found.values()], text


def _title(text: str) -> str:
    bare = re.sub(r"(?i)^\s*(?:de|del|da|do|para|of|for)\s+", "", " ".join(text.split()))
    return re.sub(r"(?i)(?<!\s)(?:\s+(?:con|com|with|y|e|and))+$", "", bare.strip(' ,;:."'))
