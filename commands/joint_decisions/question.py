"""Texts of the question: its options, how to vote, and how votes are counted."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from bot.api import (
    Callback,
    Line,
    Proposal,
    RoomId,
    _,
    n_,
    one_line,
    quotable_line,
    verbatim,
)
from commands.joint_decisions.terms import ABSOLUTE, JointTerms

ON_ONE_LINE = 100
"""Letters of all options that still stand on one line."""
FEW = 20
"""The largest denominator of a fraction that is shown as one."""


def title(terms: JointTerms) -> str:
    """Return another network's title of a joint decision, made safe for a line of ours."""
    return quotable_line(terms.title) or "?"


def label(terms: JointTerms, choice: str) -> str:
    """Return the text of an option of linked networks' joint decision."""
    return one_line(terms.options[int(choice) - 1])


def question_lines(terms: JointTerms) -> tuple[Line, ...]:
    """Return everything that people agree to in a joint decision: options in their order, how to
    vote, how it is counted."""
    return (*_option_lines(terms), *_voting_lines(terms), *rule_lines(terms))


def _option_lines(terms: JointTerms) -> tuple[Line, ...]:
    every = tuple(
        Line("{n} {label}", {"n": int(choice), "label": label(terms, choice)})
        for choice in (terms.choices if terms.options else ())
    )
    if is_short(terms) and every:
        return (Line("{options}", {"options": every}),)
    return every


def is_short(terms: JointTerms) -> bool:
    """Return whether all options of a joint decision fit on one line."""
    return sum(len(one) + 6 for one in terms.options) <= ON_ONE_LINE


def _voting_lines(terms: JointTerms) -> tuple[Line, ...]:
    if not terms.options:
        return ()
    if terms.method == "score":
        return (_("Each person gives every option 0 to {points} points.", points=terms.points),)
    if terms.method == "ranked":
        return (_("Each person puts the options in order, the best first."),)
    if terms.method == "dots":
        return (_("Each person has {points} points to share out.", points=terms.points),)
    chosen = n_(
        "Each person chooses up to {count} option.",
        "Each person chooses up to {count} options.",
        terms.most,
    )
    return (chosen if terms.most > 1 else _("Each person chooses one option."),)


def rule_lines(terms: JointTerms) -> tuple[Line, ...]:
    """Return how the votes of linked networks' joint decision are counted, including ties."""
    if terms.method == "ranked":
        return (
            _("Schulze's method on all votes together: the options are compared two by two."),
            _("Between networks, equal at the top is a tie."),
            few_votes_line(terms),
        )
    if terms.options and terms.count == "networks":
        return (
            _("Each network has one vote, for what wins there; with a tie at home it has none."),
            _("Equal at the top is a tie."),
        )
    if terms.options:
        return (_("All votes are counted together: the most win, equal at the top is a tie."),)
    every = _each_network(terms) if terms.count == "networks" else _all_together(terms)
    return tuple(line for line in every if line is not None)


def few_votes_line(terms: JointTerms) -> Line:
    """Return the line that says that a network in which few people vote sends no sums, which would
    tell how somebody voted, and does not count."""
    return _(
        "Of a network where fewer than {fewest} people vote, no sum goes out and nothing counts.",
        fewest=terms.fewest,
    )


def _all_together(terms: JointTerms) -> tuple[Line | None, ...]:
    """Return the rule where all votes are counted together: majority and quorum."""
    needs = quorum = few = None
    if terms.rule == "consent":
        needs = _("It passes if somebody is for it and nobody, in any network, blocks it.")
        few = few_votes_line(terms)
    if terms.majority == ABSOLUTE:
        needs = _(
            "It is approved if more than half of all possible votes, in all networks with a"
            " result together, are for it."
        )
    elif terms.majority:
        needs = _(
            "It is approved if at least {share} of for and against is for.",
            share=share_text(terms.majority),
        )
    if "/" in terms.quorum:
        quorum = _(
            "Quorum: {quorum} of all who may vote, in all networks with a result together.",
            quorum=share_text(terms.quorum),
        )
    elif terms.quorum:
        quorum = n_(
            "Quorum: {count} person, in all networks with a result together.",
            "Quorum: {count} people, in all networks with a result together.",
            int(terms.quorum),
        )
    return _("All votes are counted together."), needs, quorum, few


def _each_network(terms: JointTerms) -> tuple[Line | None, ...]:
    """Return the rule where each network has one vote: it holds at home and among networks."""
    head, quorum = _("Each network has one vote; a tie does not carry."), None
    if terms.majority == ABSOLUTE:
        head = _(
            "Each network has one vote: for, if more than half of all possible votes there are"
            " for it. It is approved if more than half of the networks with a result are for it."
        )
    elif terms.majority:
        head = _(
            "Each network has one vote: for, if at least {share} of for and against there is"
            " for. It is approved if at least {share} of the networks' votes are for it.",
            share=share_text(terms.majority),
        )
    if terms.quorum:
        quorum = _(
            "Quorum in each network: {quorum}. Without it that network has no vote.",
            quorum=share_text(terms.quorum),
        )
    return head, quorum


def share_text(part: str) -> str:
    """Return a share as people write it: `2/3`, `60%`; others as rounded percents."""
    if "/" not in part:
        return part
    share = Fraction(part)
    if (share * 100).denominator == 1:
        return f"{share * 100}%"
    return part if share.denominator <= FEW else f"{float(share * 100):.2f}%"


def room_proposal(
    terms: JointTerms, room: RoomId, then: Callback, first: tuple[Line, ...] = ()
) -> Proposal:
    """Return the poll on a joint decision as it opens in a room of ours: same text, same order,
    same end."""
    return Proposal(
        room,
        verbatim(terms.title),
        datetime.fromtimestamp(terms.closes, UTC),
        then,
        first,
        kind=terms.method if terms.options else terms.rule,
        options=terms.options,
        most=terms.most,
        points=terms.points,
        majority=terms.majority,
        quorum=terms.quorum if terms.count == "networks" else "",
        fixed=True,
        fewest=terms.fewest,
    )
