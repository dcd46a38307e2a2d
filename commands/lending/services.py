"""The services of lending: cancelling, people who leave, room moves, personal data."""

from __future__ import annotations

from bot.api import (
    CANCEL,
    EXPORT_PERSON,
    FORGET,
    NETWORK_WIDE,
    ROOM_CLOSES,
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    MembershipChanged,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    has_left,
    items,
    n_,
    rooms,
)
from commands.lending import loan_changes, lookup, search_index, store, texts, waiting_queue
from commands.lending.declaration import UNKEPT_JOB, feature
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState, ThingOwner

feature.rows("lending_thing", room="room", person="keeper", on_forget="blank")
feature.rows("lending_loan", person="borrower", on_forget="code")
feature.log_line("shared", _("lends number {number} to the whole network"))
feature.log_line("cancelled", _("took back number {number} of the lending"))

NO_LIMIT = 10_000
"""A limit above what one person can have here."""


@feature.offers(CANCEL.of("loan"))
async def cancel_item_loan(ctx: Context, item: Item) -> Answer:
    """Cancel a request to borrow or a loan that has not begun; say so if it is over already. Return
    what to say, if anything.

    Raises `UserError` while somebody has the thing.
    """
    loan = await store.get_loan(ctx.db, item.number)
    thing = await store.get_thing(ctx.db, loan.thing) if loan else None
    if loan is None or thing is None or loan.state is LoanState.OVER:
        return _("Number {number} is over.", number=item.number)
    if loan.handed is LoanSide.BOTH or loan.back:
        raise UserError(
            _(
                "It is with {person}. When it is back: `!returned {number}`",
                person=texts.borrower_name(loan),
                number=loan.item,
            )
        )
    if ctx.who not in (loan.borrower, thing.keeper):
        await ctx.log("cancelled", {"number": loan.item}, room=thing.room)
    if loan.state is LoanState.WANTED and ctx.who != loan.borrower:
        return await waiting_queue.refuse_request(ctx, thing, loan)
    return await loan_changes.cancel_loan(ctx, thing, loan)


@feature.offers(CANCEL.of("thing"))
async def cancel_thing(ctx: Context, item: Item) -> Answer:
    """End the lending of a thing and tell the people who wait; say so if it is over already. Return
    what to say, if anything.

    Raises `UserError` while somebody has the thing.
    """
    thing = await store.get_thing(ctx.db, item.number)
    if thing is None or not thing.open:
        return _("Number {number} is over.", number=item.number)
    out = [
        one
        for one in await store.live_loans(ctx.db, thing.item)
        if one.handed is not LoanSide.NOBODY
    ]
    if out:
        raise UserError(
            _(
                "It is with {person}. When it is back: `!returned {number}`",
                person=texts.borrower_name(out[0]),
                number=out[0].item,
            )
        )
    if ctx.who != thing.keeper:
        await ctx.log("cancelled", {"number": thing.item}, room=thing.room)
    letters = await close_thing(ctx, thing)
    return [_("“{title}” is lent no more.", title=texts.short_title(thing)), *letters]


async def close_thing(ctx: Context, thing: LentThing) -> list[Effect]:
    """End the lending of a thing; everybody who waits for it or was promised it is told. Return
    what to send."""
    await store.set_open(ctx.db, thing.item, is_open=False)
    await items.close(ctx.db, thing.item)
    await search_index.unindex_thing(ctx, thing)
    letters: list[Effect] = []
    for one in [
        *await store.live_loans(ctx.db, thing.item),
        *await store.waiting_requests(ctx.db, thing.item),
    ]:
        if one.handed is not LoanSide.NOBODY:
            continue
        await waiting_queue.end_loan(ctx, thing, one)
        line = _(
            "“{title}” is lent no more (number {number}).",
            title=texts.short_title(thing),
            number=one.item,
        )
        if one.borrower:
            letters.append(Say((line,), to=one.borrower, loud=True, item=one.item))
    return letters


@feature.offers(ROOM_CLOSES.of("thing"))
async def leave_room(ctx: Context, item: Item, _goes_on: RoomId | None) -> list[Effect]:
    """Lend a thing no more whose room closes. Return what to send. Who has it can still bring it
    back, in private."""
    thing = await store.get_thing(ctx.db, item.number)
    if thing is None or not thing.open:
        return []
    said = await close_thing(ctx, thing)
    title, lender = texts.short_title(thing), await lookup.find_lender(ctx, thing)
    closed = _("“{title}” is lent no more: its room is closed.", title=title)
    out = [
        one
        for one in await store.live_loans(ctx.db, thing.item)
        if one.handed is not LoanSide.NOBODY
    ]
    for loan in out:
        back = _("When it is back, write to me here: `returned {number}`", number=loan.item)
        has = _(
            "It is with {person} (loan {number}).",
            person=texts.borrower_name(loan),
            number=loan.item,
        )
        said += [
            Say((closed, has, back), to=one, loud=True, item=loan.item)
            for one in dict.fromkeys((loan.borrower, lender))
            if one
        ]
    if lender is not None and not out:
        again = _("It can be lent anew in another room.")
        said.append(Say((closed, again), to=lender, item=thing.item))
    return said


