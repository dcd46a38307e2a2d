"""Texts of the result: of all together, and network by network."""

from __future__ import annotations

from bot.api import Line, _, n_
from commands.joint_decisions import decision_rule, pair_sums, question
from commands.joint_decisions.statement import JointStatement, PartState, StatementPart
from commands.joint_decisions.terms import (
    ABSTAIN,
    AGAINST,
    ASIDE,
    BLOCK,
    FOR,
    JointTerms,
    NetworkResult,
)

STATES: dict[PartState, Line] = {
    "silent": _("{network}: no answer in time"),
    "quit": _("{network}: called its vote off, so it has no result"),
    "sealed": _("{network}: sealed a result and did not open it"),
    "altered": _("{network}: opened another result than it had sealed, so it is refused"),
    "impossible": _("{network}: opened a result that can't be true, so it is refused"),
    "late": _("{network}: opened its result too late, so it is refused"),
    "withheld": _("{network}: too few voted to give their sums, so nothing of it counts"),
    "told": _("{network}: gave the sums of too few people, against the terms, so it is refused"),
}
"""How it reads that a network has no counted result."""
OUTCOMES: dict[str, Line] = {
    FOR: _("approved"),
    AGAINST: _("not approved"),
}
"""How the outcome of a proposal without options reads."""


def outcome_line(terms: JointTerms, found: JointStatement) -> Line:
    """Return in words the outcome of linked networks' joint decision; of a tie, with the options
    that are equal."""
    if found.outcome == "none":
        return _no_decision_line(terms, found)
    if found.outcome == "disputed":
        return _(
            "disputed: one network's result is missing or came late, as the other says, and of"
            " two nobody else can tell. Nothing is decided; ask them, and propose it anew"
        )
    if found.outcome == AGAINST and found.counts.get(BLOCK):
        return n_(
            "not approved, {count} block", "not approved, {count} blocks", found.counts[BLOCK]
        )
    if found.outcome in OUTCOMES:
        return OUTCOMES[found.outcome]
    leading = decision_rule.first_choices(terms, found.counts)
    first = tuple(question.label(terms, choice) for choice in leading)
    if found.outcome == "tie":
        return _("tie, {winners}", winners=first)
    return _("{winner} wins", winner=first[0])


def _no_decision_line(terms: JointTerms, found: JointStatement) -> Line:
    """Return why nothing was decided."""
    results = [one.result for one in found.parts if one.result is not None]
    if len(results) < terms.least:
        return _("no quorum: too few networks have a result")
    came = decision_rule.count_turnout(terms, results)
    if not came.is_enough:
        return _(
            "no quorum: {turnout} of {roll} voted; {needed} were needed",
            turnout=came.voted,
            roll=came.roll,
            needed=came.needed,
        )
    if terms.options:
        return _("nothing wins: there are no votes")
    return _("nothing is decided: there are no votes")


def count_lines(terms: JointTerms, found: JointStatement) -> list[Line]:
    """Return a line with the votes of each option in all networks that count; empty without options
    or results."""
    if not terms.options or not any(one.result for one in found.parts):
        return []
    if found.outcome == "disputed":
        return []
    if terms.method == "ranked":
        return _order_lines(terms, found)
    if terms.count == "networks":
        head = _("Networks for each option:")
    else:
        head = _("All together:") if terms.method == "choice" else _("All points together:")
    return [head, *_option_lines(terms, found.counts)]


def _order_lines(terms: JointTerms, found: JointStatement) -> list[Line]:
    """Return the order of the options, and how the first stands against each other one."""
    ranking = pair_sums.rank_options(found.counts, len(terms.options))
    order = " > ".join(" = ".join(_short_label(terms, place) for place in one) for one in ranking)
    first, *others = (place for group in ranking for place in group)
    against = tuple(
        Line(
            "{votes} : {other_votes} {label}",
            {
                "votes": found.counts[pair_sums.pair_key(first, other)],
                "other_votes": found.counts[pair_sums.pair_key(other, first)],
                "label": _short_label(terms, other),
            },
        )
        for other in others
    )
    return [
        _("In order: {order}", order=order),
        _("Two by two: {option} {pairs}", option=_short_label(terms, first), pairs=against),
    ]


