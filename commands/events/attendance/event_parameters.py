"""Parameter types of the grammar: the event that a line names, replies to or leaves open."""

from __future__ import annotations

from typing import Annotated

from bot.api import Item
from commands.events.attendance.rsvp_commands import find_event_or_next, find_item
from commands.events.event import Event

EventItem = Annotated[Item, find_item]
EventOrNext = Annotated[Event, find_event_or_next]
