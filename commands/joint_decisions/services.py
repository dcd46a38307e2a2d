"""Declared data of joint decisions."""

from __future__ import annotations

from bot.api import _
from commands.joint_decisions.declaration import feature

feature.log_line("proposed", _("proposed joint decision {number} to {names}"))
feature.log_line("joined_decision", _("took part in joint decision {number}"))
feature.log_line("declined_decision", _("did not take part in joint decision {number}"))
feature.rows("joint_decisions_decision", room="room")
feature.at_split(
    "joint_decisions_decision",
    "waits",
    "result IS NULL",
    _("Number {number} is decided with other networks."),
)
