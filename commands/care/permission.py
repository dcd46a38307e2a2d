"""Check whether the bot, and the person who asks, may take a measure against somebody in a room."""

from __future__ import annotations

from bot.api import (
    Context,
    Line,
    Membership,
    Person,
    Room,
    UserError,
    UserId,
    _,
    require_rank,
    rooms,
)
from commands.care.measure_store import Deed

POWER_LEVELS = "m.room.power_levels"
_EVENTS_OF_TALK = ("m.room.message", "m.room.encrypted", "m.reaction", "m.poll.response")


async def find_hindrance(ctx: Context, deed: Deed, room: Room, person: UserId) -> Line | None:
    """Return why the bot cannot do this measure in the room as its state is now, or None if it
    can."""
    name, who = room.name or room.room, Person(person, full=True)
    there = await rooms.membership(ctx.db, room.room, person)
    if deed is Deed.BAN and there is Membership.BAN:
        return _("{who} is banned from “{room}” already.", who=who, room=name)
    if deed is not Deed.BAN and there is not Membership.JOIN:
        return _("{who} is not in “{room}”.", who=who, room=name)
    if deed is Deed.WARN:
        return None
    mine, needed = room.power_of(ctx.me), _needed_power(deed, room)
    if mine < needed:
        return _(
            "I don't have the right to do that in “{room}”: it takes power {needed}, which a"
            " moderator can give me in the room's settings.",
            room=name,
            needed=needed,
        )
    if room.power_of(person) >= mine:
        return _("In “{room}” {who} has as much power as I have.", room=name, who=who)
    return None


def _needed_power(deed: Deed, room: Room) -> int:
    if deed is Deed.MUTE:
        return room.power_for(POWER_LEVELS, state=True)
    return room.power_to("kick" if deed is Deed.REMOVE else "ban")


async def require_allowed(ctx: Context, deed: Deed, room: Room, person: UserId) -> None:
    """Raise `UserError` where the bot cannot do this measure to the person, or the asker may
    not."""
    if person == ctx.me:
        raise UserError(_("I can't do that to myself."))
    if person == ctx.who:
        raise UserError(_("That is yourself. To leave a room: `!leave`"))
    if (line := await find_hindrance(ctx, deed, room, person)) is not None:
        raise UserError(line)
    await require_rank(ctx, room, person)


def mute_power(room: Room) -> int:
    """Return the power level to give to a muted person: below all that writing, reacting and
    inviting take."""
    levels = [room.power_for(kind, state=False) for kind in _EVENTS_OF_TALK]
    return min(*levels, room.power_to("invite"), 0) - 1
