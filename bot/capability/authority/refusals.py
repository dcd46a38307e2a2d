"""Refusals that many commands give, with what the person can do instead."""

from __future__ import annotations

from collections.abc import Collection

from bot.capability.errors import UserError
from bot.i18n import _
from bot.lines import Person
from bot.types import UserId


def moderators_only() -> UserError:
    """Return the refusal for a person who does not moderate the room."""
    return UserError(
        _("You can't do that here: it is for the room's moderators."),
        _("Ask one of them, or propose it to the room: `!proposal` and the text."),
    )


def network_only(moderators: Collection[UserId]) -> UserError:
    """Return the refusal for a person who does not moderate the network, with the names of who
    does."""
    refused = _("You can't do that: it is for the network's moderators.")
    named = tuple(Person(user) for user in sorted(moderators)[:3])
    if not named:
        return UserError(refused)
    return UserError(refused, _("Who moderates this network: {people}", people=named))
