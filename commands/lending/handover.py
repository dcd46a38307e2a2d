"""Hand things over and back; both people confirm each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Does,
    Effect,
    Item,
    Line,
    Missing,
    Number,
    Person,
    Say,
    UserError,
    UserId,
    _,
    bare,
    fold,
    rooms,
    words,
)
from commands.lending import due_times, lookup, phrases, store, texts, waiting_queue
from commands.lending.declaration import LENDING, feature
from commands.lending.loans import Loan, Side, State, Thing

_YES, _NO = ("si", "sim", "yes"), ("no", "nao")
PATIENCE = timedelta(days=3)
ALONE_AFTER = timedelta(days=3)
"""How long the lender's word that a thing is back waits for the borrower's."""


@feature.command(
    words(
        "recibido",
        "recebido",
        "received",
        "recibí, lo recibí, la recibí, entregado, entregué, lo entregué, la entregué"
        " | recebi, já recebi, entregue, entreguei, já entreguei"
        " | got it, handed over, i got it",
    ),
    help=_("you have what you borrow, or you handed over what you lend"),
    example=_("For example: `!received {number}`", number=57),
    topic=LENDING,
    does=Does.COUNTS,
    bare=True,
    of=("loan",),
)
async def received(ctx: Context, *, text: str = "") -> Answer:
    """Confirm that a thing was handed over. When both have confirmed, the loan has begun.

    `no` says that it was not. Raises `UserError`, `Missing` and `Asking`.
    """
    thing, loan, no = await _meant(ctx, text, State.BOOKED)
    side = await _side(ctx, thing, loan)
    await lookup.settled(ctx)
    if no:
        return await not_handed(ctx, thing, loan, side)
    return await handed(ctx, thing, loan, side)


@feature.command(
    words(
        "devuelto",
        "devolvido",
        "returned",
        "devolví, lo devolví, la devolví, devuelta, ya lo devolví"
        " | devolvi, devolvida, já devolvi, eu devolvi | gave it back, it is back, i returned",
    ),
    help=_("a loan is back: you gave it back, or you have it again"),
    example=_("For example: `!returned {number}`", number=57),
    topic=LENDING,
    does=Does.COUNTS,
    bare=True,
    of=("loan",),
)
async def returned(ctx: Context, *, text: str = "") -> Answer:
    """Confirm that a thing is back. When both have confirmed, the loan is over.

    `no` says that it is not. Raises `UserError`, `Missing` and `Asking`.
    """
    thing, loan, no = await _meant(ctx, text, State.OUT)
    side = await _side(ctx, thing, loan)
    await lookup.settled(ctx)
    if no:
        return await not_back(ctx, thing, loan, side)
    return await back(ctx, thing, loan, side)


@feature.reply("loan")
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """Confirm or deny what the other person said, by `sí` or `no` in reply to the loan.

    Return None for talk.
    """
    said = bare(text)
    loan = await store.get(ctx.db, item.number)
    thing = await store.thing(ctx.db, loan.thing) if loan else None
    if loan is None or thing is None or said not in (*_YES, *_NO) or not loan.live:
        return None
    side = Side.BORROWER if ctx.who == loan.borrower else Side.LENDER
    if side is Side.LENDER and not await lookup.lends(ctx, thing):
        return None
    for claimed, yes, no in ((loan.back, back, not_back), (loan.handed, handed, not_handed)):
        if claimed is Side.BOTH ^ side:
            await lookup.settled(ctx)
            return await (yes if said in _YES else no)(ctx, thing, loan, side)
    return None


async def _meant(ctx: Context, text: str, state: State) -> tuple[Thing, Loan, bool]:
    """Return the thing, the loan, and whether `no` was typed.

    The loan is found by number, by reply, by name, or as the only one possible.
    """
    meant = phrases.meant(text.strip().rstrip(".!"), {}, {})
    no = meant.no or (meant.number is None and fold(text.strip(" .!")) in ("no", "nao"))
    if meant.number is not None:
        found = await lookup.by_number(ctx, meant.number)
    elif (about := await lookup.replied(ctx)) is not None:
        found = about
    else:
        return (*await _only(ctx, "" if no else meant.name, state), no)
    thing, loan = found
    loan = loan or await _going_on(ctx, thing)
    if loan.state is State.OVER:
        raise UserError(_("Number {number} is over.", number=loan.item))
    if loan.state is State.WANTED:
        raise UserError(
            _("Number {number} is only asked for: it is not lent yet.", number=loan.item),
            _("To lend it: `!lend {number} until tomorrow`", number=loan.item),
        )
    return thing, loan, no


async def _going_on(ctx: Context, thing: Thing) -> Loan:
    """Return the loan of a thing that is out, else the next one. Raises `UserError`."""
    live = await store.live(ctx.db, thing.item)
    for one in sorted(live, key=lambda loan: loan.state is not State.OUT):
        return one
    raise UserError(
        _("“{title}” is not lent.", title=texts.title(thing)),
        _("To lend it: `!lend {number} to @ana until tomorrow`", number=thing.item),
    )


async def _only(ctx: Context, name: str, state: State) -> tuple[Thing, Loan]:
    """Return the only loan of this person that can be meant. Raises `Missing`."""
    mine = [
        *await store.of_person(ctx.db, ctx.who, State.BOOKED, State.OUT),
        *await store.lent_by(ctx.db, ctx.who),
    ]
    found: dict[Number, tuple[Thing, Loan]] = {}
    for loan in mine:
        thing = await store.thing(ctx.db, loan.thing)
        if thing and loan.live and phrases.compared(name) in phrases.compared(thing.title):
            found[loan.item] = thing, loan
    fits = [one for one in found.values() if one[1].state is state] or list(found.values())
    if len(fits) != 1:
        raise Missing("text", _("the number of the loan (`!loans`)"))
    thing, loan = fits[0]
    ctx.aside |= not lookup.public(ctx, thing)
    return thing, loan


async def _side(ctx: Context, thing: Thing, loan: Loan) -> Side:
    """Return for which side the person speaks; for both if they borrow what they keep.

    Raises `UserError` for anybody else.
    """
    if ctx.who == loan.borrower:
        return Side.BOTH if thing.keeper == ctx.who else Side.BORROWER
    if await lookup.lends(ctx, thing):
        await lookup.acted(ctx, thing, loan)
        return Side.LENDER
    raise UserError(
        _("You can't confirm that: it is for who lends it and who has it."),
        _("What is lent here: `!loans`"),
    )


async def _other(ctx: Context, thing: Thing, loan: Loan, side: Side) -> UserId | None:
    """Return the person who must confirm too, or None if they can't be asked."""
    other = loan.borrower if side is Side.LENDER else await lookup.lender(ctx, thing)
    if not other or not await rooms.shares_room(ctx.db, other):
        return None
    return other


