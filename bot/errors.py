"""What ends a command early on purpose. Everything else that is raised is a bug."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.types import Line

PATIENCE = timedelta(minutes=10)
"""How long a question waits for its answer."""
LONG_PATIENCE = timedelta(days=7)
"""How long it waits in a dialogue, which the bot began itself."""


class UserError(Exception):
    """The request cannot be done; the sentences say why and what to do next."""

    def __init__(self, *lines: Line, gone: bool = False) -> None:
        """`gone`: the line that was typed goes, where the bot may: the room must not read it."""
        super().__init__(lines[0].msgid)
        self.lines, self.gone = lines, gone


@dataclass(frozen=True, slots=True)
class Wants:
    """Which answers fit a question.

    `yesno`: sí/no (with `final`, only the full words count). `choice`: a number from 1 to `most`,
    or what tells one of its `walls` (local times, ISO) or `names` from the others. `text`: any
    words; in a room only as a reply. `call`: a yes, however it is said, calls for help.
    """

    kind: str
    most: int = 0
    final: bool = False
    walls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "most": self.most, "final": self.final}


YES_NO = Wants("yesno")
FINAL = Wants("yesno", final=True)
TEXT = Wants("text")
CALL = Wants("call")


def choice(most: int, *, walls: Iterable[datetime] = (), names: Iterable[str] = ()) -> Wants:
    return Wants("choice", most=most, walls=tuple(w.isoformat() for w in walls), names=tuple(names))


class Asking(Exception):
    """The command needs an answer first. It is undone, and runs again when `key` is known."""

    def __init__(
        self,
        key: str,
        wants: Wants,
        lines: tuple[Line, ...],
        *,
        patience: timedelta = PATIENCE,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.wants = wants
        self.lines = lines
        self.patience = patience


class Missing(Exception):
    """A part is missing: `label` says which. In private it is asked for, in a room explained."""

    def __init__(self, key: str, label: Line) -> None:
        super().__init__(key)
        self.key = key
        self.label = label


@dataclass(slots=True)
class Known:
    """What was asked and answered so far, and how dates were read when the command was typed."""

    answers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Known:
        return cls({str(k): str(v) for k, v in data.items()})
