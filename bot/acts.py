"""Acts that take a moderator's power, and the one way to do them: as the room's rules say.

A capability declares what it carries out with `@feature.act(…)` and does it with `carry`. Who may
do it, alone, with others or only by a decision of the room, is the service `govern`'s to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.context import Context
from bot.errors import UserError
from bot.feature import Answer
from bot.i18n import _
from bot.types import Line, RoomId
from storage import log

UNDO, LINE = "undo", "undoes"
"""The act that takes a line of the log back, and which line: of whatever act it was."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done in a room: an act, and what its handler needs to do it.

    `of` is the part of an act that may have a rule of its own (of `set`: which setting). `what`
    says it in one line, as the room reads it; whom it names is named there as a `Person`.
    `payload` is JSON, for it may wait for days. `entitled`: where the rule says a moderator alone,
    the capability says that `ctx.who` may as well.
    `personal`: it is about somebody, whom the room does not read of while moderators decide.
    """

    act: str
    room: RoomId
    what: Line
    payload: Mapping[str, Any]
    of: str = ""
    entitled: bool = False
    personal: bool = False


class May(Protocol):
    """`may`: is there any way for `ctx.who` to this act (or this part of it), alone or not?"""

    async def __call__(self, ctx: Context, act: str, room: RoomId, of: str) -> bool: ...


class Govern(Protocol):
    """`govern`: do it, set going what its rule asks for (others' yes, a decision), or refuse.

    What is to be said and done. Raises `UserError` if the rules give `ctx.who` no way to it.
    """

    async def __call__(self, ctx: Context, wish: Wish) -> Answer: ...


async def may(ctx: Context, act: str, room: RoomId, of: str = "") -> bool:
    """Do the room's rules give `ctx.who` any way to it? To be asked before asking them."""
    for offer in ctx.registry.services("may"):
        return bool(await offer(ctx, act, room, of))
    return await ctx.moderates(room)


async def carry(ctx: Context, wish: Wish) -> Answer:
    """Do it as the room's rules say; what is said and done about it, which may be for later.

    Ask what has to be asked before: its handler only does it. Without rules a moderator of the
    room does it alone. Raises `UserError` for everybody else.
    """
    for govern in ctx.registry.services("govern"):
        return await govern(ctx, wish)  # type: ignore[no-any-return]
    if not (wish.entitled or await ctx.moderates(wish.room)):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    return await perform(ctx, wish)


async def perform(ctx: Context, wish: Wish) -> Answer:
    """Carry it out, in the name of the capability that knows how. It is allowed already."""
    feature, handler = ctx.registry.act(UNDO if LINE in wish.payload else wish.act)
    asker, ctx.feature = ctx.feature, feature
    last = await log.last(ctx.db)
    try:
        return await handler(ctx, wish.room, wish.payload)
    finally:
        ctx.feature = asker
        await log.ruled(ctx.db, last, wish.act, wish.of)


def back(entry: log.Entry, what: Line) -> Wish:
    """The wish to take a line of the log back: it goes by the rule of what was done."""
    act, of = entry.rule or (UNDO, "")
    return Wish(act, entry.room, what, {LINE: entry.id}, of=of)
