"""List what is lent in a room and who has it; in private one's own loans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.api import (
    FIRST_PAGE,
    NOTHING,
    PENDING_OF_KIND,
    SUMMARY,
    Answer,
    Context,
    ItemAccess,
    Line,
    NamedPage,
    Reach,
    Rest,
    RoomId,
    UserError,
    _,
    n_,
    shorten_line,
    words,
)
from commands.lending import lent_no_more, lookup, phrases, store, texts
from commands.lending.declaration import EXAMPLE, LENDING_TOPIC, PAGE_SIZE, feature
from commands.lending.loans import LentThing, Loan, LoanState, is_overdue, is_under_way

MOST_LOANS_SHOWN = 3
"""How many loans of a thing a list shows."""


@feature.command(
    words(
        "préstamos",
        "empréstimos",
        "loans",
        "prestados, cosas, mis préstamos | emprestados, coisas, meus empréstimos"
        " | lent, things, my loans",
    ),
    help=_("what is lent here, who has it until when and who waits"),
    example=_("For example: `!loans` or `!loans projector`"),
    topic=LENDING_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_loans(ctx: Context, page: NamedPage = None, *, thing: Rest = NOTHING) -> Answer:
    """List things in pages, or show one by number or name; in private list one's own loans. Return
    the answer.

    Raises `UserError` if there is no such thing.
    """
    meant = phrases.parse_phrase(thing, {}, {})
    if meant.number is not None:
        found, _loan = await lookup.find_by_number(ctx, meant.number)
        return await thing_calendar(ctx, found)
    if meant.name:
        return await _list_named(ctx, meant.name)
    if page is None and ctx.is_private:
        return await _list_own(ctx)
    return await _list_page(ctx, page or FIRST_PAGE)


async def _list_page(ctx: Context, page: int) -> Answer:
    """List the things of the room and of the network with their borrowers."""
    room = ctx.room if not ctx.is_private else (await ctx.choose_room()).room
    skip = (page - 1) * PAGE_SIZE
    found = await store.things_in(ctx.db, room, PAGE_SIZE + 1, skip)
    if not found:
        return [_("No more things.") if skip else _("Nothing is lent here yet."), EXAMPLE]
    lines = await _thing_lines(ctx, found[:PAGE_SIZE])
    if len(found) > PAGE_SIZE:
        return [*lines, _("More: `!loans p{page}`", page=page + 1)]
    return [*lines, _("To ask for one: `!borrow {number} until tomorrow`", number=found[0].item)]


async def _list_named(ctx: Context, name: str) -> Answer:
    found = await lookup.find_things(ctx, name)
    if not found:
        raise UserError(
            _("Nobody lends “{name}” here.", name=shorten_line(name, 60)),
            _("What is lent here: `!loans`"),
        )
    if len(found) == 1:
        return await thing_calendar(ctx, found[0])
    return await _thing_lines(ctx, found)


async def _thing_lines(ctx: Context, things: Sequence[LentThing]) -> list[Line]:
    """Return a line for each thing: who has it until when, and how many wait."""
    numbers = [one.item for one in things]
    live, queue = (
        await store.live_loans(ctx.db, *numbers),
        await store.waiting_requests(ctx.db, *numbers),
    )
    return [
        _(
            "{number}: “{title}” ({whose}) · {facts}",
            number=one.item,
            title=texts.short_title(one),
            whose=lookup.owner_name(one),
            facts=tuple(
                _thing_facts(
                    ctx,
                    [loan for loan in live if loan.thing == one.item],
                    sum(wish.thing == one.item for wish in queue),
                )
            ),
        )
        for one in things
    ]


def _thing_facts(ctx: Context, live: Sequence[Loan], waiting: int) -> Iterable[Line]:
    if not any(is_under_way(one, ctx.said_at) for one in live):
        yield _("free now")
    yield from (_loan_time(ctx, one) for one in live[:MOST_LOANS_SHOWN])
    if waiting:
        yield n_("{count} waits", "{count} wait", waiting)


def _loan_time(ctx: Context, loan: Loan) -> Line:
    """Return who has the thing until when.

    In a room no borrower is named who is late.
    """
    if is_overdue(loan, ctx.said_at) and not ctx.is_private:
        return _("still lent")
    if is_under_way(loan, ctx.said_at):
        return _(
            "{borrower} has it until {until}",
            borrower=texts.borrower_name(loan),
            until=texts.loan_end(loan),
        )
    return _(
        "for {borrower} from {starts} until {until}",
        borrower=texts.borrower_name(loan),
        starts=texts.loan_start(loan),
        until=texts.loan_end(loan),
    )


async def thing_calendar(ctx: Context, thing: LentThing) -> list[Line]:
    """Return lines with the loans of a thing, current and upcoming, and the people who wait for
    it."""
    ctx.answer_privately |= not lookup.is_public(ctx, thing)
    live, queue = (
        await store.live_loans(ctx.db, thing.item),
        await store.waiting_requests(ctx.db, thing.item),
    )
    lines = [_("{number}: {thing}", number=thing.item, thing=await lookup.thing_line(ctx, thing))]
    if not thing.open:
        lines += await lent_no_more.lent_no_more_lines(ctx, thing)
    elif not any(is_under_way(one, ctx.said_at) for one in live):
        lines.append(_("It is free now."))
    lines += [
        _("{number}: {when}", number=one.item, when=_loan_time(ctx, one))
        for one in live[:PAGE_SIZE]
    ]
    if len(live) > PAGE_SIZE:
        more = len(live) - PAGE_SIZE
        lines.append(n_("and {count} more", "and {count} more", more))
    if queue:
        lines.append(n_("{count} person waits for it.", "{count} people wait for it.", len(queue)))
    if queue and ctx.is_private and await lookup.may_lend(ctx, thing):
        lines += [texts.loan_line(thing, one) for one in queue[:PAGE_SIZE]]
    if not thing.open:
        return lines
    return [*lines, _("To ask for it: `!borrow {number} until tomorrow`", number=thing.item)]


async def _list_own(ctx: Context) -> Answer:
    """List what a person has borrowed, waits for and lends."""
    mine = await store.loans_of(ctx.db, ctx.who, LoanState.OUT, LoanState.BOOKED, LoanState.WANTED)
    theirs = await store.lent_by(ctx.db, ctx.who)
    kept = [one for one in await store.things_kept_by(ctx.db, ctx.who, PAGE_SIZE) if one.open]
    lines: list[Line] = []
    for heading, found in (
        (_("You have or wait for:"), mine[:PAGE_SIZE]),
        (_("You lend:"), theirs[:PAGE_SIZE]),
    ):
        if found:
            lines += [heading, *[await _loan_line(ctx, loan) for loan in found]]
    if kept and not theirs:
        lines += [_("What you lend:"), *await _thing_lines(ctx, kept)]
    if not lines:
        return [
            _("You lend nothing and have borrowed nothing. A room's things: write `!loans` there."),
            EXAMPLE,
        ]
    if out := next((one for one in (*mine, *theirs) if one.is_live), None):
        lines.append(_("When one is back: `!returned {number}`", number=out.item))
    return lines


async def _loan_line(ctx: Context, loan: Loan) -> Line:
    thing = await store.get_thing(ctx.db, loan.thing)
    assert thing is not None
    return texts.loan_line(thing, loan)


@feature.offers(PENDING_OF_KIND.of("loan"))
async def pending_loans(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each current loan of a room's things, without late ones."""
    return [
        _("Loan {loan}", loan=texts.loan_line(thing, loan))
        for loan, thing in await store.live_loans_in(ctx.db, room, PAGE_SIZE)
        if not is_overdue(loan, ctx.said_at)
    ]


@feature.offers(SUMMARY)
async def summarize_things(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return a line with how many things can be borrowed, for a new member."""
    count = await store.count_things(ctx.db, places)
    if not count:
        return []
    return [
        n_(
            "{count} thing can be borrowed: `!loans`",
            "{count} things can be borrowed: `!loans`",
            count,
        )
    ]
