"""Give a role to somebody."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    Context,
    Line,
    UserId,
    _,
)
from commands.roles import store, terms
from commands.roles.declaration import feature, log_values
from commands.roles.store import Role

feature.log_line("gave", _("{person} has the role “{name}”"), values=log_values)


async def grant_role(ctx: Context, known: Role, person: UserId, until: datetime | None) -> Line:
    """Give a person the role until its end, log it, and return the line that says so."""
    await store.add_holder(ctx.db, known.item, person, until)
    await terms.plan_term_end(ctx, known, person, until)
    undo = {"role": known.item, "user": person, "do": "take", "by": ctx.who}
    await ctx.log("gave", {"role": known.title, "user": person}, room=known.room, undo=undo)
    return terms.holding_line(known, person, until)
