"""Settings of a room, a person or the network, and the kinds of their values."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from rapidfuzz import process

from bot import dates
from bot.i18n import _, verbatim
from bot.lines import Line, Span
from bot.text.command_words import NO, YES, Words, fold_answer, words
from bot.text.normalisation import fold
from bot.types import LANGUAGES

_DAYS_PER_UNIT = {"d": 1, "s": 7, "w": 7, "m": 30, "a": 365, "y": 365}
_LONG_LENGTH = re.compile(
    r"(?:cada |every )?(?:(\d{1,4}|un[ao]?|uma?|a|one) ?)?"
    r"(d|dias?|days?|semanas?|weeks?|mes|meses|months?|anos?|years?)"
)
_HOUR = re.compile(r"(\d{1,2})(?:[:h.](\d{2}))? ?(?:h|hs|horas)? ?(am|pm)?")


class UnfitValue(Exception):
    """A value that does not fit. `nearest` is a similar valid value as typed, or None."""

    def __init__(self, expected: Line, nearest: str | None = None) -> None:
        super().__init__(expected.msgid)
        self.expected = expected
        self.nearest = nearest


class ValueKind(Protocol):
    """A kind of value: how it is typed, stored and shown."""

    def read(self, typed: str) -> str:
        """Return the form in which a typed value is stored. Raises `UnfitValue`."""

    def show(self, kept: str) -> Line:
        """Return the stored value as people read it."""


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    def read(self, typed: str) -> str:
        word = fold_answer(typed)
        if word in YES or word in {"on", "1", "activado", "ativado"}:
            return "yes"
        if word in NO or word in {"off", "0", "desactivado", "desativado"}:
            return "no"
        raise UnfitValue(_("`yes` or `no`"))

    def show(self, kept: str) -> Line:
        return _("yes") if kept == "yes" else _("no")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few named values."""

    values: Mapping[str, Words]

    def read(self, typed: str) -> str:
        names = {fold(w): key for key, value in self.values.items() for w in value}
        word = fold_answer(typed)
        if word in names:
            return names[word]
        near = process.extractOne(word, list(names), score_cutoff=60)
        raise UnfitValue(_("{choices}", choices=tuple(self.values.values())), near and near[0])

    def show(self, kept: str) -> Line:
        return _("{choice}", choice=self.values.get(kept, kept))


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """An integer within bounds. With `off`, `no` turns it off (0)."""

    least: int
    most: int
    off: bool = False

    def read(self, typed: str) -> str:
        if self.off and fold_answer(typed) in {*NO, "off", "0"}:
            return "0"
        expected = _("a number from {least} to {most}", least=self.least, most=self.most)
        if self.off:
            expected = _(
                "a number from {least} to {most}, or `no`", least=self.least, most=self.most
            )
        match = re.fullmatch(r"-?\d{1,9}", typed.strip())
        if match is None:
            raise UnfitValue(expected)
        value = int(match[0])
        if not self.least <= value <= self.most:
            raise UnfitValue(expected, str(min(max(value, self.least), self.most)))
        return str(value)

    def show(self, kept: str) -> Line:
        return _("no") if self.off and kept == "0" else verbatim(kept)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration within bounds, stored in seconds. With `off`, `no` turns it off (0)."""

    least: timedelta
    most: timedelta
    off: bool = False

    def read(self, typed: str) -> str:
        if self.off and fold_answer(typed) in NO:
            return "0"
        length = dates.read_duration(typed)
        expected = _("from {least} to {most}", least=Span(self.least), most=Span(self.most))
        if length is None:
            raise UnfitValue(expected)
        if not self.least <= length <= self.most:
            near = min(max(length, self.least), self.most)
            raise UnfitValue(expected, f"{int(near.total_seconds()) // 60} min")
        return str(int(length.total_seconds()))

    def show(self, kept: str) -> Line:
        if kept == "0":
            return _("no")
        return _("{length}", length=Span(timedelta(seconds=int(kept))))


@dataclass(frozen=True, slots=True)
class LongLength:
    """A duration within bounds, also in months (30 days) and years (365), stored in `unit`s.

    One of `off_words` is stored as 0 and shown as `off`. `expected` says what may be typed.
    """

    least: timedelta
    most: timedelta
    unit: timedelta
    expected: Line
    off: Line
    off_words: frozenset[str]

    def read(self, typed: str) -> str:
        if fold_answer(typed) in self.off_words:
            return "0"
        found = _LONG_LENGTH.fullmatch(" ".join(fold(typed).split()).strip(" ."))
        if found is not None:
            count = int(found[1]) if found[1] and found[1].isdecimal() else 1
            length = timedelta(days=count * _DAYS_PER_UNIT[found[2][0]])
        else:
            length = dates.read_duration(typed) or timedelta(0)
        if not length:
            raise UnfitValue(self.expected)
        if not self.least <= length <= self.most:
            near = min(max(length, self.least), self.most)
            raise UnfitValue(self.expected, f"{near.days} d")
        return str(length // self.unit)

    def show(self, kept: str) -> Line:
        return self.off if kept == "0" else _("{length}", length=Span(int(kept) * self.unit))


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day, stored as `20:30`; `no` turns it off (stored as an empty string)."""

    def read(self, typed: str) -> str:
        if fold_answer(typed) in NO:
            return ""
        found = _HOUR.fullmatch(" ".join(fold(typed).split()))
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 99)
        if found and found[3] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        if hour > 23 or minute > 59:
            raise UnfitValue(_("an hour, such as `20:30`, or `no`"))
        return f"{hour:02}:{minute:02}"

    def show(self, kept: str) -> Line:
        return verbatim(kept) if kept else _("no")


