"""The feature that lets people check by emoji that the bot is the bot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature

feature = Feature("verification", Path(__file__).parent)

EXPIRE_JOB = feature.job("expire")

PATIENCE = timedelta(minutes=10)
"""A verification that takes longer is over (spec §Key verification framework)."""

feature.rows("verification_current", room="room", person="person")
feature.at_split("verification_current", "stays")  # of this bot's own identity
