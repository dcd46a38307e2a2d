"""Temporary folders of tests are in memory where it has room."""

from __future__ import annotations

import os
from pathlib import Path

from tests.memory import has_room, keep_files_in_memory


def test_folders_are_in_memory_unless_another_place_was_chosen(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    keep_files_in_memory(environment, tmp_path)
    assert environment == ({"PYTEST_DEBUG_TEMPROOT": str(tmp_path)} if has_room(tmp_path) else {})
    environment = {"PYTEST_DEBUG_TEMPROOT": "/elsewhere"}
    keep_files_in_memory(environment, tmp_path)
    assert environment == {"PYTEST_DEBUG_TEMPROOT": "/elsewhere"}


def test_what_a_test_writes_needs_no_disk() -> None:
    assert not has_room() or "PYTEST_DEBUG_TEMPROOT" in os.environ


def test_what_has_no_room_is_not_used(tmp_path: Path) -> None:
    assert not has_room(tmp_path, enough=2**60)
    assert not has_room(tmp_path / "none")
