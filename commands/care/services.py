"""Services of the care feature: log lines, moved rooms, and a person's data."""

from __future__ import annotations

from bot.api import (
    ADVICE_LINES,
    EXPORT_PERSON,
    FORGET,
    Context,
    Line,
    Moment,
    UserId,
    _,
    items,
    n_,
    rooms,
)
from commands.care import measure_store
from commands.care.declaration import feature
from commands.care.measure_store import Deed, Measure

feature.rows("care_measure", room="room", person="person", on_forget="code")
feature.rows("care_wave", room="room")
feature.rows("care_came", room="room", on_move="keep", why="it counts who came in the last minutes")
feature.log_line("announced", _("announced something to the room"))  # before each had a number


@feature.offers(ADVICE_LINES.of("lost account"))
async def lost_account_lines(_ctx: Context) -> list[Line]:
    """Return how an account in foreign hands is shut out of a room."""
    return [
        _("Whoever moderates shuts the account out of the room: `!remove @bea:server.org stolen`")
    ]


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the ended measures against a person. Those in force stay until their end, under a
    hash. Return lines that say what was deleted."""
    gone, stay = await measure_store.forget_person(ctx.db, person)
    for one in gone:
        await ctx.cancel_jobs(one.item)
        await items.delete(ctx.db, one.item)
    told: list[Line] = []
    if gone:
        told.append(n_("{count} measure that is over", "{count} measures that are over", len(gone)))
    if stay:
        told.append(
            n_(
                "your name in {count} warning, mute or ban: it stays in force without it until it"
                " ends",
                "your name in {count} warnings, mutes and bans: they stay in force without"
                " it until they end",
                stay,
            )
        )
    return told


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each measure (warning, mute, removal, ban) against this person."""
    return [
        await _measure_line(ctx, one) for one in await measure_store.measures_of(ctx.db, person)
    ]


async def _measure_line(ctx: Context, one: Measure) -> Line:
    room = await rooms.get(ctx.db, one.room)
    deeds = {
        Deed.WARN: _("a warning"),
        Deed.MUTE: _("a mute"),
        Deed.REMOVE: _("a removal"),
        Deed.BAN: _("a ban"),
    }
    name = (room.name or room.room) if room else ""
    return _(
        "Number {number}: {deed} in “{room}”, {moment}. Reason: {reason}",
        number=one.item,
        deed=deeds[one.act],
        room=name,
        moment=Moment(one.at),
        reason=one.reason,
    )
