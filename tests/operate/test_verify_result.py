"""`minga verify-result`: without configuration, database or network; in the terminal's language."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.operate import cli, operator_words
from bot.testing.talk import SIGNER
from commands.ballot_secrecy.tests.secret_world import World, voter


@pytest.fixture
async def world(tmp_path: Path) -> World:
    """Seven have voted, and the room has its file."""
    world = await World.start(tmp_path / "minga.db", 9)
    for n in range(7):
        await world.vote(voter(n), f"{n % 2 + 1}:1", f"palabras {n}")
    await world.vote(voter(0), "3:1", "otras palabras")
    (tmp_path / "result.json").write_text((await world.close()).to_json(), encoding="utf-8")
    await world.talk.close()
    return world


def run(*words: object, language: str = "es_CO.UTF-8") -> Result:
    given = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": language}
    return CliRunner().invoke(cli.main, ["verify-result", *map(str, words)], env=given)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_an_honest_file_is_told_in_the_language_of_the_terminal(
    world: World, tmp_path: Path
) -> None:
    for language, words in (
        ("es_CO.UTF-8", ("Participación: 7 de 9 personas", "el archivo es coherente", "Compara")),
        ("pt_BR.UTF-8", ("Votaram 7 de 9 pessoas", "o arquivo diz é coerente", "Compare")),
        ("fr_FR.UTF-8", ("7 of 9 people voted", "The file is true in itself", "Compare")),
    ):
        result = run(tmp_path / "result.json", language=language)
        assert result.exit_code == 0
        for word in (*words, "¿Dónde?", "Norte: 3", "Sur: 3", "Zoom: 1", SIGNER.public):
            assert word in result.output
    assert world.manifest.key == SIGNER.public


def test_a_receipt_is_a_file_or_the_text_of_a_message(world: World, tmp_path: Path) -> None:
    receipt = world.receipts[voter(1)]
    (tmp_path / "receipt.json").write_text(receipt.to_json(), encoding="utf-8")
    pasted = f"Tu comprobante:\n{receipt.to_json()}\nGuárdalo."
    for given in (tmp_path / "receipt.json", pasted):
        result = run(tmp_path / "result.json", "--receipt", given)
        assert result.exit_code == 0
        assert receipt.tracker in result.output
        assert "Sur" in result.output
        assert "palabras 1" in result.output


def test_a_vote_that_does_not_count_is_no_success(world: World, tmp_path: Path) -> None:
    result = run(tmp_path / "result.json", "--receipt", world.older[0].to_json())
    assert result.exit_code == 1
    assert "votaste de nuevo" in result.output
    assert "NO CONFÍES" not in result.output


def test_a_changed_file_is_not_to_be_trusted(world: World, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"turnout":7', '"turnout":8'), encoding="utf-8")
    assert text != path.read_text(encoding="utf-8")
    result = run(path, language="pt_BR.UTF-8")
    assert result.exit_code == 1
    assert "NÃO CONFIE" in result.output
    assert world.manifest.question in result.output


@pytest.mark.parametrize(
    "junk",
    ["", "{}", "[" * 100_000, '{"type":"minga.result-file"}', "\x00\xff", '{"a":1e999}'],
    ids=["empty", "table", "deep", "bare", "binary", "number"],
)
def test_what_is_no_result_is_said_in_a_line(tmp_path: Path, junk: str) -> None:
    path = tmp_path / "junk"
    path.write_bytes(junk.encode("latin-1"))
    result = run(path)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "no es un resultado" in result.output
    assert run(tmp_path / "missing").output.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"counts":{', '"counts":{"٣:1":1,'),
        ('"rule":{', '"rule":{"ñ":1,'),
        ('"rule":{', '"rule":{"most":9999999999999999999,'),
        ('"opened"', '"extended"'),
        ('"certificate":{', '"certificate":{"x":0.5,'),
        ('"excluded":{}', '"excluded":{"late":true}'),
        ('"question":"', '"question":"\\ud800'),
    ],
)
def test_a_hostile_file_is_refused_and_breaks_nothing(
    world: World, tmp_path: Path, old: str, new: str
) -> None:
    path = tmp_path / "result.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run(path)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1
    assert world.number


def test_the_first_variable_that_is_set_decides() -> None:
    assert operator_words.terminal_language({"LC_ALL": "pt_BR.UTF-8", "LANG": "es_CO"}) == "pt"
    assert (
        operator_words.terminal_language({"LC_ALL": "", "LC_MESSAGES": "es", "LANG": "pt"}) == "es"
    )
    assert operator_words.terminal_language({"LANG": "C.UTF-8"}) is None
    assert operator_words.terminal_language({}) is None


def test_an_unknown_command_is_still_unknown() -> None:
    result = CliRunner().invoke(cli.main, ["verify-nothing"])
    assert result.exit_code == 2
    assert "No such command" in result.output
