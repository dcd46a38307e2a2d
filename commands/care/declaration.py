"""Declaration of the care feature: its topic, settings, required powers and limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bot.api import Context, Feature, Length, RequiredPower, Setting, Topic, _, words

feature = Feature("care", Path(__file__).parent)

LAPSE_JOB = feature.job("lapse")
LOST_JOB = feature.job("lost")
OPEN_DOOR_JOB = feature.job("open_door")
UNMUTE_JOB = feature.job("unmute")
feature.powers += [
    RequiredPower("kick", _("nobody is removed by `!remove`.")),
    RequiredPower("ban", _("nobody is kept out by `!ban`.")),
    RequiredPower("m.room.power_levels", _("nobody is silenced by `!mute`.")),
    RequiredPower(
        "m.room.join_rules", _("I can't close the room when many strangers come in at once.")
    ),
]

CARE = Topic("care", words("cuidado", "cuidado", "care"), _("Caring for each other"))
MODERATE = Topic(
    "moderation",
    words("moderación", "moderação", "moderation", "convivencia | convivência |"),
    _("For who moderates"),
)

WARNING_LIFE = Setting(
    "warning_life",
    words("vigencia-de-advertencias", "validade-de-advertências", "warning-life"),
    Length(timedelta(days=1), timedelta(days=365)),
    str(90 * 86400),
    _("How long a warning counts; then nothing is kept of it."),
)
feature.settings.append(WARNING_LIFE)

SHORTEST_MUTE, LONGEST_MUTE = timedelta(seconds=30), timedelta(days=30)
"""Shortest and longest duration of a mute."""
APPEAL_PERIOD = timedelta(days=30)
"""How long an ended measure is kept, so that it can be appealed."""
LONGEST_REASON = 500
MOST_PEOPLE = 20
LATE_AFTER = timedelta(minutes=2)


@contextmanager
def acting_as_bot(ctx: Context) -> Iterator[None]:
    """Return a context in which the room's log names the bot as the author."""
    who, ctx.who = ctx.who, ctx.me
    try:
        yield
    finally:
        ctx.who = who
