"""Services and jobs are values: whatever is declared is used from both sides."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.capability.authority.acts
import bot.capability.data.print_services
import bot.capability.data.public_services
import bot.capability.link_services
import bot.capability.services
from bot.capability.discovery import features
from bot.capability.feature import Feature
from bot.capability.service import KindService, Service

ROOT = Path(__file__).parents[2]


def _modules_of(feature: Feature) -> list[str]:
    inside = f"commands.{feature.name}."
    return sorted(m for m in sys.modules if m.startswith(inside) and ".tests" not in m)


SOURCE = [
    path
    for folder in ("bot", "commands")
    for path in (ROOT / folder).rglob("*.py")
    if "tests" not in path.parts
]
OWN = [sys.modules[name] for one in features() for name in _modules_of(one)]
"""Where a capability says what those that stand on it may add."""
CORE = (
    bot.capability.authority.acts,
    bot.capability.data.print_services,
    bot.capability.data.public_services,
    bot.capability.link_services,
    bot.capability.services,
)
MODULES = (*CORE, *OWN)
SERVICES = {
    name: service
    for module in MODULES
    for name, service in vars(module).items()
    if isinstance(service, Service | KindService)
}


def _unpacked(call: ast.Call) -> Iterator[ast.expr]:
    for argument in call.args:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.GeneratorExp):
            argument = argument.value.elt
        is_of = isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute)
        yield argument.func.value if is_of else argument  # type: ignore[attr-defined]


def _asked() -> set[str]:
    """The names of services that somebody asks the registry for."""
    found: set[str] = set()
    for path in SOURCE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "line_about":
                found.add(ast.unparse(node.args[1]))
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of = ast.unparse(node.func.value)
            if node.func.attr == "offer_of" or (node.func.attr == "offers" and "registry" in of):
                found |= {ast.unparse(one).rpartition(".")[2] for one in _unpacked(node)}
    return found


def test_each_service_has_somebody_who_offers_it() -> None:
    offered = {name.partition(":")[0] for f in features() for name in f.services}
    assert {one.name for one in SERVICES.values()} == offered
    assert len(offered) > 50


def test_no_two_services_have_the_same_name() -> None:
    """Else who asks for one gets the offer of the other."""
    every = sorted((one.name, isinstance(one, KindService)) for one in SERVICES.values())
    assert sorted(set(every)) == every


def test_each_service_has_somebody_who_asks_for_it() -> None:
    assert set(SERVICES) - _asked() == set()


def test_each_job_has_something_that_runs_it() -> None:
    for feature in features():
        declared = {kind.name for kind in feature.job_kinds}
        # Tests of events, in the same process, add jobs of their own.
        run = {name for name in feature.jobs if not name.endswith(" for a test")}
        assert declared == run, feature.name


def test_each_job_is_scheduled_somewhere() -> None:
    """Its value is used beside its declaration and the function that runs it."""
    used: set[str] = set()
    for path in SOURCE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        runs = {
            id(node)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "runs"
            for node in ast.walk(call)
        }
        used |= {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load)
            and node.id.endswith("_JOB")
            and id(node) not in runs
        }
    declared = {
        node.targets[0].id
        for path in SOURCE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and ast.unparse(node.value).startswith("feature.job(")
    }
    assert declared - used == set()
    assert len(declared) > 80


def test_nobody_offers_a_service_twice_nor_runs_a_job_twice() -> None:
    feature = Feature("twice", Path())
    service = Service[[], None]("once")

    async def nothing(_ctx: object) -> None:
        """Only its registration counts."""

    feature.offers(service)(nothing)
    with pytest.raises(ValueError, match="twice"):
        feature.offers(service)(nothing)
    kind = feature.job("once")
    feature.runs(kind)(nothing)
    with pytest.raises(ValueError, match="twice"):
        feature.runs(kind)(nothing)


def test_each_module_that_declares_something_is_imported() -> None:
    """Else its commands would silently be none. Asked in a process that has no tests."""
    code = (
        "from bot.capability.discovery import features; features(); import sys; print(*sys.modules)"
    )
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout  # noqa: S603
    declares = re.compile(
        r"^@?(?:feature|[A-Z_]+)\.(?:command|sub|on|runs|offers|rows|reply)\b", re.M
    )
    missing = [
        name
        for path in SOURCE
        if (name := ".".join(path.relative_to(ROOT).with_suffix("").parts)).startswith("commands.")
        and declares.search(path.read_text(encoding="utf-8"))
        and name.removesuffix(".__init__") not in loaded.split()
    ]
    assert missing == []
