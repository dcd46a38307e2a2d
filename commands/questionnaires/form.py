"""The questions of a questionnaire, and the answers as they are stored. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, RoomId

SCALE_MOST = 11
"""A range of so many numbers is counted number by number."""

Value = str | float | tuple[int, ...] | None
"""An answer: words, a number, the options chosen (from 0), or None if it was skipped."""


class QuestionKind(StrEnum):
    """The kind of answer that a question takes."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question. `low` and `high` bound a number, ends included."""

    text: str
    kind: QuestionKind = QuestionKind.TEXT
    options: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def scale(self) -> tuple[int, ...]:
        """Return the numbers of a scale such as `1 to 5`, which are counted one by one; empty for
        other questions."""
        if self.kind is not QuestionKind.NUMBER or self.low is None or self.high is None:
            return ()
        found = tuple(range(int(self.low), int(self.high) + 1))
        return found if len(found) <= SCALE_MOST else ()


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire. `rooms` are those whose members are asked, its own first."""

    item: Number
    title: str
    questions: tuple[FormQuestion, ...]
    rooms: tuple[RoomId, ...]
    named: bool
    closes: datetime
    closed: datetime | None = None
    asked: int = 0

    def is_over(self, at: datetime) -> bool:
        """Return whether an answer given at `at` (UTC) comes too late."""
        return self.closed is not None or at >= self.closes


def questions_to_json(questions: Sequence[FormQuestion]) -> str:
    """Return a questionnaire's questions as JSON."""
    return json.dumps(
        [[one.text, one.kind.value, one.options, one.low, one.high] for one in questions]
    )


def questions_from_json(stored: str) -> tuple[FormQuestion, ...]:
    """Return the questions that `questions_to_json` wrote."""
    return tuple(
        FormQuestion(text, QuestionKind(kind), tuple(options), low, high)
        for text, kind, options, low, high in json.loads(stored)
    )


def values_to_json(values: Sequence[Value]) -> str:
    """Return a person's answers to a questionnaire as JSON."""
    return json.dumps(list(values))


def values_from_json(stored: str) -> tuple[Value, ...]:
    """Return a person's answers that `values_to_json` wrote."""
    return tuple(_value(one) for one in json.loads(stored))


def _value(one: Any) -> Value:
    return tuple(map(int, one)) if isinstance(one, list) else one
