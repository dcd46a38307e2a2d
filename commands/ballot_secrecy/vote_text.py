"""Parse a secret vote: the vote itself, the person's own words behind it, and a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import UserError, _, fold
from commands.decision_rules.ballots import Ballot, PollQuestion
from commands.decision_rules.kinds.kind import DecisionKind
from commands.poll_book.poll import Poll
from commands.poll_book.vote_entry import BLOCK_BALLOT, LONGEST_REASON
from commands.poll_lines import reasons, split_votes

MOST_WORDS = 40
"""How many words of their own people can write behind a vote."""
_VERB = re.compile(r"\s*(?:yo\s+|eu\s+|i\s+)?(?:voto|votar|voté|votei|vote|vota)\b[\s:]*", re.I)
_QUOTED = re.compile(r'^"([^"]+)"?\s*(.*)$', re.DOTALL)


@dataclass(frozen=True, slots=True)
class SecretVote:
    """A parsed secret vote. `words` go into its receipt, the reason to the room."""

    ballot: Ballot
    words: str = ""
    reason: str = ""


def begins_like_vote(line: str) -> bool:
    """Return whether a line begins with a word for voting: `voto 57 2`, `voto por Ana`."""
    return _VERB.match(line) is not None


def parse_secret_vote(poll: Poll, text: str, *, strict: bool = False) -> SecretVote | None:
    """Return the secret vote in a text, or None if it is none.

    `strict`: own words count only in quotes or behind `voto`, so that talk stays talk. Raises
    `UserError` for a vote that the poll cannot take.
    """
    kind, question = poll.kind, poll.question
    if split_votes.parse_split(text, kind, question) is not None:
        raise UserError(_("In a secret vote everybody has one vote: it can't be split."))
    whole = kind.read(text, question)
    if whole is not None:
        return SecretVote(whole)
    verb = _VERB.match(text) if strict else None
    if verb is not None:
        return parse_secret_vote(poll, text[verb.end() :])
    vote, reason = reasons.split_reason(text)
    ballot, rest = _split_words(kind, question, vote)
    if not ballot or (strict and rest and not rest.startswith('"')):
        return None
    quoted = _QUOTED.match(rest)
    if quoted and ballot == BLOCK_BALLOT and not reason:
        reason, rest = quoted[1], quoted[2]
    return SecretVote(ballot, rest.strip(' "'), " ".join(reason.split())[:LONGEST_REASON])


def _split_words(kind: DecisionKind, question: PollQuestion, text: str) -> tuple[Ballot, str]:
    """Split a text into a vote and the words behind it; the vote is as short as possible.

    It means the same as the longest beginning that is a vote. Returns an empty ballot if there is
    none or if `no` may begin a sentence.
    """
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    for place in reversed(range(max(0, len(ends) - MOST_WORDS), len(ends))):
        ballot = kind.read(text[: ends[place]], question)
        if ballot is not None:
            break
    else:
        return (), ""
    while place and _reads_as(kind, question, text[: ends[place - 1]], ballot):
        place -= 1
    vote, rest = text[: ends[place]], text[ends[place] :].strip(" ,;.-\n")
    return ((), "") if _is_prose(vote, rest) else (ballot, rest)


def _is_prose(vote: str, rest: str) -> bool:
    """Return whether the vote may begin a sentence: `no entiendo`, `si hace falta`."""
    if not rest or rest.startswith('"'):
        return False
    return fold(vote) in ("no", "nao") or fold(rest).startswith(("hace falta", "precisar"))


def _reads_as(kind: DecisionKind, question: PollQuestion, text: str, ballot: Ballot) -> bool:
    try:
        return kind.read(text, question) == ballot
    except UserError:
        return False
