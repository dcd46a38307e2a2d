"""Carry out warnings, mutes, removals and bans once the room's rules allow them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import (
    ACCEPTED_RULES,
    Answer,
    Context,
    Effect,
    Line,
    Moment,
    Number,
    Person,
    Remove,
    Room,
    RoomId,
    Say,
    SetPowerLevel,
    Span,
    UserError,
    UserId,
    _,
    items,
    n_,
    rooms,
    words,
)
from commands.care import measure_end, measure_store, permission, person_hash
from commands.care.declaration import APPEAL_PERIOD, LAPSE_JOB, UNMUTE_JOB, WARNING_LIFE, feature
from commands.care.measure_store import Deed, Measure

feature.log_line("warned", _("warned somebody (number {number}). Reason: {reason}", reason=""))


@feature.act(
    "warn", words("advertencia", "advertência", "warning", "advertir, warn"), _("warn somebody")
)
async def warn(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Store a warning that counts for a limited time, and write it to the person. Only they and the
    giver read it. Return what to say, if anything."""
    place, person = await _joined_room(ctx, room), UserId(payload["person"])
    await permission.require_allowed(ctx, Deed.WARN, place, person)
    life = timedelta(seconds=int(await ctx.setting_value(WARNING_LIFE, room)))
    one = await _store_measure(ctx, Deed.WARN, place, payload, until=ctx.now + life)
    count = await measure_store.count_warnings(ctx.db, room, one.mark, ctx.now)
    facts = {"number": one.item, "reason": one.reason, "count": count}
    await ctx.log("warned", facts, room=room, undo={"number": one.item})
    number = n_(
        "It is the only one of the last {span}.",
        "It is number {count} of the last {span}.",
        count,
        span=Span(life),
    )
    first = _(
        "A warning from the moderation of “{room}”: {reason}",
        room=_room_name(place),
        reason=one.reason,
    )
    told = [
        first,
        number,
        _("Only you read this; the room's log keeps the reason, without your name."),
    ]
    said = _(
        "Warning {number} for {who}: they read it in private.",
        number=one.item,
        who=_person_shown(ctx, person),
    )
    return _result(payload, [said, number], await _notify_person(ctx, one, told, payload))


feature.log_line(
    "muted",
    _("silenced somebody until {until} (number {number}). Reason: {reason}", reason=""),
    values=lambda facts: {"until": Moment(datetime.fromtimestamp(facts["until"], UTC))},
)


