"""Whatever is public says what it does: its name and its docstring are enough for a stranger."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.random_docstrings import find_described
from tests.source_files import ROOT, SOURCE, name, tree

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

WITHOUT = {"bot/matrix": 58, "bot/run": 7, "commands": 14}
"""Public functions, classes and methods without a docstring, by folder: these only shrink."""


@cache
def _classes() -> dict[str, ast.ClassDef]:
    trees = (ast.walk(tree(path)) for path in SOURCE)
    return {node.name: node for nodes in trees for node in nodes if isinstance(node, ast.ClassDef)}


def _bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}


def _methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def _promised() -> set[str]:
    """Return the methods that a Protocol of ours describes once for all that keep its promise."""
    return {
        method.name
        for node in _classes().values()
        if "Protocol" in _bases(node)
        for method in _methods(node)
        if ast.get_docstring(method)
    }


def _is_described_elsewhere(method: Documented, owner: ast.ClassDef) -> bool:
    """Return whether a Protocol or a base class of ours says what the method does."""
    return method.name in _promised() or any(
        ast.get_docstring(other) and other.name == method.name
        for base in _bases(owner) & _classes().keys()
        for other in _methods(_classes()[base])
    )


def _undescribed(body: list[ast.stmt], owner: ast.ClassDef | None = None) -> Iterator[str]:
    for node in body:
        if not isinstance(node, Documented) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not (owner and _is_described_elsewhere(node, owner)):
            yield f"{owner.name}.{node.name}" if owner else node.name
        if isinstance(node, ast.ClassDef):
            yield from _undescribed(node.body, node)


def _folder(path: Path) -> str:
    """Return `commands`, `storage`, `bot/run` or another part of the machine."""
    parts = Path(name(path)).parts
    return "/".join(parts[:2]) if parts[0] == "bot" else parts[0]


def test_what_is_public_says_what_it_does() -> None:
    found: Counter[str] = Counter()
    named = []
    for path in SOURCE:
        undescribed = list(_undescribed(tree(path).body))
        found[_folder(path)] += len(undescribed)
        named += [f"{name(path)}: {one}" for one in undescribed]
    more = {folder for folder, count in found.items() if count > WITHOUT.get(folder, 0)}
    assert not more, "\n".join(named)


def test_the_search_finds_what_says_nothing() -> None:
    code = 'class A:\n    """It."""\n    def b(self): ...\n    def _c(self): ...\ndef d(): ...\n'
    assert list(_undescribed(ast.parse(code).body)) == ["A.b", "d"]
    assert "send" in _promised()


def test_a_stranger_is_handed_public_functions_with_names_and_docstrings_alone() -> None:
    found = find_described([ROOT / "bot/clock.py"])
    assert [one.name for one in found] == ["Clock.now", "SystemClock.now"]
    assert str(found[0]) == "Clock.now\n    Return the current instant in UTC."
