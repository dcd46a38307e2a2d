"""People whom a moderator names to welcome those who are new: each is asked in private first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.api import (
    WELCOMERS_NAMED,
    YES_NO,
    Answer,
    Context,
    Line,
    Person,
    RoomId,
    UserId,
    _,
    rooms,
)
from commands.onboarding.areas import permissions
from commands.welcome.companions import store
from commands.welcome.declaration import feature


@feature.offers(WELCOMERS_NAMED)
async def ask_named(ctx: Context, room: RoomId, people: Sequence[UserId]) -> list[Line]:
    """Store the asker's offer to accompany newcomers if they named themselves; ask the others.

    Return the lines that say so.
    """
    lines: list[Line] = []
    if ctx.who in people:
        await store.add_offer(ctx.db, ctx.who, ctx.said_at)
        lines.append(_("You offer to be there for those who are new. To stop: `!accompany no`"))
    asked = []
    for person in people:
        if person != ctx.who and not await store.has_offered(ctx.db, person):
            await ctx.begin_dialogue("accompany", person, {"room": room})
            asked.append(Person(person))
    if asked:
        lines.append(
            _("I ask whether they welcome those who are new: {people}", people=tuple(asked))
        )
    return lines


@feature.dialogue("accompany")
async def ask_to_accompany(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask a person who was named by others whether they accompany newcomers. Return what to say, if
    anything.

    Does nothing if they offer it by now or left the room.
    """
    room = RoomId(data["room"])
    if ctx.who not in await rooms.members(ctx.db, room) or await store.has_offered(ctx.db, ctx.who):
        return None
    asked = _(
        "The moderation of “{room}” names you to welcome those who are new: to say hello and to"
        " answer what they ask.",
        room=await permissions.room_label_of(ctx, room),
    )
    each = _("When it is your turn I write to you, and you can say no each time. `yes` or `no`?")
    if ctx.ask("accompany", YES_NO, asked, each) != "yes":
        return _("Noted: I ask you no more. To offer it again: `!accompany yes`")
    await store.add_offer(ctx.db, ctx.who, ctx.said_at)
    return [
        _("Noted. When it is your turn I write to you in private, and you can say no each time."),
        _("To stop: `!accompany no`"),
    ]
