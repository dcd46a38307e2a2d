"""Lend something to somebody until a day, or offer to lend it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Missing,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    called,
    dates,
    fold,
    rooms,
    take_apart,
    words,
)
from commands.lending import (
    due_times,
    handover,
    loan_span,
    lookup,
    phrases,
    search_index,
    store,
    texts,
    waiting_queue,
)
from commands.lending.declaration import EXAMPLE, LENDING, LONGEST_NAME, feature
from commands.lending.loan_span import Span
from commands.lending.loans import Loan, Owner, Side, State, Thing
from commands.lending.phrases import Meant


@feature.command(
    words(
        "presto",
        "empresto",
        "lend",
        "prestar, préstamo, le presto | emprestar, empréstimo, vou emprestar | loan, i lend",
    ),
    help=_("lend something until a day, or say that you would"),
    example=EXAMPLE,
    topic=LENDING,
)
async def lend(ctx: Context, *, text: str = "") -> Answer:
    """Lend a thing to a person until a day, offer it, or answer or extend a loan by its number.

    Raises `UserError`, `Missing` and `Asking`.
    """
    text, named = await _cut_room(ctx, text)
    span, meant, room = await understood(ctx, text, named)
    found = await lookup.replied(ctx) if not meant.name and meant.number is None else None
    if meant.number is not None:
        found = await lookup.by_number(ctx, meant.number)
    if found is None and not meant.name:
        raise Missing("text", _("what is lent"))
    if found is not None and found[1] is not None:
        return await _by_loan(ctx, found[0], found[1], span, meant)
    thing = found[0] if found else None
    if thing is not None and meant.no:
        raise UserError(_("To lend it no more: `!cancel {number}`", number=thing.item))
    room = thing.room if thing else room or (await ctx.place(named)).room
    borrower = await _borrower(ctx, meant, room)
    if borrower is None and span.until is None:
        return await _offer(ctx, room, thing, meant)
    if borrower is None:
        raise Missing("people", _("to whom, as `@name:server`"))
    if span.until is None:
        raise Missing("until", _("until when"))
    thing = thing or await _own(ctx, room, meant) or await make(ctx, room, meant)
    return await _lend(ctx, thing, borrower, span)


async def understood(ctx: Context, text: str, named: str = "") -> tuple[Span, Meant, RoomId | None]:
    """Return the parsed dates, the parsed words, and the room.

    The room is None in private, where it may still have to be asked. Raises `UserError` and
    `Asking`.
    """
    room = ctx.room if not ctx.private else None
    known = await ctx.for_room(room) if room else ctx.policy

    def fits(phrase: str) -> bool:
        return not isinstance(dates.read(phrase, ctx.now, known.zone), dates.Unreadable)

    parts = take_apart(text, loan_span.ARGS, fits)
    span = loan_span.read(ctx, parts, known.zone)
    quoted = parts.quoted[0] if parts.quoted else ""
    rest = " a ".join((span.rest, *parts.quoted[1:2]))  # `"mesa" a "Ana"`
    pills = {
        one: await rooms.display_name(ctx.db, one, ctx.room)
        for one in ctx.origin.mentions
        if one != ctx.me
    }
    names: dict[UserId, str] = {}
    if phrases.needs_names(rest) and not pills:
        place = room or (await ctx.place(named)).room
        names = await rooms.names(ctx.db, place)
        names.pop(ctx.me, None)
    return span, phrases.meant(rest, pills, names, quoted), room


async def _cut_room(ctx: Context, text: str) -> tuple[str, str]:
    """Split off the name of a shared room at the end of a private line (`… en prensa`)."""
    match = re.search(r"\s(?:en|em|in|na|no)\s+([^\n\"]{1,60})$", text) if ctx.private else None
    if match is None:
        return text, ""
    wanted = fold(match[1].strip())
    for room in await rooms.shared_rooms(ctx.db, ctx.who):
        if room.name and fold(room.name) == wanted:
            return text[: match.start()], room.name
    return text, ""


async def _borrower(ctx: Context, meant: Meant, room: RoomId) -> UserId | None:
    """Return the one person named, or None. Raises `UserError` for several or unknown ones."""
    people, unknown = meant.people, meant.unknown
    if not people and (later := ctx.known.get("part:people")):
        names = await rooms.names(ctx.db, room)
        one = called(later.strip().lstrip("@"), names)
        found = phrases.meant(later, {}, names)
        people, unknown = ((one,) if one else found.people), (later.strip(),)
    if not people and unknown:
        raise UserError(
            _("I know nobody called @{name} in this room; with the whole address I do.",
              name=unknown[0].lstrip("@")[:60])
        )  # fmt: skip
    if len(people) > 1:
        raise UserError(_("To one person at a time, please."), EXAMPLE)
    if not people:
        return None
    if people[0] == ctx.who:
        raise UserError(_("That is you. Who is to have it?"), EXAMPLE)
    return people[0]


# --- a thing --------------------------------------------------------------------------------------


async def _own(ctx: Context, room: RoomId, meant: Meant) -> Thing | None:
    """Return a thing of this name that the person may lend, or None."""
    found = [
        one
        for one in await store.named(ctx.db, room, phrases.compared(meant.name))
        if await lookup.lends(ctx, one)
        and (meant.owner == "person" or one.owner.value == meant.owner)
    ]
    return min(found, key=lambda one: one.owner is not Owner.PERSON, default=None)


async def make(ctx: Context, room: RoomId, meant: Meant) -> Thing:
    """Make a thing that can be lent. Raises `UserError`.

    A thing of the network is made by moderators only, after a confirmation.
    """
    if len(meant.name) > LONGEST_NAME:
        raise UserError(
            _("That is a long name for a thing: {count} letters at most.", count=LONGEST_NAME)
        )
    owner = Owner(meant.owner)
    if owner is Owner.NETWORK:
        if not await ctx.moderates(room):
            raise UserError(
                _("You can't do that here: it is for the room's moderators."),
                _("For this room alone: `!lend projector of the room`"),
            )
        ctx.confirm(
            _("“{title}” would be the network's: everybody in any room with me may see it and ask"
              " for it.", title=phrases.short(meant.name))
        )  # fmt: skip
    number = await ctx.new_item("thing", meant.name, room)
    thing = Thing(number, room, meant.name, owner, ctx.who)
    await store.put_thing(ctx.db, thing, phrases.compared(meant.name))
    await search_index.put(ctx, thing, meant.themes)
    if owner is Owner.NETWORK:
        await ctx.log("shared", {"number": number}, room=room)
    return thing


async def _offer(ctx: Context, room: RoomId, thing: Thing | None, meant: Meant) -> Answer:
    """Announce that a thing can be borrowed."""
    known = thing or await _own(ctx, room, meant)
    made = known or await make(ctx, room, meant)
    lines = [
        _("{number}: “{title}” ({whose}) can be borrowed here.", number=made.item,
          title=texts.title(made), whose=lookup.whose(made)),
        _("Who needs it: `!borrow {number} until tomorrow`. To lend it:"
          " `!lend {number} to @ana until tomorrow`", number=made.item),
    ]  # fmt: skip
    return Say(tuple(lines), reply_to=ctx.origin.event, thread=ctx.origin.thread, item=made.item)


# --- a loan ---------------------------------------------------------------------------------------


async def _lend(ctx: Context, thing: Thing, borrower: UserId, span: Span) -> Answer:
    """Make a loan from now on, which counts as handed over by the lender, or from a later day."""
    await _may(ctx, thing)
    if not await _can_have(ctx, thing, borrower):
        raise UserError(
            _("{person} is not in this room, so the loan would not reach them.",
              person=Person(borrower, full=True))
        )  # fmt: skip
    planned = span.starts is not None and span.starts > ctx.now
    loan = await _new(ctx, thing, borrower, span, planned=planned)
    if not planned:
        await handover.ask_received(ctx, thing, loan)
    echo = texts.lending(thing, loan, lookup.lending(thing), planned=planned)
    next_step = (
        _("When it is handed over, both of you: `!received {number}`. If it is not needed:"
          " `!borrow {number} no`", number=loan.item)
        if planned
        else _("{person}: when you have it, `!received {number}`; when it is back, `!returned"
               " {number}`", person=Person(borrower), number=loan.item)
    )  # fmt: skip
    if ctx.private or ctx.aside:
        letter = Say((echo, next_step), to=borrower, loud=True, item=loan.item)
        return [echo, next_step, *([letter] if planned else [])]
    return Say(
        (echo, next_step),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        mentions=(borrower,),
        loud=True,
        item=loan.item,
    )


async def _new(ctx: Context, thing: Thing, borrower: UserId, span: Span, *, planned: bool) -> Loan:
    """Store a loan; a request of the borrower becomes it. Raises `UserError` if it is taken."""
    wish = next(
        (one for one in await store.queue(ctx.db, thing.item) if one.borrower == borrower), None
    )
    starts = span.starts if planned and span.starts else ctx.now
    handed = Side.NOBODY if planned else Side.LENDER
    number = wish.item if wish else await ctx.new_item("loan", thing.title, thing.room)
    loan = Loan(number, thing.item, borrower, State.BOOKED, starts, span.until, span.timed,
                span.zone, handed)  # fmt: skip
    await waiting_queue.free(ctx, thing, loan)
    await store.put(ctx.db, loan)
    await due_times.plan(ctx, thing, loan)
    await lookup.acted(ctx, thing, loan)
    return loan


async def _may(ctx: Context, thing: Thing) -> None:
    if not await lookup.lends(ctx, thing):
        raise UserError(
            _("You can't lend “{title}”: that is for {keeper}.", title=texts.title(thing),
              keeper=lookup.keeper(thing)),
            _("To ask for it: `!borrow {number} until tomorrow`", number=thing.item),
        )  # fmt: skip


async def _can_have(ctx: Context, thing: Thing, person: UserId) -> bool:
    if person == ctx.me:
        return False
    if await ctx.power(person, thing.room) >= 0:
        return True
    return thing.owner is Owner.NETWORK and await rooms.shares_room(ctx.db, person)


async def _by_loan(ctx: Context, thing: Thing, loan: Loan, span: Span, meant: Meant) -> Answer:
    """Extend a loan or grant or refuse a request: `57 until Sunday`, `57 no`."""
    if not loan.live and loan.state is not State.WANTED:
        raise UserError(_("Number {number} is over.", number=loan.item))
    await _may(ctx, thing)
    if meant.people and loan.borrower not in meant.people:
        raise UserError(
            _("Number {number} is for {person}.", number=loan.item, person=texts.who(loan)),
            _("To lend it to somebody else: `!lend {number} to @ana until tomorrow`",
              number=thing.item),
        )  # fmt: skip
    await lookup.settled(ctx)
    await lookup.acted(ctx, thing, loan)
    if meant.no:
        return await _not(ctx, thing, loan)
    if loan.state is State.WANTED:
        if (span.until or loan.until) is None:
            raise Missing("until", _("until when"))
        if span.until is not None:
            loan = replace(loan, starts=span.starts, until=span.until, timed=span.timed)
        return await waiting_queue.granted(ctx, thing, loan)
    if span.until is None:
        return Say((texts.one(thing, loan),), item=loan.item)
    later = replace(loan, until=span.until, timed=span.timed)
    if span.starts is not None and loan.state is State.BOOKED:
        later = replace(later, starts=span.starts)
    return await extend(ctx, thing, later)


async def extend(ctx: Context, thing: Thing, loan: Loan) -> list[Line | Effect]:
    """Store a new end of a loan and tell the other person. Raises `UserError` if it is taken."""
    assert loan.until is not None
    if loan.until <= ctx.now:
        raise UserError(_("Write a date to come, for example `tomorrow 18:00`."))
    if loan.starts is not None and loan.until <= loan.starts:
        raise UserError(
            _("Loan {number} begins on {start}: write a day after that.", number=loan.item,
              start=texts.starts(loan))
        )  # fmt: skip
    await waiting_queue.free(ctx, thing, loan)
    await store.put(ctx.db, loan)
    await due_times.plan(ctx, thing, loan)
    when = texts.when(loan, planned=loan.state is State.BOOKED)
    line = _("Loan {number}, “{title}”: now {when}.", number=loan.item, title=texts.title(thing),
             when=when)  # fmt: skip
    other = loan.borrower if loan.borrower != ctx.who else thing.keeper
    letters = [Say((line,), to=other, loud=True, item=loan.item)] if other else []
    return [line, *letters]


async def _not(ctx: Context, thing: Thing, loan: Loan) -> Answer:
    if loan.state is State.WANTED:
        return await waiting_queue.refused(ctx, thing, loan)
    if loan.handed is Side.BOTH:
        raise UserError(
            _("{person} has it. When it is back: `!returned {number}`", person=texts.who(loan),
              number=loan.item)
        )  # fmt: skip
    return await take_back(ctx, thing, loan)


async def take_back(ctx: Context, thing: Thing, loan: Loan) -> list[Line | Effect]:
    """Cancel a loan that has not begun. The other person and the next in the queue are told."""
    rest = await waiting_queue.over(ctx, thing, loan)
    line = _("Loan {number} is off: “{title}”.", number=loan.item, title=texts.title(thing))
    others = {loan.borrower, await lookup.lender(ctx, thing)} - {ctx.who, None, UserId("")}
    letters = [
        Say((line,), to=one, loud=True, item=loan.item) for one in sorted(filter(None, others))
    ]
    return [line, *letters, *rest]
