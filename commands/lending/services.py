"""The services of lending: cancelling, people who leave, room moves, personal data."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Membership,
    Moved,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    log,
    n_,
    rooms,
)
from commands.lending import lend_command, lookup, search_index, store, texts, waiting_queue
from commands.lending.declaration import feature
from commands.lending.loans import Loan, Owner, Side, State, Thing

GONE = (Membership.LEAVE, Membership.BAN)
ALL = 10_000
"""A limit above what one person can have here."""


@feature.service("cancel:loan")
async def cancel_loan(ctx: Context, item: Item) -> Answer:
    """Cancel a request or a loan that has not begun. Raises `UserError` otherwise."""
    loan = await store.get(ctx.db, item.number)
    thing = await store.thing(ctx.db, loan.thing) if loan else None
    if loan is None or thing is None or loan.state is State.OVER:
        return _("Number {number} is over.", number=item.number)
    if loan.handed is Side.BOTH or loan.back:
        raise UserError(
            _("It is with {person}. When it is back: `!returned {number}`", person=texts.who(loan),
              number=loan.item)
        )  # fmt: skip
    if ctx.who not in (loan.borrower, thing.keeper):
        await ctx.log("cancelled", {"number": loan.item}, room=thing.room)
    if loan.state is State.WANTED and ctx.who != loan.borrower:
        return await waiting_queue.refused(ctx, thing, loan)
    return await lend_command.take_back(ctx, thing, loan)


@feature.service("cancel:thing")
async def cancel_thing(ctx: Context, item: Item) -> Answer:
    """Lend a thing no more and tell the people who wait. Raises `UserError` if it is out."""
    thing = await store.thing(ctx.db, item.number)
    if thing is None or not thing.open:
        return _("Number {number} is over.", number=item.number)
    out = [one for one in await store.live(ctx.db, thing.item) if one.handed is not Side.NOBODY]
    if out:
        raise UserError(
            _("It is with {person}. When it is back: `!returned {number}`", person=texts.who(out[0]),
              number=out[0].item)
        )  # fmt: skip
    if ctx.who != thing.keeper:
        await ctx.log("cancelled", {"number": thing.item}, room=thing.room)
    letters = await close(ctx, thing)
    return [_("“{title}” is lent no more.", title=texts.title(thing)), *letters]


async def close(ctx: Context, thing: Thing) -> list[Effect]:
    """Close a thing; everybody who waits for it or was promised it is told."""
    await store.set_open(ctx.db, thing.item, is_open=False)
    await items.close(ctx.db, thing.item)
    await search_index.drop(ctx, thing)
    letters: list[Effect] = []
    for one in [*await store.live(ctx.db, thing.item), *await store.queue(ctx.db, thing.item)]:
        if one.handed is not Side.NOBODY:
            continue
        await waiting_queue.over(ctx, thing, one)
        line = _("“{title}” is lent no more (number {number}).", title=texts.title(thing),
                 number=one.item)  # fmt: skip
        if one.borrower:
            letters.append(Say((line,), to=one.borrower, loud=True, item=one.item))
    return letters


@feature.on(Moved)
async def gone(ctx: Context, what: Moved) -> Answer:
    """End the requests of a person who left the room, and close their things.

    The lender is told who still has a thing.
    """
    if what.now not in GONE or (ctx.policy.room and ctx.policy.room.successor):
        return None
    if await rooms.membership(ctx.db, what.room, what.user) not in GONE:
        return None  # this event was read late, and they are back
    said: list[Effect] = []
    states = (State.WANTED, State.BOOKED, State.OUT)
    for loan in await store.of_person(ctx.db, what.user, *states, limit=ALL):
        thing = await store.thing(ctx.db, loan.thing)
        if thing and thing.room == what.room and thing.owner is not Owner.NETWORK:
            said += await _borrower_gone(ctx, thing, loan)
    for thing in await store.kept_by(ctx.db, what.user, ALL):
        if thing.room == what.room and thing.open and thing.owner is Owner.PERSON:
            said += await close(ctx, thing)
    return said


async def _borrower_gone(ctx: Context, thing: Thing, loan: Loan) -> list[Effect]:
    if loan.handed is Side.NOBODY:
        return await waiting_queue.over(ctx, thing, loan)
    lender = await lookup.lender(ctx, thing)
    if lender is None or lender == loan.borrower:
        return []
    lines = (
        _("{person} has left the room and has “{title}” until {until} (loan {number}).",
          person=texts.who(loan), title=texts.title(thing), until=texts.until(loan), number=loan.item),
        _("When it is back: `!returned {number}`", number=loan.item),
    )  # fmt: skip
    return [Say(lines, to=lender, loud=True, item=loan.item)]


@feature.service("move")
async def move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Give the things of a room to its successor."""
    await store.move(ctx.db, old, new)
    return []


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's things and requests; what they have borrowed stays lent, without a name."""
    states = (State.WANTED, State.BOOKED, State.OUT, State.OVER)
    mine = await store.of_person(ctx.db, person, *states, limit=ALL)
    for loan in mine:
        if loan.handed is not Side.NOBODY and loan.live:
            await store.nobody_has(ctx.db, loan)
        else:
            await items.drop(ctx.db, loan.item)
    things = [one for one in await store.kept_by(ctx.db, person, ALL) if one.owner is Owner.PERSON]
    away = sum([await _away(ctx, thing) for thing in things])
    for thing in things:
        await _drop(ctx, thing)
    await store.unkeep(ctx.db, person)
    out = n_("somebody has {count} of them: they hear that it is to come back to you",
             "others have {count} of them: they hear that these are to come back to you",
             away)  # fmt: skip
    return [
        *([n_("{count} loan", "{count} loans", len(mine))] if mine else []),
        *([n_("{count} thing you lent", "{count} things you lent", len(things))] if things else []),
        *([out] if away else []),
    ]


