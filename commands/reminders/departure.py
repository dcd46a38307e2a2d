"""When somebody leaves a room, the reminders they set for it end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.api import (
    Answer,
    Context,
    Line,
    MembershipChanged,
    Person,
    Say,
    has_left,
    items,
    n_,
)
from commands.reminders import reminder_store
from commands.reminders.declaration import feature


def _list_numbers(facts: Mapping[str, Any]) -> dict[str, Any]:
    numbers = facts["numbers"]
    return {"count": len(numbers), "numbers": ", ".join(map(str, numbers))}


feature.log_line(
    "gone",
    n_(
        "reminder {numbers} ended, as who set it went",
        "reminders {numbers} ended, as who set them went",
        0,
    ),
    values=_list_numbers,
)


@feature.on(MembershipChanged)
async def end_reminders(ctx: Context, what: MembershipChanged) -> Answer:
    """End the reminders that the person set for the room. Their private ones stay. Return what to
    say, if anything."""
    if not await has_left(ctx, what):
        return None
    ended = await reminder_store.public_reminders_by(ctx.db, what.room, what.user)
    if not ended:
        return None
    for number in ended:
        await ctx.cancel_jobs(number)
        await items.close(ctx.db, number)
    await ctx.log("gone", {"numbers": ended}, room=what.room)
    return Say((_ended_line(ended, Person(what.user)),), room=what.room)


def _ended_line(numbers: Sequence[int], person: Person) -> Line:
    return n_(
        "{person} is not in this room any more, so this reminder of theirs ends: {numbers}.",
        "{person} is not in this room any more, so these reminders of theirs end: {numbers}.",
        len(numbers),
        person=person,
        numbers=", ".join(map(str, numbers)),
    )
