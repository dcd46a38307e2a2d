"""The words that start a command: three languages at once, none with two meanings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.typed import fold, glued

LONGEST = 5
"""No command's name has more words than this."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people type for one thing, in Spanish, Portuguese and English; `also` works as well."""

    es: str
    pt: str
    en: str
    also: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((self.es, self.pt, self.en, *self.also))

    def in_language(self, language: str) -> str:
        return {"es": self.es, "pt": self.pt}.get(language, self.en)


def words(es: str, pt: str, en: str, also: str = "") -> Words:
    """`also` is a list with commas."""
    return Words(es, pt, en, tuple(w.strip() for w in also.split(",") if w.strip()))


class Vocabulary:
    """Every name of every command, as it is heard: folded, without hyphens and spaces."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """`names`: (what is typed, which command). Raises `ValueError` on two meanings."""
        self._of: dict[str, int] = {}
        self._typed: dict[str, str] = {}
        for name, command in names:
            heard = glued(name)
            if self._of.setdefault(heard, command) != command:
                raise ValueError(f"{name!r} means two things")
            self._typed.setdefault(heard, name)

    def find(self, line: str) -> tuple[int, str, str] | None:
        """The command that `line` starts with, the words it took, and the rest as typed."""
        ends = [m.end() for m in re.finditer(r"[^\s\-]+", line)][:LONGEST]
        for end in reversed(ends):
            command = self._of.get(glued(line[:end]))
            if command is not None and not line[end:].startswith("-"):
                return command, line[:end], line[end:].strip()
        return None

    def nearest(self, line: str) -> str | None:
        """The known name that differs by two letters at most from how `line` begins."""
        ends = [m.end() for m in re.finditer(r"[^\s\-]+", line)][:LONGEST]
        best: tuple[float, str] | None = None
        for end in ends:
            heard = glued(line[:end])
            found = process.extractOne(
                heard, list(self._of), scorer=DamerauLevenshtein.distance, score_cutoff=limit(heard)
            )
            if found and (best is None or found[1] < best[0]):
                best = found[1], found[0]
        return self._typed[best[1]] if best else None

    def command(self, name: str) -> int:
        return self._of[glued(name)]


def limit(heard: str) -> int:
    """How many letters may differ: none for tiny words, else two at most."""
    return 0 if len(heard) < 3 else 1 if len(heard) < 6 else 2


YES = frozenset(map(fold, ("sí", "si", "sim", "yes", "ss", "dale", "ok", "s", "y", "claro")))
YES_IN_FULL = frozenset(map(fold, ("sí", "si", "sim", "yes")))
NO = frozenset(map(fold, ("no", "não", "nao", "n", "nn", "nop", "nope")))
STOP = frozenset(map(fold, ("cancelar", "salir", "sair", "cancel", "stop", "parar")))


def bare(text: str) -> str:
    """A short answer as it is compared: folded, without prefix and closing marks."""
    return fold(text.strip().lstrip("!¡！").strip(" .!¡?¿,;"))
