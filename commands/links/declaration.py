"""The `Feature` of links, and what all that stands on them shares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Context, Feature, UserError, _

feature = Feature("links", Path(__file__).parent)

ASK_JOB = feature.job("ask")
ENDS_JOB = feature.job("ends")
FOLLOW_JOB = feature.job("follow")
HERE_JOB = feature.job("here")
LEND_JOB = feature.job("lend")
LOST_JOB = feature.job("lost")
MEET_JOB = feature.job("meet")

LINK_TYPE = "org.minga.link"
"""Type of a link room (`m.room.create`) and of the events sent in it."""
LONGEST_NAME = 60
MOST_LINKS, MOST_PEERS, MOST_ASKING = 400, 400, 20
ANNOUNCED_WITHIN = timedelta(minutes=2)
"""How long a bot may be in a link room before whoever brought it has announced it."""
MESSAGE_LIFETIME = timedelta(days=120)
"""How long a message is kept for networks that missed it."""


async def require_network_moderator(ctx: Context) -> None:
    """Raise `UserError` unless the sender is one of the network's moderators."""
    if ctx.who not in ctx.defaults.moderators:
        raise UserError(
            _("You can't do that: it is for the network's moderators."),
            _("Which networks are linked: `!network`"),
        )


async def may_decide_for_network(ctx: Context) -> bool:
    """Return whether the sender moderates the network or its moderators' room."""
    home = await ctx.moderators_room()
    return ctx.who in ctx.defaults.moderators or bool(home and await ctx.moderates(home))


async def require_network_decider(ctx: Context) -> None:
    """Raise `UserError` unless the sender moderates the network or its moderators' room."""
    if not await may_decide_for_network(ctx):
        raise UserError(
            _("You can't turn that down for all rooms: it is for the network's moderators."),
            _("In your room it is not shown unless somebody accepts it there."),
        )