@dataclass(frozen=True, slots=True)
class Prefix:
    """The prefix of commands."""

    def read(self, typed: str) -> str:
        word = typed.strip()
        if re.fullmatch(r"[!.+?%&=~^*-]{1,2}", word):
            return word
        raise UnfitValue(_("one or two signs, such as `!` or `.`"), "!")

    def show(self, kept: str) -> Line:
        return verbatim(kept)


@dataclass(frozen=True, slots=True)
class FreeText:
    """Free text of up to `most` characters."""

    most: int

    def read(self, typed: str) -> str:
        text = " ".join(typed.split())
        if not text or len(text) > self.most:
            raise UnfitValue(_("up to {most} letters", most=self.most))
        return text

    def show(self, kept: str) -> Line:
        return verbatim(kept)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone, by city or IANA name."""

    def read(self, typed: str) -> str:
        found = dates.find_zone(typed)
        if isinstance(found, str):
            return found
        near = found[0] if found else None
        raise UnfitValue(_("a city or a zone, such as `Bogotá` or `America/Sao_Paulo`"), near)

    def show(self, kept: str) -> Line:
        return verbatim(dates.zone_label(kept, "es"))


LANGUAGE_WORDS = {
    "es": words("español", "espanhol", "Spanish", "es, castellano, espanol"),
    "pt": words("portugués", "português", "Portuguese", "pt, portugues, brasileiro"),
    "en": words("inglés", "inglês", "English", "en, ingles"),
}
_OWN_NAME = {"es": "español", "pt": "português", "en": "English"}


@dataclass(frozen=True, slots=True)
class Language:
    """Spanish, Portuguese or English."""

    def read(self, typed: str) -> str:
        try:
            return OneOf(LANGUAGE_WORDS).read(typed)
        except UnfitValue:
            raise UnfitValue(verbatim("`es` · `pt` · `en`"), None) from None

    def show(self, kept: str) -> Line:
        return verbatim(_OWN_NAME.get(kept, kept) if kept in LANGUAGES else kept)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting. `default` is the stored value if nobody set it.

    `affects(ctx, room, value)`, if given, tells what a change to that value would affect now (open
    polls, coming events, what can't be taken back).
    """

    key: str
    name: Words
    kind: ValueKind
    default: str
    help: Line
    network: bool = False
    single: bool = False
    """A switch for one room of the network, which the network's moderators choose."""
    affects: Callable[..., Awaitable[Line | None]] | None = None
