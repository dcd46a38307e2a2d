"""An older commit is found by any of its names, and its bot runs its own program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.bots import Minga
from benchmarks.older import TREES, find_older
from bot.demo.synapse import Homeserver
from tests.faults.figures import commit
from tests.real.servers import Person


def test_a_commit_is_found_by_any_name_that_git_knows() -> None:
    older = find_older("HEAD")
    assert commit().startswith(older.commit)
    assert older == find_older(older.commit)
    assert older.name == f"minga at {older.commit}"
    with pytest.raises(subprocess.CalledProcessError):
        find_older("nosuchcommit")


def test_its_bot_runs_its_own_program_and_ours_runs_ours(tmp_path: Path) -> None:
    person = Person("@older:test", "older", "a long password", Homeserver(tmp_path / "synapse"))
    older = find_older("HEAD")
    bot = older.make(tmp_path / "older", person, "@ana:test")
    assert {Path(part).parent for part in bot.program} == {TREES / older.commit / ".venv/bin"}
    assert bot.program != Minga(tmp_path / "ours", person, moderators=["@ana:test"]).program
