"""Declare the events capability and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import (
    Feature,
    Topic,
    _,
    words,
)

feature = Feature("events", Path(__file__).parent, needs=("embargo", "many_rooms", "translations"))

OVER_JOB = feature.job("over")
ROOMS_JOB = feature.job("rooms")

EVENTS_TOPIC = Topic("events", words("eventos", "eventos", "events", "agenda"), _("Events"))
CREATION_EXAMPLE = _("For example: `!event Radio workshop tomorrow 19h`")
