"""The power in teams' rooms that leading gives: given, and taken back, by each room's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    MODERATOR_LEVEL,
    ActRequest,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Person,
    RoomId,
    SetPowerLevel,
    UserError,
    UserId,
    _,
    answer_parts,
    carry_out,
    is_moderator_level,
    require_rank,
    rooms,
    run_act,
    words,
)
from commands.teams import leader_store, team_store
from commands.teams.declaration import feature

CO_LEAD = words(
    "coliderar",
    "coliderar",
    "co-lead",
    "colíder, equipos coliderar, equipos colíder, acompañar equipos"
    " | colíder, equipes coliderar, equipes colíder, acompanhar equipes"
    " | co-leader, coleader, teams co-lead, teams co-leader",
)
UNLEAD = words("quitar-colíder", "tirar-colíder", "unmake-co-leader")


async def give_power(asker: Context, item: Item, person: UserId) -> tuple[list[Effect], int]:
    """Ask by each team room's rules to let a leader moderate. Return how many rooms must still
    approve."""
    effects: list[Effect] = []
    refused = 0
    for team in await team_store.teams_of(asker.db, item.number):
        if team.room is None:
            continue
        what = _("{person} moderates here, to lead the teams", person=Person(person, full=True))
        wish = ActRequest("co-lead", team.room, what, {"user": person, "number": item.number})
        given = await _follow_rules(asker, wish)
        effects += given
        refused += not any(isinstance(one, SetPowerLevel) for one in given)
    return effects, refused


async def take_power(ctx: Context, item: Item, person: UserId) -> tuple[list[Effect], int]:
    """Ask by each team room's rules to take a leader's power; one's own needs nobody's consent.

    What moderators gave stays, and those who have more keep it. Return how many rooms ask for more.
    """
    effects: list[Effect] = []
    refused = 0
    for place in await leader_store.rooms_with_power(ctx.db, item.number, person):
        room = await rooms.get(ctx.db, place)
        if room is None or not room.joined or room.entry_of(person) != MODERATOR_LEVEL:
            await leader_store.delete_power(ctx.db, place, person)
            continue
        what = _("{person} moderates here no more", person=Person(person, full=True))
        wish = ActRequest("co-lead-end", place, what, {"person": person, "number": item.number})
        taken = await _follow_rules(ctx, wish, own=person == ctx.who)
        effects += taken
        refused += not any(isinstance(one, SetPowerLevel) for one in taken)
    return effects, refused


async def _follow_rules(ctx: Context, wish: ActRequest, *, own: bool = False) -> list[Effect]:
    """Do the act as the room's rules say, or at once if it is about one's own power."""
    try:
        async with ctx.db.savepoint():
            given = answer_parts(await (run_act(ctx, wish) if own else carry_out(ctx, wish)))
    except UserError:
        return []
    return [one for one in given if not isinstance(one, Line)]


@feature.act(
    "co-lead",
    CO_LEAD,
    _("let somebody lead the teams too"),
    like="promote",
    urgent=False,
)
async def let_lead(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act of giving a leader the power to moderate a team's room. Return what to say,
    if anything."""
    known, person = await ctx.joined_room(room), UserId(payload["user"])
    if person not in await leader_store.leaders_of(ctx.db, payload["number"]):
        raise UserError(
            _("{person} does not lead these teams too.", person=Person(person, full=True))
        )
    if is_moderator_level(known.power_of(person)):
        raise UserError(_("{person} moderates here already.", person=Person(person, full=True)))
    await leader_store.add_power(ctx.db, room, person)
    await ctx.log("led", {"number": payload["number"], "user": person}, room=room)
    return [SetPowerLevel(person, MODERATOR_LEVEL, known.entry_of(person), room)]


@feature.act(
    "co-lead-end",
    UNLEAD,
    _("take from somebody what they got to lead the teams"),
    like="demote",
)
async def let_go(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act of taking the power that leading gave in a team's room, if it is still
    that. Return what to say, if anything.

    The payload names them `person`, like all acts against somebody.
    """
    known, person = await ctx.joined_room(room), UserId(payload["person"])
    await require_rank(ctx, known, person)
    await leader_store.delete_power(ctx.db, room, person)
    await ctx.log("unled", {"number": payload["number"], "user": person}, room=room)
    return [SetPowerLevel(person, None, MODERATOR_LEVEL, room)]
