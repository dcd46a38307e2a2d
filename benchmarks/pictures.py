"""What each picture of a long run shows, and the same in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure

ROOT = Path(__file__).parents[1]
KEPT = Path(__file__).parent / "results.json"
"""The figures of the run that the page is of."""
FOLDER = ROOT / "docs/benchmarks"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the figures whose names match. A group `label` names a bar or line, a group
    `place` is where a point stands."""

    name: str
    title: str
    shape: str
    pattern: str
    unit: str

    def choose(self, figures: Sequence[Figure]) -> list[Figure]:
        """Return the figures that it shows, in order."""
        return [figure for figure in figures if re.fullmatch(self.pattern, figure.name)]

    def label(self, figure: Figure) -> str:
        """Return what the bar or the line is called; '' if it is called by the bot."""
        return self._group(figure, "label")

    def place(self, figure: Figure) -> float:
        """Return where a point stands along what grows."""
        return float(self._group(figure, "place") or 0)

    def _group(self, figure: Figure, group: str) -> str:
        found = re.fullmatch(self.pattern, figure.name)
        return (found.groupdict().get(group) or "") if found else ""

    def describe(self, figures: Sequence[Figure]) -> str:
        """Return in words what the picture shows, for who can't see it."""
        said = []
        for figure in figures:
            values = [
                f"{bot} {figure.median(bot):.3g}" for bot in figure.rounds if figure.values(bot)
            ]
            said.append(f"{figure.name}: {', '.join(values)} {figure.unit}".strip())
        return f"{self.title}. {'; '.join(said)}."


PICTURES = (
    Picture(
        "round-trip",
        "Round trip of a command in an encrypted room (ms)",
        "bars",
        r"(?P<label>round trip)",
        "ms",
    ),
    Picture(
        "parts",
        "Where a command's time goes in ours (ms)",
        "stack",
        r"its part: (?P<label>.+)",
        "ms",
    ),
    Picture(
        "processor",
        "Processor time of one answer in a burst (ms)",
        "bars",
        r"burst of \d+: (?P<label>(?:homeserver's )?processor time of an answer)",
        "ms",
    ),
    Picture(
        "devices",
        "First answer in a new room, by its signed devices (s)",
        "lines",
        r"(?P<place>\d+) devices: first answer in a new room",
        "s",
    ),
    Picture(
        "growth",
        "Processor time of a command as a network grows (ms)",
        "lines",
        r"(?P<place>\d+) (?P<label>\w+): command",
        "ms",
    ),
)
