"""`!hours 2 to @ana guitar lesson`: give or get hours; without arguments, show the balance."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Missing,
    Number,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    choice,
    nearby,
    rooms,
    words,
)
from commands.timebank import confirmation, hours_parser, texts, transfer_store
from commands.timebank.declaration import (
    ALL,
    EXAMPLE,
    LAPSES,
    LEAST,
    LONGEST,
    MOST,
    MOST_WAITING,
    PAGE,
    TIMEBANK,
    feature,
    seen,
)
from commands.timebank.hours_parser import Said
from commands.timebank.transfer_store import Transfer

SHOWN = 8
"""How many of the latest transfers are shown."""


@feature.command(
    words(
        "horas",
        "horas",
        "hours",
        "banco de horas, banco de tiempo, mis horas | banco de tempo, minhas horas"
        " | time bank, my hours",
    ),
    help=_("hours you gave or got for help, where the network keeps them"),
    example=EXAMPLE,
    topic=TIMEBANK,
)
async def hours(ctx: Context, *, text: str = "") -> Answer:
    """Give (`2 to @ana …`) or get (`2 from @ana …`) hours, answer by number, or show a page
    (`p2`)."""
    visible = await seen(ctx)
    text = f"{text} {ctx.known.get('part:person', '')}".strip()
    if page := re.fullmatch(r"[pP]\.?\s*(\d{1,4})", text):
        return await _everybody(ctx, int(page[1]))
    if one := re.fullmatch(r"#?(\d{1,9})\s+(\S+)", text):
        answered = await confirmation.typed(ctx, Number(int(one[1])), one[2])
        if answered is not None:
            return answered
    if not text:
        return await own(ctx) if ctx.private or visible != ALL else await _everybody(ctx, 1)
    return await _give(ctx, await _said(ctx, text))


async def _said(ctx: Context, text: str) -> Said:
    pills = {
        one: await rooms.display_name(ctx.db, one, ctx.room)
        for one in ctx.origin.mentions
        if one != ctx.me
    }
    names = await nearby(ctx) if "@" in text and not pills else {}
    return hours_parser.read(text, pills, names)


async def _give(ctx: Context, said: Said) -> Answer:
    minutes, person = _whole(said), await _other(ctx, said)
    gives = said.gives
    if gives is None:
        who = Person(person)
        answer = ctx.ask(
            "who gives",
            choice(2),
            _("Who helped whom?"),
            _(
                "1) {person} helped you: you give {length}",
                person=who,
                length=texts.length(minutes),
            ),
            _("2) You helped {person}: you get {length}", person=who, length=texts.length(minutes)),
            _("Answer with the number."),
        )
        gives = answer == "1"
    await _bounds(ctx)
    number = await _number(ctx)
    giver, taker = (ctx.who, person) if gives else (person, ctx.who)
    one = Transfer(number, giver, taker, minutes, said.what, ctx.now)
    await transfer_store.put(ctx.db, one)
    await ctx.begin("confirm", person, {"item": number})
    await ctx.schedule("lapse", ctx.now + LAPSES, item=number, person=ctx.who)
    return [
        _("Number {number}: {given}.", number=number, given=texts.given(one)),
        _("It counts when {person} confirms; I ask them in private. To take it back:"
          " `!cancel {number}`", person=Person(person), number=number),
    ]  # fmt: skip


def _whole(said: Said) -> int:
    """Return how many minutes. Raises `UserError`."""
    if said.minutes is None:
        raise UserError(_("How many hours? Write them first."), EXAMPLE)
    if not LEAST <= said.minutes <= MOST:
        raise UserError(
            _(
                "From {least} to {most} in one go.",
                least=texts.length(LEAST),
                most=texts.length(MOST),
            )
        )
    if len(said.what) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    return said.minutes


async def _other(ctx: Context, said: Said) -> UserId:
    """Return the other person, who must share a room with the asker and the bot.

    Raises `UserError`.
    """
    if said.several:
        raise UserError(_("With one person at a time, please."), EXAMPLE)
    if said.unknown:
        raise UserError(
            _("I know nobody called {name} here; with the whole address I do.",
              name=said.unknown[:60])
        )  # fmt: skip
    if said.person is None:
        raise Missing("person", _("with whom, as `@name:server`"))
    if said.person == ctx.who:
        raise UserError(_("That is you. With whom?"), EXAMPLE)
    together = await rooms.both_in(ctx.db, ctx.who, said.person)
    if not together or said.person == ctx.me:
        raise UserError(
            _("{person} is in no room with you and me, so I can't ask them.",
              person=Person(said.person, full=True))
        )  # fmt: skip
    return said.person


async def _bounds(ctx: Context) -> None:
    waiting = await transfer_store.of_person(ctx.db, ctx.who, MOST_WAITING, counting=False)
    if not ctx.defaults.unlimited and len(waiting) >= MOST_WAITING:
        raise UserError(
            _("{count} entries wait for a word already; that is all I keep.", count=MOST_WAITING)
        )


async def _number(ctx: Context) -> Number:
    """Create the item in the asker's private room: nobody else may see it."""
    home = ctx.room if ctx.private else await rooms.private_room(ctx.db, ctx.who)
    return await ctx.new_item("hours", "", home or RoomId(ctx.who))


# --- looking --------------------------------------------------------------------------------------


async def own(ctx: Context) -> Answer:
    """Show the asker's balance and latest transfers, in private."""
    mine = await transfer_store.balance(ctx.db, ctx.who)
    lines: list[Line] = [_("Your balance: {balance}.", balance=texts.balance(mine))]
    waiting = await transfer_store.of_person(ctx.db, ctx.who, SHOWN, counting=False)
    if waiting:
        lines.append(_("Not confirmed by both yet:"))
        lines += [
            _("{number}: {given}", number=one.item, given=texts.given(one)) for one in waiting
        ]
    done = await transfer_store.of_person(ctx.db, ctx.who, SHOWN, counting=True)
    if done:
        lines.append(_("The last ones:"))
        lines += [_("{number}: {given}", number=one.item, given=texts.given(one)) for one in done]
    lines.append(EXAMPLE)
    if ctx.private:
        return lines
    letter: Effect = Say(tuple(lines), to=ctx.who)
    return [_("I wrote to you in private."), letter]


async def _everybody(ctx: Context, page: int) -> Answer:
    """Show all balances, if the network shows them."""
    if await seen(ctx) != ALL:
        raise UserError(_("In this network each sees their own hours only: `!hours` in private."))
    skip = (max(page, 1) - 1) * PAGE
    found = await transfer_store.balances(ctx.db, PAGE + 1, skip)
    if not found:
        return [_("No hours yet.") if not skip else _("No more balances."), EXAMPLE]
    lines = [
        _("{person}: {balance}", person=texts.name(person), balance=texts.balance(minutes))
        for person, minutes in found[:PAGE]
    ]
    if len(found) > PAGE:
        return [*lines, _("More: `!hours p{page}`", page=max(page, 1) + 1)]
    return [*lines, _("All together it is always 0.")]
