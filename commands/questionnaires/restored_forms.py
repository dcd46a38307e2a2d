"""Questionnaires after a restore from backup: no counts if answers are missing."""

from __future__ import annotations

from datetime import datetime

from bot.api import AFTER_RESTORE, Context, Effect, Line, Moment, Say, _, items
from commands.questionnaires import store
from commands.questionnaires.declaration import feature
from commands.questionnaires.form import Form


@feature.offers(AFTER_RESTORE)
async def resume_questionnaires(ctx: Context, made: datetime) -> list[Effect]:
    """After a restored backup, end the questionnaires whose time is over without counts. Return
    what their rooms read; answers after `made` (UTC) are lost."""
    effects: list[Effect] = []
    for number in await store.open_forms(ctx.db):
        form = await store.get_form(ctx.db, number)
        assert form is not None  # it was read in this transaction
        if form.is_over(ctx.said_at):
            await ctx.cancel_jobs(number)
            await store.shred_answers(ctx.db, number)
            await items.delete(ctx.db, number)
            lines = _ended_lines(form, made)
        else:
            lines = _going_on_lines(form, made)
        effects += [Say(lines, room=room) for room in form.rooms]
    return effects


def _going_on_lines(form: Form, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Questionnaire {number}, “{title}”, goes on. Who answered after {moment}, please answer"
            " again: `!questionnaire {number}`",
            number=form.item,
            title=form.title,
            moment=Moment(made),
        ),
        _(
            "If I said its counts already, these hold. To end it: `!cancel {number}`",
            number=form.item,
        ),
    )


def _ended_lines(form: Form, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Questionnaire {number}, “{title}”, ends without counts: I don't know the answers after"
            " {moment}.",
            number=form.item,
            title=form.title,
            moment=Moment(made),
        ),
        _("If I said its counts already, these hold. The answers that I had I deleted."),
        _("To ask again, send the message with its questions once more."),
    )
