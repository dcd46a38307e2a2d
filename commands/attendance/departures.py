"""Remove people who leave the room or are forgotten; their places go to the next in line."""

from __future__ import annotations

from bot.api import (
    EXPORT_PERSON,
    FORGET,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    MembershipChanged,
    UserId,
    _,
    has_left,
    is_in_any,
    items,
    n_,
)
from commands.attendance import checkin, date_keys, roster, rsvp, rsvp_store, shift_store
from commands.attendance.declaration import MOVED_UP_JOB, feature
from commands.attendance.place_messages import place_messages
from commands.attendance.roster import EVERY_DATE, Rsvp
from commands.events import store, texts

feature.rows("attendance_answer", person="person", on_forget="code")
for table in (
    "attendance_tap",
    "attendance_told",
    "attendance_there",
    "attendance_missed",
    "attendance_taken",
):
    feature.rows(table, person="person")


@feature.on(MembershipChanged)
async def remove_departed(ctx: Context, what: MembershipChanged) -> Answer:
    """Delete the answers about events of a person who left the room or was banned from it. Return
    what to say, if anything.

    People who go on in a successor room, or in another room of the event, keep them.
    """
    if not await has_left(ctx, what):
        return None
    letters: list[Effect] = []
    for number in await rsvp_store.events_answered_by(ctx.db, what.user, what.room):
        event, item = await store.get_event(ctx.db, number), await items.get(ctx.db, number)
        if event is not None and item is not None and not await is_in_any(ctx, item, what.user):
            letters += await rsvp.remove_person(ctx, event, what.user)
    return letters


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's answers about events. Return lines that say how many there were.

    The people who get a place by it are told by a job, at once.
    """
    answered = await rsvp_store.all_answers_of(ctx.db, person)
    for number in dict.fromkeys(number for number, _title, _one in answered):
        event = await store.get_event(ctx.db, number)
        before = await rsvp_store.load_answers(ctx.db, number)
        after = roster.remove_answers_of(before, person)
        await rsvp_store.save_changes(ctx.db, number, before, after)
        if event is None or event.cancelled:
            continue
        await rsvp.schedule_count(ctx, event)
        dates = [EVERY_DATE, *date_keys.upcoming_dates(event, before, ctx.said_at)]
        found = roster.promoted_people(before, after, (event.seats, event.seats), dates)
        for who, keys in found.items():
            await ctx.schedule(
                MOVED_UP_JOB,
                ctx.said_at,
                item=number,
                room=event.room,
                person=who,
                dates=sorted(keys),
            )
    if not answered:
        return []
    return [n_("{count} answer about events", "{count} answers about events", len(answered))]


@feature.runs(MOVED_UP_JOB)
async def tell_promoted(ctx: Context, job: Job) -> Answer:
    """Tell a person who was on an event's waiting list that they have a place, if they still do.
    Return what to say, if anything."""
    event = await store.get_event(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled or job.person is None:
        return None
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    keys = [
        key
        for key in job.payload["dates"]
        if roster.build_roster(answers, key, event.seats).has_place(job.person)
    ]
    return await place_messages(ctx, event, answers, {job.person: keys})


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each answer, shift and check-in at events of this person."""
    said = [
        _(
            'Event {number}, "{title}": {answer}',
            number=number,
            title=texts.shorten_title(title),
            answer=_RSVP_TEXTS[one.says],
        )
        for number, title, one in await rsvp_store.all_answers_of(ctx.db, person)
    ]
    shifts = [
        _("Event {number}, shift {name}", number=number, name=name)
        for number, name in await shift_store.shifts_of_person(ctx.db, person)
    ]
    return [*said, *shifts, *await checkin.presence_of_person(ctx, person)]


_RSVP_TEXTS = {Rsvp.YES: _("coming"), Rsvp.MAYBE: _("maybe"), Rsvp.NO: _("not coming")}
