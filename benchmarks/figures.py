"""What a run measured: figures with a value for each bot and round, their ratios, and JSON."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.figures import commit, machine

Rounds = Mapping[str, Sequence[float | None]]
"""For each bot its value in each round, or None where it has none."""
VERSION = 1
"""Of the JSON's form."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What ours should be: at most, or at least, `value` times the peer's (without one: `value`
    itself)."""

    value: float
    beside: str = ""
    at_least: bool = False

    def holds(self, found: float) -> bool:
        """Return whether the value or ratio reaches the goal."""
        return found >= self.value if self.at_least else found <= self.value

    def __str__(self) -> str:
        side = "≥" if self.at_least else "≤"
        return f"{side} {self.value:g}" + (f" × {self.beside}" if self.beside else "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured. `missing` says why values are missing, if any are, and
    `incomparable` of which bots no ratio is made, and why.

    Rounds are interleaved: the n-th values of all bots were measured one after the other.
    """

    point: int
    name: str
    unit: str
    rounds: Rounds
    goal: Goal | None = None
    missing: Sequence[str] = ()
    incomparable: Mapping[str, str] = field(default_factory=dict)

    def values(self, bot: str) -> list[float]:
        """Return the bot's values, of the rounds that have one."""
        return [value for value in self.rounds.get(bot, ()) if value is not None]

    def median(self, bot: str) -> float:
        """Return the median over the bot's rounds. Raises an error if none has one."""
        return statistics.median(self.values(bot))

    def ratio(self, bot: str, beside: str) -> float | None:
        """Return the median over the rounds of one bot's value as a multiple of the other's.

        None where one of them has no value or is incomparable, or the other's is nothing.
        """
        ratios = self.ratios(bot, beside)
        return statistics.median(ratios) if ratios else None

    def ratios(self, bot: str, beside: str) -> list[float]:
        """Return one bot's value as a multiple of the other's, for each round that has both; of
        incomparable ones nothing."""
        if {bot, beside} & {*self.incomparable}:
            return []
        pairs = zip(self.rounds.get(bot, ()), self.rounds.get(beside, ()), strict=False)
        return [one / other for one, other in pairs if one is not None and other]

    def outcome(self, ours: str) -> bool | None:
        """Return whether the goal is reached: not where a round of ours has no value. None without
        a goal. What may not happen at all, such as a loss, may happen in no round."""
        if self.goal is None:
            return None
        if not self.values(ours) or None in self.rounds[ours]:
            return False
        if self.goal == Goal(0):
            return max(self.values(ours)) <= 0
        beside = self.goal.beside
        found = self.ratio(ours, beside) if beside else self.median(ours)
        return found is not None and self.goal.holds(found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Part:
    """The figures of one part of a run, such as the bursts, and where and when it was made."""

    form: str
    command: str
    began: str = field(default_factory=_now)
    commit: str = field(default_factory=commit)
    machine: str = field(default_factory=lambda: f"{machine()}, load {os.getloadavg()[0]:.1f}")
    seconds: float = 0.0
    broken: str = ""
    """Why it broke off, if it did."""
    figures: list[Figure] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    """What the measures of single parts said, by their module."""

    def __str__(self) -> str:
        when = self.began.partition("T")[0]
        return (
            f"`{self.command}`, {self.form} form, {when}, commit {self.commit}, {self.machine},"
            f" {self.seconds:.0f} s"
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """How long all parts of a form took in one go, and how many of them broke off."""

    seconds: int
    broken: int
    ended: str = field(default_factory=_now)
    commit: str = field(default_factory=commit)
    machine: str = field(default_factory=machine)


@dataclass
class Run:
    """All parts that were measured, by name, and of whole runs how long they took, by form."""

    parts: dict[str, Part] = field(default_factory=dict)
    wholes: dict[str, Whole] = field(default_factory=dict)

    @property
    def figures(self) -> list[Figure]:
        """All figures, by their point."""
        found = (figure for part in self.parts.values() for figure in part.figures)
        return sorted(found, key=lambda figure: figure.point)

    @property
    def broken(self) -> dict[str, str]:
        """The parts that broke off, and why."""
        return {name: part.broken for name, part in self.parts.items() if part.broken}

    def take(self, name: str, part: Part) -> None:
        """Let a part take the place of what was measured before. One that broke off does not: the
        earlier figures stay, and beside them when and why it did."""
        before = self.parts.get(name)
        if part.broken and before is not None and before.figures:
            before.broken = f"{part.broken} ({part.began.partition('T')[0]}, commit {part.commit})"
        else:
            self.parts[name] = part

    def to_json(self) -> str:
        """Return everything as JSON."""
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1)

    def write(self, path: Path) -> None:
        """Write the JSON to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.to_json() + "\n", "utf-8")


def read_run(path: Path) -> Run:
    """Read a run from its JSON. Raises `ValueError` for another version of the form."""
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if said["version"] != VERSION:
        raise ValueError(f"{path} is of another version")
    wholes = {form: Whole(**whole) for form, whole in said.get("wholes", {}).items()}
    return Run({name: _part(part) for name, part in said["parts"].items()}, wholes)


def _part(said: Mapping[str, Any]) -> Part:
    return Part(**{**said, "figures": [_figure(one) for one in said["figures"]]})


def _figure(said: Mapping[str, Any]) -> Figure:
    goal = Goal(**said["goal"]) if said["goal"] else None
    return Figure(**{**said, "goal": goal, "missing": tuple(said.get("missing", ()))})
