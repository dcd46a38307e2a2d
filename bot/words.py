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
    """What people type for one thing, in Spanish, Portuguese and English; `also` works as well.

    `by_language` says of which language (es, pt, en) the words of `also` are, where it was told.
    """

    es: str
    pt: str
    en: str
    also: tuple[str, ...] = ()
    by_language: tuple[tuple[str, ...], ...] = ()

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((self.es, self.pt, self.en, *self.also))

    def in_language(self, language: str) -> str:
        return {"es": self.es, "pt": self.pt}.get(language, self.en)

    def also_in(self, language: str) -> tuple[str, ...]:
        """What works as well, in that language."""
        groups = dict(zip(("es", "pt", "en"), self.by_language, strict=False))
        return groups.get(language, self.also)


def words(es: str, pt: str, en: str, also: str = "") -> Words:
    """`also` is a list with commas, or three with `|` between: Spanish, Portuguese, English."""
    groups = tuple(tuple(filter(None, map(str.strip, g.split(",")))) for g in also.split("|"))
    every = tuple(dict.fromkeys(word for group in groups for word in group))
    return Words(es, pt, en, every, groups if len(groups) > 1 else ())


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
            command = self._of.get(glued(line[:end].rstrip(",:;")))
            if command is not None and not line[end:].startswith("-"):
                return command, line[:end], line[end:].strip()
        return None

    def nearest(self, line: str) -> str | None:
        """The known name that differs by two letters at most from how `line` begins."""
        ends = [m.end() for m in re.finditer(r"[^\s\-]+", line)][:LONGEST]
        best: tuple[float, str] | None = None
        for end in ends:
            heard = glued(line[:end])
            for name, distance, _ in process.extract(
                heard, list(self._of), scorer=DamerauLevenshtein.distance, score_cutoff=2
            ):
                if distance <= limit(heard, name) and (best is None or distance < best[0]):
                    best = distance, name
        return self._typed[best[1]] if best else None

    def command(self, name: str) -> int:
        return self._of[glued(name)]


def limit(heard: str, name: str) -> int:
    """How many letters may differ: two of long words, one of short, none of tiny ones.

    One less where they begin otherwise: `mundo` and `cuando` are near `undo`, and nobody meant it.
    """
    shorter = min(len(heard), len(name))
    most = 0 if shorter < 4 else 1 if shorter < 6 else 2
    return most if heard[0] == name[0] else max(most - 1, 0)


YES = frozenset(map(fold, ("sí", "si", "sim", "yes", "ss", "dale", "ok", "s", "y", "claro")))
YES_IN_FULL = frozenset(map(fold, ("sí", "si", "sim", "yes")))
NO = frozenset(map(fold, ("no", "não", "nao", "n", "nn", "nop", "nope")))
STOP = frozenset(map(fold, ("cancelar", "salir", "sair", "cancel", "stop", "parar")))


def bare(text: str) -> str:
    """A short answer as it is compared: folded, without prefix and closing marks."""
    return fold(text.strip().lstrip("!¡！").strip(" .!¡?¿,;"))
