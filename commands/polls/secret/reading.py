"""Reads a secret vote: the vote itself, a person's own words behind it, a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import UserError, _, fold
from commands.polls import mandates, reasons
from commands.polls.ballots import Ballot, Question
from commands.polls.casting import BLOCK, LONGEST_REASON
from commands.polls.kinds.kind import Kind
from commands.polls.store import Poll

MOST_WORDS = 40
"""So many words of one's own can stand behind a vote."""
_VERB = re.compile(r"\s*(?:yo\s+|eu\s+|i\s+)?(?:voto|votar|voté|votei|vote|vota)\b[\s:]*", re.I)
_QUOTED = re.compile(r'^"([^"]+)"?\s*(.*)$', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Voted:
    """A secret vote as it was read. `words` go into its receipt, the reason to the room."""

    ballot: Ballot
    words: str = ""
    reason: str = ""


def is_addressed(line: str) -> bool:
    """Does the line say itself that it is a vote: `voto 57 2 luna llena`?"""
    return _VERB.match(line) is not None


def read(poll: Poll, text: str, *, strict: bool = False) -> Voted | None:
    """What a line says; None: it is talk. Raises `UserError` for a vote that cannot be.

    `strict`: words of one's own count only in quotes or behind `voto`, so that talk stays talk.
    """
    kind, question = poll.kind, poll.question
    if mandates.read(text, kind, question) is not None:
        raise UserError(_("In a secret vote everybody has one vote: it can't be split."))
    whole = kind.read(text, question)
    if whole is not None:
        return Voted(whole)
    verb = _VERB.match(text) if strict else None
    if verb is not None:
        return read(poll, text[verb.end() :])
    vote, reason = reasons.because(text)
    ballot, rest = _apart(kind, question, vote)
    if not ballot or (strict and rest and not rest.startswith('"')):
        return None
    quoted = _QUOTED.match(rest)
    if quoted and ballot == BLOCK and not reason:
        reason, rest = quoted[1], quoted[2]
    return Voted(ballot, rest.strip(' "'), " ".join(reason.split())[:LONGEST_REASON])


def _apart(kind: Kind, question: Question, text: str) -> tuple[Ballot, str]:
    """A vote and what stands behind it: the longest beginning that is one, as short as it can be.

    Nothing where there is none, or where `no` may only begin a sentence.
    """
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    for place in reversed(range(max(0, len(ends) - MOST_WORDS), len(ends))):
        ballot = kind.read(text[: ends[place]], question)
        if ballot is not None:
            break
    else:
        return (), ""
    while place and _same(kind, question, text[: ends[place - 1]], ballot):
        place -= 1
    vote, rest = text[: ends[place]], text[ends[place] :].strip(" ,;.-\n")
    return ((), "") if _prose(vote, rest) else (ballot, rest)


def _prose(vote: str, rest: str) -> bool:
    """`no entiendo`, `si hace falta`: the first word alone would be a vote."""
    if not rest or rest.startswith('"'):
        return False
    return fold(vote) in ("no", "nao") or fold(rest).startswith(("hace falta", "precisar"))


def _same(kind: Kind, question: Question, text: str, ballot: Ballot) -> bool:
    try:
        return kind.read(text, question) == ballot
    except UserError:
        return False
