"""What counts as a trouble, from when on, and which of them keep people from being answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.operate.watch.condition import MOST_SILENCE, WORDS, Trouble
from storage.files.backup_records import OLDEST_BACKUP
from storage.files.disk import LEAST_FREE_BYTES
from storage.outbox_entries import LATE_AFTER
from tests.operate.watch.scene import AT, WELL, condition

SECOND = timedelta(seconds=1)


def test_a_bot_that_is_well_has_no_trouble() -> None:
    assert WELL.troubles == WELL.unready == ()


@pytest.mark.parametrize(
    ("trouble", "fine", "wrong"),
    [
        (Trouble.CATCHING_UP, {"last_sync": AT}, {"last_sync": None}),
        (
            Trouble.NO_SYNC,
            {"last_sync": AT - MOST_SILENCE},
            {"last_sync": AT - MOST_SILENCE - SECOND},
        ),
        (
            Trouble.LETTERS_LATE,
            {"oldest_letter": AT - LATE_AFTER},
            {"oldest_letter": AT - LATE_AFTER - SECOND},
        ),
        (Trouble.JOBS_LATE, {"jobs_late": 0}, {"jobs_late": 1}),
        (
            Trouble.DISK_LOW,
            {"free_bytes": LEAST_FREE_BYTES},
            {"free_bytes": LEAST_FREE_BYTES - 1},
        ),
        (
            Trouble.BACKUP_OLD,
            {"last_backup": AT - OLDEST_BACKUP},
            {"last_backup": AT - OLDEST_BACKUP - SECOND},
        ),
        (Trouble.BACKUP_OLD, {"last_backup": AT}, {"last_backup": None}),
    ],
)
def test_each_trouble_begins_at_its_limit(
    trouble: Trouble, fine: dict[str, Any], wrong: dict[str, Any]
) -> None:
    assert condition(**fine).troubles == ()
    assert condition(**wrong).troubles == (trouble,)


def test_only_what_keeps_people_from_an_answer_makes_it_unready() -> None:
    found = condition(
        last_sync=AT - timedelta(hours=1),
        oldest_letter=AT - timedelta(hours=1),
        jobs_late=3,
        free_bytes=0,
        last_backup=None,
    )
    assert found.unready == (Trouble.NO_SYNC, Trouble.LETTERS_LATE)
    assert condition(last_sync=None, jobs_late=1).unready == (Trouble.CATCHING_UP,)


def test_each_trouble_has_words() -> None:
    assert set(WORDS) == set(Trouble)
