"""The words that start a command: three languages at once, none with two meanings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
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

    def of_language(self, language: str) -> tuple[str, ...]:
        """All that is typed for it in that language, as far as it was told."""
        also = dict(zip(("es", "pt", "en"), self.by_language, strict=False)).get(language, ())
        return (self.in_language(language), *also)

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

    def nearest(self, line: str, own: Collection[str], never: Collection[int]) -> str | None:
        """The known name that is meant by how `line` begins, where a slip or two explain it.

        `own`: the names in the reader's language, as they are heard, which come first. `never`: the
        commands that are proposed to nobody who did not type them.
        """
        ends = [m.end() for m in re.finditer(r"[^\s\-]+", line)][:LONGEST]
        best: tuple[bool, float, str] | None = None
        for count, end in enumerate(ends, start=1):
            heard = glued(line[:end])
            for name, distance, _ in process.extract(
                heard, self._like(heard, count), scorer=DamerauLevenshtein.distance, score_cutoff=2
            ):
                found = name not in own, distance, name
                if _is_slip(heard, name, distance, own=name in own) and self._of[name] not in never:
                    best = min(best or found, found)
        return self._typed[best[2]] if best else None

    def _like(self, heard: str, count: int) -> list[str]:
        """The names with the same beginning and, where they have several words, as many."""
        every = [name for name in self._of if name[:2] == heard[:2]]
        return [name for name in every if len(self._typed[name].split()) in (1, count)]

    def command(self, name: str) -> int:
        return self._of[glued(name)]


def _is_slip(heard: str, name: str, distance: float, *, own: bool) -> bool:
    """One letter of a word under seven, two of a longer one; of another language one less.

    In three letters, and in a short word of another language, only a letter that was left out:
    `pol` is `poll`, `datos` is not the Portuguese `datas`.
    """
    if len(heard) < 3:
        return False
    left_out = distance == 1 and len(name) == len(heard) + 1
    if len(heard) == 3 or (not own and len(heard) < 7):
        return left_out
    return distance <= (2 if own and len(heard) >= 7 else 1)


YES = frozenset(map(fold, ("sí", "si", "sim", "yes", "ss", "dale", "ok", "s", "y", "claro")))
YES_IN_FULL = frozenset(map(fold, ("sí", "si", "sim", "yes")))
NO = frozenset(map(fold, ("no", "não", "nao", "n", "nn", "nop", "nope")))
STOP = frozenset(map(fold, ("cancelar", "salir", "sair", "cancel", "stop", "parar")))


def bare(text: str) -> str:
    """A short answer as it is compared: folded, without prefix and closing marks."""
    return fold(text.strip().lstrip("!¡！").strip(" .!¡?¿,;"))
