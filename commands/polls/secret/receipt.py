"""A voter's receipt: with it they find their vote on the board, or prove that it is missing."""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import Literal

from bot.api import Count, Hash, Secret, Signed, digest, fold, words
from commands.polls.secret.signed import Ballot

LONGEST_WORDS = 80
EXAMPLE = words("luna llena", "lua cheia", "full moon")
"""What is shown in the place of a voter's own words: nobody's own."""
_SHOWN = frozenset(
    [
        *(" ".join(fold(one).split()) for one in EXAMPLE),
        "palabras que elijas",
        "palavras que voce escolher",
        "words of your choice",
        "dos palabras tuyas",
        "duas palavras suas",
        "two words of your own",
    ]
)
"""All that a message of ours ever showed there: two people who copy it have the same words."""


class Receipt(Signed):
    """Signed and given to one person. It also proves to others how they voted."""

    type: Literal["minga.receipt"] = "minga.receipt"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    words: str
    """The voter's own; part of the tracker, so that two people cannot be given the same one."""
    secret: Secret
    tracker: str
    choice: Ballot
    at: Count
    rows: Count | None = None
    """How long the log was with this vote in it. Not given any more: it tells how many voted."""
    head: Hash
    """The log's head with this vote in it."""

    @property
    def commitment(self) -> str:
        return commitment(self.poll, self.tracker, self.choice, self.secret)


def tracker(poll: str, words: str, secret: str) -> str:
    """What a vote is called on the board: 16 letters and digits (80 bits)."""
    found = bytes.fromhex(digest("trk1", poll, words, secret))
    return base64.b32encode(found[:10]).decode()


def commitment(poll: str, found: str, choice: str, secret: str) -> str:
    """Stands in the log for a vote: only who knows its secret can tell which vote it is."""
    return digest("c1", poll, found, choice, secret)


def own_words(typed: str) -> str:
    """The voter's words as they go into the tracker: whatever keyboard wrote them, one spelling.

    Nothing where they are what we showed as an example, in any language.
    """
    found = " ".join(unicodedata.normalize("NFC", typed).split())[:LONGEST_WORDS].strip()
    return "" if is_example(found) else found


def is_example(typed: str) -> bool:
    """Is this an example of ours, however it was copied?

    With its quotes, its stars, or with what stood behind it in brackets.
    """
    said, _bracket, _behind = fold(typed).partition("(")
    return " ".join(re.findall(r"\w+", said)) in _SHOWN
