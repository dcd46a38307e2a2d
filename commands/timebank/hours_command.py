"""`!hours 2 to @ana guitar lesson`: give or get hours; without arguments, show the balance."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    MissingArgument,
    Number,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    choice_of,
    nearby_people,
    rooms,
    split_page,
    words,
)
from commands.timebank import confirmation, hours_parser, texts, transfer_store
from commands.timebank.declaration import (
    CONFIRM_WITHIN,
    EVERYBODY,
    EXAMPLE,
    LAPSE_JOB,
    LEAST_MINUTES,
    LONGEST_TEXT,
    MOST_MINUTES,
    MOST_WAITING,
    PAGE_LINES,
    TIMEBANK,
    feature,
    visible_hours,
)
from commands.timebank.hours_parser import HoursRequest
from commands.timebank.transfer_store import Transfer

MOST_SHOWN = 8
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
    """Give (`2 to @ana …`) or get (`2 from @ana …`) hours of the time bank, answer by number, or
    show a page (`p2`). Return the answer."""
    # Amount, person and reason are one sentence: `hours_parser` reads it.
    visible = await visible_hours(ctx)
    text = f"{text} {ctx.answers.get('part:person', '')}".strip()
    page, left = split_page(text, bare=False)
    if text and not left:
        return await _show_balances(ctx, page)
    if one := re.fullmatch(r"#?(\d{1,9})\s+(\S+)", text):
        answered = await confirmation.answer_by_number(ctx, Number(int(one[1])), one[2])
        if answered is not None:
            return answered
    if not text:
        return (
            await show_balance(ctx)
            if ctx.is_private or visible != EVERYBODY
            else await _show_balances(ctx, 1)
        )
    return await _begin_transfer(ctx, await _read_line(ctx, text))


async def _read_line(ctx: Context, text: str) -> HoursRequest:
    pills = {
        one: await rooms.display_name(ctx.db, one, ctx.room)
        for one in ctx.origin.mentions
        if one != ctx.me
    }
    names = await nearby_people(ctx) if "@" in text and not pills else {}
    return hours_parser.read_hours(text, pills, names)


async def _begin_transfer(ctx: Context, said: HoursRequest) -> Answer:
    minutes, person = _checked_minutes(said), await _checked_person(ctx, said)
    gives = said.gives
    if gives is None:
        who = Person(person)
        answer = ctx.ask(
            "who gives",
            choice_of(2),
            _("Who helped whom?"),
            _(
                "1) {person} helped you: you give {length}",
                person=who,
                length=texts.hours_span(minutes),
            ),
            _(
                "2) You helped {person}: you get {length}",
                person=who,
                length=texts.hours_span(minutes),
            ),
            _("Answer with the number."),
        )
        gives = answer == "1"
    await _check_limits(ctx)
    number = await _new_number(ctx)
    giver, taker = (ctx.who, person) if gives else (person, ctx.who)
    one = Transfer(number, giver, taker, minutes, said.what, ctx.said_at)
    await transfer_store.put_transfer(ctx.db, one)
    await ctx.begin_dialogue("confirm", person, {"item": number})
    await ctx.schedule(LAPSE_JOB, ctx.said_at + CONFIRM_WITHIN, item=number, person=ctx.who)
    return [
        _("Number {number}: {given}.", number=number, given=texts.transfer_line(one)),
        _(
            "It counts when {person} confirms; I ask them in private. To take it back:"
            " `!cancel {number}`",
            person=Person(person),
            number=number,
        ),
    ]


def _checked_minutes(said: HoursRequest) -> int:
    """Return how many minutes. Raises `UserError`."""
    if said.minutes is None:
        raise UserError(_("How many hours? Write them first."), EXAMPLE)
    if not LEAST_MINUTES <= said.minutes <= MOST_MINUTES:
        raise UserError(
            _(
                "From {least} to {most} in one go.",
                least=texts.hours_span(LEAST_MINUTES),
                most=texts.hours_span(MOST_MINUTES),
            )
        )
    if len(said.what) > LONGEST_TEXT:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_TEXT))
    return said.minutes


async def _checked_person(ctx: Context, said: HoursRequest) -> UserId:
    """Return the other person, who must share a room with the asker and the bot.

    Raises `UserError`.
    """
    if said.several:
        raise UserError(_("With one person at a time, please."), EXAMPLE)
    if said.unknown:
        raise UserError(
            _(
                "I know nobody called {name} here; with the whole address I do.",
                name=said.unknown[:60],
            )
        )
    if said.person is None:
        raise MissingArgument("person", _("with whom, as `@name:server`"))
    if said.person == ctx.who:
        raise UserError(_("That is you. With whom?"), EXAMPLE)
    together = await rooms.rooms_of_both(ctx.db, ctx.who, said.person)
    if not together or said.person == ctx.me:
        raise UserError(
            _(
                "{person} is in no room with you and me, so I can't ask them.",
                person=Person(said.person, full=True),
            )
        )
    return said.person


async def _check_limits(ctx: Context) -> None:
    waiting = await transfer_store.transfers_of(ctx.db, ctx.who, MOST_WAITING, counting=False)
    if not ctx.defaults.unlimited and len(waiting) >= MOST_WAITING:
        raise UserError(
            _("{count} entries wait for a word already; that is all I keep.", count=MOST_WAITING)
        )


async def _new_number(ctx: Context) -> Number:
    """Create the item in the asker's private room: nobody else may see it."""
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    return await ctx.add_item("hours", "", home or RoomId(ctx.who))


# --- looking --------------------------------------------------------------------------------------


async def show_balance(ctx: Context) -> Answer:
    """Show the asker's balance of hours and latest transfers, in private. Return what to say, if
    anything."""
    mine = await transfer_store.get_balance(ctx.db, ctx.who)
    lines: list[Line] = [_("Your balance: {balance}.", balance=texts.balance_line(mine))]
    waiting = await transfer_store.transfers_of(ctx.db, ctx.who, MOST_SHOWN, counting=False)
    if waiting:
        lines.append(_("Not confirmed by both yet:"))
        lines += [
            _("{number}: {given}", number=one.item, given=texts.transfer_line(one))
            for one in waiting
        ]
    done = await transfer_store.transfers_of(ctx.db, ctx.who, MOST_SHOWN, counting=True)
    if done:
        lines.append(_("The last ones:"))
        lines += [
            _("{number}: {given}", number=one.item, given=texts.transfer_line(one)) for one in done
        ]
    lines.append(EXAMPLE)
    if ctx.is_private:
        return lines
    letter: Effect = Say(tuple(lines), to=ctx.who)
    return [_("I wrote to you in private."), letter]


async def _show_balances(ctx: Context, page: int) -> Answer:
    """Show all balances, if the network shows them."""
    if await visible_hours(ctx) != EVERYBODY:
        raise UserError(_("In this network each sees their own hours only: `!hours` in private."))
    skip = (max(page, 1) - 1) * PAGE_LINES
    found = await transfer_store.all_balances(ctx.db, PAGE_LINES + 1, skip)
    if not found:
        return [_("No hours yet.") if not skip else _("No more balances."), EXAMPLE]
    lines = [
        _(
            "{person}: {balance}",
            person=texts.person_name(person),
            balance=texts.balance_line(minutes),
        )
        for person, minutes in found[:PAGE_LINES]
    ]
    if len(found) > PAGE_LINES:
        return [*lines, _("More: `!hours p{page}`", page=max(page, 1) + 1)]
    return [*lines, _("All together it is always 0.")]
