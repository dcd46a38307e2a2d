"""How invitations to teams' rooms went: the state of one, and the lines about those that failed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import INVITE_BLOCKED, Line, _
from commands.teams.team_store import OpeningState, TeamMember

MOST_SHOWN = 20
"""People named in a line."""


def invitation_state(code: str) -> OpeningState:
    """Return the state of an invitation for the homeserver's error code; empty if it was sent."""
    if not code:
        return OpeningState.DONE
    if code == INVITE_BLOCKED:
        return OpeningState.BLOCKED
    return OpeningState.REFUSED if code.startswith("M_") else OpeningState.SILENT


def uninvited_lines(missing: Sequence[TeamMember]) -> list[Line]:
    """Return lines that say which people of a team could not be invited, and why as far as it is
    known."""
    blocked = [one for one in missing if one.state is OpeningState.BLOCKED]
    others = [one for one in missing if one.state is not OpeningState.BLOCKED]
    lines: list[Line] = []
    if others:
        lines.append(
            _(
                "I could not invite, perhaps there is no such person or their server does"
                " not answer: {people}",
                people=_named_with_team(others),
            )
        )
    if blocked:
        lines.append(
            _(
                "Their app takes no invitations, which they can allow in its settings: {people}",
                people=_named_with_team(blocked),
            )
        )
    return lines


def _named_with_team(members: Sequence[TeamMember]) -> tuple[str, ...]:
    return tuple(f"{one.person} ({one.team.name})" for one in members[:MOST_SHOWN])
