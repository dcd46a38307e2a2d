"""Events: what people come together for, once or again and again."""

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
    shifts,
    tapping,
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
    "feature",
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
    "shifts",
    "tapping",
]
