"""Call the people of a role and nobody else: by command, or by `@name` where that is on."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Message,
    Person,
    Say,
    UserError,
    _,
    fold,
    is_in,
    rooms,
    verbatim,
)
from commands.roles import store
from commands.roles.declaration import MENTIONS, feature
from commands.roles.store import Role

CALL_PAUSE = timedelta(minutes=5)
"""How long the people of a role are not called again."""
_AT = re.compile(r"(?<![\w@/.])@([^\W\d_][\w-]{1,29})(?![\w:-])")
"""Matches `@care`, but no address."""

feature.wants_line = lambda line: _AT.search(line) is not None
feature.listens_within_room = True


async def call_holders(ctx: Context, known: Role, text: str = "") -> Answer:
    """Return a message that mentions the holders of a role who are in the room. Raises `UserError`
    without the right, if nobody has the role, and soon after the last call."""
    if not await is_in(ctx, known.room, ctx.who):
        raise UserError(_("You can't do that: it is for who is in the room."))
    held = [one.person for one in await store.list_holders(ctx.db, known.item)]
    here = set(await rooms.members(ctx.db, known.room))
    people = tuple(person for person in held if person in here)
    if not people:
        raise UserError(_("Nobody has the role “{name}” now.", name=known.title))
    if known.called is not None and ctx.now - known.called < CALL_PAUSE:
        raise UserError(_("The people of “{name}” were called a moment ago.", name=known.title))
    await store.record_call(ctx.db, known.item, ctx.now)
    first = _(
        "{who} calls {name}: {people}",
        who=Person(ctx.who),
        name=known.title,
        people=tuple(map(Person, people)),
    )
    said = (first, verbatim(text)) if text else (first,)
    reply = ctx.origin.event if known.room == ctx.room else None
    return Say(said, room=known.room, mentions=people, loud=True, reply_to=reply)


@feature.on(Message)
async def call_mentioned_roles(ctx: Context, message: Message) -> Answer:
    """Mention the holders of a role that a message names, where the room wants that.

    Returns None if they were mentioned a moment ago.
    """
    if ctx.is_private or await ctx.setting_value(MENTIONS) != "yes":
        return None
    for name in dict.fromkeys(map(fold, _AT.findall(message.text))):
        known = await store.get_role_by_name(ctx.db, ctx.room, name)
        if known is None or (known.called is not None and ctx.now - known.called < CALL_PAUSE):
            continue
        if await store.list_holders(ctx.db, known.item):
            return await call_holders(ctx, known)
    return None
