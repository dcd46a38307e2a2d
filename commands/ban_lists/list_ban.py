"""`!ban 57`: ban everybody whom a ban list rule names, where the asker moderates."""

from __future__ import annotations

from bot.api import (
    ActRequest,
    Answer,
    Context,
    Effect,
    Line,
    Number,
    Person,
    Room,
    Say,
    UserError,
    UserId,
    _,
    answer_parts,
    carry_out,
    n_,
    outranks,
    rooms,
)
from commands.ban_lists import ban_lists_command
from commands.care import permission, target_rooms
from commands.care.measure_store import Deed

MOST_BANS = 50
"""Bans in one command: more than that is no single decision."""
MOST_SHOWN = 10


async def ban_by_rule(ctx: Context, number: Number) -> Answer:
    """Show every person and room concerned by a ban list's rule, then ban them as each room's rules
    say. Return what to say, if anything.

    Raises `UserError` if there is no such rule, or it names nobody or too many.
    """
    found = await ban_lists_command.rule_and_people(ctx, number)
    if found is None:
        raise UserError(_("There is no number {number} here.", number=number))
    one, people = found
    touched = [(who, room) for who in people for room in await _bannable_rooms(ctx, who)]
    if not touched:
        raise UserError(_("It names nobody in the rooms that you moderate."))
    if len(touched) > MOST_BANS:
        raise UserError(
            _(
                "That would be {count} bans at once: {most} at most.",
                count=len(touched),
                most=MOST_BANS,
            ),
            _("Please ban who needs it one by one: `!ban @name:server` and the reason"),
        )
    named = tuple(Person(who, full=True) for who in dict.fromkeys(who for who, _room in touched))
    places = tuple(dict.fromkeys(room.name or room.room for _who, room in touched))
    ctx.confirm(
        n_(
            "{count} ban, by number {number}.",
            "{count} bans, by number {number}.",
            len(touched),
            number=number,
        ),
        _("Who: {people}", people=named[:MOST_SHOWN]),
        _("Where: {rooms}", rooms=places[:MOST_SHOWN]),
        _("The list's reason: {reason}", reason=one.rule.reason or "–"),
        final=True,
    )
    return await _carry_out(ctx, number, touched, one.rule.reason)


async def _bannable_rooms(ctx: Context, person: UserId) -> list[Room]:
    """Return the rooms with this person where the asker moderates and the bot can ban."""
    return [
        room
        for room in await rooms.shared_rooms(ctx.db, person)
        if await target_rooms.is_allowed(ctx, Deed.BAN, room)
        and await outranks(ctx, room, person)
        and await permission.find_hindrance(ctx, Deed.BAN, room, person) is None
    ]


async def _carry_out(
    ctx: Context, number: Number, touched: list[tuple[UserId, Room]], why: str
) -> Answer:
    reason = await ctx.render_line(
        _("a shared ban list says: {reason}", reason=why or "–"), touched[0][1].room
    )
    answers: list[Line | Effect] = [
        _("Done, by number {number}. It stands in `!log`.", number=number)
    ]
    for who, room in touched:
        payload = {"person": who, "reason": reason, "quiet": True}
        what = _("Ban {who}", who=Person(who, full=True))
        answer = await carry_out(ctx, ActRequest(Deed.BAN, room.room, what, payload))
        answers += answer_parts(answer)
    told = (
        _("You were taken out of rooms of this network, and can't come in until that is lifted."),
        _("Reason: {reason}", reason=reason),
    )
    return [*answers, *(Say(told, to=who) for who in dict.fromkeys(who for who, _r in touched))]
