"""What the care for each other does for the rest: the log's lines, moved rooms, a person's data."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import (
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
from commands.care import store
from commands.care.base import feature
from commands.care.store import Deed, Measure


@feature.service("describe")
async def describe(_ctx: Context, entry: log.Entry) -> Line | None:
    """A warning is between the person and the moderation; what all can see names them."""
    facts = entry.facts
    number, reason = facts.get("number"), facts.get("reason", "")
    who = Person(UserId(facts["person"])) if facts.get("person") else _("somebody")
    if entry.act == "warned":
        return _("warned somebody (number {number}). Reason: {reason}",
                 number=number, reason=reason)  # fmt: skip
    if entry.act == "muted":
        until = Moment(datetime.fromtimestamp(facts["until"], UTC))
        return _("silenced {who} until {until} (number {number}). Reason: {reason}",
                 who=who, until=until, number=number, reason=reason)  # fmt: skip
    if entry.act == "removed":
        return _("took {who} out (number {number}). Reason: {reason}",
                 who=who, number=number, reason=reason)  # fmt: skip
    if entry.act == "banned":
        return _("banned {who} (number {number}). Reason: {reason}",
                 who=who, number=number, reason=reason)  # fmt: skip
    if entry.act == "lifted":
        return _("lifted number {number}", number=number)
    return None


@feature.service("move")
async def move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """What holds in a room holds in the one that replaces it."""
    await store.move(ctx.db, old, new)
    return []


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """What protects others stays without a name, as a hash, until its own end."""
    gone, stay = await store.forget(ctx.db, person)
    for one in gone:
        await ctx.call_off(one.item)
        await items.drop(ctx.db, one.item)
    told: list[Line] = []
    if gone:
        told.append(n_("{count} measure that is over", "{count} measures that are over", len(gone)))
    if stay:
        told.append(
            n_("your name in {count} warning, mute or ban: it stays in force without it until it"
               " ends", "your name in {count} warnings, mutes and bans: they stay in force without"
               " it until they end", stay)
        )  # fmt: skip
    return told


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    return [await _told(ctx, one) for one in await store.of_person(ctx.db, person)]


async def _told(ctx: Context, one: Measure) -> Line:
    room = await rooms.get(ctx.db, one.room)
    deeds = {
        Deed.WARN: _("a warning"),
        Deed.MUTE: _("a mute"),
        Deed.REMOVE: _("a removal"),
        Deed.BAN: _("a ban"),
    }
    name = (room.name or room.room) if room else ""
    return _("Number {number}: {deed} in “{room}”, {moment}. Reason: {reason}", number=one.item,
             deed=deeds[one.act], room=name, moment=Moment(one.at), reason=one.reason)  # fmt: skip
