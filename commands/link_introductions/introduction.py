"""The signed introduction of one network's bot by another's, read strictly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from bot.api import LIKE_ADDRESS, Count, Secret, SignedModel, StrictModel
from commands.link_introductions.declaration import MOST_IN_MESSAGE, VALID_AT_MOST
from commands.links.protocol.envelope import InvalidMessage, Key


class NetworkIntroduction(SignedModel):
    """One network's word: our moderators compared the code with this bot, and this is its key.

    It holds in one link, for one identity (`master`) of one account (`bot`, with its server), until
    a date in seconds since 1970. It says nothing about what that network is worth.
    """

    type: Literal["minga.introduction"] = "minga.introduction"
    v: Literal[1] = 1
    link: Secret
    introducer: Key
    bot: Annotated[str, Field(max_length=255)]
    key: Key
    master: Key
    until: Count


class IntroductionList(StrictModel):
    """Body of `introduce`: the sender's own introductions, and others' that it passes on."""

    introductions: Annotated[
        tuple[NetworkIntroduction, ...], Field(min_length=1, max_length=MOST_IN_MESSAGE)
    ]


def check_introduction(one: NetworkIntroduction, link: str, now: datetime) -> None:
    """Raise `InvalidMessage` unless an introduction is signed, for this link, of another network,
    and of a fair length.

    One that is over is valid: it only counts no more.
    """
    if one.link != link:
        raise InvalidMessage("for another link")
    if one.introducer == one.key:
        raise InvalidMessage("introduces itself")
    if not LIKE_ADDRESS.fullmatch(one.bot):
        raise InvalidMessage("no bot")
    if one.until > (now + VALID_AT_MOST).timestamp():
        raise InvalidMessage("for too long")
    if not one.is_signed(one.introducer):
        raise InvalidMessage("not signed by its introducer")
