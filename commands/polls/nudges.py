"""Reminders: to vote, in private; to a room, on the date to look at a decision again."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Day,
    Effect,
    Item,
    Job,
    Length,
    Line,
    Number,
    RoomId,
    Say,
    Setting,
    UserId,
    _,
    items,
    rooms,
    words,
)
from commands.ballot_secrecy import ballot_store, ballot_texts
from commands.ballot_secrecy.declaration import new_slot
from commands.decision_rules.ballots import PollVerdict
from commands.poll_book import poll_store, texts, voter_store
from commands.poll_book.poll import Poll
from commands.polls.declaration import NUDGE_JOB, REVIEW_JOB, feature

_HOLDS = frozenset({PollVerdict.APPROVED, PollVerdict.WON})
PAGE_SIZE = 200
"""How many messages one transaction writes. The next job writes the next page."""

NUDGE = Setting(
    "nudge",
    words("avisar-a-quien-falta", "avisar-quem-falta", "remind-voters"),
    Length(timedelta(minutes=10), timedelta(days=14), off=True),
    "86400",
    _("How long before a proposal closes I remind in private those who have not voted."),
)
feature.settings.append(NUDGE)


async def plan_nudge(ctx: Context, item: Item, closes: datetime) -> None:
    """Schedule a reminder for those who have not voted, before `closes`, if the poll is open at
    least twice as long.

    Only for polls with a quorum, a threshold or secrecy: a plain poll sends no messages.
    """
    await ctx.cancel_jobs(item.number, NUDGE_JOB)
    rule = (await poll_store.get_poll(ctx.db, item.number)).rule
    if rule.kind == "choice" and rule.quorum is None and not rule.secret:
        return
    before = timedelta(seconds=int(await ctx.setting_value(NUDGE, item.room)))
    if before and closes - ctx.said_at >= 2 * before:
        await ctx.schedule(NUDGE_JOB, closes - before, item=item.number, room=item.room)


@feature.runs(NUDGE_JOB)
async def send_nudges(ctx: Context, job: Job) -> Answer:
    """Remind one page of those who have not voted. The next job goes on with the rest. Return what
    to say, if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None or not item.open:
        return None
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.over(ctx.said_at):
        return None
    after = str(job.payload.get("after", ""))
    page = voter_store.whole_roll if poll.rule.secret else voter_store.voters_missing
    found = await page(ctx.db, item.number, PAGE_SIZE, after)
    if len(found) == PAGE_SIZE:
        await ctx.schedule(
            NUDGE_JOB, ctx.said_at, item=item.number, room=item.room, after=found[-1]["voter"]
        )
    if poll.rule.secret:
        done = await ballot_store.who_voted(ctx.db, item.number, [row["voter"] for row in found])
        found = [row for row in found if row["voter"] not in done]
    here = {person for room in item.rooms for person in await rooms.members(ctx.db, room)}
    letters: list[Effect] = []
    for row in found:
        person = row["delegate"] if row["delegate"] in here else row["alternate"]
        if person in here:
            said = _lines(poll, row["name"])
            if poll.rule.secret:  # a reply to it is a vote
                letters.append(Say(said, to=person, loud=True, item=item.number, slot=new_slot()))
            else:
                letters.append(Say(said, to=UserId(person), loud=True))
    return letters


def _lines(poll: Poll, organisation: str) -> tuple[Line, ...]:
    named = {"number": poll.number, "question": texts.short_question(poll.title)}
    if organisation:
        first = _(
            "The vote of {organisation} is still missing in poll {number}: {question}",
            **named,
            organisation=organisation,
        )
    else:
        first = _("Your vote is still missing in poll {number}: {question}", **named)
    how = ballot_texts.how_to_vote(poll) if poll.rule.secret else poll.kind.written(poll.question)
    return (first, *texts.numbered_options(poll), how, texts.end_line(poll))


# --- to be looked at again ------------------------------------------------------------------------


async def schedule_review(ctx: Context, number: Number, room: RoomId, at: datetime) -> Line:
    """Schedule the review of a decision. Return the line that says so."""
    zone = (await ctx.policy_of_room(room)).zone
    await ctx.schedule(REVIEW_JOB, at, item=number, room=room, zone=zone)
    return _("If it passes, I ask this room on {day} whether it still holds.", day=Day(at))


@feature.runs(REVIEW_JOB)
async def ask_for_review(ctx: Context, job: Job) -> Answer:
    """Ask the room whether a decision still holds. Does nothing if it never held, or was deleted.
    Return what to say, if anything."""
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
