"""Services of the rules: what is kept of a person, and whether they accepted the rules."""

from __future__ import annotations

from bot.api import ACCEPTED_RULES, EXPORT_PERSON, Context, Line, Moment, UserId, _, n_
from commands.rules import store
from commands.rules.declaration import feature

feature.rows(
    "rules_accepted",
    person="person",
    says=n_("{count} acceptance", "{count} acceptances", 0),
)
feature.rows("rules_to_ask", person="person")
feature.rows("rules_admission", room="room", person="person")
feature.rows("rules_admission", person="author", on_forget="blank")


@feature.offers(ACCEPTED_RULES)
async def acceptance_line(ctx: Context, person: UserId) -> Line | None:
    """Return a line that says when the person accepted the rules in force, if they did."""
    found = await store.current_rules(ctx.db)
    when = await store.acceptance_time(ctx.db, found.version, person) if found else None
    if when is None:
        return None
    return _(
        "You accepted the network's rules: {moment}. To read them: `rules`", moment=Moment(when)
    )


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return lines for the person with the versions of the rules they accepted and when."""
    return [
        _("Accepted version {version} of the rules: {moment}", version=version, moment=Moment(at))
        for version, at in await store.acceptances_of(ctx.db, person)
    ]