# --- handover -------------------------------------------------------------------------------------


async def ask_received(ctx: Context, thing: Thing, loan: Loan) -> None:
    """Ask the other person whether the thing was handed over."""
    other = await _other(ctx, thing, loan, loan.handed)
    if other:
        await ctx.begin("handed", other, {"loan": loan.item, "said": int(loan.handed)},
                        patience=PATIENCE)  # fmt: skip


@feature.dialogue("handed")
async def asked_handed(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the person whether the thing was handed over, as the other one says."""
    found = await _asked(ctx, data)
    if found is None or found[1].state is not State.BOOKED:
        return _stale(ctx, "handed")
    thing, loan = found
    if int(loan.handed) != data["said"]:
        return _stale(ctx, "handed")
    what = {"number": loan.item, "title": texts.title(thing)}
    if loan.handed is Side.LENDER:
        line = _("{lender} lends you “{title}” until {until} (loan {number}).",
                 lender=lookup.lending(thing), until=texts.until(loan), **what)  # fmt: skip
        question = _("Do you have it? `yes` or `no`")
        side = Side.BORROWER
    else:
        line = _("{borrower} says that they have “{title}” (loan {number}), until {until}.",
                 borrower=texts.who(loan), until=texts.until(loan), **what)  # fmt: skip
        question = _("Did you hand it over? `yes` or `no`")
        side = Side.LENDER
    if ctx.ask("handed", YES_NO, line, question) == "yes":
        return await handed(ctx, thing, loan, side)
    return await not_handed(ctx, thing, loan, side)


async def handed(ctx: Context, thing: Thing, loan: Loan, side: Side) -> Answer:
    """Record that one side confirms the handover, and ask the other side.

    If nobody can be asked, it counts for both. Raises `UserError` if the thing is still out.
    """
    what = {"number": loan.item, "title": texts.title(thing), "until": texts.until(loan)}
    if loan.state is State.OUT:
        return _("Noted already: loan {number}, “{title}”, until {until}.", **what)
    others = await store.live(ctx.db, thing.item)
    if out := next((one for one in others if one.state is State.OUT), None):
        raise UserError(
            _("“{title}” is not back from loan {number} yet.", title=texts.title(thing),
              number=out.item),
            _("When it is back: `!returned {number}`", number=out.item),
        )  # fmt: skip
    other = await _other(ctx, thing, loan, side)
    both = (loan.handed | side) if other else Side.BOTH
    loan = replace(loan, handed=both, state=State.OUT if both is Side.BOTH else State.BOOKED)
    await store.put(ctx.db, loan)
    await due_times.plan(ctx, thing, loan)
    if loan.state is State.OUT:
        return [
            _("Noted: {borrower} has “{title}” until {until} (loan {number}).",
              borrower=texts.who(loan), **what),
            _("When it is back: `!returned {number}`", number=loan.item),
            *await _told(ctx, loan, other, _("Both have confirmed: loan {number}, “{title}”, until"
                                             " {until}.", **what)),
        ]  # fmt: skip
    await ask_received(ctx, thing, loan)
    return _("Noted: loan {number}, “{title}”. I ask {person} too.", number=loan.item,
             title=texts.title(thing), person=Person(other) if other else "")  # fmt: skip


async def not_handed(ctx: Context, thing: Thing, loan: Loan, side: Side) -> Answer:
    """Discard the confirmation of the handover. Raises `UserError` if both had confirmed."""
    if loan.state is State.OUT:
        raise UserError(
            _("Both had confirmed it. When it is back: `!returned {number}`", number=loan.item)
        )
    other = await _other(ctx, thing, loan, side)
    loan = await store.put(ctx.db, replace(loan, handed=Side.NOBODY))
    await due_times.plan(ctx, thing, loan)
    what = {"number": loan.item, "title": texts.title(thing)}
    line = _("“{title}” was not handed over yet, says {person} (loan {number}).",
             person=Person(ctx.who), **what)  # fmt: skip
    return [
        _("Noted: “{title}” was not handed over yet. When it is: `!received {number}`", **what),
        _("If nothing comes of it: `!borrow {number} no`", number=loan.item)
        if side is Side.BORROWER
        else _("If nothing comes of it: `!lend {number} no`", number=loan.item),
        *await _told(ctx, loan, other, line),
    ]


# --- return ---------------------------------------------------------------------------------------


@feature.dialogue("back")
async def asked_back(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the person whether the thing is back, as the other one says."""
    found = await _asked(ctx, data)
    if found is None or not found[1].live or int(found[1].back) != data["said"]:
        return _stale(ctx, "back")
    thing, loan = found
    what = {"number": loan.item, "title": texts.title(thing)}
    side = Side.BORROWER if loan.back is Side.LENDER else Side.LENDER
    line = (
        _("“{title}” is back, says its lender (loan {number}).", **what)
        if side is Side.BORROWER
        else _("{borrower} says that “{title}” is back (loan {number}).",
               borrower=texts.who(loan), **what)
    )  # fmt: skip
    if ctx.ask("back", YES_NO, line, _("Is that so? `yes` or `no`")) == "yes":
        return await back(ctx, thing, loan, side)
    return await not_back(ctx, thing, loan, side)


async def back(ctx: Context, thing: Thing, loan: Loan, side: Side) -> Answer:
    """Record that one side confirms the return, and ask the other side.

    When both have confirmed, the next person in the queue is told. Raises `UserError`.
    """
    if loan.state is State.BOOKED and loan.handed is Side.NOBODY:
        raise UserError(
            _("Loan {number} has not begun: nobody said that it was handed over.",
              number=loan.item),
            _("If nothing comes of it: `!cancel {number}`", number=loan.item),
        )  # fmt: skip
    what = {"number": loan.item, "title": texts.title(thing)}
    other = await _other(ctx, thing, loan, side)
    both = (loan.back | side) if other else Side.BOTH
    loan = replace(loan, back=both)
    await store.put(ctx.db, loan)
    if both is Side.BOTH:
        rest = await waiting_queue.over(ctx, thing, loan)
        line = _("“{title}” is back: loan {number} is over. Thank you.", **what)
        return [line, *await _told(ctx, loan, other, line), *rest]
    if both is Side.LENDER:
        await ctx.schedule("alone", ctx.now + ALONE_AFTER, item=loan.item, room=thing.room)
    if other:
        await ctx.begin("back", other, {"loan": loan.item, "said": int(both)}, patience=PATIENCE)
    return _("Noted: “{title}” is back (loan {number}). I ask {person} too.",
             person=Person(other) if other else "", **what)  # fmt: skip


async def not_back(ctx: Context, thing: Thing, loan: Loan, side: Side) -> Answer:
    """Discard the confirmation of the return: the thing is still out."""
    other = await _other(ctx, thing, loan, side)
    await ctx.call_off(loan.item, "alone")
    await store.put(ctx.db, replace(loan, back=Side.NOBODY))
    what = {"number": loan.item, "title": texts.title(thing)}
    return [
        _("Noted: “{title}” is not back. When it is: `!returned {number}`", **what),
        *await _told(ctx, loan, other, _("“{title}” is not back, says {person} (loan {number})."
                                         " Please talk to each other.",
                                         person=Person(ctx.who, full=True), **what)),
    ]  # fmt: skip


def _stale(ctx: Context, key: str) -> Answer:
    """Return a notice for an answer to a settled question, but nothing if none was asked yet."""
    return _("That is settled already. Your loans: `!loans`") if key in ctx.known else None


async def _told(_ctx: Context, loan: Loan, other: UserId | None, line: Line) -> list[Effect]:
    return [Say((line,), to=other, loud=True, item=loan.item)] if other else []


async def _asked(ctx: Context, data: Mapping[str, Any]) -> tuple[Thing, Loan] | None:
    loan = await store.get(ctx.db, Number(data["loan"]))
    thing = await store.thing(ctx.db, loan.thing) if loan else None
    return (thing, loan) if thing and loan else None
