"""The roll of a poll: fixed when the poll opens, looked up with every vote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.api import (
    AREA_ROOMS,
    Context,
    Line,
    NamedArgument,
    Number,
    Person,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
    expand_links,
    fold,
    rooms,
    verbatim,
    words,
)
from commands.poll_book import voter_store
from commands.poll_book.people import Crowd
from commands.poll_book.voter_store import Organisation, Seat, SeatRole, Voter
from storage.database import Tx

VOTERS_ARGUMENT = NamedArgument(words("votan", "votam", "voters"))
"""In the line that opens a poll: `votan: organizaciones`, `votan: @ana, @beto`, `votan: prensa`."""
_PEOPLE = frozenset(
    ["personas", "pessoas", "people", "todos", "todas", "todes", "tod@s", "everyone", "everybody"]
)
_ORGANISATIONS = frozenset(
    [
        "organizaciones",
        "organizacoes",
        "organisations",
        "organizations",
        "orgs",
        "entidades",
        "delegaciones",
        "delegacoes",
        "delegations",
    ]
)
_FOR = re.compile(
    r"""(?:^|[\s,;])(?:org|organizaci[oó]n|organiza[cç][aã]o|organi[sz]ation)\s?:\s?
    (?:"(?P<quoted>[^"]+)"|(?P<bare>[^"]+))$""",
    re.IGNORECASE | re.VERBOSE,
)


class VoterGroup(StrEnum):
    """The group that `votan:` names."""

    USUAL = "usual"  # the room's organisations if it has any, else its people
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    EVERYBODY = "everybody"  # all people, ignoring the room's list of bots
    NAMED = "named"  # named people, or the members of named rooms


@dataclass(frozen=True, slots=True)
class VoterSpec:
    """Who may vote, as the author asked for it."""

    who: VoterGroup = VoterGroup.USUAL
    names: tuple[str, ...] = ()


def parse_voters(text: str | None) -> VoterSpec:
    """Return who may vote by the value of `votan:`. None or an empty value means what is usual in
    the room."""
    names = tuple(part.strip() for part in re.split(r"[,;\n]", text or "") if part.strip())
    if not names:
        return VoterSpec()
    if len(names) == 1 and fold(names[0]) in _PEOPLE:
        return VoterSpec(VoterGroup.PEOPLE, names)
    if len(names) == 1 and fold(names[0]) in _ORGANISATIONS:
        return VoterSpec(VoterGroup.ORGANISATIONS)
    return VoterSpec(VoterGroup.NAMED, names)


async def absent_members(ctx: Context, room: RoomId, spec: VoterSpec) -> list[UserId]:
    """Return the members of the named rooms and areas who are not in this room and so can't
    vote."""
    crowd = await Crowd.read(ctx, room)
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    found: dict[UserId, None] = {}
    for name in spec.names if spec.who is VoterGroup.NAMED else ():
        for place in [] if _is_person(crowd, name) else await _rooms_called(ctx, shared, name):
            members = await rooms.members(ctx.db, place)
            found |= dict.fromkeys(m for m in members if m not in crowd.names)
    return [person for person in found if not crowd.has_no_vote(person)]


async def resolve_area_name(ctx: Context, spec: VoterSpec) -> VoterSpec:
    """Return the choice of voters with `todas` read as a name, if an area is called that."""
    if spec.who is VoterGroup.PEOPLE and spec.names:
        for offer in ctx.registry.offers(AREA_ROOMS):
            if await offer(ctx, spec.names[0]):
                return VoterSpec(VoterGroup.NAMED, spec.names)
    return spec


async def build_shared_roll(ctx: Context, places: Sequence[RoomId], spec: VoterSpec) -> list[Voter]:
    """Return who may vote in a poll that opens in many rooms: everybody in any of them, once each.

    Organisations are those of the first room. Raises `UserError` for another choice of voters, and
    if nobody could vote.
    """
    if len(places) == 1 or spec.who is VoterGroup.ORGANISATIONS:
        return await build_roll(ctx, places[0], spec)
    if spec.who is VoterGroup.NAMED:
        raise UserError(
            _("In several rooms who is in them votes, or `voters: organisations`."),
        )
    people: dict[UserId, None] = {}
    for place in places:
        crowd = await Crowd.read(ctx, place)
        here = crowd.everybody() if spec.who is VoterGroup.EVERYBODY else crowd.people()
        people |= dict.fromkeys(here)
    return _require_some([Voter(person, "", 1, person) for person in people])


async def build_roll(ctx: Context, room: RoomId, spec: VoterSpec) -> list[Voter]:
    """Return everybody who may vote in a poll that opens now. Raises `UserError` for a name that
    nobody has, somebody who is not in the room, and if nobody could vote."""
    found: list[Voter]
    if spec.who in (VoterGroup.USUAL, VoterGroup.ORGANISATIONS):
        found = [_of_organisation(one) for one in await voter_store.organisations_in(ctx.db, room)]
        if found or spec.who is VoterGroup.ORGANISATIONS:
            return _require_some(found)
    crowd = await Crowd.read(ctx, room)
    if spec.who is VoterGroup.NAMED:
        people = await _people_named(ctx, crowd, spec.names)
    else:
        people = crowd.everybody() if spec.who is VoterGroup.EVERYBODY else crowd.people()
    return _require_some([Voter(person, "", 1, person) for person in people])


def _of_organisation(one: Organisation) -> Voter:
    return Voter(one.key, one.name, one.weight, one.delegate, one.alternate)


def _require_some(voters: list[Voter]) -> list[Voter]:
    if not voters:
        raise UserError(
            _("Nobody could vote: there is nobody of that kind here."),
            _("Who may vote here: `!voters`"),
        )
    return voters


async def _people_named(ctx: Context, crowd: Crowd, names: Sequence[str]) -> list[UserId]:
    """Return people by name, members of rooms and of areas, each once, if they are here."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    found: dict[UserId, None] = {}
    for name in names:
        places = [] if _is_person(crowd, name) else await _rooms_called(ctx, shared, name)
        members = {person for room in places for person in await rooms.members(ctx.db, room)}
        if places:
            found |= dict.fromkeys(person for person in crowd.people() if person in members)
        else:
            found[_person_here(crowd, name, shared)] = None
    return list(found)


