"""`minga verify-folder`: without configuration, database or network; in the terminal's language."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.operate import cli
from commands.public_site.tests.site_world import WrittenSite


def run(*words: object, language: str) -> Result:
    given = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": language}
    return CliRunner().invoke(cli.main, ["verify-folder", *map(str, words)], env=given)


@pytest.mark.parametrize(
    ("language", "whole", "changed"),
    [
        ("es_CO.UTF-8", "La carpeta está como la red la escribió:", "NO CONFÍES EN ESTA CARPETA:"),
        ("pt_BR.UTF-8", "A pasta está como a rede a escreveu:", "NÃO CONFIE NESTA PASTA:"),
        ("en_US.UTF-8", "The folder is as the network wrote it:", "DO NOT TRUST THIS FOLDER:"),
    ],
)
async def test_it_says_whether_the_folder_is_whole(
    site: WrittenSite, language: str, whole: str, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    said = run(site.folder, "--earlier", site.folder / "head.json", language=language)
    assert said.exit_code == 0, said.output
    assert whole in said.output
    (site.folder / "record/6.json").write_text("{}", encoding="utf-8")
    said = run(site.folder, language=language)
    assert said.exit_code == 1
    assert changed in said.output
    assert "record/6.json" in said.output


@pytest.mark.parametrize("name", ["none", "file"])
async def test_what_is_no_folder_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    said = run(tmp_path / name, language="es_CO.UTF-8")
    assert said.exit_code in (1, 2)
    assert "Traceback" not in said.output
