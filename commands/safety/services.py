"""Services of the safety feature: cancelling, restoring, and a person's data."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    CANCEL,
    EXPORT_PERSON,
    FINISH,
    FORGET,
    ITEM_READERS,
    LOOKING_AFTER,
    PENDING,
    TAKE_ON,
    TOLD_WITHOUT_CALL,
    WAITING_NUMBERS,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Moment,
    Number,
    Person,
    RoomId,
    Say,
    UserId,
    _,
    is_author,
)
from commands.safety import alarm_jobs, alarm_recall, check_in, check_in_store
from commands.safety.declaration import (
    ANSWER_TIME,
    ASK_JOB,
    END_JOB,
    FEWER_JOB,
    RECALLED_OVER_JOB,
    SOON_JOB,
    TAKEN_BACK_JOB,
    TELL_JOB,
    feature,
)
from commands.safety.spared import check_ins_for, people_told

feature.rows("safety_return", person="taken", on_forget="blank")
feature.rows("safety_named", person="person", on_forget="code")
feature.rows("safety_usual", person=("person", "named"))


@feature.offers(CANCEL.of("return"))
async def cancel_check_in(ctx: Context, item: Item) -> Line:
    """Cancel a check-in and tell its contacts; say so if it is over already. Return the line."""
    one = await check_in_store.get_check_in(ctx.db, item.number)
    if one is None:
        return _("That is over: nothing to cancel.")
    await ctx.schedule(
        TAKEN_BACK_JOB, ctx.said_at, person=ctx.who, named=await people_told(ctx, one)
    )
    await check_in.delete_check_in(ctx, one, RECALLED_OVER_JOB)
    return _("I wait for no `ok` any more and tell the people you named that it is over.")


@feature.runs(TAKEN_BACK_JOB)
async def announce_cancel(ctx: Context, job: Job) -> list[Effect]:
    """Tell everybody who was told of an overdue person that the alarm is cancelled. Return the
    messages."""
    said = _("{who} took it back: nothing to do.", who=Person(ctx.who, full=True))
    return [Say((said,), to=UserId(person)) for person in job.payload["named"]]


@feature.offers(PENDING)
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with the asker's own check-in in their private room: nobody else may see it."""
    if not ctx.is_private or room != ctx.room:
        return []
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    return [] if mine is None else [check_in.check_in_line(mine)]


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return a line with everybody who reads the person's own check-in if it becomes overdue.

    Only where nobody else reads it: they may not learn whom a person named.
    """
    one = await check_in_store.get_check_in(ctx.db, item.number)
    if one is None or not is_author(ctx, item) or not one.named or not ctx.answers_one_person:
        return []
    named = tuple(Person(person, full=True) for person in one.named)
    return [_("if you don't write `ok` in time, whom you named: {people}", people=named)]


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's own check-in, and tell those who had named them as a contact. Return
    lines that say what was deleted."""
    told: list[Line] = []
    mine = await check_in_store.check_in_of(ctx.db, person)
    if mine is not None:
        await check_in.delete_check_in(ctx, mine, None)
        told.append(_("the time by which you are back, and whom you named"))
    for one in await check_in_store.taken_care_of_by(ctx.db, person):
        await alarm_jobs.tell_again(ctx, one)
    for one in await check_in_store.check_ins_naming(ctx.db, person):
        await check_in_store.remove_contact(ctx.db, one.item, person)
        await alarm_recall.schedule_silent_recall(ctx, one.item, (person,))
        await ctx.schedule(FEWER_JOB, ctx.said_at, item=one.item, person=one.author)
    if await check_in_store.is_usual_contact(ctx.db, person) and not told:
        told.append(_("whom you named to be told, and who named you"))
    return told


@feature.runs(FEWER_JOB)
async def announce_lost_contact(ctx: Context, job: Job) -> list[Effect]:
    """Tell the person that somebody is no longer a contact of theirs, without saying who. Return
    the messages."""
    one = await check_in_store.get_check_in(ctx.db, job.item) if job.item is not None else None
    if one is None:
        return []
    left = tuple(Person(person, full=True) for person in await people_told(ctx, one))
    lines = (
        _("Somebody you named is not here any more."),
        _("I tell: {who}.", who=left)
        if left
        else _("Now nobody would be told! Name somebody: `back-by 22:00 @ana:server.org`"),
    )
    return [Say(lines, to=one.author, loud=True, item=one.item)]


@feature.offers(TOLD_WITHOUT_CALL)
async def contacts_to_tell(ctx: Context, author: UserId) -> tuple[UserId, ...]:
    """Return the contacts of the person's open check-in; empty if there is none."""
    one = await check_in_store.check_in_of(ctx.db, author)
    return one.named if one is not None else ()


@feature.offers(LOOKING_AFTER)
async def caretakers(ctx: Context, author: UserId) -> tuple[UserId, ...]:
    """Return who looks after the person, who did not come back in time; empty if nobody does."""
    one = await check_in_store.check_in_of(ctx.db, author)
    return (one.taken,) if one is not None and one.taken is not None else ()


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with all that is stored about the person's check-ins and the contacts they
    named."""
    told = []
    if (one := await check_in_store.check_in_of(ctx.db, person)) is not None:
        told.append(
            _(
                "Back by {moment}, told otherwise: {who}. Note: “{note}”",
                moment=Moment(one.due, one.zone),
                note=one.note,
                who=tuple(Person(named, full=True) for named in one.named),
            )
        )
    if usual := await check_in_store.usual_contacts(ctx.db, person):
        told.append(
            _(
                "Whom you named last to be told: {who}",
                who=tuple(Person(named, full=True) for named in usual),
            )
        )
    told += [
        _("{who} names you to be told.", who=Person(one.author, full=True))
        for one in await check_ins_for(ctx, person)
    ]
    return told


@feature.offers(AFTER_RESTORE)
async def ask_again(ctx: Context, _made: datetime) -> list[Effect]:
    """Ask overdue people again, after a restore, before telling anybody: their `ok` may be lost.
    Return the messages."""
    asked: list[Effect] = []
    for one in await check_in_store.all_check_ins(ctx.db):
        if one.told or one.due > ctx.said_at:
            continue
        for kind in (SOON_JOB, ASK_JOB, TELL_JOB, END_JOB):
            await ctx.cancel_jobs(one.item, kind)
        await ctx.schedule(TELL_JOB, ctx.said_at + ANSWER_TIME, item=one.item, person=one.author)
        said = (
            _("I was restored from a copy and may have lost your `ok`. Are you back and well?"),
            _(
                "Write `ok`. Without it I tell {who} in {count} min.",
                count=int(ANSWER_TIME.total_seconds() // 60),
                who=tuple(Person(named, full=True) for named in await people_told(ctx, one)),
            ),
        )
        asked.append(Say(said, to=one.author, loud=True, item=one.item))
    return asked


@feature.offers(FINISH.of("return"))
async def finishing_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to end one's own check-in, or None if there is none."""
    return f"cancel {item.number}" if is_author(ctx, item) else None


@feature.offers(TAKE_ON.of("return"))
async def taking_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to look after an overdue person, or None unless one was named as a
    contact."""
    named = item.number in await waiting_numbers(ctx)
    return f"on-it {item.number}" if named else None


@feature.offers(WAITING_NUMBERS)
async def waiting_numbers(ctx: Context) -> list[Number]:
    """Return the numbers of the overdue check-ins that name this person."""
    named = await check_ins_for(ctx, ctx.who)
    return [one.item for one in named if (one.told and one.taken is None) or one.taken == ctx.who]
