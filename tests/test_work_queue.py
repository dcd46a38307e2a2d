"""Who reads all files reads them once."""

from __future__ import annotations

import re
from pathlib import Path

from tests.source_files import CODE, name
from tests.work_queue import COMPUTING, READING, TwoEndedQueue, begin_elsewhere

USES = re.compile(r"^from tests\.source_files import .*\b(?:imports|ours|tree)\b", re.MULTILINE)


def test_what_parses_all_files_goes_to_one_worker() -> None:
    reading = {
        name(path)
        for path in CODE
        if path.name.startswith("test_") and USES.search(path.read_text(encoding="utf-8"))
    }
    assert reading == set(READING)
    queue = TwoEndedQueue.__new__(TwoEndedQueue)
    assert len({queue._split_scope(f"{file}::test_it[a::b]") for file in READING}) == 1
    assert {
        queue._split_scope(f"{file}::test_it") for file in COMPUTING if file not in READING
    } == {*COMPUTING} - {*READING}


def test_workers_collect_the_same_from_different_beginnings(tmp_path: Path) -> None:
    for folder in ("one", "two", ".hidden", "__pycache__"):
        (tmp_path / folder).mkdir()
    for file in ("test_three.py", "words.py"):
        (tmp_path / file).touch()
    given = [str(tmp_path), "tests/test_site.py::test_it"]
    lists = [begin_elsewhere(given, worker, 4) for worker in range(4)]
    found = {str(tmp_path / one) for one in ("one", "two", "test_three.py")} | {given[1]}
    assert all(set(one) == found and len(one) == 4 for one in lists)
    assert {one[0] for one in lists} == found
