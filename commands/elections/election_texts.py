"""What is said of an election before its vote: the call, the candidates, the ballot."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Item, Line, Moment, Person, _, n_
from commands.decision_rules.ballots import SeatQuota
from commands.decision_rules.seat_quotas import group_label
from commands.elections.election_line import APPROVAL, STV
from commands.elections.election_store import Election, Nominee
from commands.roles import lot

LIST_SHOWN = 30


def call_lines(one: Election, title: str) -> tuple[Line, ...]:
    """Return the lines of the message that calls for candidates."""
    return (
        n_(
            "Election {number}: {title}, {count} seat.",
            "Election {number}: {title}, {count} seats.",
            one.seats,
            number=one.item,
            title=title,
        ),
        _(
            "To stand, write to me in private until {moment}: `run {number}` and a few words.",
            moment=Moment(one.stands_until),
            number=one.item,
        ),
        _(
            "To propose somebody, who then must accept: `!nominate {number} @name`",
            number=one.item,
        ),
        *quota_lines(one),
        _(
            "Then the vote is open until {moment}. {how}",
            moment=Moment(one.votes_until),
            how=_how(one),
        ),
        _(
            "A lot of my secret and the candidates' words draws the list. My promise: `{promise}`",
            promise=lot.promise(one.lot),
        ),
    )


def _how(one: Election) -> Line:
    secrecy = _("It is secret.") if one.secret else _("It is open: who votes what is not secret.")
    return Line("{method} {secrecy}", {"method": _method(one), "secrecy": secrecy})


def _method(one: Election) -> Line:
    if one.method == STV:
        return _("You put people in order (single transferable vote).")
    if one.method == APPROVAL:
        return _("You name everybody whom you approve of.")
    return n_(
        "You name up to {count} person; the most votes win.",
        "You name up to {count} people; the most votes win.",
        one.seats,
    )


def quota_lines(one: Election) -> list[Line]:
    """Return the lines that say which groups have a share of the seats, and how a candidate names
    theirs."""
    if not one.quotas:
        return []
    return [
        *map(_quota_line, one.quotas),
        _(
            "Each says for themselves what they belong to: `run {number} … group: {name}`",
            number=one.item,
            name=group_label(one.quotas[0].name),
        ),
    ]


def _quota_line(quota: SeatQuota) -> Line:
    if quota.low:
        return _(
            "Quota: at least {count} of {name}.", count=quota.low, name=group_label(quota.name)
        )
    return _("Quota: at most {count} of {name}.", count=quota.high, name=group_label(quota.name))


def candidate_line(one: Nominee) -> Line:
    """Return a candidate with their words and groups: `2 Ana: “la radio” (sur)`."""
    named: dict[str, object] = {"who": Person(one.person), "words": one.words}
    line = Line("{who}: “{words}”", named) if one.words else Line("{who}", named)
    if one.place is not None:
        line = Line("{place} {line}", {"place": one.place, "line": line})
    if one.groups:
        groups = tuple(map(group_label, one.groups))
        line = Line("{line} ({groups})", {"line": line, "groups": groups})
    return line


def list_lines(one: Election, item: Item, found: Sequence[Nominee]) -> list[Line]:
    """Return lines with the candidates of an election. Who was proposed and has not answered is not
    named."""
    standing = [candidate for candidate in found if candidate.accepted]
    head = n_(
        "Election {number}, {title}: {count} person stands.",
        "Election {number}, {title}: {count} people stand.",
        len(standing),
        number=one.item,
        title=item.title,
    )
    lines = [head, *map(candidate_line, standing[:LIST_SHOWN])]
    if len(standing) > LIST_SHOWN:
        lines.append(
            _("And {count} more, in the file of the lot.", count=len(standing) - LIST_SHOWN)
        )
    if one.poll is not None:
        return [*lines, _("The vote: `!results {number}`", number=one.poll)]
    if not item.open:
        return [*lines, _("It ended without a vote.")]
    return [
        *lines,
        _(
            "To stand until {moment}: `run {number}`",
            moment=Moment(one.stands_until),
            number=one.item,
        ),
    ]
