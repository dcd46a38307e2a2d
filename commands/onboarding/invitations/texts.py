"""Texts about a list of invitations: its progress, and the result for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.api import Line, Number, RoomId, _, n_
from commands.onboarding.invitations.store import OPEN_STATES, InvitationRow, InvitationState

PERSONAL_FAILURES = (
    InvitationState.WRONG,
    InvitationState.BANNED,
    InvitationState.BLOCKED,
    InvitationState.REFUSED,
    InvitationState.SILENT,
    InvitationState.STOPPED,
)
"""Failures of single people, which a result names by person."""
SHOWN = 20
"""How many people are named for each kind of result."""


def progress_lines(number: Number, target: str, rows: Sequence[InvitationRow]) -> list[Line]:
    """Return lines with how many people a list of invitations has and how many are done."""
    people = {row.person for row in rows}
    still = {row.person for row in rows if row.state in OPEN_STATES}
    return [
        n_(
            "Invitations {number}, {target}: {count} person. Done: {done}.",
            "Invitations {number}, {target}: {count} people. Done: {done}.",
            len(people),
            number=number,
            target=target,
            done=len(people) - len(still),
        ),
        _("To stop: `!cancel {number}`", number=number),
    ]


def result_lines(
    number: Number, target: str, rows: Sequence[InvitationRow], names: Mapping[RoomId, str]
) -> list[Line]:
    """Return lines with the people who are invited, then each failure with its people."""
    whole = _states_by_person(rows)
    head = _("Invitations {number}, {target}: done.", number=number, target=target)
    lines = [head]
    if invited := [p for p, states in whole.items() if InvitationState.INVITED in states]:
        lines.append(
            n_(
                "Invited: {count}: {people}",
                "Invited: {count}: {people}",
                len(invited),
                people=people_line(invited),
            )
        )
    if there := [p for p, states in whole.items() if states == {InvitationState.THERE}]:
        lines.append(_("There or invited already: {people}", people=people_line(there)))
    if wrong := [row.person for row in rows if row.state is InvitationState.WRONG]:
        lines.append(_("Not an address like `@name:server`: {people}", people=people_line(wrong)))
    return [*lines, *failure_lines(rows, names)]


def _states_by_person(rows: Sequence[InvitationRow]) -> dict[str, set[InvitationState]]:
    found: dict[str, set[InvitationState]] = {}
    for row in rows:
        found.setdefault(row.person, set()).add(row.state)
    return found


def failure_lines(rows: Sequence[InvitationRow], names: Mapping[RoomId, str]) -> list[Line]:
    """Return lines with the invitations that failed in each room; what holds for a whole room is
    said once."""
    lines: list[Line] = []
    for room, name in names.items():
        here = [row for row in rows if row.room == room]
        states = {row.state for row in here}
        if InvitationState.NO_RIGHT in states:
            lines.append(
                _(
                    "In “{room}” I don't have the right to invite: a moderator can give it to me.",
                    room=name,
                )
            )
        if InvitationState.NOT_YOURS in states:
            lines.append(_("In “{room}” you can't invite: ask its moderators.", room=name))
        for state, people in _by_state(here).items():
            lines.append(_reason(state, name, people))
    return lines


def _by_state(rows: Sequence[InvitationRow]) -> dict[InvitationState, list[str]]:
    found: dict[InvitationState, list[str]] = {}
    for row in rows:
        if row.state in (
            InvitationState.BANNED,
            InvitationState.BLOCKED,
            InvitationState.REFUSED,
            InvitationState.SILENT,
            InvitationState.STOPPED,
        ):
            found.setdefault(row.state, []).append(row.person)
    return found


def _reason(state: InvitationState, room: str, people: list[str]) -> Line:
    who = people_line(people)
    if state is InvitationState.BANNED:
        return _("Banned from “{room}”, which its moderators can lift: {who}", room=room, who=who)
    if state is InvitationState.BLOCKED:
        return _(
            "Their app takes no invitations, for “{room}”; they can allow them in its settings:"
            " {who}",
            room=room,
            who=who,
        )
    if state is InvitationState.REFUSED:
        return _(
            "The server refused it for “{room}”, perhaps there is no such person: {who}",
            room=room,
            who=who,
        )
    if state is InvitationState.SILENT:
        return _(
            "Their server does not answer, for “{room}”; try again later: {who}", room=room, who=who
        )
    return _("Stopped before it was done, for “{room}”: {who}", room=room, who=who)


def is_shortened(rows: Sequence[InvitationRow]) -> bool:
    """Return whether invitations failed for more people than are named."""
    counted = Counter((row.state, row.room) for row in rows if row.state in PERSONAL_FAILURES)
    return any(count > SHOWN for count in counted.values())


def people_line(people: Sequence[str]) -> Line:
    """Return a line with up to `SHOWN` of these people, and how many more there are."""
    shown = tuple(people[:SHOWN])
    if len(people) <= SHOWN:
        return _("{people}", people=shown)
    return _("{people} and {more} more", people=shown, more=len(people) - SHOWN)
