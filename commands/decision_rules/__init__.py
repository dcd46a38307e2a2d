"""The rules by which people decide: how a ballot is written, read, counted and told. Pure."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("decision_rules", Path(__file__).parent)
