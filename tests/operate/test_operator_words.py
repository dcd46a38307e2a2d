"""`minga init`, `backup` and every `--help` speak the language of the operator's terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.i18n import n_
from bot.operate.operator_words import in_words

ROOT = Path(__file__).parents[2]


def minga(language: str, *arguments: str) -> str:
    """Return what the program prints, as in a terminal of that language."""
    code = "from bot.operate.cli import main; main()"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "LC_ALL": language},
        cwd=ROOT,
        capture_output=True,
        text=True,
        input="",
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "about", "question"),
    [
        ("es_CO.UTF-8", "Encender el bot", "Servidor Matrix"),
        ("pt_BR.UTF-8", "Ligar o bot", "Servidor Matrix"),
        ("C.UTF-8", "Run the bot", "Homeserver"),
    ],
)
def test_the_program_speaks_the_language_of_the_terminal(
    tmp_path: Path, language: str, about: str, question: str
) -> None:
    assert about in minga(language, "--help")
    assert question in minga(language, "init", "--config", str(tmp_path / "config.toml"))


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("command", ["run", "init", "backup", "restore", "doctor", "demo"])
def test_no_help_of_a_command_is_left_in_another_language(language: str, command: str) -> None:
    said = minga(language, command, "--help")
    english = minga("C.UTF-8", command, "--help")
    about = [text.split("Options:")[0].partition("\n")[2] for text in (said, english)]
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
