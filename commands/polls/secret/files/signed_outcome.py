"""Compute the outcome from a signed rule and signed counts, for every kind of decision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from bot.api import Line, Number, _
from commands.polls import ballots
from commands.polls.ballots import Ballot, Question, Result, Verdict
from commands.polls.kinds import KINDS, score
from commands.polls.kinds.kind import Kind
from commands.polls.secret.files.manifest import FEWEST, Manifest
from commands.polls.secret.files.result import TOO_FEW, Outcome, withheld
from commands.polls.thresholds import Quorum

NO_QUORUM = "no quorum"


class Ruled(Protocol):
    """Something that holds a question and its rule: a manifest or an open vote's result."""

    @property
    def number(self) -> int: ...

    @property
    def question(self) -> str: ...

    @property
    def options(self) -> tuple[str, ...]: ...

    @property
    def rule(self) -> Mapping[str, str | int]: ...

    @property
    def roll_size(self) -> int: ...


def kind_of(ruled: Ruled) -> Kind:
    """Return the kind of decision. Raises `ValueError` for an unknown kind."""
    found = KINDS.get(str(ruled.rule.get("kind")))
    if found is None:
        raise ValueError(f"unknown kind {ruled.rule.get('kind')}")
    return found


def question_of(ruled: Ruled) -> Question:
    """Return the question in the form its kind tallies. Raises `ValueError` for a bad rule."""
    return Question(
        number=Number(ruled.number),
        labels=ruled.options,
        title=ruled.question,
        most=int(ruled.rule.get("most", 1)),
        threshold=_share(ruled.rule.get("threshold", "")),
        method=str(ruled.rule.get("method", "")),
        points=int(ruled.rule.get("points", 1)),
        electorate=int(ruled.rule.get("electorate", 0)),
        seats=int(ruled.rule.get("seats", 1)),
    )


def quorum_of(ruled: Ruled) -> Quorum:
    """Return the quorum. Raises `ValueError` for a bad share."""
    kept = ruled.rule.get("quorum", 0)
    return Quorum(count=kept) if isinstance(kept, int) else Quorum(share=_share(kept))


def outcome(ruled: Ruled, counts: Mapping[str, int], present: int | None = None) -> Outcome:
    """Return the outcome of the counts. Raises `ValueError` for a ballot the rule forbids.

    `present`: how many voted, where votes have weights; otherwise the number of votes.
    """
    found = result(ruled, counts)
    verdict = found.verdict.value
    if (sum(counts.values()) if present is None else present) < quorum_of(ruled).needed(
        ruled.roll_size
    ):
        verdict = NO_QUORUM
    ranking = tuple(" ".join(map(str, group)) for group in found.ranking)
    return {"verdict": verdict, "winners": found.winners, "ranking": ranking}


def is_hidden(manifest: Manifest, turnout: int) -> bool:
    """Return whether nothing may be published that depends on how these votes were cast.

    This holds for older ballots too, whatever their manifest says.
    """
    old = manifest.below == "publish" and 0 < turnout < FEWEST
    return old or withheld(manifest, turnout)


def of_few(manifest: Manifest, turnout: int) -> Outcome:
    """Return the outcome of few votes: only what is true however they were cast, or "too few".

    A winner among four votes tells the one who voted otherwise how the other three did. Naming a
    winner only when it reveals nothing would itself reveal something.
    """
    if turnout == 0:
        return outcome(manifest, {})
    no_quorum = turnout < quorum_of(manifest).needed(manifest.roll_size)
    verdict = NO_QUORUM if no_quorum and manifest.below != "publish" else TOO_FEW
    return {"verdict": verdict, "winners": (), "ranking": ()}


def result(ruled: Ruled, counts: Mapping[str, int]) -> Result:
    """Return the tally of the counts. Raises `ValueError` for a ballot the rule forbids."""
    kind, question = kind_of(ruled), question_of(ruled)
    profile = {ballots.read(text): count for text, count in counts.items()}
    for text in counts:
        require(ruled, text)
    return kind.tally(profile, question)


def require(ruled: Ruled, choice: str) -> None:
    """Raise `ValueError` for a ballot that the rule forbids or that is not in canonical form."""
    ballot = ballots.read(choice)
    if ballots.written(ballot) != choice or not allowed(kind_of(ruled), question_of(ruled), ballot):
        raise ValueError("a ballot that the rule does not allow")


def allowed(kind: Kind, question: Question, ballot: Ballot) -> bool:
    """Return whether the rule allows this ballot.

    Without this check a bot could give one voter a thousand points.
    """
    places, given = [place for place, _value in ballot], [value for _place, value in ballot]
    options = len(kind.labels(question))
    if places != sorted(set(places)) or not all(1 <= place <= options for place in places):
        return False
    match kind.key:
        case "choice":
            return len(ballot) <= question.most and set(given) <= {1}
        case "ranked":
            return all(1 <= rank <= options for rank in given)
        case "score" if question.method == score.DOTS:
            return sum(given) <= question.points
        case "score":
            return all(points <= question.points for points in given)
        case "dates":
            return all(answer <= 2 for answer in given)
        case _stances:
            return len(ballot) <= 1 and set(given) <= {1}


def shown(ruled: Ruled, choice: str) -> Line:
    """Describe a ballot in words. Raises `ValueError` for a ballot the rule forbids."""
    require(ruled, choice)
    kind, question, ballot = kind_of(ruled), question_of(ruled), ballots.read(choice)
    if not ballot:
        return _("blank")
    return Line("{chosen}", {"chosen": kind.chosen(ballot, question)})


def told(ruled: Ruled, counts: Mapping[str, int] | None, came_out: Outcome) -> list[Line]:
    """Describe an outcome in words. With `counts` None only the outcome was published.

    Raises `ValueError` or `LookupError` for an impossible outcome.
    """
    kind, question = kind_of(ruled), question_of(ruled)
    lines = [] if counts is None else kind.counts(result(ruled, counts), question)
    verdict, winners = str(came_out["verdict"]), came_out["winners"]
    if verdict == NO_QUORUM:
        needed = quorum_of(ruled).needed(ruled.roll_size)
        return [*lines, _("No quorum: {needed} were needed.", needed=needed)]
    if verdict == TOO_FEW:
        return [*lines, _("Too few voted for a result: with fewer than {count} votes nothing is"
                          " published.", count=FEWEST)]  # fmt: skip
    places = tuple(int(place) for place in winners) if isinstance(winners, tuple) else ()
    groups = came_out.get("ranking", ())
    ranking = tuple(tuple(map(int, str(group).split())) for group in groups) \
        if isinstance(groups, tuple) else ()  # fmt: skip
    return [*lines, kind.outcome(Result(Verdict(verdict), places, ranking=ranking), question)]


def _share(text: str | int) -> Fraction | None:
    """Parse a share as a manifest holds it, "2/3"; "" is None. Raises `ValueError`."""
    if text == "":
        return None
    match = re.fullmatch(r"([0-9]{1,9})/([1-9][0-9]{0,8})", str(text))
    if match is None:
        raise ValueError("not a share")
    return Fraction(int(match[1]), int(match[2]))
