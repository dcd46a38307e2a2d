"""Hand things over and back; both people confirm each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from bot.api import (
    FINISH,
    YES_NO,
    Answer,
    Context,
    Effect,
    Item,
    ItemAccess,
    Line,
    MissingArgument,
    Number,
    Person,
    Say,
    UserError,
    UserId,
    _,
    fold,
    fold_answer,
    rooms,
    words,
)
from commands.lending import due_times, lent_no_more, lookup, phrases, store, texts, waiting_queue
from commands.lending.declaration import ALONE_JOB, LENDING_TOPIC, feature
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState

_YES_WORDS, _NO_WORDS = ("si", "sim", "yes"), ("no", "nao")
PATIENCE = timedelta(days=3)
LENDER_DECIDES_AFTER = timedelta(days=3)
"""How long the lender's word that a thing is back waits for the borrower's."""


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
    bare=True,
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
    bare=True,
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


async def _other_person(
    ctx: Context, thing: LentThing, loan: Loan, side: LoanSide
) -> UserId | None:
    """Return the person who must confirm too, or None if they can't be asked."""
    other = loan.borrower if side is LoanSide.LENDER else await lookup.find_lender(ctx, thing)
    return other if other and await rooms.shares_room(ctx.db, other) else None


# --- handover -------------------------------------------------------------------------------------


async def ask_received(ctx: Context, thing: LentThing, loan: Loan) -> None:
    """Ask the other person of a loan whether the thing was handed over."""
    other = await _other_person(ctx, thing, loan, loan.handed)
    if other:
        await ctx.begin_dialogue(
            "handed", other, {"loan": loan.item, "said": int(loan.handed)}, patience=PATIENCE
        )