@feature.on(MembershipChanged)
async def handle_departure(ctx: Context, what: MembershipChanged) -> Answer:
    """End the requests to borrow of a person who left the room, and the lending of their things.
    Return what to say, if anything.

    The lender is told who still has a thing.
    """
    if not await has_left(ctx, what):
        return None
    said: list[Effect] = []
    states = (LoanState.WANTED, LoanState.BOOKED, LoanState.OUT)
    for loan in await store.loans_of(ctx.db, what.user, *states, limit=NO_LIMIT):
        thing = await store.get_thing(ctx.db, loan.thing)
        if thing and thing.room == what.room and thing.owner is not ThingOwner.NETWORK:
            said += await _handle_borrower_left(ctx, thing, loan)
    for thing in await store.things_kept_by(ctx.db, what.user, NO_LIMIT):
        if thing.room == what.room and thing.open and thing.owner is ThingOwner.PERSON:
            said += await close_thing(ctx, thing)
    return said


async def _handle_borrower_left(ctx: Context, thing: LentThing, loan: Loan) -> list[Effect]:
    if loan.handed is LoanSide.NOBODY:
        return await waiting_queue.end_loan(ctx, thing, loan)
    lender = await lookup.find_lender(ctx, thing)
    if lender is None or lender == loan.borrower:
        return []
    lines = (
        _(
            "{person} has left the room and has “{title}” until {until} (loan {number}).",
            person=texts.borrower_name(loan),
            title=texts.short_title(thing),
            until=texts.loan_end(loan),
            number=loan.item,
        ),
        _("When it is back: `!returned {number}`", number=loan.item),
    )
    return [Say(lines, to=lender, loud=True, item=loan.item)]


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's things and requests to borrow; what they have borrowed stays lent, without
    a name. Return lines that say what was deleted."""
    states = (LoanState.WANTED, LoanState.BOOKED, LoanState.OUT, LoanState.OVER)
    mine = await store.loans_of(ctx.db, person, *states, limit=NO_LIMIT)
    for loan in mine:
        if loan.handed is not LoanSide.NOBODY and loan.is_live:
            await store.remove_borrower(ctx.db, loan)
        else:
            await items.delete(ctx.db, loan.item)
    things = [
        one
        for one in await store.things_kept_by(ctx.db, person, NO_LIMIT)
        if one.owner is ThingOwner.PERSON
    ]
    away = sum([await _schedule_notices(ctx, thing) for thing in things])
    for thing in things:
        await _delete_thing(ctx, thing)
    out = n_(
        "somebody has {count} of them: they hear that it is to come back to you",
        "others have {count} of them: they hear that these are to come back to you",
        away,
    )
    return [
        *([n_("{count} loan", "{count} loans", len(mine))] if mine else []),
        *([n_("{count} thing you lent", "{count} things you lent", len(things))] if things else []),
        *([out] if away else []),
    ]


async def _schedule_notices(ctx: Context, thing: LentThing) -> int:
    """Schedule a message to everybody who has this thing. Return how many they are."""
    out = [
        one
        for one in await store.live_loans(ctx.db, thing.item)
        if one.handed is not LoanSide.NOBODY
    ]
    for loan in out:
        if loan.borrower:
            await ctx.schedule(
                UNKEPT_JOB, ctx.said_at, room=thing.room, person=loan.borrower, number=loan.item
            )
    return len(out)


@feature.runs(UNKEPT_JOB)
async def tell_borrower(ctx: Context, job: Job) -> Answer:
    """Tell a borrower that their loan is deleted. Return what to say, if anything.

    The message names neither lender nor thing, since both are forgotten.
    """
    if job.person is None or not await rooms.shares_room(ctx.db, job.person):
        return None
    line = _(
        "Loan {number} is in my list no more: who lent it had everything of theirs deleted."
        " Give it back to them yourself; I remind you of it no more.",
        number=job.payload["number"],
    )
    return Say((line,), to=job.person, loud=True)


async def _delete_thing(ctx: Context, thing: LentThing) -> None:
    """Delete a thing with all its loans."""
    await search_index.unindex_thing(ctx, thing)
    for loan in await store.all_loans_of(ctx.db, thing.item):
        await items.delete(ctx.db, loan.item)
    await items.delete(ctx.db, thing.item)


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each of a person's things for lending, and for each loan."""
    things = [
        _(
            "You lend number {number}: {thing}",
            number=one.item,
            thing=await lookup.thing_line(ctx, one),
        )
        for one in await store.things_kept_by(ctx.db, person, NO_LIMIT)
    ]
    states = (LoanState.WANTED, LoanState.BOOKED, LoanState.OUT, LoanState.OVER)
    loans = [
        await _exported_line(ctx, loan)
        for loan in await store.loans_of(ctx.db, person, *states, limit=NO_LIMIT)
    ]
    return [*things, *loans]


async def _exported_line(ctx: Context, loan: Loan) -> Line:
    thing = await store.get_thing(ctx.db, loan.thing)
    assert thing is not None
    return _("Loan {loan}", loan=texts.loan_line(thing, loan))


@feature.offers(NETWORK_WIDE.of("thing"))
async def is_network_wide(ctx: Context, item: Item) -> bool:
    """Return whether a thing is lent to the whole network."""
    thing = await store.get_thing(ctx.db, item.number)
    return thing is not None and thing.owner is ThingOwner.NETWORK
