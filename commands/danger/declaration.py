"""Declaration of the danger feature, its times and limits, and who is called for help."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import (
    CARE_TEAM,
    Context,
    Feature,
    Topic,
    UserId,
    _,
    chosen_moderators_room,
    network_moderators,
    rooms,
    words,
)
from commands.danger import call_store

feature = Feature("danger", Path(__file__).parent)

AGAIN_JOB = feature.job("again")
CODE_JOB = feature.job("code")
FEWER_JOB = feature.job("fewer")
PRACTICE_OPENED_JOB = feature.job("practice_opened")
REACHED_JOB = feature.job("reached")
RING_JOB = feature.job("ring")
TAKEN_BACK_JOB = feature.job("taken_back")
WISH_JOB = feature.job("wish")
feature.personal_kinds |= {"panic", "practice"}

SAFETY = Topic(
    "safety",
    words("protección", "proteção", "protection", "seguridad | segurança | safety"),
    _("To be safe"),
)

ALARM = "panic"
"""The word that calls whoever is named behind it and nobody else is: `panic ana`."""

FIRST_INTERVAL, LATER_INTERVAL = timedelta(minutes=3), timedelta(minutes=15)
"""Time between calls: at first, and after `FIRST_CALLS` of them."""
FIRST_CALLS = 10
REACH_CHECK_AFTER = timedelta(seconds=20)
"""When the caller is told whom the call has not reached."""
GIVE_UP_AFTER = timedelta(hours=24)
LATE_AFTER = timedelta(minutes=2)
MOST_CONTACTS, LONGEST_NOTE = 10, 500


async def helpers_of(ctx: Context, person: UserId) -> list[UserId]:
    """Return whom to call for help now: the person's contacts who agreed, and the care team."""
    team = await _care_team(ctx)
    agreed = [one for one, yes in await call_store.contacts_of(ctx.db, person) if yes]
    return [one for one in dict.fromkeys([*agreed, *team]) if one not in (person, ctx.me)]


async def _care_team(ctx: Context) -> list[UserId]:
    """Return the care team; without one, the moderators' room's moderators, else the network's."""
    for care_team in ctx.registry.offers(CARE_TEAM):
        if found := await care_team(ctx):
            return list(found)
    room = await chosen_moderators_room(ctx.db)
    there = await rooms.members(ctx.db, room) if room else []
    found = [one for one in there if room and one != ctx.me and await ctx.moderates(room, one)]
    return found or await network_moderators(ctx)
