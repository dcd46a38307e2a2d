"""What a capability declares of its data: tables that hold rooms and people, and log lines."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.lines import Line
from storage.rows.declared_rows import DeclaredRows, OnClash, OnForget, OnMove
from storage.sections.cut import OnSplit, SplitRule

LogValues = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns what fills the holes of a log line, made of the entry's facts."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """The sentences for one act in the log, and how their holes are filled."""

    lines: tuple[Line, ...]
    values: LogValues | None = None

    def fill(self, facts: Mapping[str, Any]) -> Line | None:
        """Return the log entry's sentence filled with its facts, by the first form for which all
        facts are there; else None."""
        known = {**facts, **(self.values(facts) if self.values is not None else {})}
        return next((told for line in self.lines if (told := _fill(line, known)) is not None), None)


def _fill(line: Line, facts: Mapping[str, Any]) -> Line | None:
    """Return the sentence with these facts, or None if one is missing."""
    known = {**line.values, **facts}
    texts = line.msgid, line.plural or ""
    holes = {hole for text in texts for _, hole, _, _ in string.Formatter().parse(text) if hole}
    if any(known.get(hole) is None for hole in holes):
        return None
    count = int(known["count"]) if line.plural is not None else 0
    values = {hole: known[hole] for hole in holes}
    listed = {hole: tuple(one) for hole, one in values.items() if isinstance(one, list)}
    return replace(line, values=values | listed, count=count)


@dataclass(slots=True)
class DataDeclarations:
    """The part of a `Feature` that the machine carries out for it.

    `cut_from` is the capability that it was a part of, in whose name old lines of the log stand.
    `schema_owner` is the capability whose tables and migrations it took over, in whose name they
    are counted.
    """

    name: str
    cut_from: str = field(default="", kw_only=True)
    schema_owner: str = field(default="", kw_only=True)
    declared_rows: list[DeclaredRows] = field(init=False, default_factory=list)
    split_rules: list[SplitRule] = field(init=False, default_factory=list)
    log_lines: dict[str, LogLine] = field(init=False, default_factory=dict)

    def rows(
        self,
        table: str,
        *,
        room: str | Sequence[str] = (),
        person: str | Sequence[str] = (),
        text: str | Sequence[str] = (),
        on_move: OnMove = "move",
        on_clash: OnClash = "stay",
        on_forget: OnForget = "delete",
        says: Line | None = None,
        where: str = "",
        why: str = "",
    ) -> None:
        """Declare which columns of a table hold a room or a person; see `DeclaredRows`.

        The machine then changes these rows when a room moves, and deletes them when a person is
        forgotten. Raises `ValueError` if something stays without a reason.
        """
        kept = (room and on_move == "keep") or ((person or text) and on_forget == "keep")
        if kept and not why:
            raise ValueError(f"{self.name} keeps {table} and does not say why")
        rooms, people, texts = (
            (one,) if isinstance(one, str) else tuple(one) for one in (room, person, text)
        )
        self.declared_rows.append(
            DeclaredRows(
                table, rooms, people, texts, on_move, on_clash, on_forget, says, where, why
            )
        )

    def at_split(
        self, table: str, rule: OnSplit, where: str = "1", says: Line | None = None
    ) -> None:
        """Declare what happens to a table's rows when a network is split: see `SplitRule`."""
        self.split_rules.append(SplitRule(table, rule, where, says))

    def log_line(self, act: str, *lines: Line, values: LogValues | None = None) -> None:
        """Declare how a log entry of this act reads: by the first line for which it has all facts.

        The holes are filled from the entry's facts and from what `values` makes of them; a line's
        own values stand for facts that the entry lacks. A plural goes by the value `count`. Raises
        `ValueError` if the act is declared already.
        """
        if act in self.log_lines:
            raise ValueError(f"{self.name} describes {act!r} twice")
        self.log_lines[act] = LogLine(lines, values)
