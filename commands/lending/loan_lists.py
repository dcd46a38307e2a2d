"""List what is lent in a room and who has it; in private one's own loans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.api import (
    Answer,
    Context,
    Does,
    Line,
    Reach,
    RoomId,
    UserError,
    _,
    n_,
    words,
)
from commands.lending import lookup, phrases, store, texts
from commands.lending.declaration import EXAMPLE, LENDING, PAGE, feature
from commands.lending.loans import Loan, State, Thing, overdue, under_way

NEXT = 3
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
    topic=LENDING,
    does=Does.READS,
    reach=Reach.ROOM,
)
async def loans(ctx: Context, *, text: str = "") -> Answer:
    """List things in pages, or show one by number or name; in private list one's own loans.

    Raises `UserError`.
    """
    if page := re.fullmatch(r"[pP]\.?\s*(\d{1,4})", text.strip()):
        return await _page(ctx, int(page[1]))
    meant = phrases.meant(text, {}, {})
    if meant.number is not None:
        thing, _loan = await lookup.by_number(ctx, meant.number)
        return await calendar(ctx, thing)
    if meant.name:
        return await _named(ctx, meant.name)
    return await _own(ctx) if ctx.private else await _page(ctx, 1)


async def _page(ctx: Context, page: int) -> Answer:
    """List the things of the room and of the network with their borrowers."""
    room = ctx.room if not ctx.private else (await ctx.place()).room
    skip = (max(page, 1) - 1) * PAGE
    found = await store.things_in(ctx.db, room, PAGE + 1, skip)
    if not found:
        return [_("No more things.") if skip else _("Nothing is lent here yet."), EXAMPLE]
    lines = await _lines(ctx, found[:PAGE])
    if len(found) > PAGE:
        return [*lines, _("More: `!loans p{page}`", page=max(page, 1) + 1)]
    return [*lines, _("To ask for one: `!borrow {number} until tomorrow`", number=found[0].item)]


async def _named(ctx: Context, name: str) -> Answer:
    found = await lookup.called(ctx, name)
    if not found:
        raise UserError(
            _("Nobody lends “{name}” here.", name=phrases.short(name)),
            _("What is lent here: `!loans`"),
        )
    if len(found) == 1:
        return await calendar(ctx, found[0])
    return await _lines(ctx, found)


async def _lines(ctx: Context, things: Sequence[Thing]) -> list[Line]:
    """Return a line for each thing: who has it until when, and how many wait."""
    numbers = [one.item for one in things]
    live, queue = await store.live(ctx.db, *numbers), await store.queue(ctx.db, *numbers)
    return [
        _(
            "{number}: “{title}” ({whose}) · {facts}",
            number=one.item,
            title=texts.title(one),
            whose=lookup.whose(one),
            facts=tuple(_facts(ctx, [loan for loan in live if loan.thing == one.item],
                               sum(wish.thing == one.item for wish in queue))),
        )
        for one in things
    ]  # fmt: skip


def _facts(ctx: Context, live: Sequence[Loan], waiting: int) -> Iterable[Line]:
    if not any(under_way(one, ctx.now) for one in live):
        yield _("free now")
    yield from (_when(ctx, one) for one in live[:NEXT])
    if waiting:
        yield n_("{count} waits", "{count} wait", waiting)


def _when(ctx: Context, loan: Loan) -> Line:
    """Return who has the thing until when.

    In a room no borrower is named who is late.
    """
    if overdue(loan, ctx.now) and not ctx.private:
        return _("still lent")
    if under_way(loan, ctx.now):
        return _(
            "{borrower} has it until {until}", borrower=texts.who(loan), until=texts.until(loan)
        )
    return _("for {borrower} from {starts} until {until}", borrower=texts.who(loan),
             starts=texts.starts(loan), until=texts.until(loan))  # fmt: skip


async def calendar(ctx: Context, thing: Thing) -> list[Line]:
    """Return the loans of a thing, current and upcoming, and who waits."""
    ctx.aside |= not lookup.public(ctx, thing)
    live, queue = await store.live(ctx.db, thing.item), await store.queue(ctx.db, thing.item)
    lines = [_("{number}: {thing}", number=thing.item, thing=await lookup.told(ctx, thing))]
    if not any(under_way(one, ctx.now) for one in live):
        lines.append(_("It is free now."))
    lines += [_("{number}: {when}", number=one.item, when=_when(ctx, one)) for one in live[:PAGE]]
    if len(live) > PAGE:
        more = len(live) - PAGE
        lines.append(n_("and {count} more", "and {count} more", more))
    if queue:
        lines.append(n_("{count} person waits for it.", "{count} people wait for it.", len(queue)))
    if queue and ctx.private and await lookup.lends(ctx, thing):
        lines += [texts.one(thing, one) for one in queue[:PAGE]]
    return [*lines, _("To ask for it: `!borrow {number} until tomorrow`", number=thing.item)]


async def _own(ctx: Context) -> Answer:
    """List what a person has borrowed, waits for and lends."""
    mine = await store.of_person(ctx.db, ctx.who, State.OUT, State.BOOKED, State.WANTED)
    theirs = await store.lent_by(ctx.db, ctx.who)
    kept = [one for one in await store.kept_by(ctx.db, ctx.who, PAGE) if one.open]
    lines: list[Line] = []
    for heading, found in (
        (_("You have or wait for:"), mine[:PAGE]),
        (_("You lend:"), theirs[:PAGE]),
    ):
        if found:
            lines += [heading, *[await _one(ctx, loan) for loan in found]]
    if kept and not theirs:
        lines += [_("What you lend:"), *await _lines(ctx, kept)]
    if not lines:
        return [
            _("You lend nothing and have borrowed nothing. A room's things: write `!loans` there."),
            EXAMPLE,
        ]
    if out := next((one for one in (*mine, *theirs) if one.live), None):
        lines.append(_("When one is back: `!returned {number}`", number=out.item))
    return lines


async def _one(ctx: Context, loan: Loan) -> Line:
    thing = await store.thing(ctx.db, loan.thing)
    assert thing is not None
    return texts.one(thing, loan)


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each current loan of a room's things, without late ones."""
    return [
        _("Loan {loan}", loan=texts.one(thing, loan))
        for loan, thing in await store.live_in(ctx.db, room, PAGE)
        if not overdue(loan, ctx.now)
    ]


@feature.service("summary")
async def summary(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return a line with how many things can be borrowed, for a new member."""
    count = await store.count_in(ctx.db, places)
    if not count:
        return []
    return [
        n_("{count} thing can be borrowed: `!loans`", "{count} things can be borrowed: `!loans`",
           count)
    ]  # fmt: skip
