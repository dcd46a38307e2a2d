"""Services of the care feature: log lines, moved rooms, and a person's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    EXPORT_PERSON,
    FORGET,
    PENDING,
    Context,
    Line,
    Moment,
    Person,
    RoomId,
    UserId,
    _,
    items,
    n_,
    rooms,
)
from commands.care import measure_store
from commands.care.ban_lists import list_store
from commands.care.declaration import WAITING_JOB, feature
from commands.care.incidents import care_team, incident_command, incident_store
from commands.care.measure_store import Deed, Measure

feature.rows("care_measure", room="room", person="person", on_forget="code")
feature.rows("care_incident", person=("reporter", "owner"), on_forget="blank")
feature.rows("care_list", room="room")
feature.rows("care_wave", room="room")
feature.rows("care_came", room="room", on_move="keep", why="it counts who came in the last minutes")
feature.rows("care_rule", person="entity", on_forget="code")
feature.rows("care_rule", room="list")


def _name_listed(facts: Mapping[str, Any]) -> dict[str, Any]:
    person = facts.get("person")
    return {"who": Person(UserId(person)) if person else _("somebody")}


feature.log_line(
    "listed", _("put {who} onto the ban list. Reason: {reason}", reason=""), values=_name_listed
)
feature.log_line("list_followed", _("follows the ban list “{list}”"))
feature.log_line("list_left", _("follows the ban list “{list}” no more"))

MOST_PENDING = 20


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete what has ended. Measures in force stay, under a hash, until their end."""
    gone, stay = await measure_store.forget_person(ctx.db, person)
    for one in gone:
        await ctx.cancel_jobs(one.item)
        await items.delete(ctx.db, one.item)
    told = await _forget_incidents(ctx, person)
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


async def _forget_incidents(ctx: Context, person: UserId) -> list[Line]:
    """Delete settled incidents. Open ones stay without the reporter's name."""
    mine = await incident_store.reported_by(ctx.db, person)
    for one in mine:
        if one.closed is not None:
            await ctx.cancel_jobs(one.item)
            await items.delete(ctx.db, one.item)
    for one in await incident_store.owned_by(ctx.db, person):
        if one.closed is None:
            await ctx.cancel_jobs(one.item)
            await ctx.schedule(WAITING_JOB, ctx.now, item=one.item)
    await list_store.forget_person(ctx.db, person)
    stay = sum(one.closed is None for one in mine)
    told: list[Line] = []
    if len(mine) > stay:
        told.append(
            n_(
                "{count} incident that is settled",
                "{count} incidents that are settled",
                len(mine) - stay,
            )
        )
    if stay:
        told.append(
            n_(
                "your name at {count} open incident: it stays without it until it is settled",
                "your name at {count} open incidents: they stay without it until they are settled",
                stay,
            )
        )
    return told


@feature.offers(PENDING)
async def pending_incidents(ctx: Context, room: RoomId) -> list[Line]:
    """List open incidents in the care team's room, except those that somebody there must not
    see."""
    place = await care_team.team_room(ctx)
    if place is None or place.room != room:
        return []
    found = await incident_store.open_incidents(ctx.db, MOST_PENDING)
    return [
        await incident_command.state_line(ctx, one)
        for one in found
        if (await care_team.team_for(ctx, one)).room is not None
    ]


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return all that is kept here about the person: measures, reports, incidents in their care."""
    told = [
        await _measure_line(ctx, one) for one in await measure_store.measures_of(ctx.db, person)
    ]
    for one in await incident_store.reported_by(ctx.db, person):
        said = tuple(await incident_store.texts_of(ctx.db, one))
        told += [await incident_command.state_line(ctx, one), _("“{text}”", text=said)]
    return told + [
        _("You take care of incident {number}.", number=one.item)
        for one in await incident_store.owned_by(ctx.db, person)
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
