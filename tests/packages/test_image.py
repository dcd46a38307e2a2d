"""The image, as far as it goes where there are no containers: its build is replayed by the letter.

Each RUN of the first stage is run with its paths below a folder of the test. Then what the second
copies runs as a user that nobody knows, where only the data folder can be written.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from click import Context

from bot.operate.cli import main
from tests.packages.locks import asked, needed_for
from tests.source_files import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = DOCKERFILE.replace("\\\n", " ").split("\nFROM ")[1:]
ABSOLUTE = re.compile(r"(?<![\w./])/(opt|tools|wheels|image|src)\b")
SOMEBODY = 54321
READ_ONLY = f"""
mount --bind "$1" "$1"
mount --options remount,bind,ro "$1"
mount --bind "$2" "$2"
mount --options remount,bind,rw "$2"
cd "$2"
shift 2
exec setpriv --reuid={SOMEBODY} --regid={SOMEBODY} --clear-groups --bounding-set=-all "$@"
"""
CONFIG = """
[matrix]
homeserver = "http://127.0.0.1:9"
user_id = "@minga:localhost"
password_file = "secrets/password"
[network]
name = "Red"
language = "es"
timezone = "America/Bogota"
moderators = ["@ana:localhost"]
[storage]
data_dir = "data"
key_file = "secrets/key"
"""


def of_stage(stage: int, word: str) -> list[str]:
    """Return what follows this word on the lines of a stage that begin with it."""
    lines = (line for line in STAGES[stage].splitlines() if line.startswith(f"{word} "))
    return [line.removeprefix(f"{word} ").strip() for line in lines]


def ignored(folder: str, names: list[str]) -> set[str]:
    """What .dockerignore keeps out of a copied folder."""
    inner = [
        line.removeprefix("**/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("**/")
    ]
    return {name for name in names for one in inner if fnmatch(name, one)}


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """The root of the first stage after all its steps, in a folder that any user may walk into."""
    root = Path(tempfile.mkdtemp(prefix="minga-image-"))
    root.chmod(0o755)
    (root / "bin").mkdir()
    (root / "bin/python").symlink_to(sys.executable)
    (root / "bin/pip").write_text(f'#!/bin/sh\nexec {sys.executable} -m pip "$@"\n')
    (root / "bin/pip").chmod(0o755)
    (root / "src").mkdir()
    environment = {"PATH": f"{root}/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    environment |= {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
    for line in STAGES[0].splitlines():
        word, _, rest = line.partition(" ")
        if word == "COPY":
            *files, target = rest.split()
            for file in files:
                copy(ROOT / file, f"{root}/src/{target}")
        elif word == "RUN":
            # The download is kept for the next run of this test, which the image has no use for.
            text = ABSOLUTE.sub(rf"{root}/\1", rest).replace("--no-cache-dir", "")
            done = subprocess.run(  # noqa: S602 - the Dockerfile's own line
                text, shell=True, cwd=root / "src", env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    yield root
    shutil.rmtree(root)


def copy(source: Path, target: str) -> None:
    """Copy as COPY does, where .dockerignore lets it: a target that ends in "/" is a folder."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    if target.endswith("/"):
        Path(target).mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=ignored)
    else:
        shutil.copy(source, target)


def site_packages(built: Path) -> Path:
    (found,) = (built / "opt/minga/lib").glob("python3.*/site-packages")
    return found


def test_the_image_has_what_the_bot_needs_and_no_tool_to_build(built: Path) -> None:
    folders = (one.name for one in site_packages(built).glob("*.dist-info"))
    names = {name.partition("-")[0].replace("_", "-").lower() for name in folders}
    assert names == {*needed_for(asked()), "minga"}
    assert {one.name for one in (built / "opt/minga/bin").iterdir()}.isdisjoint({"pip", "cc"})


def test_the_image_is_compiled_and_has_no_tests(built: Path) -> None:
    ours = site_packages(built) / "minga"
    assert (ours / "bot/__pycache__").is_dir()
    assert list(ours.rglob("tests")) == []


def test_a_named_volume_can_be_written_by_whoever_the_bot_runs_as(built: Path) -> None:
    assert (built / "image/data").stat().st_mode & 0o7777 == 0o1777
    assert "--from=build /image/ /" in of_stage(1, "COPY")


def as_anybody(built: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """Run a command as the image does; its folder is the data folder."""
    data = built / "image/data"
    wrapped = ["unshare", "--mount", "sh", "-euc", READ_ONLY, "sh", built, data, *command]
    return subprocess.run(  # noqa: S603
        [str(word) for word in wrapped], env=variables(built), capture_output=True, text=True
    )


@pytest.mark.root
def test_it_runs_as_anybody_where_only_the_data_can_be_written(built: Path) -> None:
    data, minga = built / "image/data", built / "opt/minga/bin/minga"
    (data / "secrets").mkdir(mode=0o700)
    (data / "config.toml").write_text(CONFIG)
    (data / "secrets/password").write_text("a password that opens nothing")
    for each in data.rglob("*"):
        os.chown(each, SOMEBODY, SOMEBODY)
        each.chmod(0o700 if each.is_dir() else 0o600)
    touched = as_anybody(built, "sh", "-c", f"touch here; touch {built}/opt/there")
    assert (touched.returncode, (data / "here").exists()) == (1, True)
    assert not (built / "opt/there").exists()
    # The kernel says either, by what it looks at first.
    assert re.search("Read-only file system|Permission denied", touched.stderr)
    assert as_anybody(built, minga, "--version").stdout.startswith("minga, ")
    said = as_anybody(built, minga, "doctor", "--config", "config.toml")
    assert "vodozemac" in said.stdout, said.stderr
    assert "Traceback" not in said.stderr


def variables(built: Path) -> dict[str, str]:
    """What the second stage sets."""
    (line,) = of_stage(1, "ENV")
    pairs = (word.partition("=") for word in line.split())
    here = {key: ABSOLUTE.sub(rf"{built}/\1", value) for key, _, value in pairs}
    return here | {"PATH": here["PATH"].replace("$PATH", os.environ["PATH"]), "HOME": "/nowhere"}


def test_the_image_asks_the_bot_how_it_is_as_soon_as_there_is_a_command_for_it() -> None:
    """`minga ready` asks at the address that the image sets; without it there is nothing to ask."""
    expected = (
        ['["minga", "ready", "--config", "/data/config.toml"]']
        if main.get_command(Context(main), "ready")
        else []
    )
    checks = [line.partition("CMD ")[2] for line in of_stage(1, "HEALTHCHECK")]
    assert checks == expected
    assert ("MINGA_WATCH__LISTEN=127.0.0.1:" in STAGES[1]) == bool(expected)


def test_the_labels_say_what_it_is() -> None:
    (labels,) = of_stage(1, "LABEL")
    for key in ("title", "description", "licenses", "revision"):
        assert f"org.opencontainers.image.{key}=" in labels
