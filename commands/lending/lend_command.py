"""Lend something to somebody until a day, or offer to lend it."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    MissingArgument,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    dates,
    find_person,
    may_speak,
    rooms,
    shorten_line,
    split_arguments,
    split_room,
    words,
)
from commands.lending import (
    confirmations,
    due_times,
    lent_no_more,
    loan_changes,
    loan_span,
    lookup,
    phrases,
    search_index,
    store,
    texts,
    waiting_queue,
)
from commands.lending.declaration import EXAMPLE, LENDING_TOPIC, LONGEST_NAME, feature
from commands.lending.loan_span import LoanSpan
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState, ThingOwner
from commands.lending.phrases import LoanPhrase


@feature.command(  # Thing, person and time are one sentence: `phrases` reads it.
    words(
        "presto",
        "empresto",
        "lend",
        "prestar, préstamo, le presto | emprestar, empréstimo, vou emprestar | loan, i lend",
    ),
    help=_("lend something until a day, or say that you would"),
    example=EXAMPLE,
    topic=LENDING_TOPIC,
)
async def lend_thing(ctx: Context, *, text: str = "") -> Answer:
    """Lend a thing to a person until a day, offer it, or answer or extend a loan by its number.
    Return the answer.

    Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    place, text = await split_room(ctx, text)
    named = place.name if place else ""
    await lent_no_more.require_lent(ctx, text)
    span, meant, room = await parse_request(ctx, text, named)
    found = await lookup.find_by_reply(ctx) if not meant.name and meant.number is None else None
    if meant.number is not None:
        found = await lookup.find_by_number(ctx, meant.number)
    if found is None and not meant.name:
        raise MissingArgument("text", _("what is lent"))
    if found is not None and found[1] is not None:
        return await loan_changes.change_loan(ctx, found[0], found[1], span, meant)
    thing = found[0] if found else None
    if thing is not None and meant.no:
        raise UserError(_("To lend it no more: `!cancel {number}`", number=thing.item))
    room = thing.room if thing else room or (await ctx.choose_room(named)).room
    borrower = await _named_borrower(ctx, meant, room)
    if borrower is None and span.until is None:
        return await _offer_thing(ctx, room, thing, meant)
    if borrower is None:
        raise MissingArgument("people", _("to whom, as `@name:server`"))
    if span.until is None:
        raise MissingArgument("until", _("until when"))
    thing = thing or await _own_thing(ctx, room, meant) or await make_thing(ctx, room, meant)
    return await _lend_to(ctx, thing, borrower, span)


async def parse_request(
    ctx: Context, text: str, named: str = ""
) -> tuple[LoanSpan, LoanPhrase, RoomId | None]:
    """Return the dates, the words, and the room of a typed request to lend or borrow.

    The room is None in private, where it may still have to be asked. Raises `UserError` and
    `AnswerNeeded`.
    """
    room = ctx.room if not ctx.is_private else None
    known = await ctx.policy_of_room(room) if room else ctx.policy

    def fits(phrase: str) -> bool:
        return not isinstance(
            dates.read_date(phrase, ctx.said_at, known.zone), dates.UnreadableDate
        )

    parts = split_arguments(text, loan_span.ARGS, fits)
    span = loan_span.read_span(ctx, parts, known.zone)
    quoted = parts.quoted[0] if parts.quoted else ""
    rest = " a ".join((span.rest, *parts.quoted[1:2]))  # `"mesa" a "Ana"`
    pills = {
        one: await rooms.display_name(ctx.db, one, ctx.room)
        for one in ctx.origin.mentions
        if one != ctx.me
    }
    names: dict[UserId, str] = {}
    if phrases.needs_names(rest) and not pills:
        place = room or (await ctx.choose_room(named)).room
        names = await rooms.member_names(ctx.db, place)
        names.pop(ctx.me, None)
    return span, phrases.parse_phrase(rest, pills, names, quoted), room


async def _named_borrower(ctx: Context, meant: LoanPhrase, room: RoomId) -> UserId | None:
    """Return the one person named, or None. Raises `UserError` for several or unknown ones."""
    people, unknown = meant.people, meant.unknown
    if not people and (later := ctx.answers.get("part:people")):
        names = await rooms.member_names(ctx.db, room)
        one = find_person(later.strip().lstrip("@"), names)
        found = phrases.parse_phrase(later, {}, names)
        people, unknown = ((one,) if one else found.people), (later.strip(),)
    if not people and unknown:
        raise UserError(
            _(
                "I know nobody called @{name} in this room; with the whole address I do.",
                name=unknown[0].lstrip("@")[:60],
            )
        )
    if len(people) > 1:
        raise UserError(_("To one person at a time, please."), EXAMPLE)
    if not people:
        return None
    if people[0] == ctx.who:
        raise UserError(_("That is you. Who is to have it?"), EXAMPLE)
    return people[0]


# --- a thing --------------------------------------------------------------------------------------


async def _own_thing(ctx: Context, room: RoomId, meant: LoanPhrase) -> LentThing | None:
    """Return a thing of this name that the person may lend, or None."""
    found = [
        one
        for one in await store.things_named(ctx.db, room, phrases.compared_name(meant.name))
        if await lookup.may_lend(ctx, one)
        and (meant.owner == "person" or one.owner.value == meant.owner)
    ]
    return min(found, key=lambda one: one.owner is not ThingOwner.PERSON, default=None)


