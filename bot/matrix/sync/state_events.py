"""Translate state that concerns the bot: rules of ban lists, who may do what, invitations. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.matrix.fields import (
    as_mapping,
    clean_text,
    event_list,
    is_event_id,
    is_user_id,
    synthetic_id,
)
from bot.matrix.sync.sync_batch import SyncBatch
from bot.matrix.sync.translation import CheckedEvent
from bot.types import BanRuleChanged, BotInvited, EventId, RoomId, RoomRightsChanged, UserId

RULE_KINDS = {
    f"{prefix}.{kind}": kind
    for prefix in ("m.policy.rule", "m.room.rule", "org.matrix.mjolnir.rule")
    for kind in ("user", "server", "room")
}
"""Event types of ban list rules, current and former, with the kind of rule."""


def read_ban_rule(heard: CheckedEvent) -> BanRuleChanged | None:
    """Return the changed rule of a ban list that a state event writes or empties, or None."""
    kind = RULE_KINDS.get(heard.kind)
    if kind is None or heard.state_key is None:
        return None
    where = heard.room, heard.event, heard.sender, heard.at
    return BanRuleChanged(*where, kind, heard.state_key, heard.content)


RIGHTS_TYPES = frozenset(
    f"m.room.{kind}" for kind in ("join_rules", "history_visibility", "power_levels", "encryption")
)
"""State that sets who can join, who can read, and who may do what."""


def read_rights_change(heard: CheckedEvent) -> RoomRightsChanged | None:
    """Return the change of a room's rights that a state event makes, or None for other state."""
    if heard.kind not in RIGHTS_TYPES or heard.state_key != "":
        return None
    where = heard.room, heard.event, heard.sender, heard.at
    return RoomRightsChanged(*where, heard.kind, heard.content)


def read_invitation(
    room: RoomId, section: Mapping[str, Any], me: UserId, batch: SyncBatch
) -> BotInvited | None:
    """Return the invitation of the bot in a section of a sync, or None.

    Its state is stripped and unverified: only hints are read from it.
    """
    state = event_list(section.get("invite_state"))
    mine = [e for e in state if e.get("type") == "m.room.member" and e.get("state_key") == me]
    if not mine or not is_user_id(mine[-1].get("sender")):
        return None
    named, sender = mine[-1].get("event_id"), UserId(mine[-1]["sender"])
    event = EventId(str(named)) if is_event_id(named) else synthetic_id("invite", room, batch.since)
    direct = as_mapping(mine[-1].get("content")).get("is_direct") is True
    encrypted = any(e.get("type") == "m.room.encryption" for e in state)
    made = [as_mapping(e.get("content")) for e in state if e.get("type") == "m.room.create"]
    kind = clean_text(made[-1].get("type"), 255) if made else ""
    return BotInvited(room, event, sender, batch.answered, direct, encrypted, kind)
