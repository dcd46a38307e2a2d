"""The care team: its own room, else the moderators' room, else the network's moderators.

Whom an incident is about, and who decided what is appealed, neither reads nor decides it. If they
are in the team's room, the others are told one by one.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.api import (
    Allusion,
    Context,
    Effect,
    Line,
    Number,
    Redact,
    Room,
    RoomId,
    Say,
    Setting,
    Switch,
    Told,
    UserId,
    _,
    items,
    rooms,
    settings,
    words,
)
from commands.care import measure_store, person_hash
from commands.care.declaration import feature
from commands.care.incidents import incident_store, name_matching
from commands.care.incidents.incident_store import Incident

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


class Kind(Enum):
    CARE = auto()
    MODERATION = auto()


@dataclass(frozen=True, slots=True)
class Team:
    """Who may read and settle it. `room` is None if each of them is told alone."""

    room: RoomId | None
    people: tuple[UserId, ...]
    kind: Kind = Kind.MODERATION

    async def told(
        self, ctx: Context, lines: Sequence[Line], item: Number, *, besides: UserId | None = None
    ) -> list[Effect]:
        """Write to the team's room, or to each member except `besides`, who is the author."""
        if self.room is not None:
            slot = _slot("room")
            return [Say(tuple(lines), room=self.room, loud=True, item=item, slot=slot)]
        others = [one for one in self.people if one != besides][:MOST_TOLD]
        slots = {one: _slot((await person_hash.of(ctx.db, one)).hex()) for one in others}
        said = tuple(lines)
        return [Say(said, to=o, loud=True, item=item, slot=s) for o, s in slots.items()]


def _slot(reader: str) -> str:
    """Name a slot per reader, so that their copy can be redacted later."""
    return f"told:{reader}:{secrets.token_hex(4)}"


async def take_back(ctx: Context, item: Number, person: UserId) -> list[Effect]:
    """Redact what this person was told of the incident, alone and in the team's room."""
    found = await items.recall(
        ctx.db, item, f"told:{(await person_hash.of(ctx.db, person)).hex()}:"
    )
    place = await room(ctx)
    if place is not None and person in await _in(ctx, place):
        found += await items.recall(ctx.db, item, "told:room:")
    ctx.db.shred()  # also deletes letters that are not sent yet
    return [Redact(event, place, quiet=True) for event, place in found]


async def room(ctx: Context) -> Room | None:
    """Return the team's room, or None if none is set."""
    found = await _chosen(ctx)
    return found[0] if found is not None else None


async def _chosen(ctx: Context) -> tuple[Room, Kind] | None:
    for key, kind in ((TEAM.key, Kind.CARE), ("moderation", Kind.MODERATION)):
        for chosen in await settings.rooms_with(ctx.db, key, "yes"):
            found = await rooms.get(ctx.db, chosen)
            if found is not None and found.joined and found.encrypted:
                return found, kind
    return None


async def there_is(ctx: Context) -> bool:
    """Return whether there is a care team of its own."""
    found = await _chosen(ctx)
    return found is not None and found[1] is Kind.CARE


async def of(ctx: Context, without: Collection[UserId] = (), near: RoomId | None = None) -> Team:
    """Return the team without those people; if nobody is left, the network's moderators.

    `near` is where it happened; the moderators of that room come last.
    """
    chosen = await _chosen(ctx)
    if chosen is not None:
        everybody = await _in(ctx, chosen[0])
        if left := tuple(one for one in everybody if one not in without):
            whole = chosen[0].room if len(left) == len(everybody) else None
            return Team(whole, left, chosen[1])
    others = [
        one
        for one in sorted(ctx.defaults.moderators)
        if one not in without and await rooms.shares_room(ctx.db, one)
    ]
    if not others and near is not None:
        there = [one for one in await rooms.members(ctx.db, near) if one not in (ctx.me, *without)]
        others = [one for one in there if await ctx.moderates(near, one)]
    return Team(None, tuple(others))


async def everyone(ctx: Context, near: RoomId | None = None) -> list[UserId]:
    """Return everybody who would read it in one case or another."""
    found, without = dict.fromkeys(await _members(ctx)), set[UserId]()
    while those := [one for one in (await of(ctx, without, near)).people if one not in without]:
        found |= dict.fromkeys(those)
        without |= {*those}
    return list(found)


async def _members(ctx: Context) -> list[UserId]:
    place = await room(ctx)
    return await _in(ctx, place) if place is not None else []


async def _in(ctx: Context, place: Room) -> list[UserId]:
    return [one for one in await rooms.members(ctx.db, place.room) if one != ctx.me]


async def on(ctx: Context, one: Incident) -> Team:
    """Return who settles this incident."""
    place = await near(ctx, one.about)
    return await of(ctx, await apart(ctx, one, place), place)


async def apart(ctx: Context, one: Incident, place: RoomId | None) -> list[UserId]:
    """Return who does not read it: those left out, and later members to whom its text may
    allude."""
    named = await incident_store.apart(ctx.db, one.item)
    told = await incident_store.readers(ctx.db, one.item)
    found, later = list[UserId](), list[UserId]()
    for person in await everyone(ctx, place):
        mark = await person_hash.of(ctx.db, person)
        if mark in named:
            found.append(person)
        elif mark not in told and person != one.owner:
            later.append(person)
    if later:
        text = Told("\n".join(await incident_store.words(ctx.db, one)))
        found += [p for p in later if await name_matching.look(ctx, text, p) is not Allusion.NONE]
    return found


async def near(ctx: Context, about: Number | None) -> RoomId | None:
    """Return the room of the appealed measure."""
    measure = await measure_store.get(ctx.db, about) if about is not None else None
    return measure.room if measure is not None else None


@feature.service("care_team")
async def care_team(ctx: Context) -> list[UserId]:
    return list((await of(ctx)).people)
