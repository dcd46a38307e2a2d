"""Reads `publish: tomorrow 06:00` and its like in a line, and refuses it where nothing waits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from bot.api import (
    REDACTED_NOTICE,
    Context,
    Line,
    UserError,
    _,
    dates,
    may_redact,
    verbatim,
)
from commands.embargo.declaration import PUBLISH_ARGUMENT

_TIME = re.compile(
    rf"(?<!\S)(?:{'|'.join(map(re.escape, PUBLISH_ARGUMENT.name))}) ?: ?"
    r"([^#\n\"]{0,200}?)(?= [^\W\d]\w{0,40}:| ?#| ?\n| ?$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"]*"')
_MEANT = (
    r"publ[ií](?:car(?:l[oa]|se|-se)?|quen?(?:se|l[oa]|-se)?|quem(?:-se)?|sh)"
    r"|(?:(?:con|com|bajo|sob|under|an) )?embargo|embargad[oa]|embargoed"
)
"""Words that ask to wait, of which none is just a part of what is told (`sale`)."""
_COLON_MEANT = re.compile(
    rf"(?<![^\s,;.(])(?:{_MEANT})(?: (?:hasta|at[eé]|until))? ?:", re.IGNORECASE
)
_LOOSE = re.compile(
    rf"(?<![^\s,;.(])(?:{_MEANT})(?![\w:-])(?: (?:hasta|at[eé]|until|para|for|a partir de|from))? ",
    re.IGNORECASE,
)
_PLACE_OF_TYPING = "where the embargo was typed"


def split_time(text: str) -> tuple[str, str | None]:
    """Return the text behind `!save` without `publish: tomorrow 06:00`, and that time or None.

    What stands in quotes is text.
    """
    for found in _outside_quotes(_TIME, text):
        return f"{text[: found.start()]}{text[found.end() :]}".strip(), found[1].strip()
    return text, None


def split_off_text(ctx: Context, later: str) -> tuple[str, str]:
    """Return the time in `tomorrow 06:00 The report is out`, and the text that stands beside it."""
    found = dates.find_date(later, ctx.said_at, ctx.policy.zone)
    if found is None or not found.rest or isinstance(found.reading, dates.UnreadableDate):
        return later, ""
    return found.phrase, found.rest.strip()


def find_loose_time(ctx: Context, text: str) -> tuple[str, str] | None:
    """Return the text without `publish on Sunday`, a time without a colon, and that time, or None.

    It may as well be a part of what is told, so whoever wrote it is asked.
    """
    for found in _outside_quotes(_LOOSE, text):
        behind = text[found.end() :].strip()
        date = dates.find_date(behind, ctx.said_at, ctx.policy.zone)
        if date is None or not behind.startswith(date.phrase):
            continue
        if not isinstance(date.reading, dates.UnreadableDate | dates.PastDate):
            before = text[: found.start()].rstrip(" ,;.(")
            return " ".join(filter(None, (before, date.rest.strip(" .)")))), date.phrase
    return None


def refuse_time(ctx: Context) -> None:
    """Raise `UserError` if the line asks to publish later what can't wait: a poll, an event."""
    if any(_outside_quotes(_COLON_MEANT, ctx.text)):
        with answer_privately(ctx):
            raise UserError(
                _("Announcements and what is saved can wait. This can't, so it is not out."),
                _("To tell of it later: `announce The report is out publish: tomorrow 06:00`"),
                _("If that is a part of the text, put the text in quotes."),
            )


def _outside_quotes(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    quotes = [quote.span() for quote in _QUOTED.finditer(text)]
    for found in pattern.finditer(text):
        if not any(start <= found.start() < end for start, end in quotes):
            yield found


@contextmanager
def answer_privately(ctx: Context) -> Iterator[None]:
    """Redact the line in its room and answer in private, where a refusal gives the line back."""
    if not ctx.is_private:
        ctx.discreet = True
        ctx.answers[_PLACE_OF_TYPING] = "gone" if may_redact(ctx) else "stands"
    try:
        yield
    except UserError as refused:
        if not ctx.answers.get(_PLACE_OF_TYPING):
            raise
        gone = [REDACTED_NOTICE] if ctx.answers[_PLACE_OF_TYPING] == "gone" else []
        yours = _("Your text: {text}", text=verbatim(ctx.text))
        raise UserError(*refused.lines, *gone, yours) from None


def seen_lines(ctx: Context) -> list[Line]:
    """Return the lines that say who can see a waiting text: only its author, unless it was typed in
    a room."""
    typed = ctx.answers.get(_PLACE_OF_TYPING)
    if typed is None:
        return [_("Until then only you see it.")]
    left = _("I can't take your message out of the room: please delete it there.")
    return [
        REDACTED_NOTICE if typed == "gone" else left,
        _("What you write to me in private nobody else can read before."),
    ]
