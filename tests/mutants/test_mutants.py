"""The mutation check itself: what it changes, and that its table and its list are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mutants import switch
from tests.mutants.__main__ import ROOT, summary
from tests.mutants.copied_tree import CopiedTree
from tests.mutants.fast_tests import FAST_TESTS
from tests.mutants.switched_module import switch_mutants

SOURCE = '''
"""A module."""

from __future__ import annotations

MOST = 3


def allows(age: int, is_known: bool, names: list[str]) -> bool:
    """Return whether somebody may come in."""
    if is_known and age >= MOST:
        return True
    for name in list(names):
        if name == "x":
            continue
        names.append(name)
        break
    return not names
'''
EXPLAINED = Path(__file__).with_name("survivors.md")
_ROW = re.compile(r"^\| `(\S+)` \| `(.+)` → `(.+)` \| (.+) \|$")


def outcome(number: int) -> list[object]:
    space: dict[str, object] = {}
    text, _found = switch_mutants(SOURCE)
    switch.turn_on(number)
    try:
        exec(text, space)  # noqa: S102 - our own text
        ask = space["allows"]
        assert callable(ask)
        given = [(3, True, ["y"]), (2, True, ["y", "z"]), (3, False, ["x", "y"]), (4, True, ["x"])]
        return [(ask(age, known, names), names) for age, known, names in given]
    finally:
        switch.turn_on(0)


def test_each_mutant_alone_does_something_else() -> None:
    _text, found = switch_mutants(SOURCE)
    said = [str(one) for one in found]
    assert "6: 3  →  4" in said
    assert "11: age >= MOST  →  age > MOST" in said
    assert "11: is_known and age >= MOST  →  is_known or age >= MOST" in said
    assert "15: continue  →  break" in said
    assert "17: break  →  continue" in said
    assert "16: names.append(name)  →  pass" in said
    usual = outcome(0)
    assert usual == [
        (True, ["y"]),
        (False, ["y", "z", "y"]),
        (False, ["x", "y", "y"]),
        (True, ["x"]),
    ]
    alike = [str(one) for one in found if outcome(one.number) == usual]
    assert alike == []


def test_the_tests_of_each_module_are_there() -> None:
    for module, tests in FAST_TESTS.items():
        _text, found = switch_mutants((ROOT / module).read_text("utf-8"))
        assert len(found) > 10, module
        assert [one for one in tests if not (ROOT / one).exists()] == [], module


def test_what_is_explained_is_still_a_mutant() -> None:
    rows = [line for line in EXPLAINED.read_text("utf-8").splitlines() if line.startswith("| `")]
    for line in rows:
        row = _ROW.match(line)
        assert row, line
        module, before, after, _why = row.groups()
        _text, found = switch_mutants((ROOT / module).read_text("utf-8"))
        shown = {(one.before.replace("|", "\\|"), one.after.replace("|", "\\|")) for one in found}
        assert (before, after) in shown, line


@pytest.fixture
def tree(tmp_path: Path) -> CopiedTree:
    """A project of one module and its test, with what tries mutants beside them."""
    (tmp_path / "tests/mutants").mkdir(parents=True)
    for name in ("__init__", "switch", "trial"):
        text = (ROOT / f"tests/mutants/{name}.py").read_text("utf-8")
        (tmp_path / f"tests/mutants/{name}.py").write_text(text, "utf-8")
    (tmp_path / "tests/__init__.py").write_text("", "utf-8")
    (tmp_path / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--start')\n", "utf-8"
    )
    (tmp_path / "test_door.py").write_text(
        "from door import allows\n\n\ndef test_it():\n    assert allows(3, True, ['y'])\n"
        "    assert not allows(3, False, ['y'])\n",
        "utf-8",
    )
    return CopiedTree(tmp_path, tmp_path, copy=False)


def test_verdicts_come_from_the_tests(tree: CopiedTree) -> None:
    text, found = switch_mutants(SOURCE)
    tree.write("door.py", text)
    verdicts = tree.try_mutants(["test_door.py"], [one.number for one in found])
    by_text = {str(one).partition(": ")[2]: verdicts[one.number] for one in found}
    assert by_text["3  →  4"] == "early"
    assert by_text["age >= MOST  →  age > MOST"] == "killed"
    assert by_text["continue  →  break"] == "unreached"
    assert by_text["break  →  continue"] in ("alive", "killed")
    assert by_text["is_known and age >= MOST  →  is_known"] == "alive"
    first = found[0].number
    assert tree.try_from_the_start(["test_door.py"], first, 60) == "killed"
    assert tree.try_from_the_start(["test_door.py"], first, 0.01) == "timed out"


ENDLESS = '''
def allows(age: int, is_known: bool, names: list[str]) -> bool:
    """Return whether somebody may come in, after one look at each name."""
    while names:
        names.pop()
    return is_known
'''


def test_a_mutant_that_never_ends_is_told_apart(tree: CopiedTree) -> None:
    text, found = switch_mutants(ENDLESS)
    tree.write("door.py", text)
    [endless] = [one.number for one in found if one.after == "pass"]
    [answer] = [one.number for one in found if one.after == "return None"]
    verdicts = tree.try_mutants(["test_door.py"], [endless, answer], patience=0.2)
    assert verdicts == {endless: "timed out", answer: "killed"}
    assert summary(verdicts) == "2 of 2 killed, 1 of these timed out"
    assert summary({1: "killed", 2: "alive"}) == "1 of 2 killed"


def test_tests_that_fail_by_themselves_judge_nothing(tree: CopiedTree) -> None:
    tree.write("door.py", switch_mutants(SOURCE.replace("return True", "return False"))[0])
    with pytest.raises(RuntimeError, match="fails without a mutant"):
        tree.try_mutants(["test_door.py"], [1])
