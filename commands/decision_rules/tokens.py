"""Tokenise a line that may hold only options, numbers and a few known words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.api import Line, UserError, _, fold, spellings, strip_hidden
from commands.decision_rules import vote_rules
from commands.decision_rules.ballots import PollQuestion

TokenKind = Literal["option", "number", "word", "sign"]


@dataclass(frozen=True, slots=True)
class VoteToken:
    """One thing that was named. `value` is a place, a number, a word's meaning or a sign."""

    what: TokenKind
    value: int | str


_FILLER = (
    "el la los las o a os as the por para pro pra pelo pela for to em on in at del de do da "
    "yo eu i mi meu my voto votos vote votes votar es e va vai goes is opcion opciones opcao "
    "opcoes option options numero number y and gracias obrigado obrigada thanks please"
)
FILLER_WORDS = frozenset(_FILLER.split())
"""Words around a vote that do not change its meaning."""
_WITHDRAWN = (
    "retiro mi voto,retirar,retirar mi voto,quito mi voto,sin voto,retiro o voto,retiro meu voto,"
    "retirar meu voto,sem voto,withdraw,withdraw my vote,i withdraw my vote,no vote"
)
WITHDRAWAL_WORDS = vote_rules.NOTHING_WORDS | frozenset(_WITHDRAWN.split(","))
LONGEST_LINE = (vote_rules.LONGEST_OPTION + 10) * vote_rules.MOST_OPTIONS
"""The length of all options written out. A longer line is no vote, and slow to read."""
_NUMBER = re.compile(r"(-?[0-9]{1,9})[ºª°]?(?!\w)")
_SIGNS = "?=:>-,;"
_SKIPPED = " .!¡¿\"'()[]/|&+"


def is_withdrawal(text: str) -> bool:
    """Return whether the text withdraws a vote, or votes for nothing on purpose."""
    return vote_rules.fold_label(text) in WITHDRAWAL_WORDS


def tokenise(
    text: str,
    labels: Sequence[str],
    words: Mapping[str, str] | None = None,
    short: Mapping[str, int] | None = None,
) -> list[VoteToken] | None:
    """Return the options that a line names, in order, or None if it holds anything unknown.

    `words`: other words that may occur, with their meanings. `short`: other names of options, with
    their places.
    """
    if len(text) > LONGEST_LINE:
        return None
    line = fold(strip_hidden(text.replace("\n", " , ")))
    known = _known(labels, words or {}, short or {})
    found: list[VoteToken] = []
    at = 0
    while at < len(line):
        step, token = _next(line, at, known)
        if not step:
            return None
        at += step
        if token is not None:
            found.append(token)
    return found


def _known(
    labels: Sequence[str], words: Mapping[str, str], short: Mapping[str, int]
) -> list[tuple[str, VoteToken | None]]:
    """Return everything that may occur in a line, the longest first. Labels win over words."""
    named: dict[str, VoteToken | None] = dict.fromkeys(FILLER_WORDS)
    named |= {name: VoteToken("option", place) for name, place in short.items()}
    named |= {fold(word): VoteToken("word", meaning) for word, meaning in words.items()}
    named |= {
        vote_rules.fold_label(spelling): VoteToken("option", place)
        for place, label in enumerate(labels, start=1)
        for spelling in spellings(label)
        if vote_rules.fold_label(spelling) and not vote_rules.is_number(spelling)
    }
    return sorted(named.items(), key=lambda pair: -len(pair[0]))


def _next(
    line: str, at: int, known: Iterable[tuple[str, VoteToken | None]]
) -> tuple[int, VoteToken | None]:
    """Return the length of the next token (0: unknown) and the token itself."""
    for phrase, token in known:
        if line.startswith(phrase, at) and _whole(line, at, at + len(phrase)):
            return len(phrase), token
    number = _NUMBER.match(line, at)
    if number and (number[1][0] != "-" or not (at and line[at - 1].isalnum())):
        return number.end() - at, VoteToken("number", int(number[1]))
    if line[at] in _SIGNS:
        return 1, VoteToken("sign", line[at])
    return (1, None) if line[at] in _SKIPPED or line[at].isspace() else (0, None)


def _whole(line: str, start: int, end: int) -> bool:
    """Return whether the phrase ends at word boundaries on both sides."""
    before = start > 0 and line[start].isalnum() and line[start - 1].isalnum()
    after = end < len(line) and line[end - 1].isalnum() and line[end].isalnum()
    return not (before or after)


def require_place(number: int, count: int) -> int:
    """Return the number, from 1, if a poll of so many options has such an option. Raises
    `UserError` if not."""
    if 1 <= number <= count:
        return number
    raise UserError(unknown_option(number, count))


def unknown_option(number: int, count: int) -> Line:
    """Return the error for a number that is no option of the poll."""
    return _(
        "There is no option {unknown}: they go from 1 to {count}.", unknown=number, count=count
    )


def require_distinct(places: Iterable[int], question: PollQuestion) -> None:
    """Raise `UserError` if a vote names an option twice."""
    seen: set[int] = set()
    for place in places:
        if place in seen:
            raise UserError(_("“{label}” is there twice.", label=question.label(place)))
        seen.add(place)
