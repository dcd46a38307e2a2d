"""Services of the teams feature: log lines, moved rooms, and a person's data."""

from __future__ import annotations

from bot.api import (
    DESCRIBE,
    EXPORT,
    FORGET,
    MOVE,
    Context,
    Effect,
    Line,
    RoomId,
    UserId,
    _,
    log,
    n_,
)
from commands.teams import team_store
from commands.teams.declaration import feature


@feature.offers(DESCRIBE)
async def describe_entry(_ctx: Context, entry: log.LogEntry) -> Line | None:
    facts = entry.facts
    if entry.act == "begun":
        return n_(
            "began teams {number}: a room for {count} team",
            "began teams {number}: a room for each of {count} teams",
            facts["count"],
            number=facts["number"],
        )
    if entry.act == "opened":
        return _(
            "opened this room for team {number}, of teams {cohort}",
            number=facts["number"],
            cohort=facts["cohort"],
        )
    if entry.act == "steps":
        return n_(
            "set {count} step for teams {number}",
            "set {count} steps for teams {number}",
            facts["count"],
            number=facts["number"],
        )
    return None


@feature.offers(MOVE)
async def move_room(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Move the team to the new room."""
    await team_store.move_room(ctx.db, old, new)
    return []


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Remove the person from all teams. The steps that they marked stay done."""
    teams, marks = await team_store.forget_person(ctx.db, person)
    told = [n_("in {count} team", "in {count} teams", teams)] if teams else []
    return [*told, *([n_("{count} step marked", "{count} steps marked", marks)] if marks else [])]


@feature.offers(EXPORT)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    told = [
        _("You are in team {number}, {name}.", number=team.item, name=team.name)
        for team in await team_store.teams_with(ctx.db, person)
    ]
    marks = await team_store.count_marks_by(ctx.db, person)
    told += [n_("{count} step marked", "{count} steps marked", marks)] if marks else []
    return told
