"""The `Feature` of the links, and what all their parts share."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Context, Feature, Length, Setting, Topic, UserError, _, words

feature = Feature("links", Path(__file__).parent)

ANEW_JOB = feature.job("anew")
ASK_JOB = feature.job("ask")
CLOSED_JOB = feature.job("closed")
COMPARE_JOB = feature.job("compare")
CONTACT_JOB = feature.job("contact")
COUNTED_JOB = feature.job("counted")
FOLLOW_JOB = feature.job("follow")
HERE_JOB = feature.job("here")
LEND_JOB = feature.job("lend")
LOOK_JOB = feature.job("look")
MEET_JOB = feature.job("meet")
NEVER_JOB = feature.job("never")
NOTICE_JOB = feature.job("notice")
OPEN_JOB = feature.job("open")
RECEDE_JOB = feature.job("recede")
REFUSE_JOB = feature.job("refuse")
REPLACED_JOB = feature.job("replaced")
RETRACT_JOB = feature.job("retract")
ROOM_JOB = feature.job("room")
STEP_JOB = feature.job("step")
STRANGERS_JOB = feature.job("strangers")
TELL_JOB = feature.job("tell")

NETWORKS = Topic(
    "links", words("redes", "redes", "networks", "enlaces | ligações | links"), _("Other networks")
)
LINK_TYPE = "org.minga.link"
"""Type of a link room (`m.room.create`) and of the events sent in it."""
GRACE = Setting(
    "joint grace",
    words("espera-redes", "espera-redes", "networks-grace"),
    Length(timedelta(minutes=1), timedelta(days=7)),
    "7200",
    _("How long a joint decision waits for each step of the other networks after its end."),
    network=True,
)
feature.settings.append(GRACE)
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
    """Tell whether the sender moderates the network or its moderators' room."""
    home = await ctx.moderators_room()
    return ctx.who in ctx.defaults.moderators or bool(home and await ctx.moderates(home))


async def require_network_decider(ctx: Context) -> None:
    """Raise `UserError` unless the sender may decline for all rooms of the network."""
    if not await may_decide_for_network(ctx):
        raise UserError(
            _("You can't turn that down for all rooms: it is for the network's moderators."),
            _("In your room it is not shown unless somebody accepts it there."),
        )
