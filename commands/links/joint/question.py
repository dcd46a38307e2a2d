"""What several networks are asked, in words: the options, how one votes, how it is counted."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import Line, Proposal, RoomId, Then, _, harmless, n_, verbatim
from commands.links.joint.terms import Terms

ON_ONE_LINE = 100


def title(terms: Terms) -> str:
    """Another network's words, in a line of ours."""
    return one_line(terms.title)


def one_line(text: str) -> str:
    """A stranger's words without what hides, on one line."""
    return harmless(" ".join(text.split()))


def label(terms: Terms, choice: str) -> str:
    """The words of an option."""
    return one_line(terms.options[int(choice) - 1])


def asked(terms: Terms) -> tuple[Line, ...]:
    """All that people agree to: the options in their order, how one votes, how it is counted."""
    return (*_options(terms), *_vote(terms), *rule(terms))


def _options(terms: Terms) -> tuple[Line, ...]:
    every = tuple(
        Line("{n} {label}", {"n": int(choice), "label": label(terms, choice)})
        for choice in (terms.choices if terms.options else ())
    )
    if is_short(terms) and every:
        return (Line("{options}", {"options": every}),)
    return every


def is_short(terms: Terms) -> bool:
    """Do all options fit on one line?"""
    return sum(len(one) + 6 for one in terms.options) <= ON_ONE_LINE


def _vote(terms: Terms) -> tuple[Line, ...]:
    if not terms.options:
        return ()
    if terms.method == "score":
        return (_("Each person gives every option 0 to {points} points.", points=terms.points),)
    if terms.method == "dots":
        return (_("Each person has {points} points to share out.", points=terms.points),)
    chosen = n_("Each person chooses up to {count} option.",
                "Each person chooses up to {count} options.", terms.most)  # fmt: skip
    return (chosen if terms.most > 1 else _("Each person chooses one option."),)


def rule(terms: Terms) -> tuple[Line, ...]:
    """How it is counted, ties too."""
    if terms.options and terms.count == "networks":
        return (
            _("Each network has one vote, for what wins there; with a tie at home it has none."),
            _("Equal at the top is a tie."),
        )
    if terms.options:
        return (_("All votes are counted together: the most win, equal at the top is a tie."),)
    if terms.count == "networks":
        return (_("Each network has one vote; a tie does not carry."),)
    return (_("All votes are counted together."),)


def proposal(terms: Terms, room: RoomId, then: Then, first: tuple[Line, ...] = ()) -> Proposal:
    """The vote as it opens in a room of ours: the same words, in the same order, until then."""
    return Proposal(
        room,
        verbatim(terms.title),
        datetime.fromtimestamp(terms.closes, UTC),
        then,
        first,
        kind=terms.method if terms.options else "majority",
        options=terms.options,
        most=terms.most,
        points=terms.points,
        fixed=True,
    )
