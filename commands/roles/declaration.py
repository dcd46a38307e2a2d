"""The feature to which roles register, its help topic and its settings."""

from __future__ import annotations

from pathlib import Path

from bot.api import Context, Feature, Room, Setting, Switch, Topic, UserError, _, words

feature = Feature("roles", Path(__file__).parent)

DRAWN_JOB = feature.job("drawn")
ENDS_JOB = feature.job("ends")
ENDS_SOON_JOB = feature.job("ends-soon")

ROLES = Topic("roles", words("cargos", "cargos", "roles"), _("Roles in the room's own words"))
MENTIONS = Setting(
    "role_mentions",
    words("menciones-de-cargo", "menções-de-cargo", "role-mentions"),
    Switch(),
    "no",
    _("`@` and the name of a role in a message calls the people who have it, and nobody else."),
)
feature.settings += [MENTIONS]


def target_room(ctx: Context) -> Room:
    """Return the room that a command is about. Raises `UserError` if the bot has left it."""
    if ctx.target is None:
        raise UserError(_("I am not in this room any more."))
    return ctx.target
