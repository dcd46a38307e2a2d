"""Draws after a restore from backup: nobody is drawn if words and refusals are missing."""

from __future__ import annotations

from datetime import datetime

from bot.api import AFTER_RESTORE, Context, Effect, Line, Moment, Say, _, items
from commands.roles import store
from commands.roles.declaration import DRAWN_JOB, feature
from commands.roles.store import Draw, Role


@feature.offers(AFTER_RESTORE)
async def resume_draws(ctx: Context, made: datetime) -> list[Effect]:
    """After a restored backup, end the draws whose time is over without drawing anybody. Return
    what their rooms read; what was answered after `made` (UTC) is lost.

    The secret of such a draw may be public already, and another person drawn.
    """
    effects: list[Effect] = []
    for draw in await store.all_draws(ctx.db):
        known = await store.get_role(ctx.db, draw.role)
        assert known is not None  # the draw goes with its role
        due = await ctx.job_due(draw.item, DRAWN_JOB)
        if due is not None and due > ctx.said_at:
            lines: tuple[Line, ...] = (_going_on_line(draw, known, made),)
        else:
            await ctx.cancel_jobs(draw.item)
            await items.close(ctx.db, draw.item)
            await store.delete_draw(ctx.db, draw.item)
            lines = _ended_lines(draw, known, made)
        effects.append(Say(lines, room=known.room))
    return effects


def _going_on_line(draw: Draw, known: Role, made: datetime) -> Line:
    return _(
        "Draw {number} for “{name}” goes on. Who answered it after {moment}, please answer again:"
        " a word, or `no`.",
        number=draw.item,
        name=known.title,
        moment=Moment(made),
    )


def _ended_lines(draw: Draw, known: Role, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Draw {number} for “{name}” ends without a result: I don't know what was answered after"
            " {moment}.",
            number=draw.item,
            name=known.title,
            moment=Moment(made),
        ),
        _(
            "If I said who was drawn, that holds. To note it again: `!role give {name} @name`",
            name=known.title,
        ),
        _("If not, to draw again: `!role draw {name}`", name=known.title),
    )
