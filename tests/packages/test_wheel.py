"""The wheel: what is in it, that it is the same wherever it is built, and that it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.capability.discovery import features
from tests.source_files import ROOT

FOLDERS = ("minga", "bot", "commands", "storage")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
FORCED: dict[str, str] = WHEEL.get("force-include", {})
"""Files from elsewhere in the repository, and where they are in the wheel."""
SHIPPED = (*FOLDERS, *FORCED, "pyproject.toml", "README.md", "LICENSE")
NOT_SHIPPED = {"tests", "testing", "__pycache__"}
EVERY_PART = """
import sys, minga
from bot.capability.discovery import features, migration_folders
from bot.documents.pictures import FONT
from bot.matrix.profile import PICTURE
found = features()
assert FONT.is_file() and PICTURE.is_file()
assert all(list(folder.glob("*.sql")) for folder in migration_folders(found).values())
print(len(found), sys.modules["bot"].__file__)
"""


def run(*words: object, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program as a person's shell does who has none of our variables."""
    home = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more}
    return subprocess.run(  # noqa: S603
        [str(word) for word in words], cwd=cwd, env=home, capture_output=True, text=True
    )


def build(source: Path, out: Path, epoch: int) -> Path:
    """Build the wheel with the hatchling of the lock."""
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out)
    made = run(*command, cwd=source, SOURCE_DATE_EPOCH=str(epoch))
    assert made.returncode == 0, made.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


def copy_of_source(folder: Path) -> Path:
    """Copy what the wheel is made of; the times of the files are those of the copy."""
    folder.mkdir()
    for each in SHIPPED:
        if (ROOT / each).is_dir():
            shutil.copytree(
                *(ROOT / each, folder / each),
                ignore=shutil.ignore_patterns("__pycache__"),
                copy_function=shutil.copyfile,
            )
        else:
            (folder / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / each, folder / each)
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), 1_800_000_000)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venv with the wheel beside packages of others that have our names.

    What the wheel needs is lent by the venv of the tests, which is installed from the same lock.
    """
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin/python"
    packages = Path(run(python, "-c", "import site; print(site.getsitepackages()[0])").stdout[:-1])
    for name in FOLDERS[1:]:
        (packages / name).mkdir()
        (packages / name / "__init__.py").write_text("MINE = 'of somebody else'\n")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--quiet")
    made = run(*pip, "--disable-pip-version-check", wheel)
    assert made.returncode == 0, made.stderr
    return folder


def test_the_wheel_owns_one_name(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"minga"}


def test_every_file_but_the_tests_is_in_the_wheel_and_no_other(wheel: Path) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not NOT_SHIPPED & set(path.relative_to(ROOT).parts)
    }
    assert {Path(one).suffix for one in ours} >= {".py", ".sql", ".po", ".png", ".ttf"}
    moved = {one if one.startswith("minga/") else f"minga/{one}" for one in ours}
    moved |= set(FORCED.values())
    with ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == moved


def test_two_builds_in_two_folders_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        other = build(copy_of_source(tmp_path / "elsewhere"), tmp_path / "out", 1_800_000_000)
    finally:
        os.umask(before)
    assert other.name == wheel.name
    assert other.read_bytes() == wheel.read_bytes()


def test_the_command_runs_beside_packages_of_the_same_names(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/__init__.py").write_text("raise RuntimeError('not this one')\n")
    for command in ((installed / "bin/minga",), (installed / "bin/python", "-m", "minga")):
        said = run(*command, "--version", cwd=tmp_path)
        assert said.stdout.startswith("minga, version "), said.stderr
        said = run(*command, "--help", cwd=tmp_path, LANG="es_CO.UTF-8")
        assert "Minga: un bot para Matrix" in said.stdout, said.stderr
        said = run(*command, "doctor", "--config", "none.toml", cwd=tmp_path)
        assert "none.toml" in said.stderr + said.stdout
        assert "Traceback" not in said.stderr


def test_a_first_set_up_is_tried_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """With nobody who answers its questions it ends, and nothing is written."""
    asked = run(installed / "bin/minga", "init", "--help", cwd=tmp_path)
    assert "--config" in asked.stdout, asked.stderr
    said = run(installed / "bin/minga", "init", "--config", "new.toml", cwd=tmp_path)
    assert said.returncode != 0
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_capabilities_sentences_migrations_and_pictures_are_found(installed: Path) -> None:
    said = run(installed / "bin/python", "-c", EVERY_PART, cwd=installed)
    assert said.returncode == 0, said.stderr
    count, where = said.stdout.split()
    assert int(count) == len(features())
    assert where.endswith("site-packages/minga/bot/__init__.py")


def test_others_keep_their_names_where_minga_was_not_imported(installed: Path) -> None:
    said = run(installed / "bin/python", "-c", "import bot; print(bot.MINE)", cwd=installed)
    assert said.stdout == "of somebody else\n", said.stderr
