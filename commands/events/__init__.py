"""Events: single ones and series, their calendar files, attendance and reminders."""

from __future__ import annotations

from commands.events import (
    agenda,
    answering,
    attending,
    cancelling,
    checkin,
    counting,
    departing,
    editing,
    elsewhere,
    grid,
    hour,
    importing,
    moving,
    opening,
    passing,
    places,
    quieting,
    reminding,
    sending,
    serving,
    shared,
    shifts,
    tapping,
    weekly,
)
from commands.events.base import feature

__all__ = [
    "agenda",
    "answering",
    "attending",
    "cancelling",
    "checkin",
    "counting",
    "departing",
    "editing",
    "elsewhere",
    "feature",
    "grid",
    "hour",
    "importing",
    "moving",
    "opening",
    "passing",
    "places",
    "quieting",
    "reminding",
    "sending",
    "serving",
    "shared",
    "shifts",
    "tapping",
    "weekly",
]

ORDER = ("event", "events", "going", "not going", "maybe", "move", "change")
"""The commands in the order the help lists them; a command not named here comes last."""
feature.commands.sort(
    key=lambda command: ORDER.index(command.name.en) if command.name.en in ORDER else len(ORDER)
)
