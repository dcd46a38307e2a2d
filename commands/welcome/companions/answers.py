"""Answers to a turn as companion: `I can` or `I can't`, as a reply, alone or with the number."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from bot.api import (
    CANCEL,
    TAKE_ON,
    WAITING_NUMBERS,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Message,
    Number,
    Person,
    Say,
    UserError,
    _,
)
from commands.onboarding import yes_or_no
from commands.onboarding.yes_or_no import CAN, CANNOT, comparison_keys
from commands.welcome.companions import store, turns
from commands.welcome.companions.store import CompanionTurn
from commands.welcome.declaration import feature

FRESH = timedelta(days=1)
"""How long after the newcomer was told a bare `I can't` is still taken as about it."""
_LINE = re.compile(r"([^\d#|]{2,50})(?:#?(\d{1,9}))?[.! ]*")


class TurnAnswer(NamedTuple):
    """An answer to a turn, and the turn's number if it was typed."""

    yes: bool
    number: Number | None


def parse_answer(line: str) -> TurnAnswer | None:
    """Return yes or no if the line answers whether to accompany a newcomer; None if it is neither.

    Cheap, as it runs for everything that is said.
    """
    match = _LINE.fullmatch(line.strip()) if len(line) < 60 else None
    if match is None or not comparison_keys(match[1]) & (CAN | CANNOT):
        return None
    return TurnAnswer(comparison_keys(match[1]) <= CAN, Number(int(match[2])) if match[2] else None)


def is_answer(line: str) -> bool:
    """Return whether a line answers whether to accompany a newcomer."""
    return parse_answer(line) is not None


feature.wants_line = is_answer
feature.listens_in_private_only = True


@feature.on(Message)
async def answer_by_line(ctx: Context, _what: Message) -> Answer:
    """Handle a whole private line that accepts or declines a newcomer, or ask for the number.
    Return what to say, if anything.

    Ignores people without an open turn, who say it about something else.
    """
    found = parse_answer(ctx.text)
    if found is None:
        return None
    open_ = await store.open_turns_of(ctx.db, ctx.who)
    replied_to = await ctx.replied_item("companion")
    if replied_to is not None:
        meant = [pair for pair in open_ if pair.item == replied_to.number]
    elif found.number is not None:
        meant = [pair for pair in open_ if pair.item == found.number]
    else:
        meant = [one for one in open_ if one.told_at is None] or [
            one for one in open_ if one.told_at and ctx.said_at - one.told_at < FRESH
        ][:1]
    if len(meant) > 1:
        number = meant[0].item
        example = (
            _("With the number, for example: `I can {number}`", number=number)
            if found.yes
            else _("With the number, for example: `I can't {number}`", number=number)
        )
        return [_("With whom?"), *(turn_line(pair) for pair in meant), example]
    return await carry_out_answer(ctx, meant[0], yes=found.yes) if meant else None


@feature.reply("companion")
async def answer_by_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Handle a yes or no of companion or newcomer, in reply to a message about accompanying. Return
    what to say, if anything."""
    pair, yes = await find_own_turn(ctx, item.number), yes_or_no.parse(text)
    if pair is None or yes is None:
        return None
    return await carry_out_answer(ctx, pair, yes=yes)


@feature.offers(CANCEL.of("companion"))
async def cancel_turn(ctx: Context, item: Item) -> Answer:
    """Cancel the accompanying of a newcomer, for its companion or newcomer. Return what to say, if
    anything. Raises `UserError` for anybody else."""
    pair = await find_own_turn(ctx, item.number)
    if pair is None:
        raise UserError(_("There is no number {number} here.", number=item.number))
    return await carry_out_answer(ctx, pair, yes=False)


async def find_own_turn(ctx: Context, number: Number) -> CompanionTurn | None:
    """Return the sender's open turn of accompanying: as companion, or as newcomer once they were
    told."""
    pair = await store.get_turn(ctx.db, number)
    if pair is None or pair.is_over:
        return None
    theirs = pair.newcomer == ctx.who and pair.told_at is not None
    return pair if theirs or pair.person == ctx.who else None


def turn_line(pair: CompanionTurn) -> Line:
    """Return a line with the number and the newcomer of a turn of accompanying."""
    return Line("{number}: {person}", {"number": pair.item, "person": Person(pair.newcomer)})


async def carry_out_answer(ctx: Context, pair: CompanionTurn, *, yes: bool) -> list[Line | Effect]:
    """Store the yes or no of companion or newcomer, and return what to tell them."""
    if ctx.who == pair.newcomer:
        return [_("Good.")] if yes else await _end_by_newcomer(ctx, pair)
    if not yes:
        return [
            _("Noted: not this time. It is good that you said so."),
            _("To stop offering it: `!accompany no`"),
            *await turns.pass_turn(ctx, pair),
        ]
    lines: list[Line | Effect] = [
        _(
            "Noted: you accompany {person}, who hears it from me. You can write to them first.",
            person=Person(pair.newcomer),
        ),
        _("If it doesn't work out after all: `I can't {number}`", number=pair.item),
    ]
    return lines if pair.told_at else [*lines, await turns.tell_newcomer(ctx, pair)]


async def _end_by_newcomer(ctx: Context, pair: CompanionTurn) -> list[Line | Effect]:
    """End a turn because the newcomer does not want it, and tell the companion."""
    await turns.end_turn(ctx, pair)
    kindly = _(
        "{person} would rather find their own way for now. It was good that you were there.",
        person=Person(pair.newcomer),
    )
    return [
        _("Noted. For questions there are the room and `!help`."),
        Say((kindly,), to=pair.person),
    ]


@feature.offers(TAKE_ON.of("companion"))
async def taking_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to agree to accompany a newcomer, or None for others than the companion
    asked."""
    pair = await find_own_turn(ctx, item.number)
    asked = pair is not None and pair.person == ctx.who
    return f"accompany yes {item.number}" if asked else None


@feature.offers(WAITING_NUMBERS)
async def waiting_numbers(ctx: Context) -> list[Number]:
    """Return the numbers of the newcomers' turns that this person was asked to take."""
    open_ = await store.open_turns_of(ctx.db, ctx.who)
    return [one.item for one in open_ if one.person == ctx.who and one.told_at is None]
