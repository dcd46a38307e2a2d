"""What two networks say to each other about a contact."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.api import Hash, Secret, Table, UserId, harmless
from commands.links.contact.secret import SEALED
from commands.links.envelope import Key, Unfit

LONGEST_NOTE = 300
WAITS = timedelta(days=7)
"""So long the one who is asked has time; then nothing of it is kept."""
Sealed = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * SEALED}}}$")]
_ADDRESS = re.compile(r"@[!-9;-~]{1,200}:[A-Za-z0-9.:\[\]-]{1,200}")


class Ask(Table):
    """`ask`: somebody of ours would like to reach whoever wrote `thing`, which `to` shared."""

    to: Key
    thing: Secret
    key: Hash
    note: Annotated[str, Field(max_length=LONGEST_NOTE)]


class Reply(Table):
    """`answer`: the address of whoever wrote it, sealed for who asked; nothing sealed is a no.

    So the other networks of the link can't tell a yes from a no.
    """

    to: Key
    key: Hash
    sealed: Sealed


class Address(Table):
    """`contact`: that of who asked, sealed. Without it nobody waits for an answer any more."""

    to: Key
    sealed: Sealed | None = None


def words(text: str) -> str:
    """A stranger's note, on one line."""
    return " ".join(harmless(text).split())


def address(text: str) -> UserId:
    """A Matrix address as it came. Raises `Unfit`."""
    if len(text) > 255 or not _ADDRESS.fullmatch(text):
        raise Unfit("no address")
    return UserId(text)
