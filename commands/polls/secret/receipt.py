"""A voter's receipt: with it they find their vote on the board, or prove that it is missing."""

from __future__ import annotations

import base64
import unicodedata
from typing import Literal

from bot.api import Count, Hash, Secret, Signed, digest
from commands.polls.secret.signed import Ballot

LONGEST_WORDS = 80


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
    rows: Count
    """How long the log was with this vote in it …"""
    head: Hash
    """… and its head then."""

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
    """The voter's words as they go into the tracker: whatever keyboard wrote them, one spelling."""
    return " ".join(unicodedata.normalize("NFC", typed).split())[:LONGEST_WORDS].strip()
