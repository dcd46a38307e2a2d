"""The care team: a room of its own, else the moderators' room, else the network's moderators.

Whom an incident is about, and who decided what is appealed, neither reads nor decides it: where
they are in the team's room, the others are told one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import (
    Context,
    Effect,
    Line,
    Number,
    Room,
    RoomId,
    Say,
    Setting,
    Switch,
    UserId,
    _,
    rooms,
    settings,
    words,
)
from commands.care import incident_store, marks, store
from commands.care.base import feature
from commands.care.incident_store import Incident

MOST_TOLD = 20
TEAM = Setting(
    "care",
    words("cuidado", "cuidado", "care"),
    Switch(),
    "no",
    _("This is the care team's room: incidents and appeals come here, and who is in it may settle"
      " them."),
    single=True,
)  # fmt: skip
feature.settings.append(TEAM)


@dataclass(frozen=True, slots=True)
class Team:
    """Who may read and settle it. `room` is None where it is told to each of them alone."""

    room: RoomId | None
    people: tuple[UserId, ...]

    def told(
        self, lines: Sequence[Line], item: Number | None = None, *, besides: UserId | None = None
    ) -> list[Effect]:
        """In the team's room; else each of them but `besides`, who says it."""
        if self.room is not None:
            return [Say(tuple(lines), room=self.room, loud=True, item=item)]
        others = [one for one in self.people if one != besides]
        return [Say(tuple(lines), to=one, loud=True, item=item) for one in others[:MOST_TOLD]]


async def room(ctx: Context) -> Room | None:
    """The one that was chosen; None where none is."""
    for key in (TEAM.key, "moderation"):
        for chosen in await settings.rooms_with(ctx.db, key, "yes"):
            found = await rooms.get(ctx.db, chosen)
            if found is not None and found.joined and found.encrypted:
                return found
    return None


async def of(ctx: Context, apart: Iterable[bytes] = (), near: RoomId | None = None) -> Team:
    """Without those; where nobody is left of a team, the network's moderators.

    `near`: where it happened; its other moderators come last.
    """
    without = set(apart)
    place = await room(ctx)
    everybody = await _in(ctx, place) if place is not None else []
    left = [one for one in everybody if await marks.of(ctx.db, one) not in without]
    if place is not None and left:
        return Team(place.room if len(left) == len(everybody) else None, tuple(left))
    others = [
        one
        for one in sorted(ctx.defaults.moderators)
        if await marks.of(ctx.db, one) not in without and await rooms.shares_room(ctx.db, one)
    ]
    if not others and near is not None:
        there = [one for one in await rooms.members(ctx.db, near) if one != ctx.me]
        others = [
            one
            for one in there
            if await ctx.moderates(near, one) and await marks.of(ctx.db, one) not in without
        ]
    return Team(None, tuple(others))


async def _in(ctx: Context, place: Room) -> list[UserId]:
    return [one for one in await rooms.members(ctx.db, place.room) if one != ctx.me]


async def on(ctx: Context, one: Incident) -> Team:
    """Who settles this one."""
    apart = await incident_store.apart(ctx.db, one.item)
    return await of(ctx, apart, await near(ctx, one.about))


async def near(ctx: Context, about: Number | None) -> RoomId | None:
    """Where the appealed measure holds."""
    measure = await store.get(ctx.db, about) if about is not None else None
    return measure.room if measure is not None else None


@feature.service("care_team")
async def care_team(ctx: Context) -> list[UserId]:
    return list((await of(ctx)).people)
