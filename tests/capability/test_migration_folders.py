"""Migrations are counted under one name each, also where another's tables were taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import Feature
from bot.capability.discovery import features, migration_folders


def test_tables_that_were_taken_over_go_on_with_the_steps_of_before() -> None:
    found = migration_folders(features())
    assert found["polls"].parent.name == "poll_book"
    assert "poll_book" not in found
    assert "decision_rules" not in found, "it has no tables"


def test_two_capabilities_cannot_count_under_one_name(tmp_path: Path) -> None:
    for name in ("house", "wall"):
        (tmp_path / name / "migrations").mkdir(parents=True)
    house = Feature("house", tmp_path / "house")
    wall = Feature("wall", tmp_path / "wall", schema_owner="house")
    assert migration_folders([wall]) == {"house": tmp_path / "wall" / "migrations"}
    with pytest.raises(ValueError, match="house"):
        migration_folders([house, wall])
