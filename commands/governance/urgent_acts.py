"""Urgent acts: a moderator acts at once, and others confirm it or it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    LINE,
    ActRequest,
    Answer,
    Behind,
    Context,
    Effect,
    Line,
    Moment,
    Person,
    Rest,
    Say,
    UserError,
    _,
    answer_parts,
    log,
    run_act,
    run_line,
    words,
)
from commands.governance import moderator_requests, requests, room_decisions, store
from commands.governance.declaration import GOVERNANCE, LAPSE_JOB, URGENT, feature
from commands.governance.rules import DecisionMode, GovernanceRule
from commands.governance.store import StoredRequest

URGENT_KEY = "urgent"
"""The key in `ctx.known` that marks a command as urgent."""


@feature.command(
    words("urgente", "urgente", "urgent", "de inmediato | de imediato | at once"),
    help=_("do at once what takes others' yes; without it, it is taken back by itself"),
    example=_("For example: `!urgent config language en`"),
    topic=GOVERNANCE,
    begins_calls=True,
    behind=Behind.RUN,
)
async def handle_urgent(ctx: Context, *, command: Rest) -> Answer:
    """Run the command behind the word `urgent` at once, to be confirmed later. Return the
    answer."""
    ctx.answers[URGENT_KEY] = "yes"
    return await run_line(ctx, command)


async def carry_out_urgently(ctx: Context, wish: ActRequest, rule: GovernanceRule) -> Answer:
    """Carry out a requested act at once, and ask the others to confirm it. Return what to say, if
    anything.

    Raises `UserError` if it cannot be undone, gives power, or the person does not moderate.
    """
    await ctx.require_moderator(wish.room)
    if not ctx.registry.acts[wish.act][1].urgent or LINE in wish.payload:
        raise UserError(
            _(
                "This can't be done urgently, for it gives power. Without `urgent` I ask"
                " those who decide on it."
            )
        )
    before = await log.last_id(ctx.db)
    answer = answer_parts(await run_act(ctx, wish))
    lines = tuple(e.id for e in await log.entries_after(ctx.db, before) if e.undo is not None)
    if not lines:
        raise UserError(
            _(
                "This can't be done urgently, for it can't be taken back. Without"
                " `urgent` I ask those who decide on it."
            )
        )
    number = await requests.store_request(ctx, wish, lines=lines)
    kept = await store.get_request(ctx.db, number)
    assert kept is not None
    await requests.log_approval(ctx, kept, "urgent")
    return [*answer, *await _ask_confirmation(ctx, wish, kept, rule)]


async def _ask_confirmation(
    ctx: Context, wish: ActRequest, kept: StoredRequest, rule: GovernanceRule
) -> list[Line | Effect]:
    until = ctx.said_at + timedelta(seconds=int(await ctx.setting_value(URGENT, wish.room)))
    first = _(
        "{who} did this urgently: {what}", who=Person(ctx.who), what=requests.public_line(wish)
    )
    if rule.how is DecisionMode.SEVERAL:
        await store.add_approval(ctx.db, kept.item, ctx.who)
        await ctx.schedule(LAPSE_JOB, until, item=kept.item, room=wish.room)
        undone = _("Without that it is taken back by itself.")
        said = moderator_requests.announce_request(
            ctx, wish, kept.item, first, rule.count - 1, Moment(until)
        )
        return [*said, Say((undone,), room=wish.room)]
    first = _(
        "{who} did this urgently: {what}. Shall it stay? Without a yes of the room I take it back.",
        who=Person(ctx.who),
        what=wish.what,
    )
    days = max(1, round((until - ctx.said_at) / timedelta(days=1)))
    return await room_decisions.open_proposal(ctx, kept, replace(rule, days=days), first)
