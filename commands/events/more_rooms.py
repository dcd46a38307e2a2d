"""Show an event in more rooms than it was made for: those of an area that has grown."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, UserError, _, items, n_
from commands.events import other_rooms, store, texts
from commands.events.event import Event
from commands.many_rooms.room_choice import choose_rooms, people_of, preview_lines


async def add_rooms(ctx: Context, event: Event, typed: str) -> Answer:
    """Show the event in those of the named rooms in which it does not stand yet, after a yes.

    Raises `UserError` if it stands in all of them, and for rooms in which it may not.
    """
    chosen = await choose_rooms(ctx, event.room, typed)
    fresh = tuple(room for room in chosen.others if room.room not in event.others)
    if not fresh:
        raise UserError(_("Event {number} stands there already.", number=event.item))
    chosen = replace(chosen, others=fresh)
    ctx.confirm(*await preview_lines(ctx, chosen, len(await people_of(ctx, chosen))))
    added = chosen.every[1:]
    await items.show_in(ctx.db, event.item, added)
    after = await store.get_event(ctx.db, event.item)
    assert after is not None
    await other_rooms.repeat(ctx, after, other_rooms.OPEN, only=added)
    await other_rooms.repeat(ctx, after, other_rooms.EDITED, only=event.others)
    return n_(
        "Event {number}, “{title}”, stands in {count} room more.",
        "Event {number}, “{title}”, stands in {count} rooms more.",
        len(added),
        number=event.item,
        title=texts.shorten_title(event.title),
    )
