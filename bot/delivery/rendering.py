"""Renders sentences for a reader, as plain text and as the HTML that all clients support."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from typing import Any, Literal, get_args
from urllib.parse import quote

from bot import dates
from bot.i18n import Catalogue, _
from bot.lines import Day, Line, Moment, Person, Span
from bot.text.command_words import Words
from bot.text.normalisation import one_line, strip_hidden
from bot.text.quotations import bar_if_multiline
from bot.text.translated_text import TranslatedText
from bot.types import UserId

_FIRST_HOLE = re.compile(r"\{(\w+)\}")
_CODE = re.compile(r"`([^`]*)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
Language = Literal["es", "pt", "en"]
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""Dates are written whole, with the year, for a reader of another time."""
NO_BREAK = "\N{NO-BREAK SPACE}"
NOT_TRANSLATED = _("{text} (not translated)")
LONGEST_UNBROKEN = 24
"""Letters of a command that is not broken at the end of a line of a phone's screen."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a text: language, zone, and how they type commands.

    `names` are display names, and `mentioned` the people shown as links.
    """

    language: str
    zone: str
    prefix: str
    now: datetime
    uses_twelve_hours: bool = False
    names: Mapping[UserId, str] = field(default_factory=dict)
    mentioned: frozenset[UserId] = frozenset()
    reads_all: bool = False
    """Whether people of several languages read it, as in a room: texts stand in all of theirs."""


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A rendered text."""

    plain: str
    html: str


class Renderer:
    """Renders lines with their translations."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def render_lines(self, lines: Iterable[Line], reader: Reader) -> RenderedText:
        """Return several sentences as text in the reader's language, one per line."""
        done = [self._sentence(one, reader) for one in lines]
        return RenderedText("\n".join(r.plain for r in done), "<br>".join(r.html for r in done))

    def in_each_language(self, lines: Iterable[Line]) -> dict[Language, tuple[str, ...]]:
        """Return the lines as plain text in all languages, for readers of another time and place.

        Times are in UTC, and commands begin with `!`.
        """
        every = tuple(lines)
        readers = {one: Reader(one, "UTC", "!", _LONG_AGO) for one in get_args(Language)}
        return {
            language: tuple(self.render_lines((one,), reader).plain for one in every)
            for language, reader in readers.items()
        }

    def _sentence(self, line: Line, reader: Reader) -> RenderedText:
        """Render a line. A weekday at its start is capitalised."""
        done = self.render_line(line, reader)
        done = RenderedText(done.plain.removeprefix("\n"), done.html.removeprefix("<br>"))
        if not self._begins_with_date(line, reader):
            return done
        return RenderedText(
            done.plain[:1].upper() + done.plain[1:], done.html[:1].upper() + done.html[1:]
        )

    def _begins_with_date(self, line: Line, reader: Reader) -> bool:
        first = _FIRST_HOLE.match(self._catalogue.template(line, reader.language))
        value = line.values.get(first[1]) if first else None
        if isinstance(value, tuple) and value:
            value = value[0]
        if isinstance(value, Line):
            return self._begins_with_date(value, reader)
        return isinstance(value, Moment | Day)

    def render_line(self, line: Line, reader: Reader) -> RenderedText:
        """Return a sentence as text in the reader's language, with its values filled in."""
        template = _with_prefix(self._catalogue.template(line, reader.language), reader.prefix)
        values = {name: self._value(value, reader) for name, value in line.values.items()}
        plain = _BOLD.sub(r"\1", template).format_map({n: v.plain for n, v in values.items()})
        html = _to_html(template).format_map({name: v.html for name, v in values.items()})
        return RenderedText(plain, html)

    def _value(self, value: Any, reader: Reader) -> RenderedText:
        if isinstance(value, Line):
            return self.render_line(value, reader)
        if isinstance(value, tuple | list):
            parts = [self._value(part, reader) for part in value]
            return RenderedText(
                " · ".join(p.plain for p in parts), " · ".join(p.html for p in parts)
            )
        if isinstance(value, Person):
            return _person(value, reader)
        if isinstance(value, TranslatedText):
            return self._translated(value, reader)
        text = bar_if_multiline(strip_hidden(_text(value, reader)))
        return RenderedText(text, escape(text, quote=True).replace("\n", "<br>"))

    def _translated(self, text: TranslatedText, reader: Reader) -> RenderedText:
        """Render a text in the reader's language, or say that it has no translation into it."""
        if reader.reads_all:
            return self._value(text.in_every_language(reader.language), reader)
        own = text.in_language(reader.language)
        if text.has(reader.language):
            return self._value(own, reader)
        return self.render_line(replace(NOT_TRANSLATED, values={"text": own}), reader)


def people_in(lines: Iterable[Line]) -> Iterator[UserId]:
    """Yield everybody who is named by a value in the lines."""
    for line in lines:
        yield from _people(line.values.values())


def _people(values: Iterable[Any]) -> Iterator[UserId]:
    for value in values:
        if isinstance(value, Person):
            yield value.user
        elif isinstance(value, Line):
            yield from _people(value.values.values())
        elif isinstance(value, tuple | list):
            yield from _people(value)


def _text(value: Any, reader: Reader) -> str:
    if isinstance(value, Moment):
        return dates.say_moment(
            value.at,
            value.zone or reader.zone,
            reader.language,
            now=reader.now,
            with_zone=value.with_zone,
            twelve=reader.uses_twelve_hours,
        )
    if isinstance(value, Day):
        return dates.say_day(value.at, value.zone or reader.zone, reader.language, now=reader.now)
    if isinstance(value, Span):
        return dates.say_span(value.length, reader.language)
    if isinstance(value, Words):
        return value.in_language(reader.language)
    return str(value)


def _person(person: Person, reader: Reader) -> RenderedText:
    name = shown_name(person.user, reader.names)
    shown = f"{name} ({person.user})" if person.full and name != person.user else name
    html = escape(shown, quote=True)
    if person.user in reader.mentioned:
        html = f'<a href="https://matrix.to/#/{quote(person.user, safe="@:")}">{html}</a>'
    return RenderedText(shown, html)


def shown_name(user: UserId, names: Mapping[UserId, str]) -> str:
    """Return a person's display name on one line, or their localpart."""
    name = one_line(names.get(user, ""))[:40].strip()
    return name or user[1:].split(":", 1)[0]


def _with_prefix(template: str, prefix: str) -> str:
    """Show commands in backticks with the reader's prefix instead of `!`.

    A lone `!` is not a command.
    """
    if prefix == "!":
        return template
    safe = prefix.replace("{", "{{").replace("}", "}}")
    return re.sub(r"`!(?!`)", lambda _: "`" + safe, template)


def _to_html(template: str) -> str:
    """Return the template as HTML with its holes: `**words**` are bold, commands stay whole."""
    html = _CODE.sub(_code_html, _BOLD.sub(r"<strong>\1</strong>", escape(template, quote=False)))
    return html.replace("\n", "<br>")


def _code_html(found: re.Match[str]) -> str:
    """Return a command; a short one with spaces at which no client breaks the line."""
    typed = found[1]
    if len(typed) <= LONGEST_UNBROKEN:
        typed = typed.replace(" ", NO_BREAK)
    return f"<code>{typed}</code>"
