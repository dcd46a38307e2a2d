"""The feature to which roles register, its help topic and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.api import (
    Feature,
    Person,
    Setting,
    Switch,
    Topic,
    UserId,
    _,
    words,
)

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


def log_values(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a room's log line about a role and a person, who may be forgotten by
    now."""
    user = facts.get("user")
    person = Person(UserId(user)) if user else _("a person")
    return {"name": str(facts.get("role", "")), "person": person}
