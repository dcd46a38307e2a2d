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
    RoomId,
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
from commands.timebank.declaration import LATE, feature
from commands.timebank.transfer_store import Transfer

_YES = frozenset(("si", "sim", "yes", "confirmo", "ok"))
_NO = frozenset(("no", "nao"))


async def mine(ctx: Context, number: Number) -> tuple[Transfer, Item]:
    """Return a transfer of the asker, and its item. Raises `UserError`."""
    item, one = await items.get(ctx.db, number), await transfer_store.get(ctx.db, number)
    if one is None or item is None or ctx.who not in (one.giver, one.taker):
        raise UserError(
            _("There is no number {number} here.", number=number),
            _("Your hours: `!hours` in private"),
        )
    ctx.aside |= not ctx.private
    return one, item


async def typed(ctx: Context, number: Number, word: str) -> Answer:
    """Handle `57 yes` and `57 no`; None for anything else. Raises `UserError`."""
    said = fold(word.strip(" .!"))
    if said not in _YES | _NO:
        return None
    one, item = await mine(ctx, number)
    if is_author(ctx, item):
        raise UserError(
            _("{person} is to confirm it. To take it back: `!cancel {number}`",
              person=texts.name(one.other(item.author)), number=number)
        )  # fmt: skip
    if await transfer_store.being_asked(ctx.db, ctx.who):
        await ctx.end_question(RoomId(ctx.who), "")
    return await answered(ctx, one, item.author, yes=said in _YES)


@feature.dialogue("confirm")
async def confirm(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the other person whether the transfer is right."""
    one = await transfer_store.get(ctx.db, Number(data["item"]))
    item = await items.get(ctx.db, Number(data["item"]))
    if one is None or item is None or one.counts:
        return None
    length = texts.length(one.minutes)
    what = {"number": one.item, "person": Person(item.author, full=True), "length": length}
    line = (
        _("{person} gives you {length} for your help (number {number}).", **what)
        if ctx.who == one.taker
        else _("{person} helped you and asks for {length} of yours (number {number}).", **what)
    )
    words = [_("For: “{what}”", what=one.what)] if one.what else []
    answer = ctx.ask("confirm", YES_NO, line, *words, _("Is that so? `yes` or `no`"))
    return await answered(ctx, one, item.author, yes=answer == "yes")


async def answered(ctx: Context, one: Transfer, author: UserId, *, yes: bool) -> Answer:
    """Count the transfer on both sides at once, or delete it."""
    if one.counts:
        return _("Number {number} counts already.", number=one.item)
    await ctx.call_off(one.item)
    if not yes:
        await items.drop(ctx.db, one.item)
        line = _("Number {number} does not count: {person} did not confirm it.", number=one.item,
                 person=Person(ctx.who))  # fmt: skip
        return [_("Good: number {number} does not count.", number=one.item), *told(author, line)]
    await transfer_store.count(ctx.db, one)
    await items.close(ctx.db, one.item)
    line = _(
        "Confirmed by both: {given} (number {number}).", given=texts.given(one), number=one.item
    )
    theirs, own = (
        await transfer_store.balance(ctx.db, author),
        await transfer_store.balance(ctx.db, ctx.who),
    )
    return [
        line,
        _("Your balance: {balance}.", balance=texts.balance(own)),
        *told(author, line, _("Your balance: {balance}.", balance=texts.balance(theirs))),
    ]


def told(person: UserId, *lines: Line) -> list[Effect]:
    return [Say(lines, to=person, loud=True)]


@feature.job("lapse")
async def lapse(ctx: Context, job: Job) -> Answer:
    """Delete a transfer that nobody has confirmed in time."""
    one = await transfer_store.get(ctx.db, job.item) if job.item is not None else None
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if one is None or item is None or one.counts:
        return None
    await items.drop(ctx.db, one.item)
    if not await rooms.shares_room(ctx.db, item.author):
        return None
    late = [_("Late by {span}, because I was away.", span=Span(ctx.now - job.due))]
    return told(
        item.author,
        *(late if ctx.now - job.due > LATE else []),
        _("Number {number} does not count: {person} did not answer in two weeks.",
          number=one.item, person=texts.name(one.other(item.author))),
        _("To ask again: `!hours`"),
    )  # fmt: skip
