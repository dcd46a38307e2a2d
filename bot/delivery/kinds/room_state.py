"""State events of a room. Of power levels only one person's entry is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.delivery.effects import SetPowerLevel, SetState
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload, Stored, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import CHANGED, Refused, RoomAdmin
from bot.i18n import _
from bot.types import RoomId, UserId
from storage.membership.room import Room

POWER_LEVELS = "m.room.power_levels"


@dataclass(frozen=True, slots=True)
class PowerChange(Stored):
    """A change of one person's power level, if it still is `was`. None: they have no entry."""

    user: UserId
    level: int | str | None
    was: int | str | None


@dataclass(frozen=True, slots=True)
class StatePayload(Payload):
    """A state event, with its content or with a change of the power levels."""

    type: str
    key: str
    content: Mapping[str, Any] | None = None
    power: PowerChange | None = field(
        default=None, metadata=stored_as("power", PowerChange.from_json)
    )


async def set_state(
    gateway: RoomAdmin, entry: PendingEntry[StatePayload], site: DeliverySite
) -> None:
    """Set the state event, or the person's power level. Idempotent."""
    payload = entry.payload
    if payload.power is not None:
        await set_power_level(gateway, site.room, payload.power)
    else:
        await gateway.set_state(site.room, payload.type, payload.key, payload.content or {})


async def set_power_level(gateway: RoomAdmin, room: RoomId, change: PowerChange) -> None:
    """Set one entry of the room's power levels. Idempotent. Raises `Refused` if its present value
    is not `was`.

    Matrix has no compare-and-set, so a change by others in the same moment may be lost.
    """
    levels = dict(await gateway.get_state(room, POWER_LEVELS, "") or {})
    users = dict(levels.get("users") or {})
    now = users.get(change.user)
    if now == change.level:
        return
    if now != change.was:
        raise Refused(CHANGED)
    if change.level is None:
        del users[change.user]
    else:
        users[change.user] = change.level
    await gateway.set_state(room, POWER_LEVELS, "", {**levels, "users": users})


def _may_not_set(payload: StatePayload, room: Room, me: UserId) -> bool:
    mine = room.power_of(me)
    if payload.power is not None and mine <= room.power_of(payload.power.user):
        return True
    return mine < room.power_for(payload.type, state=True)


STATE = EntryKind(
    "state",
    StatePayload,
    set_state,
    refusal=Refusal(
        lambda _payload: _("I could not change the room's settings"),
        _may_not_set,
    ),
)


async def write_state(writer: EntryWriter, effect: SetState) -> None:
    """Write the outbox entry that sets a state event."""
    payload = StatePayload(effect.type, effect.key, dict(effect.content))
    await writer.put_entry(STATE, payload, writer.room_or_here(effect.room))


async def write_power_level(writer: EntryWriter, effect: SetPowerLevel) -> None:
    """Write the outbox entry that changes one person's power level."""
    change = PowerChange(effect.user, effect.level, effect.was)
    payload = StatePayload(POWER_LEVELS, "", power=change)
    await writer.put_entry(STATE, payload, writer.room_or_here(effect.room))


SUBJECT = Subject(
    kinds=(STATE,),
    writers=(writes(SetState, write_state), writes(SetPowerLevel, write_power_level)),
)
