"""Texts about a list of invitations: its progress, and the result for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.api import Line, Number, RoomId, _, n_
from commands.onboarding.invitations.store import OPEN, Row, State

TROUBLES = (State.WRONG, State.BANNED, State.REFUSED, State.SILENT, State.STOPPED)
"""Failures of single people, which a result names by person."""
SHOWN = 20
"""How many people are named for each kind of result."""


def progress(number: Number, target: str, rows: Sequence[Row]) -> list[Line]:
    """Return how many people a list has and how many are done."""
    people = {row.person for row in rows}
    still = {row.person for row in rows if row.state in OPEN}
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


def result(
    number: Number, target: str, rows: Sequence[Row], names: Mapping[RoomId, str]
) -> list[Line]:
    """Return who is invited, then each failure with its people."""
    whole = _whole(rows)
    head = _("Invitations {number}, {target}: done.", number=number, target=target)
    lines = [head]
    if invited := [p for p, states in whole.items() if State.INVITED in states]:
        lines.append(
            n_("Invited: {count}: {people}", "Invited: {count}: {people}", len(invited),
               people=_listed(invited))
        )  # fmt: skip
    if there := [p for p, states in whole.items() if states == {State.THERE}]:
        lines.append(_("There or invited already: {people}", people=_listed(there)))
    if wrong := [row.person for row in rows if row.state is State.WRONG]:
        lines.append(_("Not an address like `@name:server`: {people}", people=_listed(wrong)))
    return [*lines, *in_rooms(rows, names)]


def _whole(rows: Sequence[Row]) -> dict[str, set[State]]:
    found: dict[str, set[State]] = {}
    for row in rows:
        found.setdefault(row.person, set()).add(row.state)
    return found


def in_rooms(rows: Sequence[Row], names: Mapping[RoomId, str]) -> list[Line]:
    """Return what failed in each room; what holds for a whole room is said once."""
    lines: list[Line] = []
    for room, name in names.items():
        here = [row for row in rows if row.room == room]
        states = {row.state for row in here}
        if State.NO_RIGHT in states:
            lines.append(_("In “{room}” I don't have the right to invite: a moderator can give it"
                           " to me.", room=name))  # fmt: skip
        if State.NOT_YOURS in states:
            lines.append(_("In “{room}” you can't invite: ask its moderators.", room=name))
        for state, people in _by_state(here).items():
            lines.append(_reason(state, name, people))
    return lines


def _by_state(rows: Sequence[Row]) -> dict[State, list[str]]:
    found: dict[State, list[str]] = {}
    for row in rows:
        if row.state in (State.BANNED, State.REFUSED, State.SILENT, State.STOPPED):
            found.setdefault(row.state, []).append(row.person)
    return found


def _reason(state: State, room: str, people: list[str]) -> Line:
    who = _listed(people)
    if state is State.BANNED:
        return _("Banned from “{room}”, which its moderators can lift: {who}", room=room, who=who)
    if state is State.REFUSED:
        return _("The server refused it for “{room}”, perhaps there is no such person: {who}",
                 room=room, who=who)  # fmt: skip
    if state is State.SILENT:
        return _("Their server does not answer, for “{room}”; try again later: {who}",
                 room=room, who=who)  # fmt: skip
    return _("Stopped before it was done, for “{room}”: {who}", room=room, who=who)


def leaves_out(rows: Sequence[Row]) -> bool:
    """Tell whether something failed for more people than are named."""
    counted = Counter((row.state, row.room) for row in rows if row.state in TROUBLES)
    return any(count > SHOWN for count in counted.values())


def _listed(people: Sequence[str]) -> Line:
    shown = tuple(people[:SHOWN])
    if len(people) <= SHOWN:
        return _("{people}", people=shown)
    return _("{people} and {more} more", people=shown, more=len(people) - SHOWN)
