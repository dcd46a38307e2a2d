"""Who reads all files reads them once; people are on a second homeserver where it matters."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.real.fixtures import pytest_runtest_setup
from tests.real.servers import AT_HOME, Pair
from tests.source_files import CODE, ROOT, name
from tests.work_queue import COMPUTING, READING, REAL, TwoEndedQueue, begin_elsewhere

FULL_SIZE = re.compile(
    r'environ(?:\.get\(|\[)"MINGA_FULL|pytest\.mark\.full\b|^from\s.*\simport\s.*\bFULL\b',
    re.MULTILINE,
)
USES = re.compile(
    r"^from tests\.(?:source_files import (?:\([^)]*|.*)\b(?:imports|ours|tree)\b"
    r"|test_patterns import .*\bpatterns\b)",
    re.MULTILINE,
)


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
    left = begin_elsewhere(given, 1, 4, [f"{tmp_path / 'one'}/"])
    assert set(left) == found - {str(tmp_path / "one")}


def test_what_has_a_full_size_is_run_at_it_by_a_target_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in makefile.splitlines() if "MINGA_FULL=1 $(BIN)" in line]
    run = {word for line in lines for word in line.split() if "/" in word}
    sized = {
        name(path)
        for path in CODE
        if path.name.startswith("test_") and FULL_SIZE.search(path.read_text(encoding="utf-8"))
    }
    assert {"tests/real/test_once.py", "tests/links/test_bad_roads.py"} <= sized
    left = {file for file in sized if not run & {file, *map(str, Path(file).parents)}}
    assert left == set()


@pytest.mark.parametrize("file", ["test_polls.py", *sorted(AT_HOME)])
def test_people_are_on_another_homeserver_in_full(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pair, "people_at_home", False)
    pair = Pair.__new__(Pair)
    servers: Any = [SimpleNamespace(register=lambda name, _: name) for _ in "ab"]
    pair.a, pair.b = servers
    item: Any = SimpleNamespace(path=REAL / file)
    assert item.path.exists()
    monkeypatch.delenv("MINGA_FULL", raising=False)
    pytest_runtest_setup(item)
    assert pair.person("ana").server is (pair.a if file in AT_HOME else pair.b)
    monkeypatch.setenv("MINGA_FULL", "1")
    pytest_runtest_setup(item)
    assert pair.person("ana").server is pair.b
    storm = (REAL.parents[1] / "Makefile").read_text().partition("\nstorm:")[2]
    assert file not in AT_HOME or f"tests/real/{file}" in storm.partition("\n\n")[0]
