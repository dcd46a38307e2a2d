"""Compute the outcome from a signed rule and signed counts, for every kind of decision."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Protocol

from bot.api import Line, Number, _
from commands.ballot_secrecy.files.formats import Translated, read_question
from commands.ballot_secrecy.files.manifest import Manifest
from commands.ballot_secrecy.files.result import (
    TOO_FEW,
    PaperCount,
    SignedOutcome,
    add_paper,
    is_withheld,
)
from commands.decision_rules import ballots
from commands.decision_rules import seat_rounds as rounds
from commands.decision_rules.ballots import (
    FEWEST_VOTES,
    Ballot,
    PollQuestion,
    PollResult,
    PollVerdict,
)
from commands.decision_rules.kinds import KINDS, score
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.seat_quotas import parse_quotas
from commands.decision_rules.thresholds import Quorum

NO_QUORUM = "no quorum"


class SignedRule(Translated, Protocol):
    """Something that holds a question and its rule: a manifest or an open vote's result."""

    @property
    def number(self) -> int:
        """The number of the poll."""

    @property
    def rule(self) -> Mapping[str, str | int]:
        """The rule as it is signed, each part by its name."""

    @property
    def roll_size(self) -> int:
        """How many voters may vote."""


def kind_of(ruled: SignedRule) -> DecisionKind:
    """Return the kind of decision of a signed rule. Raises `ValueError` for an unknown kind."""
    found = KINDS.get(str(ruled.rule.get("kind")))
    if found is None:
        raise ValueError(f"unknown kind {ruled.rule.get('kind')}")
    return found


def question_of(ruled: SignedRule) -> PollQuestion:
    """Return the question of a signed rule, in the form its kind tallies. Raises `ValueError` for a
    bad rule."""
    title, labels = read_question(ruled)
    return PollQuestion(
        number=Number(ruled.number),
        labels=labels,
        title=title,
        most=int(ruled.rule.get("most", 1)),
        threshold=_share(ruled.rule.get("threshold", "")),
        method=str(ruled.rule.get("method", "")),
        points=int(ruled.rule.get("points", 1)),
        electorate=int(ruled.rule.get("electorate", 0)),
        seats=int(ruled.rule.get("seats", 1)),
        quotas=parse_quotas(str(ruled.rule.get("quotas", ""))),
    )


def quorum_of(ruled: SignedRule) -> Quorum:
    """Return the quorum of a signed rule. Raises `ValueError` for a bad share."""
    kept = ruled.rule.get("quorum", 0)
    return Quorum(count=kept) if isinstance(kept, int) else Quorum(share=_share(kept))


def compute_outcome(
    ruled: SignedRule,
    counts: Mapping[str, int],
    present: int | None = None,
    withdrawn: Collection[int] = (),
) -> SignedOutcome:
    """Return the outcome of the counts under a signed rule. Raises `ValueError` for a ballot the
    rule forbids.

    `present`: how many voted, where votes have weights; otherwise the number of votes. `withdrawn`:
    the candidates who stepped down after the rule was signed.
    """
    found = compute_result(ruled, counts, withdrawn)
    verdict = found.verdict.value
    if (sum(counts.values()) if present is None else present) < quorum_of(ruled).needed(
        ruled.roll_size
    ):
        verdict = NO_QUORUM
    ranking = tuple(" ".join(map(str, group)) for group in found.ranking)
    outcome: SignedOutcome = {"verdict": verdict, "winners": found.winners, "ranking": ranking}
    if found.count is not None:
        outcome["rounds"] = rounds.format_rounds(found.count)
    if withdrawn:
        outcome["withdrawn"] = tuple(sorted(withdrawn))
    return outcome


def must_withhold(manifest: Manifest, turnout: int, voted: Mapping[str, int] | None = None) -> bool:
    """Return whether so few voted that nothing may be published which depends on how they did.

    `voted`: how many voted with each weight. This holds for older ballots too, whatever their
    manifest says.
    """
    old = manifest.below == "publish" and 0 < turnout < FEWEST_VOTES
    return old or is_withheld(manifest, turnout, voted=voted)


def count_present(manifest: Manifest, turnout: int, papers: Iterable[PaperCount]) -> int:
    """Return how many voted for the purpose of a quorum: those in assemblies too, if people
    vote."""
    return turnout if manifest.by_organisations else turnout + sum(one.people for one in papers)


def outcome_of_few(
    manifest: Manifest, turnout: int, papers: Sequence[PaperCount] = ()
) -> SignedOutcome:
    """Return the outcome where few voted: only what is true however they did, or "too few".

    A winner among four votes tells the one who voted otherwise how the other three did. Naming a
    winner only when it reveals nothing would itself reveal something.
    """
    present = count_present(manifest, turnout, papers)
    if turnout == 0:
        return compute_outcome(manifest, add_paper({}, papers), present)
    no_quorum = present < quorum_of(manifest).needed(manifest.roll_size)
    verdict = NO_QUORUM if no_quorum and manifest.below != "publish" else TOO_FEW
    return {"verdict": verdict, "winners": (), "ranking": ()}


