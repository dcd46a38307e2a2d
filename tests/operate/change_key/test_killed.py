"""A change of the key that is killed at any step, or has no room: what comes next finishes it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operate.change_key import kills
from tests.real.nursery import NUMBER, Nursery

NURSERY = Nursery(kills.__file__)
FULL = os.environ.get("MINGA_FULL") == "1"
ROOT = Path(__file__).parents[3]
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
KINDS = ("file", "passphrase", "credential")
ALL = [(old, new) for old in KINDS for new in KINDS]
SHARES = {("file", "file"): 4, ("file", "passphrase"): 12}
"""Of how many steps one is tried by `make test`, where any is; with MINGA_FULL=1 all are."""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as path:
        yield Path(path)


def ended_early(folder: Path, old: str, new: str, end: str, share: int, *more: str) -> Any:
    with tempfile.TemporaryFile("w+b") as output:
        order = [str(ROOT), dict(os.environ), [str(folder), old, new, end, str(share), *more]]
        with NURSERY.order(order, [output.fileno()]) as life:
            _pid, status = (life.recv(NUMBER.size) for _ in range(2))
        output.seek(0)
        said = output.read().decode()
    assert status == NUMBER.pack(0), said
    return json.loads(said.strip().splitlines()[-1])


def rows(rarer: int = 1) -> list[Any]:
    """The kinds of changes, each with the share of its steps that is tried."""
    shares = dict.fromkeys(ALL, 1) if FULL else {k: n * rarer for k, n in SHARES.items()}
    return [pytest.param(*kinds, share, id=" to ".join(kinds)) for kinds, share in shares.items()]


@pytest.mark.parametrize(("old", "new", "share"), rows())
def test_killed_at_each_step(folder: Path, old: str, new: str, share: int) -> None:
    found = ended_early(folder, old, new, "kill", share)
    assert found["wrong"] == []
    assert found["tried"] * share >= 20
    assert found["half"] == 2 * found["tried"], "each was really killed"


@pytest.mark.parametrize("share", [1 if FULL else 10])
def test_killed_while_the_old_key_is_destroyed_too(folder: Path, share: int) -> None:
    found = ended_early(folder, "file", "file", "kill", share, "--destroy-old")
    assert found["wrong"] == []
    assert found["tried"] * share >= 20


@pytest.mark.parametrize(("old", "new", "share"), rows(rarer=2))
def test_the_disk_is_full_at_each_step(folder: Path, old: str, new: str, share: int) -> None:
    found = ended_early(folder, old, new, "full", share)
    assert found["wrong"] == []
    assert found["half"] >= found["tried"]


def test_no_file_may_grow(folder: Path) -> None:
    found = ended_early(folder, "file", "file", "small", 1 if FULL else 3)
    assert found["wrong"] == []
    assert found["half"] >= 2


@pytest.mark.parametrize(("old", "new"), [("file", "file"), *([("file", "passphrase")] * FULL)])
def test_killed_in_the_midst_of_encrypting(folder: Path, old: str, new: str) -> None:
    """By the clock, of larger databases: twenty times, or in `make test` four."""
    share = 1 if FULL else 5
    found = ended_early(folder, old, new, "clock", share)
    assert found["wrong"] == []
    assert found["tried"] * share == 20
    assert found["half"] >= found["tried"] // 4, "a machine that is busy at first is quicker later"
