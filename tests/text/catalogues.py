"""What the translations say, sentence by sentence, for the tests over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests import words

CODE = re.compile(r"`([^`]*)`")
HOLE = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence as it is said in a language, and the folder that says it."""

    folder: str
    text: str

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
    for folder in words.folders():
        if language == "en":
            for forms in words.sentences(folder).values():
                yield from (Said(folder.name, form) for form in forms)
            continue
        for message in words.translations(folder, language):
            if message.id:
                yield from (Said(folder.name, text) for text in words.strings(message))
