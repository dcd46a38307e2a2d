"""Services between capabilities for what linked networks share and decide together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.context import Context
from bot.effects import Effect, Then
from bot.types import Line, Number, RoomId, UserId


@dataclass(frozen=True, slots=True)
class Ballot:
    """What is voted, as other networks are to vote on it too; the rest is as in `Proposal`.

    `kind`: `majority`, for or against; with options `choice`, `score` or `dots`. `majority` and
    `quorum` exactly: `2/3`, or `absolute`; a quorum may be a number of people too.
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
    """What a vote came to. `weight`: of all who may vote, together.

    `counts` by `for`, `against`, `abstain`, or by the place of an option (`1`); `outcome` is one
    of them, or nothing.
    """

    roll: int
    weight: int
    turnout: int
    counts: Mapping[str, int]
    outcome: str


class Together(Protocol):
    """`together:<kind>`: an open vote that other networks are to take too.

    `then` hears of its end as of a `Proposal`, and from now on nothing of it is changed. Raises
    `UserError` if it can't be taken together.
    """

    async def __call__(self, ctx: Context, item: Number, then: Then) -> Ballot: ...


class Tallied(Protocol):
    """`tally:<kind>`: what it came to; None while it is open, or if it was cancelled."""

    async def __call__(self, ctx: Context, item: Number) -> Tally | None: ...


@dataclass(frozen=True, slots=True)
class Shared:
    """What of an item goes to other networks, and the same for people to read. No person in it.

    `words`: all in it that somebody wrote. Where a moderator let it in and only the rest changes (a
    date), it is shown changed at once; other words wait for a moderator anew. None: all of it.
    """

    title: str
    body: Mapping[str, str]
    lines: tuple[Line, ...]
    words: tuple[str, ...] | None = None


class Share(Protocol):
    """`share:<kind>`: an item of that kind as other networks get it; `UserError` if it can't be."""

    async def __call__(self, ctx: Context, item: Number) -> Shared: ...


class Whose(Protocol):
    """`whose:<kind>`: the one who shares an item of that kind; no moderator does it for them."""

    async def __call__(self, ctx: Context, item: Number) -> UserId: ...


class Peek(Protocol):
    """`peek:<kind>`: what another network wants to share, read; `UserError` if it can't be kept.

    `body` is a stranger's.
    """

    async def __call__(self, ctx: Context, body: Mapping[str, str]) -> Shared: ...


class Receive(Protocol):
    """`receive:<kind>`: it becomes an item of `room`, or changes the one it has become before.

    `origin` is the network's name; a new item's number is told to `mark` before anything is said
    of it. Raises `UserError` for what can't be kept.
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


class Recede(Protocol):
    """`recede:<kind>`: the network that shared it took it back; what is done with our copy."""

    async def __call__(self, ctx: Context, copy: Number, origin: str) -> list[Line | Effect]: ...


class Reach(Protocol):
    """`reach`: ask the network that an item came from for whoever wrote it, without a name.

    `ctx.who` is asked first, after `lead`; `note` goes along. What is said and done, or None if
    they said no. Raises `UserError` where it can't be asked.
    """

    async def __call__(
        self, ctx: Context, item: Number, lead: tuple[Line, ...], note: str
    ) -> list[Line | Effect] | None: ...


class Approach(Protocol):
    """`approach:<kind>`: whom somebody of another network wants to reach about an item of ours.

    The person, what they are told of it, and how they hear no more of that network. Raises
    `UserError` where they are not to be asked.
    """

    async def __call__(
        self, ctx: Context, item: Number, network: str
    ) -> tuple[UserId, Line, Line]: ...


class Linked(Protocol):
    """`linked`: the names of the networks that are linked with ours."""

    async def __call__(self, ctx: Context) -> list[str]: ...


class Altered(Protocol):
    """`altered`: an item, or how many take part in it, is not as it was."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class Totals(Protocol):
    """`totals:<kind>`: how many take part in an item of that kind, by a few known words."""

    async def __call__(self, ctx: Context, item: Number) -> Mapping[str, int]: ...


class Retell(Protocol):
    """`retell:<kind>`: what is said of an item is not as it was, though the item is."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class Reshared(Protocol):
    """`reshared:<kind>`: an item of that kind is shared with others than before."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class Elsewhere(Protocol):
    """`elsewhere`: what other networks told of an item of ours: totals, a line for each."""

    async def __call__(self, ctx: Context, item: Number) -> list[Line]: ...


class Origin(Protocol):
    """`origin`: which network an item of ours came from, in words; None if it is our own."""

    async def __call__(self, ctx: Context, item: Number) -> Line | None: ...


class Gone(Protocol):
    """`gone`: an item is about to be dropped; who got it from us is to take it out too."""

    async def __call__(self, ctx: Context, item: Number) -> None: ...


class ItemNamed(Protocol):
    """`item_named`: the item that its capability calls by this name (`#name`), if there is one."""

    async def __call__(self, ctx: Context, name: str) -> Number | None: ...
