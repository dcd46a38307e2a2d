"""Acts that need a moderator's power, and the only way to do them: by the room's rules.

A capability declares the handler with `@feature.act(…)` and calls it through `carry_out`. The
service `govern` decides whether the act may be done alone, with others, or by a decision only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.capability.authority.refusals import moderators_only
from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.capability.service import Service
from bot.lines import Line
from bot.types import RoomId
from storage import log

UNDO, LINE = "undo", "undoes"
"""The act that reverts a log entry of any act, and the payload key of that entry's id."""


@dataclass(frozen=True, slots=True)
class ActRequest:
    """A requested act in a room, with the payload that its handler needs.

    `of` is the part of the act that may have a rule of its own (for `set`, which setting). `what`
    is one line about it for the room; people in it must be `Person` values. `payload` must be JSON,
    because the request may wait for days. `entitled`: where a moderator alone would do, `ctx.who`
    may do it too. `personal`: it concerns a person, so the room is not told while moderators
    decide.
    """

    act: str
    room: RoomId
    what: Line
    payload: Mapping[str, Any]
    of: str = ""
    entitled: bool = False
    personal: bool = False


MAY = Service[[str, RoomId, str], bool]("may")
"""Whether `ctx.who` has any way to this act (or part of it)."""
GOVERN = Service[[ActRequest], Answer]("govern")
"""Do the act, start what its rule asks for, or refuse. Returns the answer.

Raises `UserError` if the rules give `ctx.who` no way to it.
"""


async def may_act(ctx: Context, act: str, room: RoomId, of: str = "") -> bool:
    """Return whether the room's rules let `ctx.who` do this act, alone or together with others."""
    for offer in ctx.registry.offers(MAY):
        return bool(await offer(ctx, act, room, of))
    return await ctx.moderates(room)


async def carry_out(ctx: Context, wish: ActRequest) -> Answer:
    """Do the act as the room's rules demand, at once or after others agreed, and return the answer.

    Ask all questions before, because the handler must not. Without rules a moderator does it alone.
    Raises `UserError` for everybody else.
    """
    for govern in ctx.registry.offers(GOVERN):
        return await govern(ctx, wish)
    if not (wish.entitled or await ctx.moderates(wish.room)):
        raise moderators_only()
    return await run_act(ctx, wish)


async def run_act(ctx: Context, wish: ActRequest) -> Answer:
    """Run the handler of an act that was allowed before, and return its answer."""
    feature, handler = ctx.registry.act_handler(UNDO if LINE in wish.payload else wish.act)
    asker, ctx.feature = ctx.feature, feature
    last = await log.last_id(ctx.db)
    try:
        return await handler(ctx, wish.room, wish.payload)
    finally:
        ctx.feature = asker
        await log.mark_rule(ctx.db, last, wish.act, wish.of)


def undo_request(entry: log.LogEntry, what: Line) -> ActRequest:
    """Return the act that reverts an entry of a room's log, under the same rule as the original
    act."""
    act, of = entry.rule or (UNDO, "")
    return ActRequest(act, entry.room, what, {LINE: entry.id}, of=of)
