"""Elections after a restore from backup: no vote opens if candidacies are missing."""

from __future__ import annotations

from datetime import datetime

from bot.api import AFTER_RESTORE, Context, Effect, Item, Line, Moment, Say, _, items
from commands.elections import election_store
from commands.elections.declaration import OPENS_JOB, feature


@feature.offers(AFTER_RESTORE)
async def resume_elections(ctx: Context, made: datetime) -> list[Effect]:
    """After a restored backup, end the elections whose candidacies are over without a vote. Return
    what their rooms read; candidacies after `made` (UTC) are lost.

    The vote may have opened since, and a second ballot must not stand beside it. Votes that were
    open when the backup was made are polls, which see to themselves.
    """
    effects: list[Effect] = []
    for number in await election_store.all_waiting_elections(ctx.db):
        item = await items.get(ctx.db, number)
        one = await election_store.get_election(ctx.db, number)
        assert item is not None and one is not None  # both were read in this transaction
        if one.stands_until > ctx.said_at:
            lines = _going_on_lines(item, made)
        else:
            await ctx.cancel_jobs(number, OPENS_JOB)
            await items.close(ctx.db, number)
            lines = _ended_lines(item, made)
        effects.append(Say(lines, room=item.room))
    return effects


def _going_on_lines(item: Item, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Election {number}, {title}, goes on. Who stood or stepped down after {moment}, please"
            " do it again.",
            number=item.number,
            title=item.title,
            moment=Moment(made),
        ),
        _("If it was cancelled since: `!cancel {number}`", number=item.number),
    )


def _ended_lines(item: Item, made: datetime) -> tuple[Line, ...]:
    return (
        _(
            "Election {number}, {title}, ends without a vote: I don't know who stood or stepped"
            " down after {moment}.",
            number=item.number,
            title=item.title,
            moment=Moment(made),
        ),
        _("If I said a result already, it holds; a vote that was still open is lost."),
        _("A new call: `!election`"),
    )
