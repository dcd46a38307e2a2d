"""The house stays as the map says: no circles, no crowded folders, one name for one thing."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from bot.capability.discovery import features
from tests.source_files import CODE, SOURCE, imports, name, tree

RIDDLES = frozenset(
    {
        *("base", "serving", "doing", "hearing", "saying", "say", "utils", "helpers", "manager"),
        *("told", "meant"),
    }
)
"""Names that say nothing of what a module is for."""


def _module(path: Path) -> str:
    """Return the dotted name of a file's module."""
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {_module(path): path for path in CODE}


def _imported(path: Path) -> set[str]:
    """Return the modules of ours that a file imports, for types too, without their packages."""
    found = {module for module in imports(path) if module in MODULES}
    inner = {one for one in found if any(other.startswith(f"{one}.") for other in found)}
    return (found - inner) | {one for one in inner if _uses_package_itself(path, one)}


def _uses_package_itself(path: Path, package: str) -> bool:
    """Return whether something that is no module is imported from a package."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == package
        and any(f"{package}.{alias.name}" not in MODULES for alias in node.names)
        for node in ast.walk(tree(path))
    )


def _cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the modules of one import cycle, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_import_runs_in_a_circle() -> None:
    """Imports for types count too: what is only readable together is one thing in two files."""
    graph = {module: _imported(path) - {module} for module, path in MODULES.items()}
    assert _cycle(graph) == []


def test_the_search_for_circles_finds_one() -> None:
    assert set(_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
    assert "bot.capability.request_state" in _imported(MODULES["bot.capability.context"])


def test_each_class_has_a_name_of_its_own() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in SOURCE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(name(path))
    assert {one: where for one, where in found.items() if len(where) > 1} == {}


def test_no_module_is_a_riddle() -> None:
    parts = {part for path in CODE for part in (path.stem, path.parent.name)}
    assert parts & RIDDLES == set()


def _exempted() -> Iterator[str]:
    for path in CODE:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(r"#\s*fmt:\s*(?:skip|off)", line):
                yield f"{name(path)}:{number}"


def test_every_line_is_formatted_by_the_tool() -> None:
    assert list(_exempted()) == []


def test_a_conversation_begins_in_one_place() -> None:
    """There is one fixture `talk`, in conftest.py: others of this name take it, and add to it."""
    begins = [name(path) for path in CODE if any(map(_begins_a_talk, tree(path).body))]
    assert begins == []


def _begins_a_talk(node: ast.stmt) -> bool:
    """Return whether the statement is a fixture `talk` that does not take the one above it."""
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name == "talk"
        and bool(node.decorator_list)
        and "talk" not in {one.arg for one in node.args.args}
    )


MOST_IN_A_FOLDER, MOST_IN_A_CAPABILITY = 20, 25
CROWDED: dict[str, int] = {}
"""Folders of source with more files than that, and how many they have: they only shrink."""


def test_no_folder_of_source_is_crowded() -> None:
    found = Counter(name(path.parent) for path in SOURCE if path.name != "__init__.py")
    own = {name(one.folder) for one in features()}
    most = {one: MOST_IN_A_CAPABILITY if one in own else MOST_IN_A_FOLDER for one in found}
    assert {folder: n for folder, n in found.items() if n > most[folder]} == CROWDED


# --- what a capability may be ---------------------------------------------------------------------

LARGER: dict[str, int] = {}
"""Capabilities that had more source files when the rule came: they only shrink."""


def test_a_capability_has_no_more_files_than_one_can_know() -> None:
    code = [path for path in SOURCE if path.name != "__init__.py"]
    files = {
        one.name: len([path for path in code if one.folder in path.parents]) for one in features()
    }
    assert {one: count for one, count in files.items() if count > MOST_IN_A_CAPABILITY} == LARGER


def test_what_a_capability_needs_is_there() -> None:
    names = {one.name for one in features()}
    assert {need for one in features() for need in one.needs} <= names
    assert [one.name for one in features()] == [one.folder.name for one in features()]


def _unpacks_into_schedule(node: ast.AST) -> bool:
    """Return whether it is `….schedule(…, **names)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "schedule"
        and any(keyword.arg is None for keyword in node.keywords)
    )


def test_no_payload_is_taken_for_the_arguments_of_a_job() -> None:
    """A payload with `room` in it would move the job to that room: it goes in `payload`."""
    assert _unpacks_into_schedule(ast.parse("ctx.schedule(JOB, at, **late)", mode="eval").body)
    found = [
        name(path)
        for path in SOURCE
        if any(_unpacks_into_schedule(node) for node in ast.walk(tree(path)))
    ]
    assert found == []
