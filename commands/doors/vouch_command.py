"""`!vouch`: members say that they know who knocks. Only those who decide see who did."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Number,
    Person,
    TakesBack,
    UserError,
    _,
    rooms,
    words,
)
from commands.doors import ballot, store, vouches, waiting_list
from commands.doors.declaration import feature
from commands.doors.store import Request
from commands.onboarding.declaration import NEWCOMERS

WEEK = timedelta(days=7)
MOST = 5
"""How many people a member can vouch for in a week."""


@feature.command(
    words("avalar", "recomendar", "vouch", "respaldo, respaldar | indicar"),
    help=_("vouch for who knocks and is known to you"),
    example=_(
        "For example: `!vouch {number}`, or to take it back: `!vouch {number} no`", number=57
    ),
    topic=NEWCOMERS,
    of=("request",),
    where=CommandPlace.PRIVATE,
)
async def vouch(ctx: Context, takes_back: TakesBack, number: Number) -> Answer:
    """Vouch for a request to come in, once, or take that back as long as nobody has decided. Return
    the answer.

    Raises `UserError` if there is no such open request, for oneself, and beyond the limit.
    """
    request = await _open(ctx, number)
    if takes_back:
        return await _take_back(ctx, request)
    if request.person == ctx.who:
        raise UserError(_("You can't vouch for yourself: ask somebody who knows you."))
    back = _("To take it back: `!vouch {number} no`", number=request.item)
    if await vouches.has_vouched(ctx.db, request.item, ctx.who):
        person = Person(request.person, full=True)
        return [_("You vouch for {person} already.", person=person), back]
    if await vouches.count_vouches_since(ctx.db, ctx.who, ctx.said_at - WEEK) >= MOST:
        raise UserError(
            _("You vouched for {most} people in a week. Later you can again.", most=MOST)
        )
    await vouches.add_vouch(ctx.db, request.item, ctx.who, ctx.said_at)
    await ballot.start_decision(ctx, request)
    lines = [
        _(
            "Noted: you vouch for {person}. Only those who decide see that it was you.",
            person=Person(request.person, full=True),
        ),
        back,
    ]
    await waiting_list.show_step(ctx, request.item)
    return lines


async def _open(ctx: Context, number: Number) -> Request:
    """Return the open request.

    Raises `UserError` if there is none, and for people who share no room with the bot.
    """
    found = await store.get_request(ctx.db, number)
    member = await rooms.shares_chat_room(ctx.db, ctx.who)
    if found is None or not found.open or not member:
        raise UserError(_("There is no open request {number}.", number=number))
    return found


async def _take_back(ctx: Context, request: Request) -> Answer:
    if not await vouches.remove_vouch(ctx.db, request.item, ctx.who):
        return [_("You have not vouched for request {number}.", number=request.item)]
    await waiting_list.show_step(ctx, request.item)
    return [_("Taken back: you don't vouch for {person} any more.", person=Person(request.person))]
