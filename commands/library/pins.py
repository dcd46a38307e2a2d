"""Save a message by a 📌 on it, if the room wants that. Reactions are not encrypted."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, Reaction, Room, Say, UserError, is_in
from commands.library import room_archive, save_command, version_store
from commands.library.content import typed_entries
from commands.library.content.typed_entries import TypedEntry
from commands.library.declaration import PIN, feature

PIN_KEYS = frozenset({"📌", "📍"})


@feature.on(Reaction)
async def save_pinned(ctx: Context, what: Reaction) -> Answer:
    """Save a pinned message in the library under a name made of its first words. Return what to
    say, if anything.

    Nobody can be asked here, so an error is posted as a reply.
    """
    room = ctx.policy.room
    if what.key.rstrip("\ufe0f") not in PIN_KEYS or ctx.is_private or room is None:
        return None
    if await ctx.setting_value(PIN) != "yes" or await version_store.is_saved(ctx.db, what.target):
        return None
    if not await is_in(ctx, ctx.room, ctx.who):
        return None
    ctx.origin = replace(ctx.origin, event=what.target, reply_to=what.target)
    try:
        return await _save_message(ctx, room)
    except UserError as error:
        return Say(error.lines, reply_to=what.target)


async def _save_message(ctx: Context, room: Room) -> Answer:
    message = ctx.replied_message()
    assert message is not None
    words = message.text or (message.media.name if message.media else "")
    name = await room_archive.free_name(ctx, ctx.room, typed_entries.suggest_name(words) or "pin")
    return await save_command.save_unasked(ctx, room, TypedEntry(name, "", ()), message)
