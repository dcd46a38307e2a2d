"""A voter's receipt: with it they find their vote on the board, or prove that it is missing."""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import Annotated, Literal

from pydantic import Field

from bot.api import Count, Hash, Secret, SignedModel, fold, hash_parts, words
from commands.ballot_secrecy.files import formats
from commands.ballot_secrecy.files.formats import BallotText

LONGEST_WORDS = 80
EXAMPLE_WORDS = words("luna llena", "lua cheia", "full moon")
"""The example shown in place of a voter's own words. It never counts as anybody's words."""
_SHOWN = frozenset(
    [
        *(" ".join(fold(one).split()) for one in EXAMPLE_WORDS),
        "palabras que elijas",
        "palavras que voce escolher",
        "words of your choice",
        "dos palabras tuyas",
        "duas palavras suas",
        "two words of your own",
    ]
)
"""Every example the bot ever showed there. Two people who copy it would have the same words."""


class Receipt(SignedModel):
    """A signed receipt for one person. It can also prove to others how they voted."""

    type: Literal["minga.receipt"] = "minga.receipt"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    words: str
    """The voter's own words. They go into the tracker, so that no two people get the same one."""
    secret: Secret
    tracker: str
    units: Annotated[int, Field(ge=1, le=formats.MOST_UNITS)] | None = None
    """Of an organisation with a weight: on how many lines of the board its vote stands."""
    choice: BallotText
    at: Count
    rows: Count | None = None
    """How long the log was with this vote in it. No longer set, since it tells how many voted."""
    head: Hash
    """The log's head with this vote in it."""

    @property
    def commitment(self) -> str:
        """The hash that stands in the ballot's log for this vote."""
        return make_commitment(self.poll, self.tracker, self.choice, self.secret, self.units)

    @property
    def trackers(self) -> list[str]:
        """The published code of each unit of the vote; that of the first is `tracker`."""
        secrets = (formats.unit_secret(self.secret, n) for n in range(self.units or 1))
        return [make_tracker(self.poll, self.words, secret) for secret in secrets]


def make_tracker(poll: str, words: str, secret: str) -> str:
    """Return the code under which a vote is published: 16 letters and digits (80 bits)."""
    found = bytes.fromhex(hash_parts("trk1", poll, words, secret))
    return base64.b32encode(found[:10]).decode()


def make_commitment(
    poll: str, found: str, choice: str, secret: str, units: int | None = None
) -> str:
    """Return the hash that stands in a ballot's log for a vote, of all its units together.

    Only somebody who knows the secret can tell which vote it is.
    """
    if units is None:
        return hash_parts("c1", poll, found, choice, secret)
    return hash_parts("c2", poll, found, choice, secret, units)


def normalise_words(typed: str) -> str:
    """Return the voter's own words in the one spelling from which the vote's code is made.

    Empty if they are an example that the bot showed, in any language.
    """
    found = " ".join(unicodedata.normalize("NFC", typed).split())[:LONGEST_WORDS].strip()
    return "" if is_example(found) else found


def is_example(typed: str) -> bool:
    """Return whether the voter's words are an example that the bot showed, however it was copied.

    For instance with quotes, asterisks, or the text in brackets behind it.
    """
    said, _bracket, _behind = fold(typed).partition("(")
    return " ".join(re.findall(r"\w+", said)) in _SHOWN
