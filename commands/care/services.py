"""Services of the care feature: log lines, moved rooms, and a person's data."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import (
    DESCRIBE,
    EXPORT,
    FORGET,
    MOVE,
    PENDING,
    Context,
    Effect,
    Line,
    Moment,
    Person,
    RoomId,
    UserId,
    _,
    items,
    log,
    n_,
    rooms,
)
from commands.care import measure_store
from commands.care.ban_lists import list_store
from commands.care.declaration import WAITING_JOB, feature
from commands.care.incidents import care_team, incident_command, incident_store
from commands.care.measure_store import Deed, Measure

MOST_PENDING = 20


@feature.offers(DESCRIBE)
async def describe_entry(_ctx: Context, entry: log.LogEntry) -> Line | None:
    """Describe a log entry without naming the person concerned."""
    facts = entry.facts
    number, reason = facts.get("number"), facts.get("reason", "")
    who = Person(UserId(facts["person"])) if facts.get("person") else _("somebody")
    if entry.act == "warned":
        return _(
            "warned somebody (number {number}). Reason: {reason}", number=number, reason=reason
        )
    if entry.act == "muted":
        until = Moment(datetime.fromtimestamp(facts["until"], UTC))
        return _(
            "silenced somebody until {until} (number {number}). Reason: {reason}",
            until=until,
            number=number,
            reason=reason,
        )
    if entry.act == "removed":
        return _(
            "took somebody out (number {number}). Reason: {reason}", number=number, reason=reason
        )
    if entry.act == "banned":
        return _(
            "banned somebody (number {number}). Reason: {reason}", number=number, reason=reason
        )
    if entry.act == "door_closed":
        return _(
            "closed the door for an hour: more than {count} people came in within ten minutes",
            count=facts.get("count", 0),
        )
    if entry.act == "door_opened":
        return _("opened the door again")
    if entry.act == "announced":
        return _("announced something to the room")
    if entry.act == "listed":
        return _("put {who} onto the ban list. Reason: {reason}", who=who, reason=reason)
    if entry.act == "list_followed":
        return _("follows the ban list “{list}”", list=facts.get("list", ""))
    if entry.act == "list_left":
        return _("follows the ban list “{list}” no more", list=facts.get("list", ""))
    if entry.act == "lifted":
        return _("lifted number {number}", number=number)
    return None


@feature.offers(MOVE)
async def move_room(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Carry over measures, lists and counts to the room that replaces the old one."""
    await measure_store.move_room(ctx.db, old, new)
    await ctx.db.run("UPDATE OR IGNORE care_list SET room = ? WHERE room = ?", new, old)
    await ctx.db.run("UPDATE OR IGNORE care_wave SET room = ? WHERE room = ?", new, old)
    return []


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
    await incident_store.forget_person(ctx.db, person)
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


@feature.offers(EXPORT)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
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
