"""Save a message by a 📌 on it, if the room wants that. Reactions are not encrypted."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, Membership, Reaction, Room, Say, UserError, rooms
from commands.library import save_command, store
from commands.library.content import typed_entries
from commands.library.content.typed_entries import Typed
from commands.library.declaration import PIN, feature
from commands.library.store import Sight

PINS = frozenset({"📌", "📍"})


@feature.on(Reaction)
async def pinned(ctx: Context, what: Reaction) -> Answer:
    """Save the message under a name made of its first words.

    Nobody can be asked here, so an error is posted as a reply.
    """
    room = ctx.policy.room
    if what.key.rstrip("\ufe0f") not in PINS or ctx.private or room is None:
        return None
    if await ctx.setting(PIN) != "yes" or await store.is_source(ctx.db, what.target):
        return None
    if await rooms.membership(ctx.db, ctx.room, ctx.who) is not Membership.JOIN:
        return None
    ctx.origin = replace(ctx.origin, event=what.target, reply_to=what.target)
    try:
        return await _keep(ctx, room)
    except UserError as error:
        return Say(error.lines, reply_to=what.target)


async def _keep(ctx: Context, room: Room) -> Answer:
    message = ctx.replied_message()
    assert message is not None
    words = message.text or (message.media.name if message.media else "")
    name = await _free_name(ctx, typed_entries.suggested(words) or "pin")
    return await save_command.keep_unasked(ctx, room, Typed(name, "", ()), message)


async def _free_name(ctx: Context, wanted: str) -> str:
    sight = Sight((ctx.room,), network=True)
    name, n = wanted, 1
    while await store.named(ctx.db, name, sight) or await store.is_theme(ctx.db, name, sight):
        n += 1
        name = f"{wanted[: typed_entries.MOST_LETTERS - 5]}-{n}"
    return name
