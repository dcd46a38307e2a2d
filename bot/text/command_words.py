"""The words that start a command, in three languages, none with two meanings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.text.normalisation import compact, fold
from bot.text.spoken import sound

_WORD = re.compile(r"[^\s\-]+")
MOST_WORDS = 8
"""Most words in a command's name."""
_NEAR = 0.85
"""How alike a misspelt word must be to be one of those that can stand there (`difflib`)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people type for one thing in Spanish, Portuguese and English, and alternatives.

    `by_language` holds the alternatives per language (es, pt, en), where that is known.
    """

    es: str
    pt: str
    en: str
    also: tuple[str, ...] = ()
    by_language: tuple[tuple[str, ...], ...] = ()

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((self.es, self.pt, self.en, *self.also))

    def in_language(self, language: str) -> str:
        """Return the main word for the thing in a language."""
        return {"es": self.es, "pt": self.pt}.get(language, self.en)

    def all_in_language(self, language: str) -> tuple[str, ...]:
        """Return the main word and its known alternatives in a language."""
        also = dict(zip(("es", "pt", "en"), self.by_language, strict=False)).get(language, ())
        return (self.in_language(language), *also)

    def also_in(self, language: str) -> tuple[str, ...]:
        """Return the alternative words in a language, or all of them if their languages are
        unknown."""
        groups = dict(zip(("es", "pt", "en"), self.by_language, strict=False))
        return groups.get(language, self.also)


def words(es: str, pt: str, en: str, also: str = "") -> Words:
    """Return the words that name one command or setting in Spanish, Portuguese and English.

    `also` is a comma-separated list of alternatives, or three lists with `|` between: Spanish,
    Portuguese, English.
    """
    groups = tuple(tuple(filter(None, map(str.strip, g.split(",")))) for g in also.split("|"))
    every = tuple(dict.fromkeys(word for group in groups for word in group))
    return Words(es, pt, en, every, groups if len(groups) > 1 else ())


class Vocabulary:
    """Every name of every command, in compact folded form."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """`names`: pairs of a name and a command's index. Raises `ValueError` for two meanings."""
        self._of: dict[str, int] = {}
        self._typed: dict[str, str] = {}
        for name, command in names:
            heard = compact(name)
            if self._of.setdefault(heard, command) != command:
                raise ValueError(f"{name!r} means two things")
            self._typed.setdefault(heard, name)
        self._by_sound: dict[str, list[str]] = {}
        for heard in self._of:
            self._by_sound.setdefault(sound(heard)[:2], []).append(heard)

    def find(self, line: str) -> tuple[int, str, str] | None:
        """Return the command that `line` starts with, the words that name it, and the rest; or
        None."""
        ends = [m.end() for m in _WORD.finditer(line)][:MOST_WORDS]
        for end in reversed(ends):
            command = self._of.get(compact(line[:end].rstrip(",:;")))
            if command is not None and not line[end:].startswith("-"):
                return command, line[:end], line[end:].strip()
        return None

    def nearest(self, line: str, own: Collection[str], never: Collection[int]) -> str | None:
        """Return the command name that a misspelt beginning of `line` probably means, or None.

        `own`: compact names in the reader's language, which are preferred. `never`: commands that
        are not suggested.
        """
        ends = [m.end() for m in _WORD.finditer(line)][:MOST_WORDS]
        best: tuple[bool, float, str] | None = None
        for count, end in enumerate(ends, start=1):
            heard = compact(line[:end])
            like = self._like(heard, count)
            for name, distance, _ in process.extract(
                heard, like, scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=None
            ):
                found = name not in own, distance, name
                if is_slip(heard, name, distance, own=name in own) and self._of[name] not in never:
                    best = min(best or found, found)
        if best is None and (found_name := self._run_together(line, own, never)) is not None:
            return self._typed[found_name]
        return self._typed[best[2]] if best else None

    def _like(self, heard: str, count: int) -> list[str]:
        """Return names with a matching number of words whose first two letters sound the same, or
        of whose first three two changed places."""
        begins, changed = sound(heard)[:2], sound(heard[:1] + heard[2:3] + heard[1:2])[:2]
        near = list(self._by_sound.get(begins, ()))
        if changed != begins:
            near += filter(partial(_begins_changed, heard), self._by_sound.get(changed, ()))
        return [name for name in near if len(self._typed[name].split()) in (1, count)]

    def _run_together(self, line: str, own: Collection[str], never: Collection[int]) -> str | None:
        """Return the longest name that a first word begins with, further letters behind it."""
        heard = compact(line.split()[0]) if line.split() else ""
        begins = (heard[:end] for end in range(len(heard) - 3, 5, -1))
        return next((n for n in begins if n in own and self._of[n] not in never), None)

    def command_index(self, name: str) -> int:
        """Return the index of the command with this name. Raises `KeyError`."""
        return self._of[compact(name)]


def _begins_changed(heard: str, name: str) -> bool:
    """Return whether two of the first three letters changed places, but not the first."""
    return heard[:1] == name[:1] and sorted(heard[:3]) == sorted(name[:3])


def is_slip(heard: str, name: str, distance: float, *, own: bool) -> bool:
    """Return whether two words differ only by a typing slip: one letter, or two in seven letters or
    more.

    In a word of three letters, and a short one of another language, only a missing letter counts:
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


def fold_answer(text: str) -> str:
    """Return a short answer folded, without prefix and punctuation, to be compared."""
    return fold(text.strip().lstrip("!¡！").strip(" .!¡?¿,;"))


def names_only(text: str, names: Collection[str], beside: frozenset[str]) -> bool:
    """Return whether each word is one of `names`, or nearly, but for those `beside`. Folded."""
    said = {word.strip(".:¿?¡!\"'") for word in fold(text).split()} - beside
    return bool(said) and all(difflib.get_close_matches(word, names, 1, _NEAR) for word in said)
