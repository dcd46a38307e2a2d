"""Urgent acts: a moderator acts at once, and others confirm it or it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    LINE,
    Answer,
    Context,
    Effect,
    Line,
    Moment,
    Person,
    Say,
    UserError,
    Wish,
    _,
    log,
    perform,
    run_line,
    words,
)
from commands.governance import moderator_requests, requests, room_decisions, store
from commands.governance.declaration import GOVERNANCE, URGENT, feature
from commands.governance.rules import How, Rule
from commands.governance.store import Kept

KEY = "urgent"
"""The key in `ctx.known` that marks a command as urgent."""


@feature.command(
    words("urgente", "urgente", "urgent", "de inmediato | de imediato | at once"),
    help=_("do at once what takes others' yes; without it, it is taken back by itself"),
    example=_("For example: `!urgent config language en`"),
    topic=GOVERNANCE,
)
async def urgent(ctx: Context, *, text: str) -> Answer:
    """Run the command behind the word as an urgent act."""
    ctx.known[KEY] = "yes"
    return await run_line(ctx, text)


async def done(ctx: Context, wish: Wish, rule: Rule) -> Answer:
    """Carry out a request at once, and ask the others to confirm it.

    Raises `UserError` if it cannot be undone, gives power, or the person does not moderate.
    """
    if not await ctx.moderates(wish.room):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    if not ctx.registry.acts[wish.act][1].urgent or LINE in wish.payload:
        raise UserError(_("This can't be done urgently, for it gives power. Without `urgent` I ask"
                          " those who decide on it."))  # fmt: skip
    before = await log.last(ctx.db)
    answer = requests.each(await perform(ctx, wish))
    lines = tuple(e.id for e in await log.after(ctx.db, before) if e.undo is not None)
    if not lines:
        raise UserError(_("This can't be done urgently, for it can't be taken back. Without"
                          " `urgent` I ask those who decide on it."))  # fmt: skip
    number = await requests.keep(ctx, wish, lines=lines)
    kept = await store.get(ctx.db, number)
    assert kept is not None
    await requests.note(ctx, kept, "urgent")
    return [*answer, *await _asked(ctx, wish, kept, rule)]


async def _asked(ctx: Context, wish: Wish, kept: Kept, rule: Rule) -> list[Line | Effect]:
    until = ctx.now + timedelta(seconds=int(await ctx.setting(URGENT, wish.room)))
    first = _("{who} did this urgently: {what}", who=Person(ctx.who), what=requests.shown(wish))
    if rule.how is How.SEVERAL:
        await store.agree(ctx.db, kept.item, ctx.who)
        await ctx.schedule("lapse", until, item=kept.item, room=wish.room)
        undone = _("Without that it is taken back by itself.")
        said = moderator_requests.told(ctx, wish, kept.item, first, rule.count - 1, Moment(until))
        return [*said, Say((undone,), room=wish.room)]
    first = _("{who} did this urgently: {what}. Shall it stay? Without a yes of the room I take it"
              " back.", who=Person(ctx.who), what=wish.what)  # fmt: skip
    days = max(1, round((until - ctx.now) / timedelta(days=1)))
    return await room_decisions.opened(ctx, kept, replace(rule, days=days), first)
