"""Services of the teams feature: log lines, moved rooms, and a person's data."""

from __future__ import annotations

from bot.api import AREA_ROOMS, EXPORT_PERSON, Context, Line, Number, RoomId, UserId, _, fold, n_
from commands.teams import leader_store, step_store, team_lookup, team_store
from commands.teams.declaration import feature

feature.rows("teams_team", room="room")
feature.rows("teams_cohort", room="space")
feature.rows(
    "teams_member",
    person="person",
    says=n_("in {count} team", "in {count} teams", 0),
)
feature.rows(
    "teams_done",
    person="person",
    on_forget="blank",
    says=n_("{count} step marked", "{count} steps marked", 0),
)
feature.rows("teams_leader", person="person")
feature.rows("teams_power", person="person")
feature.log_line(
    "begun",
    n_(
        "began teams {number}: a room for {count} team",
        "began teams {number}: a room for each of {count} teams",
        0,
    ),
)


_TEAMS_WORDS = frozenset({"equipos", "los equipos", "equipes", "as equipes", "teams", "the teams"})


@feature.offers(AREA_ROOMS)
async def cohort_rooms(ctx: Context, name: str) -> list[RoomId]:
    """Return the rooms of the teams of a cohort: by its title or number, or the newest here.

    Where none began here, the newest that the asker began is meant. None if there is no such one.
    """
    number = await _cohort_called(ctx, fold(name).strip())
    teams = await team_store.teams_of(ctx.db, number) if number is not None else []
    return [team.room for team in teams if team.room is not None]


async def _cohort_called(ctx: Context, name: str) -> Number | None:
    if name in _TEAMS_WORDS:
        here = await team_lookup.cohorts_here(ctx)
        found = here or await team_store.open_cohorts_by(ctx.db, ctx.who)
        return found[0] if found else None
    for number, title in await team_store.open_cohorts(ctx.db):
        if name in (fold(title), str(number)):
            return number
    return None


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the person's teams, and how many steps they marked as done."""
    told = [
        _("You are in team {number}, {name}.", number=team.item, name=team.name)
        for team in await team_store.teams_with(ctx.db, person)
    ]
    told += [
        _("You lead teams {number}, {title}, too.", number=number, title=title)
        for number, title in await leader_store.cohorts_led_by(ctx.db, person)
    ]
    marks = await step_store.count_marks_by(ctx.db, person)
    told += [n_("{count} step marked", "{count} steps marked", marks)] if marks else []
    return told
