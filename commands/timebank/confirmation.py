"""Hours count when both have confirmed them: the other person is asked in private."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Number,
    Person,
    Say,
    Span,
    UserError,
    UserId,
    _,
    fold,
    is_author,
    items,
    rooms,
)
from commands.timebank import texts, transfer_store
from commands.timebank.declaration import LAPSE_JOB, LATE_AFTER, feature
from commands.timebank.transfer_store import Transfer

_YES_WORDS = frozenset(("si", "sim", "yes", "confirmo", "ok"))
_NO_WORDS = frozenset(("no", "nao"))


async def own_transfer(ctx: Context, number: Number) -> tuple[Transfer, Item]:
    """Return a transfer of hours in which the asker takes part, and its item. Raises `UserError` if
    there is none."""
    item, one = await items.get(ctx.db, number), await transfer_store.get_transfer(ctx.db, number)
    if one is None or item is None or ctx.who not in (one.giver, one.taker):
        raise UserError(
            _("There is no number {number} here.", number=number),
            _("Your hours: `!hours` in private"),
        )
    ctx.answer_privately |= not ctx.is_private
    return one, item


async def answer_by_number(ctx: Context, number: Number, word: str) -> Answer:
    """Confirm or refuse a transfer of hours by `57 yes` or `57 no`; return None for other text.
    Raises `UserError` for an unknown transfer, and for one that the other person is to confirm."""
    said = fold(word.strip(" .!"))
    if said not in _YES_WORDS | _NO_WORDS:
        return None
    one, item = await own_transfer(ctx, number)
    if is_author(ctx, item):
        raise UserError(
            _(
                "{person} is to confirm it. To take it back: `!cancel {number}`",
                person=texts.person_name(one.other(item.author)),
                number=number,
            )
        )
    if await transfer_store.has_open_question(ctx.db, ctx.who):
        await ctx.end_own_question(ctx.who)
    return await settle_transfer(ctx, one, item.author, yes=said in _YES_WORDS)


@feature.dialogue("confirm")
async def ask_confirmation(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the other person whether a transfer of hours is right. Return what to say, if
    anything."""
    one = await transfer_store.get_transfer(ctx.db, Number(data["item"]))
    item = await items.get(ctx.db, Number(data["item"]))
    if one is None or item is None or one.counts:
        return None
    length = texts.hours_span(one.minutes)
    what = {"number": one.item, "person": Person(item.author, full=True), "length": length}
    line = (
        _("{person} gives you {length} for your help (number {number}).", **what)
        if ctx.who == one.taker
        else _("{person} helped you and asks for {length} of yours (number {number}).", **what)
    )
    words = [_("For: “{what}”", what=one.what)] if one.what else []
    answer = ctx.ask("confirm", YES_NO, line, *words, _("Is that so? `yes` or `no`"))
    return await settle_transfer(ctx, one, item.author, yes=answer == "yes")


async def settle_transfer(ctx: Context, one: Transfer, author: UserId, *, yes: bool) -> Answer:
    """Book a confirmed transfer of hours for both people at once, or delete a refused one. Return
    what to say, if anything."""
    if one.counts:
        return _("Number {number} counts already.", number=one.item)
    await ctx.cancel_jobs(one.item)
    if not yes:
        await items.delete(ctx.db, one.item)
        line = _(
            "Number {number} does not count: {person} did not confirm it.",
            number=one.item,
            person=Person(ctx.who),
        )
        return [
            _("Good: number {number} does not count.", number=one.item),
            *message_to(author, line),
        ]
    await transfer_store.confirm_transfer(ctx.db, one)
    await items.close(ctx.db, one.item)
    line = _(
        "Confirmed by both: {given} (number {number}).",
        given=texts.transfer_line(one),
        number=one.item,
    )
    theirs, own = (
        await transfer_store.get_balance(ctx.db, author),
        await transfer_store.get_balance(ctx.db, ctx.who),
    )
    return [
        line,
        _("Your balance: {balance}.", balance=texts.balance_line(own)),
        *message_to(
            author, line, _("Your balance: {balance}.", balance=texts.balance_line(theirs))
        ),
    ]


def message_to(person: UserId, *lines: Line) -> list[Effect]:
    """Return the effect that writes to a person in private, in a way that notifies them."""
    return [Say(lines, to=person, loud=True)]


@feature.runs(LAPSE_JOB)
async def delete_unconfirmed(ctx: Context, job: Job) -> Answer:
    """Delete a transfer of hours that nobody has confirmed in time. Return what to say, if
    anything."""
    one = await transfer_store.get_transfer(ctx.db, job.item) if job.item is not None else None
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if one is None or item is None or one.counts:
        return None
    await items.delete(ctx.db, one.item)
    if not await rooms.shares_room(ctx.db, item.author):
        return None
    late = [_("Late by {span}, because I was away.", span=Span(ctx.said_at - job.due))]
    return message_to(
        item.author,
        *(late if ctx.said_at - job.due > LATE_AFTER else []),
        _(
            "Number {number} does not count: {person} did not answer in two weeks.",
            number=one.item,
            person=texts.person_name(one.other(item.author)),
        ),
        _("To ask again: `!hours`"),
    )
