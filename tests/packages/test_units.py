"""The units: those for several bots are those for one, and each bot's things are its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Context

from bot.operate.cli import main
from tests.packages.units import DEPLOY, FOR_ONE, for_several
from tests.source_files import ROOT


@pytest.mark.parametrize("name", FOR_ONE)
def test_the_template_is_the_unit_for_one_bot_with_a_name(name: str) -> None:
    path, text = for_several(name)
    assert path.read_text(encoding="utf-8") == text, "make units"


@pytest.mark.parametrize("name", [name for name in FOR_ONE if name.endswith(".service")])
def test_no_path_of_a_template_is_another_bots(name: str) -> None:
    lines = for_several(name)[1].splitlines()[1:]
    paths = [
        found
        for line in lines
        if not line.startswith("#")
        for found in re.findall(r"(?:/etc|/var/lib(?:/private)?)/minga\S*|=minga\S*", line)
    ]
    assert len(paths) > 2
    assert [path for path in paths if "%i" not in path] == []


def test_all_commands_that_are_given_to_operators_are_there() -> None:
    files = [ROOT / "Dockerfile", *(p for p in DEPLOY.rglob("*") if p.is_file())]
    named = [(path, word) for path in files for word in commands(path)]
    assert {word for _path, word in named} >= {"run", "backup", "init", "doctor"}
    assert [
        (path.name, word) for path, word in named if main.get_command(Context(main), word) is None
    ] == []


def commands(path: Path) -> list[str]:
    """Return the words after `minga` where it is a command that is started."""
    text = path.read_text(encoding="utf-8")
    called = re.findall(r"(?:bin/minga|exec minga minga|--rm minga) ([a-z][a-z-]*)", text)
    listed = re.findall(r'ENTRYPOINT \["minga"\]\nCMD \["([a-z-]+)"', text)
    return [*called, *listed, *re.findall(r'"minga", "([a-z-]+)"', text)]
