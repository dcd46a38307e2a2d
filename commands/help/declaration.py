"""The feature to which the commands of the help register, and who may use a command."""

from __future__ import annotations

from pathlib import Path

from bot.api import Command, Context, Feature, Need, Topic, _, words

feature = Feature("help", Path(__file__).parent)

HELP = Topic("help", words("ayuda", "ajuda", "help"), _("Help"))
PAGE_LINES = 15
"""Lines that fit on a phone's screen."""


async def may_use(ctx: Context, command: Command) -> bool:
    """Return whether this person may use the command here; in private, in some room."""
    if command.need is Need.NETWORK:
        return ctx.who in ctx.defaults.moderators
    if command.need is Need.MODERATOR and not ctx.is_private:
        return await ctx.moderates()
    return True
