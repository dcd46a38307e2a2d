"""Declaration of the time bank feature, its setting and limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Context, Feature, OneOf, Setting, Topic, UserError, _, words

feature = Feature("timebank", Path(__file__).parent)

LAPSE_JOB = feature.job("lapse")
feature.personal_kinds |= {"hours"}

TIMEBANK = Topic(
    "timebank", words("horas", "horas", "hours", "tiempo | tempo | time bank"), _("Time bank")
)
EXAMPLE = _("For example: `!hours 2 to @ana:server.org guitar lesson`")

OFF, OWN, EVERYBODY = "off", "own", "all"
VISIBLE = Setting(
    "time_bank",
    words("horas-visibles", "horas-visíveis", "visible-hours"),
    OneOf(
        {
            OFF: words("no", "não", "no", "off, nadie | ninguém | nobody"),
            OWN: words("propias", "próprias", "own", "propio | próprio | mine"),
            EVERYBODY: words("todas", "todas", "all", "todos | todos | everybody"),
        }
    ),
    OFF,
    _("The time bank: off, or each sees their own hours, or everybody sees all balances."),
    network=True,
)
feature.settings.append(VISIBLE)

LATE_AFTER = timedelta(minutes=5)
"""A message later than this says so."""
ANSWER_PATIENCE = timedelta(days=7)
CONFIRM_WITHIN = timedelta(days=14)
"""How long hours wait for the other person's confirmation."""
PAGE_LINES = 15
LEAST_MINUTES, MOST_MINUTES = 5, 48 * 60
"""Limits of one transfer in minutes."""
LONGEST_TEXT = 200
MOST_WAITING = 50


async def visible_hours(ctx: Context) -> str:
    """Return what of people's hours the network chose to show. Raises `UserError` if there is no
    time bank."""
    found = await ctx.setting_value(VISIBLE)
    if found == OFF:
        raise UserError(
            _("This network has no time bank."),
            _("The network's moderators can begin one: `!config visible-hours own`"),
        )
    return found
