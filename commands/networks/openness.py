"""Whether a link room is open to others, in which way, and what closes it."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    BY_INVITATION,
    Context,
    Line,
    Room,
    RoomRightsChanged,
    SetState,
    UserId,
    _,
    power_level,
)
from commands.links import store
from commands.links.store import NetworkLink


def with_change(room: Room, what: RoomRightsChanged) -> Room:
    """Return the room's state as this change made it, whatever followed."""
    if what.kind == "m.room.join_rules":
        return replace(room, join_rule=what.content.get("join_rule") or "invite")
    if what.kind == "m.room.history_visibility":
        return replace(room, history=what.content.get("history_visibility") or "shared")
    return replace(room, power=what.content) if what.kind == "m.room.power_levels" else room


def describe(room: Room) -> Line:
    """Return the words that say in which way a link room is open to others."""
    if not room.is_encrypted:
        return _("it is not encrypted")
    if room.history == "world_readable":
        return _("anybody may read along")
    if room.join_rule not in BY_INVITATION:
        return _("one may come in without being asked")
    return _("whoever comes in has power there")


def is_mute(ctx: Context, room: Room) -> bool:
    """Return whether the bot may not speak in the link room. A replaced room does not count as
    mute."""
    return room.successor is None and room.power_of(ctx.me) < room.power_to_write


def closing_events(ctx: Context, room: Room) -> list[SetState]:
    """Return the state events to set so that the link room is closed to others, as far as the bot
    may."""
    wrong: list[SetState] = []
    if room.join_rule not in BY_INVITATION:
        wrong.append(SetState("m.room.join_rules", {"join_rule": "invite"}, room=room.room))
    if room.history == "world_readable":
        before = {"history_visibility": "shared"}
        wrong.append(SetState("m.room.history_visibility", before, room=room.room))
    if power_level(room.power.get("users_default"), 0) > 0:
        levels = {key: value for key, value in room.power.items() if key != "users_default"}
        wrong.append(SetState("m.room.power_levels", levels, room=room.room))
    mine = room.power_of(ctx.me)
    return [one for one in wrong if mine >= room.power_for(one.type, state=True)]


async def who_changed_it(ctx: Context, one: NetworkLink, by: UserId | None) -> list[Line]:
    """Return a line that names who let others into the link room (`by`).

    Empty if that is not known.
    """
    if by is None:
        return []
    peer = await store.get_peer(ctx.db, one.item, by)
    who = peer.name or peer.bot if peer else by
    return [_("{who} changed that. Ask them why, by phone or in person.", who=who)]
