"""Declare how things of the library are shared with linked networks."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("library_sharing", Path(__file__).parent, needs=("library",), cut_from="library")
