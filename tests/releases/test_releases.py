"""A release never changes afterwards, says what an operator must do, and can be checked."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from storage.releases import BEFORE_THE_FIRST, program_version
from tests.releases import publish
from tests.releases.publish import NotReady, is_signed, reasons_against, sign, write_sums
from tests.releases.record import migration_hashes, read_hashes, recorded
from tests.source_files import ROOT, all_files

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
WHEEL, SOURCE = "minga-9.0.0-py3-none-any.whl", "minga-9.0.0.tar.gz"


# --- what was released stays as it was ---------------------------------------------------------


@pytest.mark.parametrize("version", recorded())
def test_no_migration_of_a_release_was_changed_or_taken_away(version: str) -> None:
    now = migration_hashes()
    changed = [path for path, total in read_hashes(version).items() if now.get(path) != total]
    assert changed == [], "databases of that version had the old steps: add a new step instead"


@pytest.mark.parametrize("version", recorded())
def test_what_came_since_is_done_after_the_steps_of_a_release(version: str) -> None:
    """A step between two that were done is never done: their number tells which were."""
    then = read_hashes(version)
    for path in migration_hashes().keys() - then.keys():
        folder = path.rpartition("/")[0]
        before = [one for one in then if one.rpartition("/")[0] == folder]
        assert all(one < path for one in before), path


def test_the_version_of_this_program_was_recorded_if_it_is_one_of_a_release() -> None:
    version = program_version()
    if publish._VERSION.fullmatch(version):
        assert version in recorded(), "make record-release"
        assert read_hashes(version) == migration_hashes(), "make record-release, or count on"
    else:
        assert version.partition(".dev")[0] not in recorded(), "it comes before a release"


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert program_version() == project["version"], "make setup"
    assert program_version() != BEFORE_THE_FIRST
    written = re.compile(rf"""version["']?\s*[=:]\s*["']{re.escape(project["version"])}["']""")
    code = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]
    assert [path for path in code if written.search(path.read_text(encoding="utf-8"))] == []


def test_each_release_says_what_an_operator_must_do() -> None:
    sections = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]
    names = [section.partition("\n")[0] for section in sections]
    assert {f"[{version}]" for version in recorded()} <= {name.split(" ")[0] for name in names}
    for name, section in zip(names, sections, strict=True):
        assert "**Operator must do:**" in section, name


# --- what is to be there before one is made ----------------------------------------------------

GOOD = "## [9.0.0] - 2026-11-28\n\n**Operator must do:** nothing.\n\n## [8.0.0] - 2026-11-01\n"


def test_nothing_is_against_a_release_of_which_all_is_there() -> None:
    assert [*reasons_against("9.0.0", GOOD, migration_hashes(), "\n")] == []


@pytest.mark.parametrize(
    ("version", "changelog", "hashes", "changed", "told"),
    [
        ("9.0.0.dev0", GOOD.replace("9.0.0", "9.0.0.dev0"), True, "", "no version of a release"),
        ("9.0.0", GOOD, True, " M bot/types.py", "Not all is committed"),
        ("9.0.0", GOOD.replace("9.0.0", "Unreleased"), True, "", "needs a section"),
        ("9.0.0", GOOD.replace(" - 2026-11-28", ""), True, "", "needs a section"),
        ("9.0.0", GOOD.replace("**Operator must do:** nothing", ""), True, "", "must do"),
        ("9.0.0", GOOD, False, "", "make record-release"),
    ],
)
def test_a_release_that_is_not_ready_says_why(
    version: str, changelog: str, hashes: bool, changed: str, told: str
) -> None:
    then = migration_hashes() if hashes else None
    (reason,) = reasons_against(version, changelog, then, changed)
    assert told in reason


# --- signatures ---------------------------------------------------------------------------------


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What was built."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / WHEEL).write_bytes(b"a wheel")
    (folder / SOURCE).write_bytes(b"a source")
    (folder / "minga-8.0.0.tar.gz").write_bytes(b"of another version")
    return folder


def throw_away_key(folder: Path, name: str = "key") -> Path:
    key = folder / name
    subprocess.run(  # noqa: S603
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "nobody", "-f", str(key)],  # noqa: S607
        check=True,
    )
    return key


def signers_of(key: Path, namespaces: str = publish.PURPOSE) -> Path:
    file = key.with_name(f"{key.name}-signers")
    public = key.with_name(f"{key.name}.pub").read_text()
    file.write_text(f'# our keys\n{publish.WHO} namespaces="{namespaces}" {public}')
    return file


def test_a_release_is_checked_as_security_md_says(dist: Path, tmp_path: Path) -> None:
    key = throw_away_key(tmp_path)
    signers = signers_of(key)
    made = publish.publish(dist, "9.0.0", str(key), signers)
    assert [file.name for file in made] == [WHEEL, SOURCE, publish.SUMS, publish.SIGNATURE]
    shutil.copy(signers, dist / "release-signers")
    commands = re.search(r"```\n(sha256sum.*?)```", (ROOT / "SECURITY.md").read_text("utf-8"), re.S)
    assert commands is not None
    script = ["bash", "-euo", "pipefail", "-c", commands[1]]

    def checked() -> bool:
        return subprocess.run(script, cwd=dist, capture_output=True, check=False).returncode == 0  # noqa: S603

    assert checked()
    (dist / SOURCE).unlink()
    assert checked(), "whoever has one of the files"
    (dist / WHEEL).write_bytes(b"A wheel")
    assert not checked()
    write_sums(dist, [dist / WHEEL])
    assert not checked(), "sums of their own that we did not sign"


def test_another_key_or_a_signature_for_another_purpose_counts_nothing(
    dist: Path, tmp_path: Path
) -> None:
    key, other = throw_away_key(tmp_path), throw_away_key(tmp_path, "other")
    sums = write_sums(dist, publish.artefacts(dist, "9.0.0"))
    sign(sums, key)
    assert is_signed(sums, signers_of(key))
    assert not is_signed(sums, signers_of(other))
    assert not is_signed(sums, signers_of(key, "git"))
    assert not is_signed(sums, publish.SIGNERS), "it is nobody's of the project"


def test_without_a_key_or_with_a_strangers_nothing_is_signed_and_it_says_what_to_do(
    dist: Path, tmp_path: Path
) -> None:
    stranger = throw_away_key(tmp_path)
    signers = signers_of(throw_away_key(tmp_path, "ours"))
    with pytest.raises(NotReady, match="ssh-keygen -t ed25519"):
        publish.publish(dist, "9.0.0", None, signers)
    with pytest.raises(NotReady, match="is not in ours-signers"):
        publish.publish(dist, "9.0.0", str(stranger), signers)
    assert not (dist / publish.SIGNATURE).exists()
    (dist / WHEEL).unlink()
    with pytest.raises(NotReady, match="make dist"):
        publish.publish(dist, "9.0.0", str(stranger), signers)


def test_no_private_key_is_in_the_repository() -> None:
    begin = b"-----BEGIN " + b"OPENSSH PRIVATE KEY-----"
    assert [file for file in all_files() if begin in file.read_bytes()] == []