def withdrawn_in(outcome: SignedOutcome) -> tuple[int, ...]:
    """Return the candidates who by the outcome stepped down while the vote was open."""
    places = outcome.get("withdrawn", ())
    return tuple(map(int, places)) if isinstance(places, tuple) else ()


def compute_result(
    ruled: SignedRule, counts: Mapping[str, int], withdrawn: Collection[int] = ()
) -> PollResult:
    """Return the tally of the counts under a signed rule. Raises `ValueError` for a ballot the rule
    forbids."""
    kind = kind_of(ruled)
    question = replace(question_of(ruled), withdrawn=frozenset(withdrawn))
    profile = {ballots.parse_ballot(text): count for text, count in counts.items()}
    for text in counts:
        require_allowed(ruled, text)
    return kind.tally(profile, question)


def require_allowed(ruled: SignedRule, choice: str) -> None:
    """Raise `ValueError` for a ballot that the rule forbids or that is not in canonical form."""
    ballot = ballots.parse_ballot(choice)
    if ballots.format_ballot(ballot) != choice or not is_allowed(
        kind_of(ruled), question_of(ruled), ballot
    ):
        raise ValueError("a ballot that the rule does not allow")


def is_allowed(kind: DecisionKind, question: PollQuestion, ballot: Ballot) -> bool:
    """Return whether the rule allows this ballot.

    Without this check a bot could give one voter a thousand points.
    """
    places, given = [place for place, _value in ballot], [value for _place, value in ballot]
    options = len(kind.labels(question))
    if places != sorted(set(places)) or not all(1 <= place <= options for place in places):
        return False
    match kind.key:
        case "choice" | "seats":
            return len(ballot) <= question.most and set(given) <= {1}
        case "stv":
            return sorted(given) == [*range(1, len(given) + 1)]
        case "ranked":
            return all(1 <= rank <= options for rank in given)
        case "score" if question.method == score.DOTS:
            return sum(given) <= question.points
        case "score":
            return all(points <= question.points for points in given)
        case "budget":
            return all(1 <= points <= question.points for points in given)
        case "dates":
            return all(answer <= 2 for answer in given)
        case _stances:
            return len(ballot) <= 1 and set(given) <= {1}


def describe_ballot(ruled: SignedRule, choice: str) -> Line:
    """Return a ballot in words. Raises `ValueError` for a ballot the rule forbids."""
    require_allowed(ruled, choice)
    kind, question, ballot = kind_of(ruled), question_of(ruled), ballots.parse_ballot(choice)
    if not ballot:
        return _("blank")
    return Line("{chosen}", {"chosen": kind.chosen(ballot, question)})


def describe_outcome(
    ruled: SignedRule, counts: Mapping[str, int] | None, came_out: SignedOutcome
) -> list[Line]:
    """Return an outcome in words. With `counts` None only the outcome was published.

    Raises `ValueError` or `LookupError` for an impossible outcome.
    """
    kind, question = kind_of(ruled), question_of(ruled)
    gone = withdrawn_in(came_out)
    question = replace(question, withdrawn=frozenset(gone))
    lines = [] if counts is None else kind.counts(compute_result(ruled, counts, gone), question)
    verdict, winners = str(came_out["verdict"]), came_out["winners"]
    if verdict == NO_QUORUM:
        needed = quorum_of(ruled).needed(ruled.roll_size)
        return [*lines, _("No quorum: {needed} were needed.", needed=needed)]
    if verdict == TOO_FEW:
        return [
            *lines,
            _(
                "Too few voted for a result: with fewer than {count} votes nothing is published.",
                count=FEWEST_VOTES,
            ),
        ]
    places = tuple(int(place) for place in winners) if isinstance(winners, tuple) else ()
    groups = came_out.get("ranking", ())
    ranking = (
        tuple(tuple(map(int, str(group).split())) for group in groups)
        if isinstance(groups, tuple)
        else ()
    )
    return [
        *lines,
        kind.outcome(PollResult(PollVerdict(verdict), places, ranking=ranking), question),
    ]


def _share(text: str | int) -> Fraction | None:
    """Parse a share as a manifest holds it, "2/3"; "" is None. Raises `ValueError`."""
    if text == "":
        return None
    match = re.fullmatch(r"([0-9]{1,9})/([1-9][0-9]{0,8})", str(text))
    if match is None:
        raise ValueError("not a share")
    return Fraction(int(match[1]), int(match[2]))
