"""`!teams close`: announce that the rooms of all teams of a cohort close, each by its rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.api import (
    NO_NUMBER,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Moment,
    Number,
    Room,
    UserError,
    _,
    answer_parts,
    carry_out,
    is_in,
    may_act,
    moderators_only,
    n_,
    rooms,
    words,
)
from commands.closing import close_command, open_items, plan_store
from commands.closing.declaration import ACT, OBJECTION_TIME
from commands.library import room_archive
from commands.teams import team_lookup, team_store
from commands.teams.teams_command import SUBS

MOST_NAMED = 8


@dataclass(slots=True)
class CohortPlan:
    """What would happen: the rooms to close, and how much is kept and ends."""

    rooms: list[Room] = field(default_factory=list)
    barred: list[Room] = field(default_factory=list)
    things: int = 0
    ending: list[Item] = field(default_factory=list)


@SUBS.sub(
    words("cerrar", "encerrar", "close", "archivar | arquivar, fechar | archive"),
    help=_("close the rooms of all teams, and keep here what they hold"),
    example=_("For example: `!teams close {number}`", number=57),
)
async def close_cohort(ctx: Context, number: Number = NO_NUMBER) -> Answer:
    """Announce that the rooms of a cohort (teams opened together) close, after a confirmation.
    Return the answer. Raises `UserError` without the right, and if none of its rooms is left to
    close.

    What they keep goes into the library of the room in which the cohort was begun.
    """
    item = await team_lookup.find_cohort(ctx, str(number) if number != NO_NUMBER else "")
    if not await team_lookup.may_lead(ctx, item):
        raise moderators_only()
    target = await ctx.joined_room(item.room)
    if not await is_in(ctx, target.room, ctx.who):
        raise UserError(_("You can't do that: it is for who is in “{room}”.", room=target.name))
    plan = await _make_plan(ctx, item)
    if not plan.rooms:
        raise UserError(_("No room of teams {number} is left to close.", number=item.number))
    ctx.confirm(*await _preview(ctx, item, plan, target))
    return await _announce(ctx, item, plan, target)


async def _make_plan(ctx: Context, item: Item) -> CohortPlan:
    plan = CohortPlan()
    for team in await team_store.teams_of(ctx.db, item.number):
        room = await rooms.get(ctx.db, team.room) if team.room else None
        if room is None or not room.joined or await plan_store.plan_for(ctx.db, room.room):
            continue
        if not await may_act(ctx, ACT, room.room):
            plan.barred.append(room)
            continue
        plan.rooms.append(room)
        plan.ending += await open_items.ending_items(ctx, room.room)
        plan.things += await room_archive.count_resources(ctx, room.room)
    return plan


async def _preview(ctx: Context, item: Item, plan: CohortPlan, target: Room) -> list[Line]:
    lines = [
        n_(
            "{count} room of teams {number} closes on {moment}; until then each can object.",
            "{count} rooms of teams {number} close on {moment}; until then each can object.",
            len(plan.rooms),
            number=item.number,
            moment=Moment(ctx.now + OBJECTION_TIME),
        ),
        n_(
            "What they decided, and {count} thing of their libraries, goes to “{target}”.",
            "What they decided, and {count} things of their libraries, go to “{target}”.",
            plan.things,
            target=target.name or target.room,
        ),
    ]
    people = len([one for one in await rooms.members(ctx.db, target.room) if one != ctx.me])
    lines.append(
        n_("There {count} person can read it.", "There {count} people can read it.", people)
    )
    if plan.ending:
        lines.append(
            n_(
                "{count} thing ends with them: {titles}",
                "{count} things end with them: {titles}",
                len(plan.ending),
                titles=close_command.item_titles(plan.ending),
            )
        )
    if plan.barred:
        names = tuple(room.name for room in plan.barred[:MOST_NAMED])
        lines.append(_("Left out, since you don't moderate there: {rooms}", rooms=names))
    return lines


async def _announce(ctx: Context, item: Item, plan: CohortPlan, target: Room) -> Answer:
    """Ask the rules of each room. What one refuses leaves the others alone."""
    effects: list[Effect] = []
    begun, waits, refused = 0, 0, 0
    for room in plan.rooms:
        try:
            async with ctx.db.savepoint():
                answer = await carry_out(
                    ctx, close_command.request_closing(room, target, together=True)
                )
        except UserError:
            refused += 1
            continue
        if await plan_store.plan_for(ctx.db, room.room) is None:
            waits += 1
        else:
            begun += 1
        effects += [one for one in answer_parts(answer) if not isinstance(one, Line)]
    told = [
        n_(
            "I told {count} room that it closes. To take one back: `!close-room no` there.",
            "I told {count} rooms that they close. To take one back: `!close-room no` there.",
            begun,
        )
    ]
    if waits:
        told.append(
            n_(
                "In {count} room it waits for what the room's rules ask for.",
                "In {count} rooms it waits for what their rules ask for.",
                waits,
            )
        )
    if refused:
        told.append(
            n_(
                "In {count} room it can't be done: write `!close-room` there.",
                "In {count} rooms it can't be done: write `!close-room` there.",
                refused,
            )
        )
    return [*told, *effects]