async def make_thing(ctx: Context, room: RoomId, meant: LoanPhrase) -> LentThing:
    """Make a thing that can be lent, and return it. Raises `UserError` for a name that is too long,
    without the right, and for a no.

    A thing of the network is made by moderators only, after a confirmation.
    """
    if len(meant.name) > LONGEST_NAME:
        raise UserError(
            _("That is a long name for a thing: {count} letters at most.", count=LONGEST_NAME)
        )
    owner = ThingOwner(meant.owner)
    if owner is ThingOwner.NETWORK:
        if not await ctx.moderates(room):
            raise UserError(
                _("You can't do that here: it is for the room's moderators."),
                _("For this room alone: `!lend projector of the room`"),
            )
        ctx.confirm(
            _(
                "“{title}” would be the network's: everybody in any room with me may see it and ask"
                " for it.",
                title=shorten_line(meant.name, 60),
            )
        )
    number = await ctx.add_item("thing", meant.name, room)
    thing = LentThing(number, room, meant.name, owner, ctx.who)
    await store.save_thing(ctx.db, thing, phrases.compared_name(meant.name))
    await search_index.index_thing(ctx, thing, meant.themes)
    if owner is ThingOwner.NETWORK:
        await ctx.log("shared", {"number": number}, room=room)
    return thing


async def _offer_thing(
    ctx: Context, room: RoomId, thing: LentThing | None, meant: LoanPhrase
) -> Answer:
    """Announce that a thing can be borrowed."""
    known = thing or await _own_thing(ctx, room, meant)
    made = known or await make_thing(ctx, room, meant)
    lines = [
        _(
            "{number}: “{title}” ({whose}) can be borrowed here.",
            number=made.item,
            title=texts.short_title(made),
            whose=lookup.owner_name(made),
        ),
        _(
            "Who needs it: `!borrow {number} until tomorrow`. To lend it:"
            " `!lend {number} to @ana until tomorrow`",
            number=made.item,
        ),
    ]
    return Say(tuple(lines), reply_to=ctx.origin.event, thread=ctx.origin.thread, item=made.item)


# --- a loan ---------------------------------------------------------------------------------------


async def _lend_to(ctx: Context, thing: LentThing, borrower: UserId, span: LoanSpan) -> Answer:
    """Make a loan from now on, which counts as handed over by the lender, or from a later day."""
    await loan_changes.check_may_lend(ctx, thing)
    if not await _may_borrow(ctx, thing, borrower):
        raise UserError(
            _(
                "{person} is not in this room, so the loan would not reach them.",
                person=Person(borrower, full=True),
            )
        )
    planned = span.starts is not None and span.starts > ctx.said_at
    loan = await _make_loan(ctx, thing, borrower, span, planned=planned)
    if not planned:
        await confirmations.ask_received(ctx, thing, loan)
    echo = texts.loan_sentence(thing, loan, lookup.lender_name(thing), planned=planned)
    next_step = (
        _(
            "When it is handed over, both of you: `!received {number}`. If it is not needed:"
            " `!borrow {number} no`",
            number=loan.item,
        )
        if planned
        else _(
            "{person}: when you have it, `!received {number}`; when it is back, `!returned"
            " {number}`",
            person=Person(borrower),
            number=loan.item,
        )
    )
    letter = Say((echo, next_step), to=borrower, loud=True, item=loan.item)
    letters = [letter] if planned else []  # else they are asked whether they have it
    if ctx.is_private or ctx.answer_privately:
        return [echo, next_step, *letters]
    room = Say((echo,), reply_to=ctx.origin.event, thread=ctx.origin.thread, item=loan.item)
    return [room, *letters]


async def _make_loan(
    ctx: Context, thing: LentThing, borrower: UserId, span: LoanSpan, *, planned: bool
) -> Loan:
    """Store a loan; a request of the borrower becomes it. Raises `UserError` if it is taken."""
    wish = next(
        (
            one
            for one in await store.waiting_requests(ctx.db, thing.item)
            if one.borrower == borrower
        ),
        None,
    )
    starts = span.starts if planned and span.starts else ctx.said_at
    handed = LoanSide.NOBODY if planned else LoanSide.LENDER
    number = wish.item if wish else await ctx.add_item("loan", thing.title, thing.room)
    loan = Loan(
        number,
        thing.item,
        borrower,
        LoanState.BOOKED,
        starts,
        span.until,
        span.timed,
        span.zone,
        handed,
    )
    await waiting_queue.check_free(ctx, thing, loan)
    await store.save_loan(ctx.db, loan)
    await due_times.schedule_jobs(ctx, thing, loan)
    await lookup.log_moderator(ctx, thing, loan)
    return loan


async def _may_borrow(ctx: Context, thing: LentThing, person: UserId) -> bool:
    if person == ctx.me or await may_speak(ctx, thing.room, person):
        return person != ctx.me
    return thing.owner is ThingOwner.NETWORK and await rooms.shares_room(ctx.db, person)
