"""What the rooms of a questionnaire read: its opening and its counts, a few rooms at a time."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Effect, Item, Job, Line, Number, RoomId, Say, Span, _, items
from commands.many_rooms.pages import next_rooms
from commands.questionnaires import store, texts
from commands.questionnaires.declaration import LATE_AFTER, ROOMS_JOB, feature

OPENING, RESULT = "opening", "result"


async def announce(
    ctx: Context, number: Number, stage: str, late: timedelta = timedelta(0)
) -> list[Line | Effect]:
    """Return the message about a questionnaire's stage for its own room, and schedule the same for
    the other rooms."""
    item = await items.get(ctx.db, number)
    assert item is not None  # the questionnaire goes with its item
    if item.others:
        seconds = late.total_seconds()
        await ctx.schedule(
            ROOMS_JOB, ctx.now, item=number, room=item.room, stage=stage, late=seconds
        )
    return [*await _messages(ctx, item, item.room, stage, late)]


@feature.runs(ROOMS_JOB)
async def write_page(ctx: Context, job: Job) -> Answer:
    """Post a questionnaire's stage in the next few of its rooms, and schedule the rest. Rooms that
    are lost are left out. Return what to say, if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None:
        return None
    effects: list[Effect] = []
    for room in await next_rooms(ctx, item, job, ROOMS_JOB):
        late = timedelta(seconds=job.payload["late"])
        effects += await _messages(ctx, item, room, job.payload["stage"], late)
    return effects


async def _messages(
    ctx: Context, item: Item, room: RoomId, stage: str, late: timedelta
) -> list[Effect]:
    """Return what one of its rooms reads. An opening that comes after the close says nothing."""
    form, found = (await store.get_form(ctx.db, item.number)), None
    if form is None or (stage == OPENING and form.closed is not None):
        return []
    lines = tuple(texts.opening_lines(form))
    if stage == RESULT:
        found = await store.get_counts(ctx.db, item.number)
        if found is None:
            return []
        lines = (*texts.result_lines(form, found), texts.kept_line(form))
        if late > LATE_AFTER:
            lines = (*lines, _("I say it {span} late, because I was away.", span=Span(late)))
    return [Say(lines, room=room, loud=True, item=item.number, slot=item.ref(room, stage).slot)]
