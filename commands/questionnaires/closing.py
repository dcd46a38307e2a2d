"""Telling people of a questionnaire, its close, and its counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Moment,
    Number,
    RoomId,
    Say,
    UserError,
    _,
    is_author,
    items,
    n_,
    rooms,
    verbatim,
)
from commands.questionnaires import announcements, counts, interview, store, texts
from commands.questionnaires.declaration import (
    CLOSE_JOB,
    NAMES_KEPT,
    PAGE_SIZE,
    REMIND_JOB,
    SHRED_JOB,
    TELL_JOB,
    feature,
)
from commands.questionnaires.form import Form

feature.log_line("closed", _("closed questionnaire {number}"))


def moment(at: datetime) -> Moment:
    """Return an instant (UTC) as a value to be shown on the reader's clock."""
    return Moment(at)


async def job_form(ctx: Context, job: Job) -> Form | None:
    """Return the questionnaire that a job is about, if it is still open, else None."""
    found = await store.get_form(ctx.db, job.item) if job.item is not None else None
    return found if found is not None and found.closed is None else None


# --- while it is open -------------------------------------------------------------------------


@feature.runs(TELL_JOB)
async def tell_people(ctx: Context, job: Job) -> Answer:
    """Return messages to those of these people who have a private room with the bot; none is opened
    for this."""
    form = await job_form(ctx, job)
    if form is None:
        return None
    after = str(job.payload.get("after", ""))
    people = [p for p in await store.people_asked(ctx.db, form.item, ctx.me) if p > after]
    page = people[:PAGE_SIZE]
    if len(people) > PAGE_SIZE:
        await ctx.schedule(TELL_JOB, ctx.now, item=form.item, room=form.rooms[0], after=page[-1])
    lines = tuple(texts.opening_lines(form))
    return [
        Say(lines, to=person, loud=True)
        for person in page
        if await rooms.private_room(ctx.db, person) is not None
    ]


@feature.runs(REMIND_JOB)
async def remind_people(ctx: Context, job: Job) -> Answer:
    """Remind the people in private who began a questionnaire and have not finished. Return what to
    say, if anything."""
    form = await job_form(ctx, job)
    if form is None or form.is_over(ctx.now):
        return None
    lines = (
        _(
            "You began questionnaire {number}, “{title}”. It counts once you have been through it.",
            number=form.item,
            title=form.title,
        ),
        _(
            "To go on, until {at}: `questionnaire {number}`",
            at=moment(form.closes),
            number=form.item,
        ),
    )
    return [
        Say(lines, to=person, loud=True)
        for person in await store.unfinished_people(ctx.db, form.item)
        if await interview.room_of(ctx, form, person) is not None
    ]


# --- the close ----------------------------------------------------------------------------------


async def close_by_hand(ctx: Context, form: Form) -> Answer:
    """Close a questionnaire now. Return what to say, if anything. Raises `UserError` unless the
    person made it or moderates its room."""
    if form.closed is not None:
        raise UserError(texts.closed_line(form))
    item = await _item(ctx, form.item)
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't close questionnaire {number}: that is for who made it or the"
                " moderators.",
                number=form.item,
            ),
            _("It closes on {at}.", at=moment(form.closes)),
        )
    if not is_author(ctx, item):
        await ctx.log("closed", {"number": form.item}, room=item.room)
    told = await finish(ctx, form)
    return told if ctx.room in form.rooms else [texts.closed_line(form), *told]


async def _item(ctx: Context, number: Number) -> Item:
    item = await items.get(ctx.db, number)
    assert item is not None  # the questionnaire goes with its item
    return item


@feature.runs(CLOSE_JOB)
async def close_when_due(ctx: Context, job: Job) -> Answer:
    """Close a questionnaire at its deadline, as a job. Return what to say, if anything."""
    form = await job_form(ctx, job)
    if form is None:
        return None
    return await finish(ctx, form, ctx.now - job.due)


async def finish(ctx: Context, form: Form, late: timedelta = timedelta(0)) -> list[Line | Effect]:
    """Count the answers of a questionnaire, delete whose they were, and tell the rooms. Return what
    to say."""
    await ctx.cancel_jobs(form.item)
    people = await store.finished_people(ctx.db, form.item)
    asked = {*await store.people_asked(ctx.db, form.item, ctx.me), *(p.person for p in people)}
    waiting = await store.unfinished_people(ctx.db, form.item)
    found = counts.count_answers(form.questions, [(one.room, one.values) for one in people])
    await store.close_form(ctx.db, form.item, ctx.now, len(asked), found)
    if form.named:
        await ctx.schedule(SHRED_JOB, ctx.now + NAMES_KEPT, item=form.item, room=form.rooms[0])
    else:
        await store.shred_answers(ctx.db, form.item)
    await items.close(ctx.db, form.item)
    for person in waiting:  # their next question says that it is closed
        await ctx.end_own_question(person)
    return await announcements.announce(ctx, form.item, announcements.RESULT, late)


@feature.runs(SHRED_JOB)
async def shred_names(ctx: Context, job: Job) -> Answer:
    """Delete a questionnaire's answers with names, some time after the close. The counts stay.
    Return what to say, if anything."""
    if job.item is not None:
        await store.shred_answers(ctx.db, job.item)
    return None


# --- its counts ---------------------------------------------------------------------------------


async def show_counts(ctx: Context, form: Form) -> Answer:
    """Return lines with a questionnaire's counts if it is closed; else how many have answered, and
    when it closes."""
    found = await store.get_counts(ctx.db, form.item)
    if found is not None:
        return texts.result_lines(form, found)
    asked = len(await store.people_asked(ctx.db, form.item, ctx.me))
    return [
        _(
            "Questionnaire {number}, “{title}”: {people} of {asked} have answered.",
            number=form.item,
            title=form.title,
            people=await store.count_finished(ctx.db, form.item),
            asked=asked,
        ),
        _("I show the counts at the close, on {at}.", at=moment(form.closes)),
    ]


async def show_rooms(ctx: Context, form: Form) -> Answer:
    """Return lines with a questionnaire's counts in each room, for whoever asked.

    Raises `UserError` while it is open, and if none may be shown by room.
    """
    found = await store.get_counts(ctx.db, form.item)
    if found is None:
        raise UserError(_("I show the counts at the close, on {at}.", at=moment(form.closes)))
    if not found.rooms:
        raise UserError(
            _("There are no counts by room: it asked one room, or too few answered in each.")
        )
    lines: list[Line] = []
    for room, (people, each) in found.rooms.items():
        lines.append(
            n_(
                "{room}: {count} person",
                "{room}: {count} people",
                people,
                room=await room_name(ctx, RoomId(room)),
            )
        )
        lines += [
            texts.question_line(n, asked, one)
            for n, (asked, one) in enumerate(zip(form.questions, each, strict=True), start=1)
        ]
    return [*lines, texts.room_rule_line()]


async def room_name(ctx: Context, room: RoomId) -> Line:
    """Return a room's name, or the words that say that it has none."""
    known = await rooms.get(ctx.db, room)
    return verbatim(known.name) if known is not None and known.name else _("a room")
