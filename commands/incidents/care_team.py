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
    CARE_TEAM,
    Allusion,
    Context,
    Effect,
    Line,
    Number,
    Redact,
    Room,
    RoomId,
    Say,
    SearchedText,
    Setting,
    Switch,
    UserId,
    _,
    alluded_people,
    items,
    network_moderators,
    rooms,
    settings,
    words,
)
from commands.care import measure_store, person_hash
from commands.incidents import incident_store
from commands.incidents.declaration import feature
from commands.incidents.incident_store import Incident

MOST_RECIPIENTS = 20
CARE_ROOM = Setting(
    "care",
    words("cuidado", "cuidado", "care"),
    Switch(),
    "no",
    _(
        "This is the care team's room: incidents and appeals come here, and who is in it may settle"
        " them."
    ),
    single=True,
)
feature.settings.append(CARE_ROOM)


class TeamKind(Enum):
    """Who reads incidents: the network's care team, or the moderators where it has none."""

    CARE = auto()
    MODERATION = auto()


@dataclass(frozen=True, slots=True)
class IncidentTeam:
    """Who may read and settle it. `room` is None if each of them is told alone."""

    room: RoomId | None
    people: tuple[UserId, ...]
    kind: TeamKind = TeamKind.MODERATION

    async def tell(
        self, ctx: Context, lines: Sequence[Line], item: Number, *, besides: UserId | None = None
    ) -> list[Effect]:
        """Write to the team's room, or to each member in private, except `besides`, who is the
        author. Return the messages."""
        if self.room is not None:
            slot = _reader_slot("room")
            return [Say(tuple(lines), room=self.room, loud=True, item=item, slot=slot)]
        others = [one for one in self.people if one != besides][:MOST_RECIPIENTS]
        slots = {
            one: _reader_slot((await person_hash.hash_person(ctx.db, one)).hex()) for one in others
        }
        said = tuple(lines)
        return [Say(said, to=o, loud=True, item=item, slot=s) for o, s in slots.items()]


def _reader_slot(reader: str) -> str:
    """Name a slot per reader, so that their copy can be redacted later."""
    return f"told:{reader}:{secrets.token_hex(4)}"


async def redact_copies(ctx: Context, item: Number, person: UserId) -> list[Effect]:
    """Redact the messages by which this person was told of the incident, alone and in the team's
    room. Return what to send."""
    found = await items.forget_posts(
        ctx.db, item, f"told:{(await person_hash.hash_person(ctx.db, person)).hex()}:"
    )
    place = await team_room(ctx)
    if place is not None and person in await _people_in(ctx, place):
        found += await items.forget_posts(ctx.db, item, "told:room:")
    ctx.db.shred()  # also deletes letters that are not sent yet
    return [Redact(event, place, quiet=True) for event, place in found]


async def team_room(ctx: Context) -> Room | None:
    """Return the care team's room, or None if none is set."""
    found = await _chosen_room(ctx)
    return found[0] if found is not None else None


async def _chosen_room(ctx: Context) -> tuple[Room, TeamKind] | None:
    for key, kind in ((CARE_ROOM.key, TeamKind.CARE), ("moderation", TeamKind.MODERATION)):
        for chosen in await settings.rooms_with(ctx.db, key, "yes"):
            found = await rooms.get(ctx.db, chosen)
            if found is not None and found.joined and found.is_encrypted:
                return found, kind
    return None


async def has_care_team(ctx: Context) -> bool:
    """Return whether a care team was set for the network."""
    found = await _chosen_room(ctx)
    return found is not None and found[1] is TeamKind.CARE


async def team_without(
    ctx: Context, without: Collection[UserId] = (), near: RoomId | None = None
) -> IncidentTeam:
    """Return the care team without those people; if nobody is left, the network's moderators.

    `near` is where it happened; the moderators of that room come last.
    """
    chosen = await _chosen_room(ctx)
    if chosen is not None:
        everybody = await _people_in(ctx, chosen[0])
        if left := tuple(one for one in everybody if one not in without):
            whole = chosen[0].room if len(left) == len(everybody) else None
            return IncidentTeam(whole, left, chosen[1])
    others = [one for one in await network_moderators(ctx) if one not in without]
    if not others and near is not None:
        there = [one for one in await rooms.members(ctx.db, near) if one not in (ctx.me, *without)]
        others = [one for one in there if await ctx.moderates(near, one)]
    return IncidentTeam(None, tuple(others))


async def possible_readers(ctx: Context, near: RoomId | None = None) -> list[UserId]:
    """Return everybody who could read an incident, whichever team settled it."""
    found, without = dict.fromkeys(await _members(ctx)), set[UserId]()
    while those := [
        one for one in (await team_without(ctx, without, near)).people if one not in without
    ]:
        found |= dict.fromkeys(those)
        without |= {*those}
    return list(found)


async def _members(ctx: Context) -> list[UserId]:
    place = await team_room(ctx)
    return await _people_in(ctx, place) if place is not None else []


async def _people_in(ctx: Context, place: Room) -> list[UserId]:
    return [one for one in await rooms.members(ctx.db, place.room) if one != ctx.me]


async def team_for(ctx: Context, one: Incident) -> IncidentTeam:
    """Return the people who settle this incident."""
    place = await appealed_room(ctx, one.about)
    return await team_without(ctx, await excluded_readers(ctx, one, place), place)


async def excluded_readers(ctx: Context, one: Incident, place: RoomId | None) -> list[UserId]:
    """Return the people who may not read an incident.

    They are those left out, and later members to whom its text may allude.
    """
    named = await incident_store.excluded_marks(ctx.db, one.item)
    told = await incident_store.reader_marks(ctx.db, one.item)
    found, later = list[UserId](), list[UserId]()
    for person in await possible_readers(ctx, place):
        mark = await person_hash.hash_person(ctx.db, person)
        if mark in named:
            found.append(person)
        elif mark not in told and person != one.owner:
            later.append(person)
    if later:
        text = SearchedText("\n".join(await incident_store.texts_of(ctx.db, one)))
        found += [
            p for p in later if await alluded_people.rate_person(ctx, text, p) is not Allusion.NONE
        ]
    return found


async def appealed_room(ctx: Context, about: Number | None) -> RoomId | None:
    """Return the room of the measure that an appeal is about."""
    measure = await measure_store.get_measure(ctx.db, about) if about is not None else None
    return measure.room if measure is not None else None


@feature.offers(CARE_TEAM)
async def care_team_members(ctx: Context) -> list[UserId]:
    """Return the people who would read an incident that is about nobody in particular."""
    return list((await team_without(ctx)).people)
