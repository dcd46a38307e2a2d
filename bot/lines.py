"""Sentences, not yet in any language, and the values that they show: instants, days, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.types import UserId


@dataclass(frozen=True, slots=True)
class Line:
    """A translatable sentence: English with `{holes}`, and their values.

    A value may be text, a number, `Moment`, `Day`, `Span`, `Person`, `Words`, another `Line`, or a
    tuple of these (joined with ` · `). Text from people is always a value, never part of `msgid`.
    """

    msgid: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None
    count: int = 0

    def in_english(self) -> str:
        """Return the sentence as it stands in the code, in English, for logs and maintainers."""
        several = self.plural is not None and self.count != 1
        template = self.plural if several and self.plural is not None else self.msgid
        return template.format_map(
            {n: v.in_english() if isinstance(v, Line) else v for n, v in self.values.items()}
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC), shown with weekday, date and time in `zone`, or in the reader's if None."""

    at: datetime
    zone: str | None = None
    with_zone: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, shown in words without a clock time."""

    at: datetime
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person, shown by name, and also by address where the name is ambiguous or `full` is set."""

    user: UserId
    full: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, shown in words (`2 h 10 min`)."""

    length: timedelta
