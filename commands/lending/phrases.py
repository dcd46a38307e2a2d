"""Parse what is lent and to whom, as in `mi proyector a @ana`. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.api import (
    UserId,
    cut_addresses,
    cut_people,
    expand_links,
    find_people,
    find_person,
    fold,
    has_handle,
)

_TO_WORDS = ("a", "al", "para", "pra", "ao", "à", "to", "con", "com", "with")
_TO = rf"(?:{'|'.join(_TO_WORDS)})"
_TO_NAME = re.compile(
    rf"\s{_TO}\s+(?:(?:a|o|la|el|the)\s+)?([^\W\d_][\w' .\-]{{0,38}}\w)\s*$", re.IGNORECASE
)
_LAST = frozenset(("", *_TO_WORDS, "por", "for"))
"""Words that end no name of a thing."""
_FIRST = re.compile(
    r"^(?:(?:el|la|los|las|lo|un|una|unos|unas|o|os|as|um|uma|uns|umas|the|an?|some|my|our|your"
    r"|mi|mis|tu|tus|su|sus|nuestr[oa]s?|meus?|minhas?|seus?|suas?|noss[oa]s?|de)\s+)+",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"(?:^|\s)(?:de la|para la|de toda la|para toda la|da|para a|de toda a|para toda a"
    r"|of the|for the|for the whole)\s+(?:red|rede|network)(?=\s|$)",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"(?:^|\s)(?:(?:de la|del|de esta|da|do|desta|deste|of the|of this)"
    r"\s+(?:sala|grupo|colectivo|coletivo|equipo|equipe|room|group|team)"
    r"|de tod[oa]s|of us all)(?=\s|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:#|(?:n[.º°]|no\.|número|numero|number|préstamo|prestamo|empréstimo"
    r"|emprestimo|loan)\s*)?(\d{1,9})",
    re.IGNORECASE,
)
_THEME = re.compile(r"(?<!\S)#([^\W\d_][\w-]{0,39})(?=[\s,.;]|$)")
_NO = frozenset(
    ("no", "nao", "not", "no quiero", "nao quero", "ya no", "nao mais", "no puedo", "nao posso")
)
_RANGE = re.compile(
    r"(?<!\S)(?:del?|desde(?:\s+el)?|do|from)\s+(?P<from>[^\n]{1,40}?)"
    r"\s+(?:al?|ao|até|hasta(?:\s+el)?|to|until|till)\s+(?P<until>[^\n]{1,40})$",
    re.IGNORECASE,
)
_FOR = re.compile(r"(?:^|\s)(?:por|durante|for)\s+(?P<length>[^\n]{1,30})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LoanPhrase:
    """What a line names. `number` is set if the thing or loan was named by it.

    `unknown` holds handles of nobody in the room. `no` means that the line says no.
    """

    name: str
    people: tuple[UserId, ...] = ()
    unknown: tuple[str, ...] = ()
    number: int | None = None
    owner: str = "person"
    no: bool = False
    themes: tuple[str, ...] = ()


def needs_names(text: str) -> bool:
    """Return whether the names of a room's members are needed to find the person whom the line
    names."""
    return has_handle(text) or _TO_NAME.search(text) is not None


def parse_phrase(
    text: str, pills: Mapping[UserId, str], names: Mapping[UserId, str], quoted: str = ""
) -> LoanPhrase:
    """Return the thing, person and dates that a line about lending names.

    `pills` are the mentions with their shown names, `names` the room's members. `quoted` is the
    quoted part, which is the name of the thing.
    """
    rest, people, unknown = _split_people(text, pills, names)
    owner = "person"
    for kind, pattern in (("network", _NETWORK), ("room", _ROOM)):
        if cut := pattern.search(rest):
            owner, rest = kind, rest[: cut.start()] + " " + rest[cut.end() :]
            break
    themes = tuple(_THEME.findall(rest))
    rest = _cut_ending(_THEME.sub(" ", rest).split()).strip(" ,;:")
    found = LoanPhrase(
        strip_articles(cut_addresses(quoted or rest)),
        people,
        unknown,
        owner=owner,
        themes=themes,
    )
    number = _NUMBER.match(rest) if not quoted else None
    behind = fold(rest[number.end() :].strip(" ,.;:")) if number else ""
    if number is None or (behind and behind not in _NO):
        return found
    return replace(found, name="", number=int(number[1]), no=bool(behind))


def _cut_ending(words: list[str]) -> str:
    """Return the words as a line, without those at its end that only lead to a person or a time."""
    while words:
        words[-1] = words[-1].rstrip(",;:.-")
        if words[-1].lower() not in _LAST:
            break
        words.pop()
    return " ".join(words)


def strip_articles(text: str) -> str:
    """Return the name of a thing without articles and possessives: `proyector` for `el
    proyector`."""
    line = " ".join(text.split()).strip(" .,;:")
    return _FIRST.sub("", line) or line


def compared_name(name: str) -> str:
    """Return the name of a thing in the form in which names are compared."""
    return " ".join(fold(strip_articles(name)).split())


def _split_people(
    text: str, pills: Mapping[UserId, str], names: Mapping[UserId, str]
) -> tuple[str, tuple[UserId, ...], tuple[str, ...]]:
    text = expand_links(text)
    every = find_people(text, pills, names)
    found = [one.user for one in every if one.user is not None]
    unknown = [one.typed[1:] for one in every if one.user is None]
    rest = cut_people(text, every)
    if not found and not unknown and (named := _TO_NAME.search(rest)):
        who = find_person(named[1], names)
        if who is not None:
            found.append(who)
            rest = rest[: named.start()]
    return rest, tuple(dict.fromkeys(found)), tuple(unknown)


def split_span(text: str) -> tuple[str, str, str] | None:
    """Return the text before `del 1/10 al 5/10` at its end, the start and the end."""
    match = _RANGE.search(text)
    return (text[: match.start()], match["from"], match["until"]) if match else None


def split_length(text: str) -> tuple[str, str] | None:
    """Return the text before `por 3 días` at its end, and the length."""
    match = _FOR.search(text)
    return (text[: match.start()], match["length"]) if match else None
