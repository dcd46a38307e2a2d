"""Declare the sources: what is known of data sets and documents, and the library as files."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("sources", Path(__file__).parent, needs=("library",), cut_from="library")
