"""Services of the danger feature: cancelling, restoring, and a person's data."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    CANCEL,
    EXPORT_PERSON,
    FINISH,
    FORGET,
    ITEM_READERS,
    LEFT_OUT_OF_CALL,
    TAKE_ON,
    WAITING_NUMBERS,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Moment,
    NamedAs,
    Number,
    Person,
    Say,
    UserId,
    _,
    is_author,
    n_,
)
from commands.danger import call_store, named_helpers, panic_call, ringing_jobs, self_destruct
from commands.danger.call_reach import names_for, people_left_out, reach_of
from commands.danger.declaration import AGAIN_JOB, FEWER_JOB, feature

feature.rows(
    "danger_named",
    person=("person", "named"),
    says=_("whom you want called when you are in danger, and who named you"),
)
feature.rows("danger_panic", person="taken", on_forget="code")
feature.rows("danger_called", person="person")
feature.rows("danger_alluded", person="person")
feature.rows("danger_wish", person="person")
feature.rows("danger_new_code", person="maker")
feature.rows(
    "danger_try",
    person="person",
    on_forget="keep",
    why="an hour's limit on guessing the code, which forgetting must not lift",
)


@feature.offers(CANCEL.of("panic"))
async def cancel_panic(ctx: Context, item: Item) -> Line:
    """Cancel an open call for help by its number.

    Returns a line that refuses it, to anybody but the author or if the call is over.
    """
    one = await call_store.get_call(ctx.db, item.number)
    if one is None or not is_author(ctx, item):
        return _("That is over, or not yours to cancel.")
    return await panic_call.stop_call(ctx, one)


@feature.offers(AFTER_RESTORE)
async def restore(ctx: Context, _made: datetime) -> list[Effect]:
    """Delete what was asked of two people before the backup that was restored. Return what to
    send."""
    return await self_destruct.void_requests(ctx)


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """End the person's own call for help, and tell those whose contact they were. Return lines that
    say what was deleted.

    A call that they answered rings again for the others.
    """
    told: list[Line] = []
    if (mine := await call_store.call_of(ctx.db, person)) is not None:
        await ringing_jobs.end_call(ctx, mine)
        told.append(_("your call for help"))
    for one in await call_store.answered_by(ctx.db, person):
        await ctx.schedule(AGAIN_JOB, ctx.now, item=one.item, person=one.author)
        await ringing_jobs.call_anew(ctx, one)
    for author in await call_store.people_with_contact(ctx.db, person):
        await ctx.schedule(FEWER_JOB, ctx.now, person=author)
    return told


@feature.offers(LEFT_OUT_OF_CALL)
async def left_out_of_call(ctx: Context, author: UserId, people: Collection[UserId]) -> set[UserId]:
    """Return which of these people the person's open call for help leaves out; of one that reaches
    nobody only whom it accuses, so that somebody is told.

    A doubt leaves out only while another of those who would be told is not, or if something was
    said against them and the call reaches another; and nobody who looks after the person already if
    it named them in passing.
    """
    one = await call_store.call_of(ctx.db, author)
    if one is None:
        return set()
    told = {*people, *await named_helpers.people_told_otherwise(ctx, author)}
    carers = await named_helpers.people_looking_after(ctx, author)
    named = {
        person: named
        for person, named in (await names_for(ctx, one, told)).items()
        if person not in carers or not named.is_in_passing
    }
    reach = await reach_of(ctx, one)
    if reach.leaves_out_all:
        return {person for person in people if named.get(person) is NamedAs.ACCUSED}
    suspected = {p for p in people if named.get(p) is NamedAs.SUSPECTED and {*reach.called} - {p}}
    return {*people}.intersection(people_left_out(named, told)) | suspected


@feature.runs(AGAIN_JOB)
async def announce_new_call(ctx: Context, job: Job) -> list[Effect]:
    """Tell the caller of help that whoever answered has left, and that the others are called again.
    Return the messages."""
    one = await call_store.get_call(ctx.db, job.item) if job.item is not None else None
    if one is None:
        return []
    said = _("Who answered your call is not here any more: I am calling the others again.")
    return [Say((said,), to=one.author, loud=True, item=one.item)]


@feature.runs(FEWER_JOB)
async def announce_lost_contact(ctx: Context, job: Job) -> list[Effect]:
    """Tell the person that somebody is no longer their contact in danger, without saying who.
    Return the messages."""
    left = len(await call_store.contacts_of(ctx.db, ctx.who))
    lines = (
        _("Somebody you named for your calls for help is not here any more."),
        n_("{count} person is left.", "{count} people are left.", left),
        _("To name somebody: `panic tell @ana:server.org`"),
    )
    return [Say(lines, to=ctx.who, loud=True)]


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return all that is stored here about the person: call for help, contacts, whose contact they
    are."""
    told: list[Line] = []
    if (one := await call_store.call_of(ctx.db, person)) is not None:
        told.append(
            _("Your call for help of {moment}: “{note}”", moment=Moment(one.at), note=one.note)
        )
    if named := await call_store.contacts_of(ctx.db, person):
        told.append(
            _(
                "Whom you want called when you are in danger: {who}",
                who=tuple(Person(one, full=True) for one, _yes in named),
            )
        )
    told += [
        _("{who} wants you called when they are in danger.", who=Person(one, full=True))
        for one in await call_store.people_with_contact(ctx.db, person)
    ]
    return told


@feature.offers(FINISH.of("panic"))
async def finishing_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to end one's own open call for help, or None if there is none."""
    return f"cancel {item.number}" if is_author(ctx, item) else None


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return a line with everybody whom the person's own open call for help rang for.

    Only where nobody else reads it: they may not learn who helps whom.
    """
    one = await call_store.get_call(ctx.db, item.number)
    if one is None or not is_author(ctx, item) or not one.called or not ctx.answers_one_person:
        return []
    called = tuple(Person(person, full=True) for person in one.called)
    return [_("whom I called: {people}", people=called)]


@feature.offers(TAKE_ON.of("panic"))
async def taking_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to answer a call for help, or None if this person was not called."""
    calls_here = await call_store.calls_to(ctx.db, ctx.who)
    rings = any(one.item == item.number for one in calls_here)
    return f"answering {item.number}" if rings else None


@feature.offers(WAITING_NUMBERS)
async def waiting_numbers(ctx: Context) -> list[Number]:
    """Return the numbers of the open calls for help that rang for this person and that nobody has
    answered."""
    calls_here = await call_store.calls_to(ctx.db, ctx.who)
    return [one.item for one in calls_here if one.taken is None]
