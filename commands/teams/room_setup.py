"""Set up a team's new room like the room in which the cohort was begun."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    ADD_TO_AREA,
    MODERATOR_LEVEL,
    Context,
    Effect,
    Item,
    Room,
    Say,
    SetState,
    UserError,
    _,
    log,
    rooms,
    settings,
)
from commands.teams import leader_store, team_store
from commands.teams.declaration import feature
from commands.teams.team_store import Team

LEADER_POWER = 100
"""Power level with which the leader can do everything in the room without the bot."""
NOT_COPIED = frozenset({"moderation"})
"""Settings that only one room can have."""
STRICTER_HISTORIES = ("invited", "joined")
"""History visibilities that show newcomers less than the default."""


feature.log_line("opened", _("opened this room for team {number}, of teams {cohort}"))


async def set_up_room(ctx: Context, whole: Item, team: Team, room: Room) -> list[Effect]:
    """Give a team's new room its settings, history visibility, leader's power, area and space.
    Return what to send.

    Needs no right that the bot lacks in a room it created.
    """
    cohort, pattern = (
        await team_store.get_cohort(ctx.db, whole.number),
        await rooms.get(ctx.db, whole.room),
    )
    values = await settings.settings_of(ctx.db, whole.room)
    for key, value in values.items():
        if key not in NOT_COPIED:
            await settings.set_value(ctx.db, room.room, key, value)
    effects: list[Effect] = []
    if whole.author:
        others = await leader_store.leaders_of(ctx.db, whole.number)
        users = {
            **room.power.get("users", {}),
            **dict.fromkeys(others, MODERATOR_LEVEL),
            whole.author: LEADER_POWER,
        }
        for person in others:
            await leader_store.add_power(ctx.db, room.room, person)
        effects.append(
            SetState("m.room.power_levels", {**room.power, "users": users}, "", room.room)
        )
        facts = {"number": team.item, "cohort": whole.number}
        await log.add(ctx.db, room.room, ctx.said_at, feature.name, "opened", whole.author, facts)
    if (
        pattern is not None
        and pattern.history in STRICTER_HISTORIES
        and pattern.history != room.history
    ):
        seen = {"history_visibility": pattern.history}
        effects.append(SetState("m.room.history_visibility", seen, "", room.room))
    if cohort is not None and cohort.space is not None:
        via = {"via": [ctx.me.partition(":")[2]]}
        effects += [
            SetState("m.space.child", via, room.room, cohort.space),
            SetState("m.space.parent", {**via, "canonical": True}, cohort.space, room.room),
        ]
    if cohort is not None and cohort.area and whole.author:
        effects += await _add_to_area(ctx, whole, cohort.area, room)
    return effects


async def _add_to_area(ctx: Context, whole: Item, area: str, room: Room) -> list[Effect]:
    """Add the room by the current rights of the leader: the name may belong to another area by
    now."""
    teams = await team_store.teams_of(ctx.db, whole.number)
    soon = frozenset(team.room for team in teams if team.room is not None)
    for into in ctx.registry.offers(ADD_TO_AREA):
        try:
            await into(replace(ctx, who=whole.author), area, room.room, soon)
        except UserError as error:
            return [Say(tuple(error.lines), room=whole.room)]
    return []
