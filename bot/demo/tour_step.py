"""A line of the tour: who writes it, where, and what is expected then."""

from __future__ import annotations

from dataclasses import dataclass

ROOM, PRIVATE = "sala", "privado"
PUBLIC, FOLDER = "sala pública", "carpeta"
"""The room that everybody can read, and the folder of what is public.

A line in the folder names a file there, which is read until it is as expected.
"""
VOTE_PREFIX = "[toca] "
"""Prefix of a line that votes for this option of the last native poll."""
JOIN_PREFIX = "[entra] "
"""Prefix of a line that accepts the invitation to a room with this in its name.

With an address (`#news:server`) it enters the public room there.
"""

DOOR_LINE, KNOCK_LINE = "[pone una puerta]", "[toca la puerta]"
"""Lines that let people knock at the room, and that knock there."""


@dataclass(frozen=True, slots=True)
class TourStep:
    """A line, and a pattern for the bot's answer (empty: none is expected).

    Without a line, the answer may have come before. Named groups of the pattern can be used as
    `{name}` in later lines. The step is left out without the capability `needs`.
    """

    who: str
    place: str
    line: str
    expected: str = ""
    needs: str = "help"
