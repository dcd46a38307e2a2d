"""Lines that make events of coming days, for tests."""

from __future__ import annotations

from bot.testing.talk import Talk
from commands.events.tests.days import Day, in_days


def soon() -> Day:
    """The day of an event that says nothing else."""
    return in_days(2)


def later() -> Day:
    """The day after it, for another one or for a move."""
    return in_days(3)


def taller(more: str = "") -> str:
    """A line that makes an event."""
    return f"!evento Taller {soon().weekday} 19h {more}".strip()


def rehearsal(number: int = 0) -> Day:
    """A date of the series."""
    return in_days(6 + 7 * number)


def rehearsals(more: str = "") -> str:
    """A line that makes a series."""
    return f"!evento Ensayo cada {rehearsal().weekday} 19h {more}".strip()


async def say(talk: Talk, who: str, *lines: str) -> str:
    """What the bot answers to the last of these lines."""
    heard = ""
    for line in lines:
        heard = await talk.answer(who, line)
    return heard