async def _rooms_called(ctx: Context, shared: Sequence[Room], name: str) -> list[RoomId]:
    """Return the room of that name, else the rooms of the area of that name."""
    room = _room_named(shared, name)
    if room is not None:
        return [room.room]
    offers = ctx.registry.offers(AREA_ROOMS)
    return [place for offer in offers for place in await offer(ctx, name)]


def _is_person(crowd: Crowd, name: str) -> bool:
    """Return whether the name is an address or a person mentioned in the line."""
    return expand_links(name).strip(" <(").startswith(("@", "[")) or any(
        p in crowd.mentioned for p in crowd.called(name)
    )


def _room_named(shared: Sequence[Room], name: str) -> Room | None:
    wanted = fold(name.strip('" '))
    fits = [room for room in shared if fold(room.name) == wanted] or [
        room for room in shared if wanted in fold(room.name).split()
    ]
    return fits[0] if len(fits) == 1 else None


def _person_here(crowd: Crowd, name: str, shared: Sequence[Room]) -> UserId:
    if not _is_person(crowd, name) and not crowd.called(name):
        known = tuple(verbatim(room.name or room.room) for room in shared[:20])
        raise UserError(
            _("Who is “{name}”? I know no room and nobody here by that name.", name=name[:60]),
            _("We share: {rooms}", rooms=known),
            _("For example: `voters: people`, `voters: organisations`, `voters: @ana, @beto`"),
        )
    person = crowd.one(name)
    if person not in crowd.names:
        raise UserError(
            _(
                "{person} is not in this room: who votes reads the poll here.",
                person=Person(person, full=True),
            )
        )
    return person


# --- a poll's roll --------------------------------------------------------------------------------


async def write_roll(tx: Tx, poll: Number, voters: Sequence[Voter]) -> None:
    """Store everybody who may vote in a poll, once, when it opens."""
    await voter_store.add_roll(tx, poll, voters)


async def seats_of(tx: Tx, poll: Number, person: UserId) -> tuple[Seat, ...]:
    """Return for which voters (themselves, organisations) this person may vote in this poll; empty
    for none.

    Whether they are in the room now is not checked.
    """
    return tuple(await voter_store.seats_of(tx, poll, person))


def seats_for_vote(seats: Sequence[Seat], text: str) -> tuple[tuple[Seat, ...], str]:
    """Return for which voters a typed vote is, and the vote without the name of an organisation.

    A plain vote (a tap too) is for every organisation whose delegate the person is; if they are a
    delegate of none, for those whose alternate they are. `… org: South Co-op` is for that one. A
    person's vote is also for those who gave them theirs. Raises `UserError` if it is not clear
    which.
    """
    line = " ".join(text.split())  # one long run of spaces would make the search slow
    found = _FOR.search(line)
    if found is None or not seats or not seats[0].voter.is_organisation:
        own = [seat for seat in seats if seat.role is not SeatRole.ALTERNATE]
        return tuple(own or seats), text
    name = found["quoted"] or found["bare"]
    wanted = voter_store.comparable_name(name)
    fits = [seat for seat in seats if voter_store.comparable_name(seat.voter.name) == wanted] or [
        seat for seat in seats if wanted in voter_store.comparable_name(seat.voter.name)
    ]
    if len(fits) == 1:
        return tuple(fits), line[: found.start()].rstrip(" ,;")
    raise UserError(
        _("Which organisation is “{name}”?", name=name[:60]),
        _("You vote for: {names}", names=tuple(seat.voter.name for seat in seats[:20])),
    )


def which_voter_lines(number: Number, seats: Sequence[Seat]) -> tuple[Line, Line]:
    """Return the question for which voter a split vote is. It divides the weight of one."""
    names = tuple(seat.voter.name for seat in seats[:20])
    return (
        _("You vote for several organisations: {names}. For which is this?", names=names),
        _(
            "Write the vote and then its name: `!vote {number} … org: {name}`",
            number=number,
            name=names[0],
        ),
    )


async def roll_size(tx: Tx, poll: Number) -> int:
    """Return how many may vote in a poll, people or organisations; 0 if it has no list of them."""
    return (await voter_store.roll_totals(tx, poll))[0]


async def roll_weight(tx: Tx, poll: Number) -> int:
    """Return the weight of all who may vote in a poll."""
    return (await voter_store.roll_totals(tx, poll))[1]