@feature.act(
    "mute", words("silencio", "silêncio", "mute", "silenciar"), _("silence somebody for a time")
)
async def mute(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Mute the person in the room until a date. A mute in force is prolonged. Return what to say,
    if anything."""
    place, person = await _joined_room(ctx, room), UserId(payload["person"])
    await permission.require_allowed(ctx, Deed.MUTE, place, person)
    until = ctx.now + timedelta(seconds=int(payload["seconds"]))
    mark = await person_hash.hash_person(ctx.db, person)
    before = await measure_store.measures_in_force(ctx.db, room, mark, Deed.MUTE)
    effects: list[Effect] = []
    if before:
        one = before[0]
        await measure_store.prolong_mute(ctx.db, one.item, until, str(payload["reason"]))
        await ctx.cancel_jobs(one.item)
    else:
        level, now = permission.mute_power(place), place.entry_of(person)
        one = await _store_measure(
            ctx, Deed.MUTE, place, payload, until=until, level=level, before=now
        )
        effects.append(SetPowerLevel(person, level, now, room))
        told_here = _(
            "The moderators silenced somebody until {moment}. Why: `!log`", moment=Moment(until)
        )
        effects.append(Say((told_here,), room=room))
    await ctx.schedule(UNMUTE_JOB, until, item=one.item, room=room)
    facts = {
        "number": one.item,
        "person": person,
        "reason": payload["reason"],
        "until": until.timestamp(),
    }
    await ctx.log("muted", facts, room=room, undo={"number": one.item})
    told = [
        _(
            "In “{room}” you can't write until {moment}, and then again by yourself.",
            room=_room_name(place),
            moment=Moment(until),
        ),
        _("Reason: {reason}", reason=payload["reason"]),
    ]
    said = _(
        "{who} can't write here until {moment}. Number {number}.",
        who=_person_shown(ctx, person),
        moment=Moment(until),
        number=one.item,
    )
    return _result(payload, [said], [*effects, *await _notify_person(ctx, one, told, payload)])


@feature.act(
    "remove",
    words("expulsión", "expulsão", "removal", "expulsar, sacar, remove"),
    _("remove somebody"),
)
async def remove(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Remove the person from the room. They can be invited again. Return what to say, if
    anything."""
    return await _remove_or_ban(ctx, Deed.REMOVE, room, payload)


@feature.act("ban", words("veto", "banimento", "ban", "vetar, banir"), _("ban somebody"))
async def ban(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Ban the person until the ban is lifted. Return what to say, if anything."""
    return await _remove_or_ban(ctx, Deed.BAN, room, payload)


feature.log_line("removed", _("took somebody out (number {number}). Reason: {reason}", reason=""))
feature.log_line("banned", _("banned somebody (number {number}). Reason: {reason}", reason=""))


async def _remove_or_ban(
    ctx: Context, deed: Deed, room: RoomId, payload: Mapping[str, Any]
) -> Answer:
    place, person = await _joined_room(ctx, room), UserId(payload["person"])
    await permission.require_allowed(ctx, deed, place, person)
    until = ctx.now + APPEAL_PERIOD if deed is Deed.REMOVE else None
    one = await _store_measure(ctx, deed, place, payload, until=until)
    if until is not None:
        await ctx.schedule(LAPSE_JOB, until, item=one.item, room=room)
    act = "removed" if deed is Deed.REMOVE else "banned"
    undo = {"number": one.item} if deed is Deed.BAN else None
    facts = {"number": one.item, "person": person, "reason": one.reason}
    await ctx.log(act, facts, room=room, undo=undo)
    first = (
        _("You were taken out of “{room}”.", room=_room_name(place))
        if deed is Deed.REMOVE
        else _(
            "You were taken out of “{room}”, and can't come in until that is lifted.",
            room=_room_name(place),
        )
    )
    told = [first, _("Reason: {reason}", reason=one.reason)]
    said = (
        _(
            "Done: {who} is out of “{room}”. Number {number}.",
            who=_person_shown(ctx, person),
            room=_room_name(place),
            number=one.item,
        )
        if deed is Deed.REMOVE
        else _(
            "Done: {who} can't come into “{room}” any more. Number {number}. To lift it:"
            " `!lift {number}`",
            who=_person_shown(ctx, person),
            room=_room_name(place),
            number=one.item,
        )
    )
    how = "kick" if deed is Deed.REMOVE else "ban"
    leaving = Remove(person, room, "", how)  # type: ignore[arg-type]
    return _result(payload, [said], [*await _notify_person(ctx, one, told, payload), leaving])


feature.log_line("lifted", _("lifted number {number}"))


@feature.act(
    "lift",
    words("levantar", "revogação", "lifting", "revogar, lift"),
    _("lift a warning, a mute or a ban"),
)
async def lift_early(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act of ending a measure before its time. Return what to say, if anything."""
    one = await measure_store.get_measure(ctx.db, Number(int(payload["number"])))
    if one is None or one.is_over or one.room != room:
        raise UserError(_("That is over already."))
    facts = {"number": one.item, "act": one.act, "reason": str(payload.get("reason", ""))}
    await ctx.log("lifted", facts, room=room)
    return [
        _("Lifted: number {number}. They hear it in private.", number=one.item),
        *await measure_end.lift_measure(ctx, one),
    ]


# --- the same for all -----------------------------------------------------------------------------


async def _joined_room(ctx: Context, room: RoomId) -> Room:
    found = await rooms.get(ctx.db, room)
    if found is None or not found.joined:
        raise UserError(_("I am not in that room any more."))
    return found


async def _store_measure(
    ctx: Context,
    deed: Deed,
    room: Room,
    payload: Mapping[str, Any],
    *,
    until: datetime | None,
    level: int | None = None,
    before: Any = None,
) -> Measure:
    person = UserId(payload["person"])
    number = await ctx.add_item("measure", "", room.room)
    await items.close(ctx.db, number)  # it is no task for anybody
    mark = await person_hash.hash_person(ctx.db, person)
    one = Measure(
        number,
        deed,
        room.room,
        mark,
        person,
        ctx.who,
        str(payload["reason"]),
        ctx.now,
        until,
        level,
        before,
    )
    await measure_store.put_measure(ctx.db, one)
    if deed is Deed.WARN and until is not None:
        await ctx.schedule(LAPSE_JOB, until, item=number, room=room.room)
    return one


async def _notify_person(
    ctx: Context, one: Measure, lines: list[Line], payload: Mapping[str, Any]
) -> list[Effect]:
    """Write to the person in private, with the rules they accepted and how to appeal.

    In bulk actions nothing is written here: the caller sends one letter for all rooms.
    """
    if one.person is None or payload.get("quiet"):  # one letter covers all rooms
        return []
    agreed = [await offer(ctx, one.person) for offer in ctx.registry.offers(ACCEPTED_RULES)]
    lines += [line for line in agreed if line is not None]
    lines.append(
        _(
            "If you see it differently: `appeal {number}` and why. Others look at it than who"
            " decided.",
            number=one.item,
        )
    )
    return [Say(tuple(lines), to=one.person, loud=True, item=one.item)]


def _result(payload: Mapping[str, Any], lines: list[Line], effects: list[Effect]) -> Answer:
    """Return the lines and effects. In bulk actions the caller prints the summary."""
    return effects if payload.get("quiet") else [*lines, *effects]


def _person_shown(ctx: Context, person: UserId) -> Line | Person:
    """Return the person's name, or a neutral word where others read along."""
    named = ctx.target is None and ctx.answers_one_person
    return Person(person, full=True) if named else _("the person")


def _room_name(room: Room) -> str:
    return room.name or room.room
