"""What is installed is what was locked: every file by its hash, and all that is asked for."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packages.locks import asked, entries, locked
from tests.source_files import ROOT

HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
PYTHONS = ("3.11", "3.12", "3.13")


PREPARED = "bot/operate/homeserver/files/synapse"
LOCKS = {
    f"{PREPARED}.lock": [Requirement(x) for x in (ROOT / f"{PREPARED}.in").read_text().split()],
    "requirements.lock": asked("build"),
    "requirements-test.lock": asked("build", "demo", "test"),
    "requirements-clients.lock": asked("build", "demo", "docs", "test", "clients"),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_each_entry_is_one_version_with_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index" not in text
    for line, hashes in entries(lock).items():
        assert re.fullmatch(r"[A-Za-z0-9._\-]+==[^\s;]+( ; .+)?", line), line
        assert hashes, line
        assert all(HASH.fullmatch(one) for one in hashes), line


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_has_all_that_is_asked_for(lock: str, python: str) -> None:
    has = locked(lock, python)
    for requirement in LOCKS[lock]:
        version = has.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {lock}: make lock"
        assert requirement.specifier.contains(version), (
            f"{requirement} against {version}: make lock"
        )


def test_what_the_tests_run_with_is_what_is_installed() -> None:
    for python in PYTHONS:
        assert (
            locked("requirements.lock", python).items()
            <= locked("requirements-test.lock", python).items()
            <= locked("requirements-clients.lock", python).items()
        )


def test_a_prepared_homeserver_gets_the_synapse_of_the_tests() -> None:
    for python in PYTHONS:
        tested = locked("requirements-test.lock", python).items()
        assert locked(f"{PREPARED}.lock", python).items() <= tested


def test_the_package_is_built_by_what_is_locked() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert {Requirement(line).name for line in build} <= {r.name for r in asked("build")}


def test_makefile_and_guide_install_nothing_without_its_hash() -> None:
    for name in ("Makefile", "docs/operating.md"):
        steps = re.split(r"\n|&&", (ROOT / name).read_text().replace("\\\n", " "))
        installs = [step for step in steps if re.search(r"install .*(-r | \.$)", step.strip())]
        assert len(installs) >= 2, name
        for step in installs:
            locked = "--require-hashes" in step or "--no-deps --no-build-isolation" in step
            assert locked, step


def test_the_image_downloads_once_by_hashes_and_installs_from_that() -> None:
    steps = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    pip = [one for step in steps for one in step.split("&&") if re.search(r"\bpip\b.* -", one)]
    pip = [one for one in pip if not one.startswith("#")]
    assert ["--require-hashes" in one for one in pip] == [True, False, False]
    assert ["--no-index" in one for one in pip] == [False, True, True]


def test_the_image_stands_on_one_base_by_its_digest() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(
        r"^ARG BASE=python:3\.1[123]\.\d+-slim\S*@sha256:[0-9a-f]{64}$", text, re.MULTILINE
    )
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${BASE}", "${BASE}"]
