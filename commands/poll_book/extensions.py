"""The services by which what stands on the poll book adds to it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.api import Number, RoomId, Service, UserId
from commands.poll_book.voter_store import Voter

CHAMBER_VOTERS = Service[[RoomId, str], list[Voter]]("chamber voters")
"""Return the voters of the chamber of that name in a room; none if it is not known."""

ROLL_WRITTEN = Service[[Number], None]("roll written")
"""Add to a poll whose roll has just been fixed: who votes there for whom."""

BALLOT_PEOPLE = Service[[Number], Mapping[int, UserId]]("ballot people")
"""The people among whom a poll chooses, by their place; none if it does not choose people.

Whoever asked to be forgotten is left out.
"""