@feature.dialogue("handed")
async def ask_about_handover(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one person of a loan whether the thing was handed over, as the other one says. Return
    what to say, if anything."""
    found = await _loan_of_question(ctx, data)
    if found is None or found[1].state is not LoanState.BOOKED:
        return _stale_answer(ctx, "handed")
    thing, loan = found
    if int(loan.handed) != data["said"]:
        return _stale_answer(ctx, "handed")
    what = {"number": loan.item, "title": texts.short_title(thing)}
    if loan.handed is LoanSide.LENDER:
        line = _(
            "{lender} lends you “{title}” until {until} (loan {number}).",
            lender=lookup.lender_name(thing),
            until=texts.loan_end(loan),
            **what,
        )
        question = _("Do you have it? `yes` or `no`")
        side = LoanSide.BORROWER
    else:
        line = _(
            "{borrower} says that they have “{title}” (loan {number}), until {until}.",
            borrower=texts.borrower_name(loan),
            until=texts.loan_end(loan),
            **what,
        )
        question = _("Did you hand it over? `yes` or `no`")
        side = LoanSide.LENDER
    if ctx.ask("handed", YES_NO, line, question) == "yes":
        return await record_handover(ctx, thing, loan, side)
    return await discard_handover(ctx, thing, loan, side)


async def record_handover(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Store that one person of a loan confirms the handover, and ask the other one. Return what to
    say, if anything.

    If nobody can be asked, it counts for both. Raises `UserError` if the thing is still out.
    """
    what = {"number": loan.item, "title": texts.short_title(thing), "until": texts.loan_end(loan)}
    if loan.state is LoanState.OUT:
        return _("Noted already: loan {number}, “{title}”, until {until}.", **what)
    others = await store.live_loans(ctx.db, thing.item)
    if out := next((one for one in others if one.state is LoanState.OUT), None):
        raise UserError(
            _(
                "“{title}” is not back from loan {number} yet.",
                title=texts.short_title(thing),
                number=out.item,
            ),
            _("When it is back: `!returned {number}`", number=out.item),
        )
    other = await _other_person(ctx, thing, loan, side)
    both = (loan.handed | side) if other else LoanSide.BOTH
    loan = replace(
        loan, handed=both, state=LoanState.OUT if both is LoanSide.BOTH else LoanState.BOOKED
    )
    await store.save_loan(ctx.db, loan)
    await due_times.schedule_jobs(ctx, thing, loan)
    if loan.state is LoanState.OUT:
        return [
            _(
                "Noted: {borrower} has “{title}” until {until} (loan {number}).",
                borrower=texts.borrower_name(loan),
                **what,
            ),
            _("When it is back: `!returned {number}`", number=loan.item),
            *await _message_to_other(
                ctx,
                loan,
                other,
                _("Both have confirmed: loan {number}, “{title}”, until {until}.", **what),
            ),
        ]
    await ask_received(ctx, thing, loan)
    return _(
        "Noted: loan {number}, “{title}”. I ask {person} too.",
        number=loan.item,
        title=texts.short_title(thing),
        person=Person(other) if other else "",
    )


async def discard_handover(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Delete the confirmation of a loan's handover. Return what to say, if anything. Raises
    `UserError` if both had confirmed."""
    if loan.state is LoanState.OUT:
        raise UserError(
            _("Both had confirmed it. When it is back: `!returned {number}`", number=loan.item)
        )
    other = await _other_person(ctx, thing, loan, side)
    loan = await store.save_loan(ctx.db, replace(loan, handed=LoanSide.NOBODY))
    await due_times.schedule_jobs(ctx, thing, loan)
    what = {"number": loan.item, "title": texts.short_title(thing)}
    line = _(
        "“{title}” was not handed over yet, says {person} (loan {number}).",
        person=Person(ctx.who),
        **what,
    )
    return [
        _("Noted: “{title}” was not handed over yet. When it is: `!received {number}`", **what),
        _("If nothing comes of it: `!borrow {number} no`", number=loan.item)
        if side is LoanSide.BORROWER
        else _("If nothing comes of it: `!lend {number} no`", number=loan.item),
        *await _message_to_other(ctx, loan, other, line),
    ]


# --- return ---------------------------------------------------------------------------------------


@feature.dialogue("back")
async def ask_about_return(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one person of a loan whether the thing is back, as the other one says. Return what to
    say, if anything."""
    found = await _loan_of_question(ctx, data)
    if found is None or not found[1].is_live or int(found[1].back) != data["said"]:
        return _stale_answer(ctx, "back")
    thing, loan = found
    what = {"number": loan.item, "title": texts.short_title(thing)}
    side = LoanSide.BORROWER if loan.back is LoanSide.LENDER else LoanSide.LENDER
    line = (
        _("“{title}” is back, says its lender (loan {number}).", **what)
        if side is LoanSide.BORROWER
        else _(
            "{borrower} says that “{title}” is back (loan {number}).",
            borrower=texts.borrower_name(loan),
            **what,
        )
    )
    if ctx.ask("back", YES_NO, line, _("Is that so? `yes` or `no`")) == "yes":
        return await record_return(ctx, thing, loan, side)
    return await discard_return(ctx, thing, loan, side)


async def record_return(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Store that one person of a loan confirms the return, and ask the other one.

    When both have confirmed, the next person in the queue is told. Raises `UserError` if the loan
    has not begun.
    """
    if loan.state is LoanState.BOOKED and loan.handed is LoanSide.NOBODY:
        raise UserError(
            _(
                "Loan {number} has not begun: nobody said that it was handed over.",
                number=loan.item,
            ),
            _("If nothing comes of it: `!cancel {number}`", number=loan.item),
        )
    what = {"number": loan.item, "title": texts.short_title(thing)}
    other = await _other_person(ctx, thing, loan, side)
    both = (loan.back | side) if other else LoanSide.BOTH
    loan = replace(loan, back=both)
    await store.save_loan(ctx.db, loan)
    if both is LoanSide.BOTH:
        rest = await waiting_queue.end_loan(ctx, thing, loan)
        line = _("“{title}” is back: loan {number} is over. Thank you.", **what)
        return [line, *await _message_to_other(ctx, loan, other, line), *rest]
    if both is LoanSide.LENDER:
        await ctx.schedule(
            ALONE_JOB, ctx.said_at + LENDER_DECIDES_AFTER, item=loan.item, room=thing.room
        )
    if other:
        await ctx.begin_dialogue(
            "back", other, {"loan": loan.item, "said": int(both)}, patience=PATIENCE
        )
    return _(
        "Noted: “{title}” is back (loan {number}). I ask {person} too.",
        person=Person(other) if other else "",
        **what,
    )


async def discard_return(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Delete the confirmation of a loan's return: the thing is still out."""
    other = await _other_person(ctx, thing, loan, side)
    await ctx.cancel_jobs(loan.item, ALONE_JOB)
    await store.save_loan(ctx.db, replace(loan, back=LoanSide.NOBODY))
    what = {"number": loan.item, "title": texts.short_title(thing)}
    return [
        _("Noted: “{title}” is not back. When it is: `!returned {number}`", **what),
        *await _message_to_other(
            ctx,
            loan,
            other,
            _(
                "“{title}” is not back, says {person} (loan {number}). Please talk to each other.",
                person=Person(ctx.who, full=True),
                **what,
            ),
        ),
    ]


def _stale_answer(ctx: Context, key: str) -> Answer:
    """Return a notice for an answer to a settled question, but nothing if none was asked yet."""
    return _("That is settled already. Your loans: `!loans`") if key in ctx.answers else None


async def _message_to_other(
    _ctx: Context, loan: Loan, other: UserId | None, line: Line
) -> list[Effect]:
    return [Say((line,), to=other, loud=True, item=loan.item)] if other else []


async def _loan_of_question(ctx: Context, data: Mapping[str, Any]) -> tuple[LentThing, Loan] | None:
    loan = await store.get_loan(ctx.db, Number(data["loan"]))
    thing = await store.get_thing(ctx.db, loan.thing) if loan else None
    return (thing, loan) if thing and loan else None


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
