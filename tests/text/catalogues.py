"""What the translations say, sentence by sentence, for the tests over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests import words
from tests.source_files import ROOT, folders

CODE = re.compile(r"`([^`]*)`")
HOLE = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence as it is said in a language, and the folder that says it."""

    folder: str
    text: str
    english: str

    @property
    def prose(self) -> str:
        """Return the sentence without its holes and what stands in `code`."""
        return HOLE.sub("…", CODE.sub("`…`", self.text))

    @property
    def codes(self) -> list[str]:
        """Return what stands in `code`: the lines that people can type."""
        return CODE.findall(self.text)


@cache
def all_said(language: str) -> tuple[Said, ...]:
    """Return every sentence of every list in a language, `en` included."""
    return tuple(_read(language))


def _read(language: str) -> Iterator[Said]:
    for folder in folders():
        if language == "en":
            for forms in words.sentences(folder).values():
                yield from (Said(folder.name, form, forms[0]) for form in forms)
            continue
        for message in words.translations(folder, language):
            if message.id:
                english = message.id if isinstance(message.id, str) else message.id[0]
                yield from (Said(folder.name, text, english) for text in words.strings(message))


TERMINAL = ("bot/operate", "storage")
"""Folders whose sentences an operator reads in a terminal or a log, where they may be long."""
ABOUT_THE_ACCOUNT = (
    *("login", "login_sentences", "interactive_auth", "account_claim", "run_record"),
    *("crypto/bot_identity", "crypto/recovery"),
)
"""Modules of `bot/matrix/` whose errors end the program."""


@cache
def in_a_terminal() -> frozenset[str]:
    """Return the English of the sentences that no chat shows."""
    files = [file for folder in TERMINAL for file in (ROOT / folder).rglob("*.py")]
    files += [ROOT / f"bot/matrix/{name}.py" for name in ABOUT_THE_ACCOUNT]
    return frozenset(words.sentences_of(files))
