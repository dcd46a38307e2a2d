"""What the program prints is in the operator's language: help, findings, what ends it, click's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.i18n import n_
from bot.operate import cli, click_words, operator_words
from bot.operate.operator_words import in_words
from bot.types import LANGUAGES
from storage.encryption import keys as keyring
from tests.operate.test_config import write

ROOT = Path(__file__).parents[2]
COMMANDS = ("run", "init", "backup", "restore", "doctor", "demo", "verify-result")
MAIN = "from bot.operate.cli import main; main()"
HELPS = """
import json, sys
from click.testing import CliRunner
from bot.operate.cli import main
print(json.dumps([CliRunner().invoke(main, [one, "--help"]).output for one in sys.argv[1:]]))
"""


def minga(language: str, *arguments: str, code: str = MAIN) -> str:
    """Return what the program prints, as in a terminal of that language."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "LC_ALL": language},
        cwd=ROOT,
        capture_output=True,
        text=True,
        input="",
    )
    return done.stdout + done.stderr


@cache
def helps(language: str) -> dict[str, str]:
    """Return each command's help, of one program started in a terminal of that language."""
    return dict(zip(COMMANDS, json.loads(minga(language, *COMMANDS, code=HELPS)), strict=True))


@pytest.fixture(autouse=True)
def gentle(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process runs other tests too: it keeps its umask and its core dumps."""
    monkeypatch.setattr(keyring, "harden", lambda: None)


def said_in(language: str, *arguments: str) -> str:
    """Return what the program prints in this process, but for help, which is made at its start."""
    return CliRunner().invoke(cli.main, arguments, env={"LC_ALL": language}).output


def in_each_language(*arguments: str) -> dict[str, str]:
    """Return what the program prints, by the language of the terminal."""
    return {one: said_in(f"{one}_XX.UTF-8", *arguments) for one in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "about", "missing"),
    [
        ("es_CO.UTF-8", "Encender el bot", "Falta dar como opciones: --homeserver"),
        ("pt_BR.UTF-8", "Ligar o bot", "Falta dar como opções: --homeserver"),
        ("en_US.UTF-8", "Run the bot", "Give as options what is missing: --homeserver"),
    ],
)
def test_the_program_speaks_the_language_of_the_terminal(
    tmp_path: Path, language: str, about: str, missing: str
) -> None:
    assert about in minga(language, "--help")
    assert missing in minga(language, "init", "--config", str(tmp_path / "config.toml"))


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_of_a_command_is_left_in_another_language(language: str, command: str) -> None:
    said, english = helps(language)[command], helps("en_US.UTF-8")[command]
    about = [re.split("Op[a-zçõ]+s:", text)[0].partition("\n")[2] for text in (said, english)]
    assert about[0].strip()
    assert (about[0] == about[1]) == (language == "en")


def test_one_and_several_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = {}
    for language in ("es", "pt", "en"):
        monkeypatch.setenv("LC_ALL", language)
        lines = (
            n_("Signed out {count} other device.", "Signed out {count} other devices.", count)
            for count in (1, 3)
        )
        heard[language] = [in_words(line) for line in lines]
    assert heard["es"] == ["Cerré 1 sesión más.", "Cerré 3 sesiones más."]
    assert heard["pt"] == ["Encerrei 1 outra sessão.", "Encerrei outras 3 sessões."]
    assert heard["en"] == ["Signed out 1 other device.", "Signed out 3 other devices."]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["backup"], ("Uso: ", "Uso: ", "Usage: ")),
        (["backup"], ("Falta 'FILE'.", "Falta 'FILE'.", "Missing argument 'FILE'.")),
        (["doctr"], ("¿Es 'doctor'?", "É 'doctor'?", "Did you mean 'doctor'?")),
        (["run", "--wat"], ("No existe la opción", "Não existe a opção", "No such option")),
        (["run", "--config"], ("falta un valor", "falta um valor", "requires an argument")),
        (["run", "a", "b"], ("Esto sobra: a b", "Isto sobra: a b", "unexpected extra arguments")),
        (["init", "--language", "xx"], ("no es uno de estos", "não é um destes", "is not one of")),
    ],
)
def test_the_words_of_click_are_in_it_too(arguments: list[str], told: tuple[str, ...]) -> None:
    heard = in_each_language(*arguments)
    assert [word for word, said in zip(told, heard.values(), strict=True) if word not in said] == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", ("[OPCIONES]", "Opciones:", "Tu comprobante", "Mostrar esta ayuda.")),
        ("pt", ("[OPÇÕES]", "Opções:", "Seu comprovante", "Mostrar esta ajuda.")),
    ],
)
def test_nothing_in_the_help_of_a_tool_is_english(language: str, told: tuple[str, ...]) -> None:
    said = helps(language)["verify-result"]
    assert [word for word in told if word not in said] == []


def test_click_still_says_what_we_translate() -> None:
    """A newer click with other words would be English again, and nobody would see it."""
    theirs = "".join(
        Path(module.__file__).read_text(encoding="utf-8") for module in click_words.MODULES
    )
    missing = [
        line.msgid
        for line in (*click_words.CLICK, click_words.OPTIONS, click_words.COMMAND)
        if line.msgid.replace("\n", "\\n").replace("\t", "\\t") not in theirs
    ]
    assert missing == []


def test_a_mistake_in_the_configuration_ends_the_program_in_it(tmp_path: Path) -> None:
    path = str(write(tmp_path, timezone='"America/Bogotá"'))
    heard = in_each_language("run", "--config", path)
    assert "esa zona no existe; parecida: America/Bogota. Se espera: una zona" in heard["es"]
    assert "esse fuso não existe; parecido: America/Bogota. Espera-se: um fuso" in heard["pt"]
    assert "there is no such zone; near: America/Bogota. Expected: a time zone" in heard["en"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("run", ("Falta {}/secrets/key", "Falta {}/secrets/key", "{}/secrets/key is missing, and")),
        ("doctor", ("MAL  Falta", "MAL  Falta", "BAD  {}/secrets/key is missing, and")),
        ("restore", ("No existe el archivo", "Não existe o arquivo", "There is no file")),
        ("backup", ("todavía no hay base de datos", "ainda não há banco", "There is no database")),
    ],
)
def test_what_ends_the_program_is_in_it(
    tmp_path: Path, command: str, told: tuple[str, ...]
) -> None:
    path = write(tmp_path)
    if command in ("run", "doctor"):
        (tmp_path / "data").mkdir(mode=0o700)
        (tmp_path / "data/minga.db").write_bytes(b"x")
    else:
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets/key").touch(mode=0o600)
        (tmp_path / "secrets/key").write_text(bytes(range(32)).hex())
    files = [str(tmp_path / "file")] if command in ("backup", "restore") else []
    heard = in_each_language(command, "--config", str(path), *files)
    for word, said in zip(told, heard.values(), strict=True):
        assert word.format(tmp_path) in said


def test_where_the_terminal_names_no_language_the_network_s_is_spoken(tmp_path: Path) -> None:
    """As under systemd. What the operator's own terminal names goes first."""
    path = str(write(tmp_path, name='"Rede"\nlanguage = "pt"', timezone='"Recife"'))
    assert "esse fuso não existe" in said_in("C.UTF-8", "run", "--config", path)
    assert "esse fuso não existe" in said_in("POSIX", "doctor", "--config", path)
    assert "esa zona no existe" in said_in("es_CO.UTF-8", "run", "--config", path)
    assert "there is no such zone" in said_in("en_US.UTF-8", "run", "--config", path)


@pytest.mark.parametrize("text", ["", "[network", "network = 5", "[network]\nlanguage = ['pt']"])
def test_a_malformed_configuration_names_no_language(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    assert operator_words.configured_language(tmp_path / "config.toml") is None
    assert operator_words.configured_language(tmp_path) is None
