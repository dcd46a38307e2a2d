"""What every part of the time bank knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Context, Feature, OneOf, Setting, Topic, UserError, _, words

feature = Feature("timebank", Path(__file__).parent)
feature.personal |= {"hours"}

TIMEBANK = Topic("timebank", words("tiempo", "tempo", "hours"), _("Time bank"))
EXAMPLE = _("For example: `!hours 2 to @ana:server.org guitar lesson`")

OFF, OWN, ALL = "off", "own", "all"
VISIBLE = Setting(
    "time_bank",
    words("horas-visibles", "horas-visíveis", "visible-hours"),
    OneOf(
        {
            OFF: words("no", "não", "no", "off, nadie | ninguém | nobody"),
            OWN: words("propias", "próprias", "own", "propio | próprio | mine"),
            ALL: words("todas", "todas", "all", "todos | todos | everybody"),
        }
    ),
    OFF,
    _("The time bank: off, or each sees their own hours, or everybody sees all balances."),
    network=True,
)
feature.settings.append(VISIBLE)

LATE = timedelta(minutes=5)
"""What comes later than this says so."""
PATIENCE = timedelta(days=7)
LAPSES = timedelta(days=14)
"""So long hours wait for the other one's word."""
PAGE = 15
LEAST, MOST = 5, 48 * 60
"""Minutes in one go."""
LONGEST = 200
MOST_WAITING = 50


async def seen(ctx: Context) -> str:
    """What the network decided. Raises `UserError` where there is no time bank."""
    found = await ctx.setting(VISIBLE)
    if found == OFF:
        raise UserError(
            _("This network has no time bank."),
            _("The network's moderators can begin one: `!config visible-hours own`"),
        )
    return found
