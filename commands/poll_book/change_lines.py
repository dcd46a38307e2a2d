"""Sentences about a change of a poll, made anew for each of its rooms from a few facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.api import Item, Line, Moment, UserId, _
from commands.poll_book import texts
from commands.poll_book.poll import Poll
from commands.translations.titles import translated_line

Facts = Mapping[str, Any]


def lines_of(item: Item, facts: Facts, person: UserId | None) -> tuple[Line, ...]:
    """Return the lines about the change of a poll that `facts["stage"]` names, made by this
    person."""
    return _TEXTS[facts["stage"]](item, facts, texts.person_or_somebody(person or UserId("")))


def correction_line(poll: Poll, *, assembly: bool) -> Line:
    """Return the line that says why the result of an ended poll is another one now."""
    if assembly:
        return _(
            "Poll {number}: the count of an assembly changed after the end. "
            "This is the result now.",
            number=poll.number,
        )
    return _(
        "Poll {number}: votes sent in time reached me after the end. This is the result now.",
        number=poll.number,
    )


def _extended(item: Item, facts: Facts, who: Any) -> tuple[Line, ...]:
    return (
        _(
            "{who} gives poll {number}, “{question}”, more time. It now closes on {moment}.",
            who=who,
            number=item.number,
            question=texts.short_question(item.title),
            moment=Moment(datetime.fromtimestamp(facts["closes"], UTC)),
        ),
    )


def _option(item: Item, facts: Facts, who: Any) -> tuple[Line, ...]:
    named = {"number": item.number, "place": facts["place"]}
    return (
        _(
            "{who} adds option {place} to poll {number}: {label}.",
            who=who,
            label=facts["label"],
            **named,
        ),
        _("To vote for it, write `!vote {number} {place}`; it isn't there to tap.", **named),
    )


def _renamed(item: Item, facts: Facts, who: Any) -> tuple[Line, ...]:
    return (
        _(
            "{who} changed the words of {number}. Before: “{before}”. Now: “{after}”.",
            who=who,
            number=item.number,
            before=facts["before"],
            after=item.title,
        ),
    )


def _translated(item: Item, facts: Facts, who: Any) -> tuple[Line, ...]:
    told = translated_line(item.number, item.title, who, facts["language"], gone=facts["gone"])
    return (told, _("Votes cast before stay as they are.")) if facts["voted"] else (told,)


def _picked(item: Item, facts: Facts, who: Any) -> tuple[Line, ...]:
    return (
        _(
            "{who} picks the date of poll {number}, “{question}”: {date}.",
            who=who,
            number=item.number,
            question=texts.short_question(item.title),
            date=facts["label"],
        ),
    )


_TEXTS: Mapping[str, Callable[[Item, Facts, Any], tuple[Line, ...]]] = {
    "extended": _extended,
    "option": _option,
    "renamed": _renamed,
    "translated": _translated,
    "picked": _picked,
}
