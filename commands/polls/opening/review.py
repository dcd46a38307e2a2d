"""The date at which a decision is to be looked at again: `review: in 6 months`."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Day,
    Job,
    Line,
    NamedArgument,
    Number,
    ParsedArguments,
    RoomId,
    Say,
    _,
    items,
    words,
)
from commands.decision_rules.ballots import PollVerdict
from commands.poll_book import poll_store
from commands.polls.declaration import REVIEW_JOB, feature

REVIEW = NamedArgument(words("revisar", "rever", "review", "revisión | revisão, revisar | revisit"))
_HOLDS = frozenset({PollVerdict.APPROVED, PollVerdict.WON})


def review_argument(ctx: Context, parts: ParsedArguments) -> datetime | None:
    """Return when the decision is to be looked at again (UTC), or None.

    Raises `UserError` for what is no date to come."""
    phrase = parts.named.get(REVIEW.key)
    return ctx.parse_date(phrase) if phrase is not None else None


async def schedule_review(ctx: Context, number: Number, room: RoomId, at: datetime) -> Line:
    """Schedule the review of a decision. Return the line that says so."""
    zone = (await ctx.policy_of_room(room)).zone
    await ctx.schedule(REVIEW_JOB, at, item=number, room=room, zone=zone)
    return _("If it passes, I ask this room on {day} whether it still holds.", day=Day(at))


@feature.runs(REVIEW_JOB)
async def ask_for_review(ctx: Context, job: Job) -> Answer:
    """Ask the room whether a decision still holds. Nothing if it never held, or is deleted."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None:
        return None
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended is None or poll.verdict not in _HOLDS:
        return None
    lines = (
        _(
            "On {day} this room decided {number}: “{title}”.",
            day=Day(poll.ended),
            number=item.number,
            title=item.title,
        ),
        _("It was to be looked at again today: does it still hold?"),
        _("How it was decided: `!results {number}`", number=item.number),
        _('To decide anew: `!proposal "It stays as it is" review: in 6 months`'),
    )
    return [Say(lines, room=item.room, item=item.number, loud=True)]
