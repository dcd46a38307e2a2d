"""Declare the ban lists that networks share: people are told whom they name, and decide."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("ban_lists", Path(__file__).parent, needs=("care",), cut_from="care")

RULES_JOB = feature.job("rules")