def _short_label(terms: JointTerms, place: int) -> str:
    """Return the text of an option, or its number where the texts are long."""
    return question.label(terms, str(place)) if question.is_short(terms) else str(place)


def _option_lines(terms: JointTerms, votes: dict[str, int]) -> list[Line]:
    return [
        Line("{label}: {votes}", {"label": question.label(terms, choice), "votes": votes[choice]})
        for choice in terms.choices
    ]


def part_line(terms: JointTerms, one: StatementPart, name: str) -> Line:
    """Return the line with one network's result in a joint decision."""
    if one.result is None:
        return Line(STATES[one.state].msgid, {"network": name})
    if terms.method == "ranked":
        return _(
            "{network}: {turnout} of {roll} voted; its sums stand in the file",
            network=name,
            turnout=one.result.turnout,
            roll=one.result.roll,
        )
    if terms.options:
        return _option_part_line(terms, one.result, name)
    votes = one.result.counts
    if terms.rule == "consent":
        return _consent_part_line(one.result, name)
    line = _(
        "{network}: for: {for_}, against: {against}, abstain: {abstain}; {turnout} of {roll} voted",
        network=name,
        for_=votes.get(FOR, 0),
        against=votes.get(AGAINST, 0),
        abstain=votes.get(ABSTAIN, 0),
        turnout=one.result.turnout,
        roll=one.result.roll,
    )
    line = _weighed(line, one.result)
    if terms.count == "sum":
        return line
    if one.result.outcome:
        stands = _("for") if one.result.outcome == FOR else _("against")
        return _("{line}. Its vote: {option}", line=line, option=stands)
    return _("{line}. No quorum there or no votes, so no vote", line=line)


STANCES: dict[str, Line] = {
    FOR: _("for"),
    AGAINST: _("against"),
    ABSTAIN: _("abstain"),
    ASIDE: _("stood aside"),
    BLOCK: _("blocks"),
}
"""How the totals of a decision by consent are called."""


def _consent_part_line(one: NetworkResult, name: str) -> Line:
    every = (
        Line("{label}: {votes}", {"label": label, "votes": one.counts[stance]})
        for stance, label in STANCES.items()
    )
    return _(
        "{network}: {counts}; {turnout} of {roll} voted",
        network=name,
        counts=tuple(every),
        turnout=one.turnout,
        roll=one.roll,
    )


def _weighed(line: Line, one: NetworkResult) -> Line:
    """Add the sum of votes where some people have several."""
    if one.weight == one.roll:
        return line
    return _(
        "{line}; the {roll} have {weight} votes together",
        line=line,
        roll=one.roll,
        weight=one.weight,
    )


def _option_part_line(terms: JointTerms, one: NetworkResult, name: str) -> Line:
    """Return a network's votes for each option, by number where the texts are long."""
    if question.is_short(terms):
        each = tuple(_option_lines(terms, one.counts))
    else:
        each = tuple(
            Line("{n}: {votes}", {"n": choice, "votes": one.counts[choice]})
            for choice in terms.choices
        )
    line = _(
        "{network}: {counts}; {turnout} of {roll} voted",
        network=name,
        counts=each,
        turnout=one.turnout,
        roll=one.roll,
    )
    line = _weighed(line, one)
    if terms.count == "sum":
        return line
    if one.outcome:
        return _("{line}. Its vote: {option}", line=line, option=question.label(terms, one.outcome))
    if len(one.leaders) > 1:
        return _("{line}. A tie there, so no vote", line=line)
    return _("{line}. Nothing wins there, so no vote", line=line)
