"""Declare the events capability, its help topic and the hooks its parts register with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.api import (
    SETTING_CHANGED,
    Answer,
    Context,
    Effect,
    Feature,
    Item,
    ItemAccess,
    Line,
    Reach,
    RoomId,
    Topic,
    UserId,
    _,
    words,
)
from commands.events.event import Date, Event

feature = Feature("events", Path(__file__).parent)

BEGUN_JOB = feature.job("begun")
BELL_JOB = feature.job("bell")
COUNTS_JOB = feature.job("counts")
MOVED_UP_JOB = feature.job("moved_up")
OVER_JOB = feature.job("over")
REMIND_JOB = feature.job("remind")
TIDY_JOB = feature.job("tidy")
WAVE_JOB = feature.job("wave")
WEEKLY_JOB = feature.job("weekly")

EVENTS_TOPIC = Topic("events", words("eventos", "eventos", "events", "agenda"), _("Events"))
CREATION_EXAMPLE = _("For example: `!event Radio workshop tomorrow 19h`")

ChangeHook = Callable[[Context, Event, Event | None], Awaitable[Sequence[Effect]]]
"""Run when an event is made (the last argument is None) or changed (it is the old event)."""
AttendeeSource = Callable[[Context, Event, Date | None], Awaitable[Sequence[UserId]]]
"""Return the people expected at a date, or at any upcoming date when none is given."""

LineSource = Callable[[Context, Event, Date], Awaitable[Sequence[Line]]]
"""Return further lines for the message about an event."""

ReplyHandler = Callable[[Context, Item, str], Awaitable[Answer]]
"""Handle a plain line in reply to an event. Return None when the line is only talk."""

SettingHook = Callable[[Context, str, RoomId], Awaitable[None]]
"""Run after a setting (given by its key) of a room has changed."""

_change_hooks: list[ChangeHook] = []
_setting_hooks: list[SettingHook] = []
_reply_handlers: list[ReplyHandler] = []
_line_sources: list[LineSource] = []
_attendee_sources: list[AttendeeSource] = []


def on_event_change(also: ChangeHook) -> ChangeHook:
    """Register a hook that runs whenever an event is made, changed or cancelled.

    The hook sees a cancellation by `event.cancelled`.
    """
    _change_hooks.append(also)
    return also


def add_line_source(also: LineSource) -> LineSource:
    """Register a source of further lines for the message about an event."""
    _line_sources.append(also)
    return also


def on_reply(handler: ReplyHandler) -> ReplyHandler:
    """Register a handler of plain lines in reply to an event."""
    _reply_handlers.append(handler)
    return handler


@feature.reply("event", does=ItemAccess.COUNTS, reach=Reach.ROOM)
async def answer_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Return the answer of the first reply handler that understands the line, else None."""
    for handler in _reply_handlers:
        answer = await handler(ctx, item, text)
        if answer is not None:
            return answer
    return None


def on_setting_change(then: SettingHook) -> SettingHook:
    """Register a hook that runs after any setting of a room has changed."""
    _setting_hooks.append(then)
    return then


@feature.offers(SETTING_CHANGED)
async def run_setting_hooks(ctx: Context, key: str, room: RoomId) -> None:
    """Run the hooks for a changed setting of a room."""
    for then in _setting_hooks:
        await then(ctx, key, room)


def add_attendee_source(asked: AttendeeSource) -> AttendeeSource:
    """Register a source of the people who are expected at an event."""
    _attendee_sources.append(asked)
    return asked


async def run_change_hooks(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Run every change hook and return all their effects. `before` is None for a new event."""
    return [effect for also in _change_hooks for effect in await also(ctx, event, before)]


async def collect_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the lines of every line source for this date of the event."""
    return [line for also in _line_sources for line in await also(ctx, event, when)]


async def expected_people(ctx: Context, event: Event, when: Date | None = None) -> list[UserId]:
    """Return each person expected at the date, or at any upcoming date without one, once.

    These people are told when the date changes.
    """
    found = [person for asked in _attendee_sources for person in await asked(ctx, event, when)]
    return list(dict.fromkeys(found))
