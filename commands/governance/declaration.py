"""The feature to which governance registers, its help topic, and the settings of a room."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import (
    Context,
    Feature,
    Length,
    RequiredPower,
    Setting,
    Topic,
    _,
    may_act,
    moderators_only,
    words,
)

feature = Feature("governance", Path(__file__).parent)

DECIDED_JOB = feature.job("decided")
LAPSE_JOB = feature.job("lapse")
ORPHANED_JOB = feature.job("orphaned")
feature.powers += [
    RequiredPower(
        "m.room.power_levels", _("nobody is made a moderator, and nobody stops being one.")
    ),
    RequiredPower("m.room.name", _("`!rename` doesn't work.")),
]

GOVERNANCE = Topic(
    "governance",
    words(
        "quién decide",
        "quem decide",
        "who decides",
        "gobierno, gobernanza | governo, governança | governance",
    ),
    _("Who may do what here"),
)
CHALLENGE = Setting(
    "challenge",
    words("plazo-para-cuestionar", "prazo-para-questionar", "challenge-time"),
    Length(timedelta(days=1), timedelta(days=60)),
    str(7 * 86400),
    _("How long members can have the room vote on what a moderator did."),
)
URGENT = Setting(
    "urgent",
    words("plazo-de-urgencia", "prazo-de-urgência", "urgent-time"),
    Length(timedelta(hours=6), timedelta(days=7)),
    str(2 * 86400),
    _("What was done urgently is taken back by itself after this time, unless it is confirmed."),
)
feature.settings += [CHALLENGE, URGENT]


async def require_may(ctx: Context, act: str, of: str = "") -> None:
    """Raise `UserError` if no rule lets `ctx.who` ask for this act. Call it before asking back."""
    if not await may_act(ctx, act, ctx.target_room.room, of):
        raise moderators_only()
