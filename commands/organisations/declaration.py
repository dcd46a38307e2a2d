"""The feature of the organisations that vote in a room."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "organisations", Path(__file__).parent, needs=("poll_book", "polls"), cut_from="polls"
)
