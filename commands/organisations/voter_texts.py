"""Texts about who may vote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, Number, Person, UserId, _, n_
from commands.poll_book.voter_store import Organisation, Voter

MOST_SHOWN = 8
"""How many changes of a long list are shown before they are made."""


def organisation_parts(one: Organisation | Voter, *, full: bool = False) -> tuple[Line, ...]:
    """Return the words that say who speaks for an organisation, and its weight. `full`: with
    addresses."""
    said = [_("weight {weight}", weight=one.weight)]
    if one.alternate:
        said.insert(0, _("alternate {person}", person=Person(one.alternate, full)))
    if one.delegate:
        return (_("delegate {person}", person=Person(one.delegate, full)), *said)
    return (_("no delegate yet"), *said)


def organisation_line(one: Organisation | Voter) -> Line:
    """Return an organisation on one line."""
    return _("“{name}”: {parts}", name=one.name, parts=organisation_parts(one))


def change_line(before: Organisation | None, after: Organisation) -> Line:
    """Return a line that describes an organisation before and after a change."""
    if before is None:
        return _(
            "New, “{name}”: {parts}", name=after.name, parts=organisation_parts(after, full=True)
        )
    return _(
        "“{name}”: before, {before} → after, {after}",
        name=after.name,
        before=organisation_parts(before, full=True),
        after=organisation_parts(after, full=True),
    )


def roll_lines(number: Number, voters: Sequence[Voter], size: int, weight: int) -> list[Line]:
    """Return lines with a page of those who may vote in a poll."""
    if any(voter.is_organisation for voter in voters):
        head = n_(
            "Poll {number}: {count} organisation may vote, weight {weight} in all.",
            "Poll {number}: {count} organisations may vote, weight {weight} in all.",
            size,
            number=number,
            weight=weight,
        )
        return [head, *map(organisation_line, voters)]
    people = tuple(
        Person(voter.delegate) if voter.delegate else _("somebody who is gone") for voter in voters
    )
    head = n_(
        "{count} person may vote in {number}.",
        "{count} people may vote in {number}.",
        size,
        number=number,
    )
    return [head, _("{people}", people=people)]


def next_page_lines(page: int, pages: int, what: str = "") -> list[Line]:
    """Return the line that says how to read the next page, if there is one."""
    if page >= pages:
        return []
    return [
        _(
            "Page {page} of {pages}. More: `!voters {what}page {next}`",
            page=page,
            pages=pages,
            what=what,
            next=page + 1,
        )
    ]


def consequence_lines(
    after: Sequence[Organisation], rolled: set[str], here: set[UserId], *, fresh: bool
) -> list[Line]:
    """Return lines that say what a change of organisations means for open polls, and for people who
    are not here yet.

    `rolled`: keys on rolls of open polls. `here`: people in the room. `fresh`: the organisation is
    new.
    """
    lines = []
    if any(one.key in rolled for one in after):
        lines.append(
            _("In open polls its people change at once; weights stay as when they opened.")
        )
    if fresh and rolled:
        lines.append(_("Polls that are open already stay without it."))
    people = {p for one in after for p in (one.delegate, one.alternate) if p}
    absent = sorted(people - here)
    if len(absent) == 1:
        lines.append(
            _("{person} isn't in this room yet, and votes once here.", person=Person(absent[0]))
        )
    elif absent:
        lines.append(
            _(
                "{count} of the people aren't in this room yet, and vote once here.",
                count=len(absent),
            )
        )
    return lines
