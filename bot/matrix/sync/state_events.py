"""Translate state that concerns the bot: rules of ban lists, and who may do what. Pure."""

from __future__ import annotations

from bot.matrix.sync.translation import CheckedEvent
from bot.types import BanRuleChanged, RoomRightsChanged

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
