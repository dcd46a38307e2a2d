"""Remove people who leave the room or are forgotten; their places go to the next in line."""

from __future__ import annotations

from bot.api import Answer, Context, Effect, Job, Line, Membership, Moved, UserId, _, n_, rooms
from commands.events import store, texts
from commands.events.attendance import checkin, roster, rsvp, shift_store
from commands.events.attendance import rsvp_store as kept
from commands.events.attendance.roster import EVERY, Says
from commands.events.declaration import feature

GONE = (Membership.LEAVE, Membership.BAN)


@feature.on(Moved)
async def gone(ctx: Context, what: Moved) -> Answer:
    """Remove the answers of a person who left the room or was banned from it.

    People who go on in a successor room keep them.
    """
    if what.now not in GONE or (ctx.policy.room and ctx.policy.room.successor):
        return None  # their answers move to the successor room
    if await rooms.membership(ctx.db, what.room, what.user) not in GONE:
        return None  # this event was read late, and they are back
    letters: list[Effect] = []
    for number in await kept.events_of(ctx.db, what.user, what.room):
        event = await store.get(ctx.db, number)
        if event is not None:
            letters += await rsvp.take_out(ctx, event, what.user)
    return letters


async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete everything a person said about attending. Return lines with how much that was.

    The people promoted by it are told by a job, at once.
    """
    answered = await kept.all_of(ctx.db, person)
    for number in dict.fromkeys(number for number, _title, _one in answered):
        event = await store.get(ctx.db, number)
        before = await kept.answers(ctx.db, number)
        after = roster.without(before, person)
        await kept.change(ctx.db, number, before, after)
        if event is None or event.cancelled:
            continue
        await rsvp.count_later(ctx, event)
        dates = [EVERY, *rsvp.to_come(event, before, ctx.now)]
        found = roster.moved_up(before, after, (event.seats, event.seats), dates)
        for who, keys in found.items():
            await ctx.schedule(
                "moved_up", ctx.now, item=number, room=event.room, person=who, dates=sorted(keys)
            )
    await kept.forget(ctx.db, person)
    if not answered:
        return []
    return [n_("{count} answer about events", "{count} answers about events", len(answered))]


@feature.job("moved_up")
async def moved_up(ctx: Context, job: Job) -> Answer:
    """Tell a person privately that they have a place, if they still have it."""
    event = await store.get(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled or job.person is None:
        return None
    answers = await kept.answers(ctx.db, event.item)
    keys = [
        key for key in job.payload["dates"] if roster.of(answers, key, event.seats).goes(job.person)
    ]
    return await rsvp.letters_to(ctx, event, answers, {job.person: keys})


async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each answer, shift and check-in of this person."""
    said = [
        _(
            'Event {number}, "{title}": {answer}',
            number=number,
            title=texts.short(title),
            answer=_SAID[one.says],
        )
        for number, title, one in await kept.all_of(ctx.db, person)
    ]
    shifts = [
        _("Event {number}, shift {name}", number=number, name=name)
        for number, name in await shift_store.of_person(ctx.db, person)
    ]
    return [*said, *shifts, *await checkin.kept_of(ctx, person)]


_SAID = {Says.YES: _("coming"), Says.MAYBE: _("maybe"), Says.NO: _("not coming")}
