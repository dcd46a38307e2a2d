"""Which date of an event an answer or a message is about: the keys under which dates are stored."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from commands.attendance import roster
from commands.attendance.roster import EVERY_DATE, GivenAnswer
from commands.events.event import Date, Event, date_with_key


def answer_key(event: Event, when: Date | None) -> str:
    """Return the key under which answers about this date of an event are stored.

    It is `EVERY_DATE` for None and for events with a single date.
    """
    return when.key.isoformat() if when is not None and event.rule is not None else EVERY_DATE


def upcoming_dates(event: Event, answers: Iterable[GivenAnswer], now: datetime) -> dict[str, Date]:
    """Return the event's upcoming dates that have answers of their own, by key."""
    found = {
        key: date_with_key(event, datetime.fromisoformat(key))
        for key in roster.answered_keys(answers)
    }
    return {key: when for key, when in sorted(found.items()) if when and when.at > now}


def date_slot(event: Event, when: Date | None) -> str | None:
    """Return the slot that marks a message as being about one date, so a reply is too.

    None for messages about the event as a whole.
    """
    if when is None or event.rule is None:
        return None
    return f"date {when.key.isoformat()} {secrets.token_hex(6)}"


def key_of_slot(slot: str | None) -> datetime | None:
    """Return the key of the event's date that a message with this slot is about, or None."""
    if slot is None or not slot.startswith("date "):
        return None
    return datetime.fromisoformat(slot.split(" ")[1])
