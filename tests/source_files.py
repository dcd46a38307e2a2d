"""The source files of the project, for the tests that read them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _find_code() -> Iterator[Path]:
    """Every Python file of ours: folders that hold others' are not looked into."""
    for folder in ("minga", "bot", "commands", "storage", "tests", "benchmarks"):
        for inside, folders, files in os.walk(ROOT / folder):
            folders[:] = set(folders) - {"node_modules", ".venv", "__pycache__"}
            yield from (Path(inside, file) for file in files if file.endswith(".py"))


def all_files() -> Iterator[Path]:
    """Every file of the project, but none in folders of what others wrote, or what was made."""
    for inside, folders, files in os.walk(ROOT):
        folders[:] = (one for one in folders if one not in _NOT_OURS and "cache" not in one)
        yield from (Path(inside, file) for file in files if file not in _NOT_OURS)


_NOT_OURS = {"node_modules", ".git", ".venv", "demo-data", ".hypothesis", "dist"}


def name(path: Path) -> str:
    """Return the path within the project."""
    return str(path).removeprefix(f"{ROOT}/")


CODE = sorted(_find_code())
"""Every Python file, tests too."""
SOURCE = [path for path in CODE if not {"tests", "benchmarks"} & set(name(path).split("/"))]
"""Every Python file that is installed."""


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a file names, wherever in the file and whatever it is imported for."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: imports are absolute here"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def within(module: str, *packages: str) -> bool:
    """Return whether the module is one of the packages or in one."""
    return any(module == p or module.startswith(f"{p}.") for p in packages)


def ours(path: Path) -> set[str]:
    """Return the modules of this project that a file imports."""
    return {m for m in imports(path) if within(m, "bot", "commands", "storage", "tests")}


def in_folder(*folders: str) -> list[Path]:
    """Return the Python files below the folders."""
    return [p for p in CODE if name(p).startswith(tuple(f"{f}/" for f in folders))]


def folders() -> list[Path]:
    """Return the folders with a list of sentences: the machine's, storage's, each capability's."""
    return [
        ROOT / "bot",
        ROOT / "storage",
        *sorted(p.parent for p in (ROOT / "commands").glob("*/__init__.py")),
    ]
