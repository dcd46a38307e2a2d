"""Exceptions that end a handler on purpose. Every other exception is a bug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.lines import Line

if TYPE_CHECKING:
    from bot.delivery.effects import SendFile

PATIENCE = timedelta(minutes=10)
"""How long a question waits for its answer."""
LONG_PATIENCE = timedelta(days=7)
"""How long a question of a dialogue waits, which the bot began."""


class UserError(Exception):
    """The request can't be done; `lines` say why and what to do next."""

    def __init__(self, *lines: Line, gone: bool = False) -> None:
        """`gone`: redact the typed line if possible, because the room must not read it."""
        super().__init__(lines[0].msgid)
        self.lines, self.gone = lines, gone


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """Which answers fit a question.

    `yesno`: yes or no (with `final`, only full words count). `choice`: a number from 1 to `most`,
    or what tells one of its `walls` (local times, ISO) or `names` from the others. `text`: any
    text; in a room only as a reply. `call`: any kind of yes calls for help. `said`: yes or no in
    words of their own, and whatever has a no in it is a no.
    """

    kind: str
    most: int = 0
    final: bool = False
    walls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


YES_NO = ExpectedAnswer("yesno")
FINAL = ExpectedAnswer("yesno", final=True)
TEXT = ExpectedAnswer("text")
CALL = ExpectedAnswer("call")
SAID = ExpectedAnswer("said")


def choice_of(
    most: int, *, walls: Iterable[datetime] = (), names: Iterable[str] = ()
) -> ExpectedAnswer:
    """Return what an open question expects if it is a choice among `most` numbered options."""
    return ExpectedAnswer(
        "choice", most=most, walls=tuple(w.isoformat() for w in walls), names=tuple(names)
    )


class AnswerNeeded(Exception):
    """The handler needs an answer. It is rolled back and runs again once `key` is answered.

    `files` are posted with the question.
    """

    def __init__(
        self,
        key: str,
        wants: ExpectedAnswer,
        lines: tuple[Line, ...],
        *,
        patience: timedelta = PATIENCE,
        files: tuple[SendFile, ...] = (),
    ) -> None:
        super().__init__(key)
        self.key = key
        self.wants = wants
        self.lines = lines
        self.patience = patience
        self.files = files


class MissingArgument(Exception):
    """An argument is missing, named by `label`. In private it is asked for, in a room explained."""

    def __init__(self, key: str, label: Line) -> None:
        super().__init__(key)
        self.key = key
        self.label = label
        self.example: Line | None = None  # how it is typed
