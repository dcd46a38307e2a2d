"""Calls for action after a restore from backup: what people did since is missing."""

from __future__ import annotations

from datetime import datetime

from bot.api import AFTER_RESTORE, Context, Effect, Line, Moment, Say, _
from commands.tasks import action_store
from commands.tasks.action_store import Action
from commands.tasks.calls_for_action import close_action
from commands.tasks.declaration import feature


@feature.offers(AFTER_RESTORE)
async def resume_actions(ctx: Context, made: datetime) -> list[Effect]:
    """After a restored backup, end the calls for action whose time is over without posting counts.
    Return what their rooms read; what people told after `made` (UTC) is lost."""
    effects: list[Effect] = []
    for one in await action_store.all_open_actions(ctx.db):
        if one.ends > ctx.said_at:
            lines = _going_on_lines(one, made)
        else:
            lines = _ended_lines(one, made)
            effects.append(await close_action(ctx, one, lines))
        effects.append(Say(lines, room=one.room))
    return effects


def _going_on_lines(one: Action, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Call {number}, “{title}”, goes on. Who did a step after {moment}, please say so again:"
            " `!done {number} 1`",
            number=one.item,
            title=one.title,
            moment=Moment(made),
        ),
    )


def _ended_lines(one: Action, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Call {number}, “{title}”, is over. What was done after {moment} is missing from its"
            " counts.",
            number=one.item,
            title=one.title,
            moment=Moment(made),
        ),
        _("If I said its counts already, these hold."),
    )
