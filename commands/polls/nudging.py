"""A word in private to those of the roll who have not voted yet: once, before the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Length,
    Line,
    Say,
    Setting,
    UserId,
    _,
    items,
    rooms,
    words,
)
from commands.polls import say, store, votes
from commands.polls.base import feature
from commands.polls.store import Poll

PAGE = 200
"""So many letters are written in one transaction; the next follow in the next."""

NUDGE = Setting(
    "nudge",
    words("avisar-a-quien-falta", "avisar-quem-falta", "remind-voters"),
    Length(timedelta(minutes=10), timedelta(days=14), off=True),
    "86400",
    _("How long before a proposal closes I remind in private those who have not voted."),
)
feature.settings.append(NUDGE)


async def plan(ctx: Context, item: Item, closes: datetime) -> None:
    """Remind before `closes`, if the poll is open at least twice as long as that.

    Of what has a rule to fulfil: a plain poll sends nobody a letter.
    """
    await ctx.call_off(item.number, "nudge")
    rule = (await store.get(ctx.db, item.number)).rule
    if rule.kind == "choice" and rule.quorum is None and not rule.secret:
        return
    before = timedelta(seconds=int(await ctx.setting(NUDGE, item.room)))
    if before and closes - ctx.now >= 2 * before:
        await ctx.schedule("nudge", closes - before, item=item.number, room=item.room)


@feature.job("nudge")
async def nudge(ctx: Context, job: Job) -> Answer:
    """A page of those who have not voted; what is left of them comes in the next job."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None or not item.open:
        return None
    poll = await store.get(ctx.db, item.number)
    if poll.over(ctx.now):
        return None
    after = str(job.payload.get("after", ""))
    found = await votes.missing(ctx.db, item.number, PAGE, after)
    if len(found) == PAGE:
        await ctx.schedule(
            "nudge", ctx.now, item=item.number, room=item.room, after=found[-1]["voter"]
        )
    here = set(await rooms.members(ctx.db, item.room))
    letters: list[Effect] = []
    for row in found:
        person = row["delegate"] if row["delegate"] in here else row["alternate"]
        if person in here:
            letters.append(Say(_lines(poll, row["name"]), to=UserId(person), loud=True))
    return letters


def _lines(poll: Poll, organisation: str) -> tuple[Line, ...]:
    named = {"number": poll.number, "question": say.short(poll.title)}
    if organisation:
        first = _(
            "The vote of {organisation} is still missing in poll {number}: {question}",
            **named,
            organisation=organisation,
        )
    else:
        first = _("Your vote is still missing in poll {number}: {question}", **named)
    return (first, *say.numbered(poll), *poll.kind.how(poll.question)[:1], say.until(poll))
