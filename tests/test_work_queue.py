"""Who reads all files reads them once."""

from __future__ import annotations

import re

from tests.source_files import CODE, name
from tests.work_queue import COMPUTING, READING, TwoEndedQueue

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
