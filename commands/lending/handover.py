"""`!received` and `!returned`: which loan is meant, and who says so of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from bot.api import (
    FINISH,
    Answer,
    Bare,
    Context,
    Item,
    ItemAccess,
    MissingArgument,
    Number,
    UserError,
    _,
    fold,
    fold_answer,
    words,
)
from commands.lending import lent_no_more, lookup, phrases, store, texts
from commands.lending.confirmations import (
    discard_handover,
    discard_return,
    record_handover,
    record_return,
)
from commands.lending.declaration import LENDING_TOPIC, feature
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState

_YES_WORDS, _NO_WORDS = ("si", "sim", "yes"), ("no", "nao")


MeantLoan = tuple[LentThing, Loan, bool]
_Change = Callable[[Context, LentThing, Loan, LoanSide], Awaitable[Answer]]


async def find_loan(ctx: Context, text: str, state: LoanState) -> tuple[MeantLoan, str]:
    """Return the thing and the loan that the text means, and whether `no` was typed. No text is
    left.

    The loan is found by number, by reply, by name, or as the only one possible.
    """
    meant = phrases.parse_phrase(text.strip().rstrip(".!"), {}, {})
    no = meant.no or (meant.number is None and fold(text.strip(" .!")) in ("no", "nao"))
    if meant.number is not None:
        found = await lookup.find_by_number(ctx, meant.number)
    elif (about := await lookup.find_by_reply(ctx)) is not None:
        found = about
    else:
        return (*await _only_loan(ctx, "" if no else meant.name, state), no), ""
    thing, loan = found
    loan = loan or await _current_loan(ctx, thing)
    if loan.state is LoanState.OVER:
        raise UserError(_("Number {number} is over.", number=loan.item))
    if loan.state is LoanState.WANTED:
        raise UserError(
            _("Number {number} is only asked for: it is not lent yet.", number=loan.item),
            _("To lend it: `!lend {number} until tomorrow`", number=loan.item),
        )
    return (thing, loan, no), ""


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
    topic=LENDING_TOPIC,
    does=ItemAccess.COUNTS,
    bare=Bare.NUMBERED,
    of=("loan",),
)
async def confirm_received(
    ctx: Context, meant: Annotated[MeantLoan, partial(find_loan, state=LoanState.BOOKED)]
) -> Answer:
    """Confirm that a borrowed thing was handed over. When both have confirmed, the loan has begun.
    Return the answer.

    `no` says that it was not. Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    return await _confirm(ctx, meant, record_handover, discard_handover)


@feature.command(
    words(
        "devuelto",
        "devolvido",
        "returned",
        "devolví, lo devolví, la devolví, devuelta, ya lo devolví, ya devolví | "
        "devolvi, devolvida, já devolvi, eu devolvi, devolvi o, já devolvi o, já devolvi "
        "a | "
        "gave it back, it is back, i returned",
    ),
    help=_("a loan is back: you gave it back, or you have it again"),
    example=_("For example: `!returned {number}`", number=57),
    topic=LENDING_TOPIC,
    does=ItemAccess.COUNTS,
    bare=Bare.NUMBERED,
    of=("loan",),
)
async def confirm_returned(
    ctx: Context, meant: Annotated[MeantLoan, partial(find_loan, state=LoanState.OUT)]
) -> Answer:
    """Confirm that a borrowed thing is back. When both have confirmed, the loan is over. Return the
    answer.

    `no` says that it is not. Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    return await _confirm(ctx, meant, record_return, discard_return)


async def _confirm(ctx: Context, meant: MeantLoan, record: _Change, discard: _Change) -> Answer:
    thing, loan, no = meant
    side = await _speaking_side(ctx, thing, loan)
    await lookup.close_question(ctx)
    change = discard if no else record
    return lookup.answer_quietly(ctx, loan, await change(ctx, thing, loan, side))


@feature.reply("loan")
async def answer_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Confirm or deny what the other person said about a loan, by `sí` or `no` in reply.

    Return None for other text.
    """
    said = fold_answer(text)
    loan = await store.get_loan(ctx.db, item.number)
    thing = await store.get_thing(ctx.db, loan.thing) if loan else None
    if loan is None or thing is None or said not in (*_YES_WORDS, *_NO_WORDS) or not loan.is_live:
        return None
    side = LoanSide.BORROWER if ctx.who == loan.borrower else LoanSide.LENDER
    if side is LoanSide.LENDER and not await lookup.may_lend(ctx, thing):
        return None
    for claimed, yes, no in (
        (loan.back, record_return, discard_return),
        (loan.handed, record_handover, discard_handover),
    ):
        if claimed is LoanSide.BOTH ^ side:
            await lookup.close_question(ctx)
            change = yes if said in _YES_WORDS else no
            return lookup.answer_quietly(ctx, loan, await change(ctx, thing, loan, side))
    return None


async def _current_loan(ctx: Context, thing: LentThing) -> Loan:
    """Return the loan of a thing that is out, else the next one. Raises `UserError`."""
    live = await store.live_loans(ctx.db, thing.item)
    for one in sorted(live, key=lambda loan: loan.state is not LoanState.OUT):
        return one
    if not thing.open:
        raise UserError(*await lent_no_more.lent_no_more_lines(ctx, thing))
    raise UserError(
        _("“{title}” is not lent.", title=texts.short_title(thing)),
        _("To lend it: `!lend {number} to @ana until tomorrow`", number=thing.item),
    )


async def _only_loan(ctx: Context, name: str, state: LoanState) -> tuple[LentThing, Loan]:
    """Return the only loan of this person that can be meant. Raises `MissingArgument`."""
    mine = [
        *await store.loans_of(ctx.db, ctx.who, LoanState.BOOKED, LoanState.OUT),
        *await store.lent_by(ctx.db, ctx.who),
    ]
    found: dict[Number, tuple[LentThing, Loan]] = {}
    for loan in mine:
        thing = await store.get_thing(ctx.db, loan.thing)
        if (
            thing
            and loan.is_live
            and phrases.compared_name(name) in phrases.compared_name(thing.title)
        ):
            found[loan.item] = thing, loan
    fits = [one for one in found.values() if one[1].state is state] or list(found.values())
    if len(fits) != 1:
        raise MissingArgument("text", _("the number of the loan (`!loans`)"))
    thing, loan = fits[0]
    ctx.answer_privately |= not lookup.is_public(ctx, thing)
    return thing, loan


async def _speaking_side(ctx: Context, thing: LentThing, loan: Loan) -> LoanSide:
    """Return for which side the person speaks; for both if they borrow what they keep.

    Raises `UserError` for anybody else.
    """
    if ctx.who == loan.borrower:
        return LoanSide.BOTH if thing.keeper == ctx.who else LoanSide.BORROWER
    if await lookup.may_lend(ctx, thing):
        await lookup.log_moderator(ctx, thing, loan)
        return LoanSide.LENDER
    raise UserError(
        _("You can't confirm that: it is for who lends it and who has it."),
        _("What is lent here: `!loans`"),
    )


# --- handover -------------------------------------------------------------------------------------


# --- return ---------------------------------------------------------------------------------------


@feature.offers(FINISH.of("loan"))
@feature.offers(FINISH.of("thing"))
async def finishing_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to say that a borrowed thing is back, or None if the person may not see
    it."""
    loan = await store.get_loan(ctx.db, item.number)
    thing = await store.get_thing(ctx.db, loan.thing if loan else item.number)
    if thing is None:
        return None
    part = ctx.who in (thing.keeper, loan.borrower if loan else None)
    return f"returned {item.number}" if part or await lookup.may_see(ctx, thing) else None