async def _away(ctx: Context, thing: Thing) -> int:
    """Schedule a message to everybody who has this thing. Return how many they are."""
    out = [one for one in await store.live(ctx.db, thing.item) if one.handed is not Side.NOBODY]
    for loan in out:
        if loan.borrower:
            await ctx.schedule(
                "unkept", ctx.now, room=thing.room, person=loan.borrower, number=loan.item
            )
    return len(out)


@feature.job("unkept")
async def unkept(ctx: Context, job: Job) -> Answer:
    """Tell a borrower that their loan is deleted.

    The message names neither lender nor thing, since both are forgotten.
    """
    if job.person is None or not await rooms.shares_room(ctx.db, job.person):
        return None
    line = _("Loan {number} is in my list no more: who lent it had everything of theirs deleted."
             " Give it back to them yourself; I remind you of it no more.",
             number=job.payload["number"])  # fmt: skip
    return Say((line,), to=job.person, loud=True)


async def _drop(ctx: Context, thing: Thing) -> None:
    """Delete a thing with all its loans."""
    await search_index.drop(ctx, thing)
    for loan in await store.all_of(ctx.db, thing.item):
        await items.drop(ctx.db, loan.item)
    await items.drop(ctx.db, thing.item)


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each thing and each loan of a person."""
    things = [
        _("You lend number {number}: {thing}", number=one.item, thing=await lookup.told(ctx, one))
        for one in await store.kept_by(ctx.db, person, ALL)
    ]
    states = (State.WANTED, State.BOOKED, State.OUT, State.OVER)
    loans = [
        await _exported(ctx, loan)
        for loan in await store.of_person(ctx.db, person, *states, limit=ALL)
    ]
    return [*things, *loans]


async def _exported(ctx: Context, loan: Loan) -> Line:
    thing = await store.thing(ctx.db, loan.thing)
    assert thing is not None
    return _("Loan {loan}", loan=texts.one(thing, loan))


@feature.service("describe")
async def describe(_ctx: Context, entry: log.Entry) -> Line | None:
    """Return the sentence for a log entry of this capability, or None for an unknown act."""
    number = entry.facts.get("number")
    told = {
        "shared": _("lends number {number} to the whole network", number=number),
        "acted": _("spoke for what the room shares: loan {number}", number=number),
        "cancelled": _("took back number {number} of the lending", number=number),
    }
    return told.get(entry.act)
