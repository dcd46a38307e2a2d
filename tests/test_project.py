"""The rules of the house, as tests: who may import whom, what a file may be, what must be there."""

from __future__ import annotations

import ast
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bot.capability.discovery import features
from tests.source_files import (
    CODE,
    ROOT,
    SOURCE,
    all_files,
    imports,
    in_folder,
    name,
    ours,
    tree,
    within,
)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MOST_LINES, MOST_LINES_OF_TESTS = 300, 400
LONGER = {
    path: int(lines)
    for lines, path in (
        line.split() for line in (ROOT / "tests/long_files.txt").read_text("utf-8").splitlines()
    )
}
"""Files that were longer when the rule came, with their lines then: they only shrink."""


# --- imports point one way ---------------------------------------------------------------------


NEEDS = {one.name: one.needs for one in features()}


def test_a_capability_knows_only_the_api_the_database_itself_and_what_it_needs() -> None:
    for path in in_folder("commands"):
        parts = path.relative_to(ROOT).parts
        if len(parts) < 3:
            continue
        allowed = ["bot.api", "storage.database", f"commands.{parts[1]}"]
        allowed += [f"commands.{one}" for one in NEEDS[parts[1]]]
        if "tests" in parts:
            allowed += ["bot", "storage"]
        beyond = {m for m in ours(path) if not within(m, *allowed) and m not in ("bot", "storage")}
        beyond = {m for m in beyond if "tests" not in parts or "tests" not in m.split(".")}
        assert not beyond, f"{name(path)}: {sorted(beyond)}"


def test_storage_knows_only_the_nouns() -> None:
    for path in in_folder("storage"):
        beyond = {
            m
            for m in ours(path)
            if not within(
                m,
                *(
                    "bot.lines",
                    "bot.types",
                    "bot.text.translated_text",
                    "bot.i18n",
                    "bot.delivery.effects",
                ),
                "storage",
            )
        }
        assert not beyond, f"{name(path)}: {sorted(beyond)}"


def test_the_machine_knows_no_capability() -> None:
    for path in in_folder("bot"):
        if name(path) == "bot/capability/discovery.py":
            continue
        known = {m for m in imports(path) if within(m, "commands")}
        assert not known, f"{name(path)}: {sorted(known)}"


def test_only_bot_matrix_knows_the_ratchets() -> None:
    allowed = (
        *("bot/matrix/", "tests/matrix/", "tests/real/", "tests/faults/", "benchmarks/"),
        "commands/verification/tests/",  # an app that verifies us
    )
    for path in CODE:
        if not name(path).startswith(allowed):
            known = {
                m for m in imports(path) if within(m, "nio", "vodozemac", "peewee", "playhouse")
            }
            assert not known, f"{name(path)}: {sorted(known)}"


def test_the_machine_meets_matrix_only_where_it_is_put_together() -> None:
    allowed = (
        "bot/matrix/",
        "bot/run/app.py",
        "bot/operate/init.py",
        "bot/operate/first_login.py",
        "bot/operate/operator_errors.py",
        "bot/operate/doctor/account_checks.py",
        "bot/operate/doctor/server_offers.py",
        "bot/operate/doctor/server_checks.py",
        "bot/operate/setup/",
        "bot/operate/recover.py",
        "bot/operate/backups/drill.py",
        "bot/operate/recovery_key.py",
        "bot/operate/cli.py",
        "bot/demo/",
    )
    for path in in_folder("bot"):
        if not name(path).startswith(allowed):
            known = {m for m in imports(path) if within(m, "bot.matrix")}
            assert not known, f"{name(path)}: {sorted(known)}"


def test_only_the_database_knows_sqlcipher() -> None:
    allowed = (
        "storage/connection.py",
        "tests/matrix/",
        "tests/real/",
        "tests/faults/",
    )
    for path in CODE:
        if not name(path).startswith(allowed):
            known = {m for m in imports(path) if within(m, "sqlcipher3", "sqlite3")}
            assert not known, f"{name(path)}: {sorted(known)}"


def test_nothing_that_is_installed_needs_a_tool_of_the_tests() -> None:
    tools = ("tests", "benchmarks", "pytest", "hypothesis", "time_machine")
    for path in SOURCE:
        needed = {m for m in imports(path) if within(m, *tools)}
        assert not needed, f"{name(path)}: {sorted(needed)}"


# --- what a file may be ------------------------------------------------------------------------


def test_a_file_is_of_the_house() -> None:
    """One test for all files: each test costs more than reading one does."""
    wrong = [f"{name(path)}: {what}" for path in CODE for what in _wrong(path)]
    assert wrong == []


