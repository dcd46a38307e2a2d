"""Services of the teams feature: log lines, moved rooms, and a person's data."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, Context, Line, UserId, _, n_
from commands.teams import team_store
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
feature.log_line(
    "begun",
    n_(
        "began teams {number}: a room for {count} team",
        "began teams {number}: a room for each of {count} teams",
        0,
    ),
)


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return all that is kept here about the person: their teams, how many steps they marked."""
    told = [
        _("You are in team {number}, {name}.", number=team.item, name=team.name)
        for team in await team_store.teams_with(ctx.db, person)
    ]
    marks = await team_store.count_marks_by(ctx.db, person)
    told += [n_("{count} step marked", "{count} steps marked", marks)] if marks else []
    return told
