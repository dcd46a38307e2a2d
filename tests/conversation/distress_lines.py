"""The tables of lines typed in trouble, and of ordinary ones: what a test goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[1]
WORDS = {
    "danger": (
        *("`pánico`", "`pânico`", "`panic`"),
        *("Estoy avisando ahora", "Estou avisando agora", "I am calling now"),
    ),
    "care": ("incident",),
}
"""Of the first line of what is answered: that of each door."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One line. `half`: `seen` while the vocabulary was made, `held` out until it stood, or
    written after that."""

    half: str
    language: str
    door: str
    place: str
    line: str

    @property
    def private(self) -> bool:
        return self.place == "private"

    @property
    def ordinary(self) -> bool:
        return not self.door

    @property
    def spoken(self) -> bool:
        """Said in a room to nobody."""
        return not self.private and not self.line.startswith("!")


def trouble() -> list[Typed]:
    return [Typed(*row) for row in _rows("danger_lines.txt", 5)]


def ordinary() -> list[Typed]:
    return [Typed("", row[0], "", *row[1:]) for row in _rows("ordinary_lines.txt", 3)]


def door_of(said: str) -> str:
    """The door that the first line of an answer leads to; '' for none."""
    first = said.partition("\n")[0]
    found = [door for door, words in WORDS.items() if any(word in first for word in words)]
    return found[0] if found else ""


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    for row in (HERE / name).read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            yield row.split(" | ", columns - 1)