def _wrong(path: Path) -> Iterator[str]:
    text, lines = path.read_text(encoding="utf-8"), _counted_lines(path)
    if not ast.get_docstring(tree(path)):
        yield "a line that says what the module is for"
    usual = MOST_LINES if path in SOURCE else MOST_LINES_OF_TESTS
    if lines > LONGER.get(name(path), usual):
        yield f"{lines} lines are too many: split it"
    if re.search(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b", text):
        yield "do it, or leave it"
    if "../sha" + "red" in text or "/wo" + "rk/" in text:
        yield "the project stands alone"


_PASSED_ON = re.compile(r"\b(\w+) as \1\b")


def _counted_lines(path: Path) -> int:
    """Return how many lines a file has to be understood: without docstrings of functions and
    classes, and without names that it only passes on (`a as a`).
    """
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    described = (
        node.body[0]
        for node in ast.walk(tree(path))
        if isinstance(node, kinds) and ast.get_docstring(node)
    )
    free = sum((one.end_lineno or 0) - one.lineno + 1 for one in described)
    lines = path.read_text(encoding="utf-8").splitlines()
    return len(lines) - free - sum(_PASSED_ON.search(line) is not None for line in lines)


def test_only_files_that_are_too_long_are_listed_as_such() -> None:
    lines = {name(path): _counted_lines(path) for path in CODE if name(path) in LONGER}
    usual = {path: MOST_LINES if ROOT / path in SOURCE else MOST_LINES_OF_TESTS for path in LONGER}
    assert [path for path in LONGER if lines.get(path, 0) <= usual[path]] == []


def test_nothing_else_points_outside_of_the_project() -> None:
    suffixes = {".md", ".toml", ".mjs", ".json", ".sql", ".po", ".service", ""}
    for path in all_files():
        if path.suffix in suffixes and path.name != "package-lock.json":
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert "../sha" + "red" not in text, name(path)
            assert "/wo" + "rk/" not in text, name(path)


def test_no_error_is_swallowed_without_a_word() -> None:
    """`except Exception: pass` hides bugs; `contextlib.suppress(Narrow)` says what is expected."""
    for path in SOURCE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or (
                    isinstance(node.type, ast.Name)
                    and node.type.id in ("Exception", "BaseException")
                )
                empty = all(isinstance(step, (ast.Pass, ast.Continue)) for step in node.body)
                assert not (broad and empty), f"{name(path)}:{node.lineno}"


def test_no_test_is_skipped() -> None:
    """A skipped test is a failed promise."""
    for path in CODE:
        if "tests" in path.parts and path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            skips = re.search(r"pytest\.(?:skip|importorskip|mark\.(?:skip|skipif|xfail))\b", text)
            assert skips is None, name(path)


# --- what must be there ------------------------------------------------------------------------


def test_vodozemac_is_pinned_exactly_and_the_rest_has_a_floor() -> None:
    for need in PROJECT["project"]["dependencies"]:
        package = re.split(r"[\[=<>]", need)[0]
        mark = "==" if package == "vodozemac" else ">="
        assert mark in need, need


def test_the_licence_is_agpl() -> None:
    assert PROJECT["project"]["license"] == "AGPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "Version 3" in text


def test_the_documents_are_there_and_their_links_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"} <= {
        d.name for d in documents
    }
    for document in documents:
        for link in re.findall(r"\]\(([^)#\s]+)\)", document.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (document.parent / link).exists(), f"{name(document)}: {link}"


def test_decisions_are_numbered_without_a_hole() -> None:
    numbers = [int(p.name[:4]) for p in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_make_target_sets_up_first() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "check"):
        assert re.search(rf"^{target}: setup$", text, re.MULTILINE), target
    run = ROOT / ".ci/run"
    assert run.stat().st_mode & stat.S_IXUSR
    steps = run.read_text(encoding="utf-8").split()
    assert "".join(steps).endswith("docscheckmaketest")


def test_the_image_runs_as_anybody_and_writes_only_its_data() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d+:\d+$", last, re.MULTILINE)
    assert 'ENTRYPOINT ["minga"]' in last
    assert "VOLUME /data" in last
    assert "PYTHONDONTWRITEBYTECODE=1" in last
    assert "RUN " not in last


def test_the_service_is_hardened_and_knows_the_exit_status() -> None:
    from bot.operate.operator_errors import OPERATOR_MUST_ACT

    text = (ROOT / "deploy/minga.service").read_text(encoding="utf-8")
    for line in (
        "LoadCredential=key:",
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "MemoryDenyWriteExecute=yes",
        "LimitCORE=0",
        "UMask=0077",
        f"RestartPreventExitStatus={OPERATOR_MUST_ACT}",
    ):
        assert f"\n{line}" in text, line


def test_the_settings_are_named_as_in_the_example() -> None:
    """A setting that nothing reads would be a lie to the operator."""
    from bot.operate.config import SECTIONS

    code = "\n".join(p.read_text(encoding="utf-8") for p in SOURCE if p.name != "config.py")
    code += (
        (ROOT / "bot/operate/config.py").read_text(encoding="utf-8").partition("def password")[2]
    )
    for section, model in SECTIONS.items():
        for key in model.model_fields:
            assert re.search(rf"\.{key}\b", code), f"{section}.{key}"
