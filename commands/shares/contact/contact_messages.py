"""Bodies of the messages that two networks exchange about a contact."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.api import Hash, Secret, StrictModel, UserId
from commands.links.protocol.envelope import InvalidMessage, Key
from commands.shares.contact.sealed_address import SEALED_SIZE

LONGEST_NOTE = 300
"""Letters of a note to the author."""
ANSWER_TIME = timedelta(days=7)
"""How long the author has to answer; then the request is deleted."""
Sealed = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * SEALED_SIZE}}}$")]
_ADDRESS = re.compile(r"@[!-9;-~]{1,200}:[A-Za-z0-9.:\[\]-]{1,200}")


class ContactRequest(StrictModel):
    """Body of `ask`: somebody of ours would like to reach the author of `thing`, shared by `to`."""

    to: Key
    thing: Secret
    key: Hash
    note: Annotated[str, Field(max_length=LONGEST_NOTE)]


class ContactReply(StrictModel):
    """Body of `answer`: the author's address sealed for the asker; an empty one is a no.

    Other networks of the link can't tell a yes from a no.
    """

    to: Key
    key: Hash
    sealed: Sealed


class ContactAddress(StrictModel):
    """Body of `contact`: the asker's address, sealed; without it nobody waits any more."""

    to: Key
    sealed: Sealed | None = None


def parse_address(text: str) -> UserId:
    """Return a text as a Matrix user id. Raises `InvalidMessage` if it is none."""
    if len(text) > 255 or not _ADDRESS.fullmatch(text):
        raise InvalidMessage("no address")
    return UserId(text)
