"""Protocols of the services for what linked networks share and decide together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.capability.context import Context
from bot.delivery.effects import Callback, Effect
from bot.types import Line, Number, RoomId, UserId


@dataclass(frozen=True, slots=True)
class JointBallot:
    """A vote that other networks hold too. Fields not given here are those of `Proposal`.

    `kind`: `majority` (for or against), or with options `choice`, `score` or `dots`. `majority` and
    `quorum` are exact: `2/3` or `absolute`; a quorum may be a number of people too.
    """

    title: str
    closes: datetime
    kind: str = "majority"
    majority: str = ""
    quorum: str = ""
    options: tuple[str, ...] = ()
    most: int = 1
    points: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of a vote. `weight` is that of the whole roll.

    `counts` has the keys `for`, `against` and `abstain`, or an option's position (`1`). `outcome`
    is one of these keys, or empty.
    """

    roll: int
    weight: int
    turnout: int
    counts: Mapping[str, int]
    outcome: str


class TogetherService(Protocol):
    """Service `together:<kind>`: open a vote to other networks and return its terms.

    `then` is called back when it ends, and the vote can't be changed any more. Raises `UserError`
    if it can't be shared.
    """

    async def __call__(self, ctx: Context, item: Number, then: Callback) -> JointBallot: ...


class TallyService(Protocol):
    """Service `tally:<kind>`: the result, or None while the vote is open or if it was cancelled."""

    async def __call__(self, ctx: Context, item: Number) -> Tally | None: ...


@dataclass(frozen=True, slots=True)
class SharedItem:
    """The part of an item that goes to other networks, and the lines that show it. It names nobody.

    `words` are all texts in it that people wrote. If a moderator accepted them and only other parts
    change (a date), the change is shown at once; other texts wait for a moderator. None: all of it.
    """

    title: str
    body: Mapping[str, str]
    lines: tuple[Line, ...]
    words: tuple[str, ...] | None = None


class ShareService(Protocol):
    """Service `share:<kind>`: the item as other networks get it. Raises `UserError` if it can't
    be shared.
    """

    async def __call__(self, ctx: Context, item: Number) -> SharedItem: ...


class WhoseService(Protocol):
    """Service `whose:<kind>`: the person who alone may share an item of this kind."""

    async def __call__(self, ctx: Context, item: Number) -> UserId: ...


class PeekService(Protocol):
    """Service `peek:<kind>`: parse what another network wants to share; `body` is untrusted.

    Raises `UserError` if it can't be stored.
    """

    async def __call__(self, ctx: Context, body: Mapping[str, str]) -> SharedItem: ...


class ReceiveService(Protocol):
    """Service `receive:<kind>`: store it as an item of `room`, or update the existing `copy`.

    `origin` is the network's name. `mark` gets a new item's number before anything is said of it.
    Raises `UserError` if it can't be stored.
    """

    async def __call__(
        self,
        ctx: Context,
        body: Mapping[str, str],
        room: RoomId,
        origin: str,
        copy: Number | None,
        mark: Callable[[Number], Awaitable[None]],
    ) -> list[Line | Effect]: ...


class RecedeService(Protocol):
    """Service `recede:<kind>`: handle our copy after the network that shared it withdrew it."""

    async def __call__(self, ctx: Context, copy: Number, origin: str) -> list[Line | Effect]: ...


class ReachService(Protocol):
    """Service `reach`: ask an item's network to contact its author, who stays unnamed.

    `ctx.who` is asked first, after `lead`; `note` goes along. Returns the answer, or None if they
    said no. Raises `UserError` if it is not possible.
    """

    async def __call__(
        self, ctx: Context, item: Number, lead: tuple[Line, ...], note: str
    ) -> list[Line | Effect] | None: ...


class ApproachService(Protocol):
    """Service `approach:<kind>`: whom somebody of another network wants to reach about our item.

    Returns the person, what they are told, and how to block that network. Raises `UserError` if
    they must not be asked.
    """

    async def __call__(
        self, ctx: Context, item: Number, network: str
    ) -> tuple[UserId, Line, Line]: ...


class LinkedService(Protocol):
    """Service `linked`: the names of the networks linked with ours."""

    async def __call__(self, ctx: Context) -> list[str]: ...


class AlteredService(Protocol):
    """Service `altered`: an item or the number of its participants changed."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class TotalsService(Protocol):
    """Service `totals:<kind>`: how many take part in an item, by a few fixed words."""

    async def __call__(self, ctx: Context, item: Number) -> Mapping[str, int]: ...


class RetellService(Protocol):
    """Service `retell:<kind>`: refresh what is said about an item that did not change itself."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class ResharedService(Protocol):
    """Service `reshared:<kind>`: the networks with which an item is shared changed."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class ElsewhereService(Protocol):
    """Service `elsewhere`: what other networks reported about our item, a line for each."""

    async def __call__(self, ctx: Context, item: Number) -> list[Line]: ...


class OriginService(Protocol):
    """Service `origin`: the network that our item came from, or None if it is our own."""

    async def __call__(self, ctx: Context, item: Number) -> Line | None: ...


class GoneService(Protocol):
    """Service `gone`: an item is about to be deleted, so networks that have it must delete it
    too.
    """

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class ItemNamedService(Protocol):
    """Service `item_named`: the item with this name (`#name`), or None."""

    async def __call__(self, ctx: Context, name: str) -> Number | None: ...
