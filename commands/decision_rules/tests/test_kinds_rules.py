"""The rule of each kind, for whatever votes come: by property, not by example."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import UserError
from commands.decision_rules import ballots
from commands.decision_rules.ballots import BLANK, Ballot, Part, PollQuestion, PollVerdict, Profile
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.kinds.stances import Stance

COUNT = 4
LABELS = ("Norte", "Sur", "Este", "Oeste")
QUESTIONS = {
    "choice": PollQuestion(57, LABELS, most=2),  # type: ignore[arg-type]
    "majority": PollQuestion(57, threshold=Fraction(2, 3)),  # type: ignore[arg-type]
    "consent": PollQuestion(57),  # type: ignore[arg-type]
    "consensus": PollQuestion(57),  # type: ignore[arg-type]
    "ranked": PollQuestion(57, LABELS, method="schulze"),  # type: ignore[arg-type]
    "runoff": PollQuestion(57, LABELS, method="runoff"),  # type: ignore[arg-type]
    "score": PollQuestion(57, LABELS, points=5),  # type: ignore[arg-type]
    "dates": PollQuestion(57, LABELS),  # type: ignore[arg-type]
}
KIND_OF = {name: KINDS["ranked" if name == "runoff" else name] for name in QUESTIONS}
few = settings(max_examples=40)
"""Of each kind; together they are hundreds."""
each = pytest.mark.parametrize("name", list(QUESTIONS))


def changed_by(profile: Profile, before: Sequence[Part], after: Sequence[Part]) -> Profile:
    """The profile after one voter replaced `before` with `after`."""
    return ballots.sum_ballots([*profile.items(), *((b, -weight) for b, weight in before), *after])


def a_ballot(name: str) -> st.SearchStrategy[Ballot]:
    """Any ballot of a kind, blank ones too."""
    if name in ("majority", "consent", "consensus"):
        return st.one_of(
            st.just(BLANK),
            st.integers(1, 3 if name == "majority" else 5).map(lambda place: ((place, 1),)),
        )
    low, high, most = {
        "choice": (1, 1, 2),
        "ranked": (1, COUNT, COUNT),
        "runoff": (1, COUNT, COUNT),
        "score": (0, 5, COUNT),
        "dates": (0, 2, COUNT),
    }[name]
    values = st.integers(low, high)
    return st.dictionaries(st.integers(1, COUNT), values, max_size=most).map(ballots.make_ballot)


def some_votes(name: str) -> st.SearchStrategy[list[list[Part]]]:
    """The votes of several people; each may be split."""
    part = st.tuples(a_ballot(name), st.integers(1, 12))
    return st.lists(st.lists(part, min_size=1, max_size=3), max_size=8)


def tally(name: str, profile: Profile) -> ballots.PollResult:
    return KIND_OF[name].tally(profile, QUESTIONS[name])


@each
@few
@given(st.data(), st.randoms(use_true_random=False))
def test_the_result_does_not_depend_on_the_order(
    name: str, data: st.DataObject, rng: random.Random
) -> None:
    votes = data.draw(some_votes(name))
    shuffled = list(votes)
    rng.shuffle(shuffled)
    one = ballots.sum_ballots(part for vote in votes for part in vote)
    other: Profile = {}
    for vote in shuffled:
        other = changed_by(other, (), vote)
    assert tally(name, one) == tally(name, other)


@each
@few
@given(st.data())
def test_changing_a_vote_equals_voting_once(name: str, data: st.DataObject) -> None:
    votes = data.draw(some_votes(name))
    first, second = data.draw(some_votes(name)), data.draw(some_votes(name))
    before, after = first[0] if first else [], second[0] if second else []
    rest = ballots.sum_ballots(part for vote in votes for part in vote)
    changed = changed_by(changed_by(rest, (), before), before, after)
    assert changed == changed_by(rest, (), after)
    assert changed_by(changed, after, ()) == rest


@each
@few
@given(st.data())
def test_no_vote_is_lost_or_doubled(name: str, data: st.DataObject) -> None:
    parts = [part for vote in data.draw(some_votes(name)) for part in vote]
    profile = ballots.sum_ballots(parts)
    rows = tally(name, profile).rows
    assert sum(profile.values()) == sum(weight for _ballot, weight in parts)
    if name == "score":
        cast = sum(weight * value for ballot, weight in parts for _place, value in ballot)
    elif name == "dates":
        cast = sum(weight for ballot, weight in parts for _place, value in ballot if value)
    elif name in ("ranked", "runoff"):
        best = [(min((v for _p, v in ballot), default=0), ballot, w) for ballot, w in parts]
        cast = sum(w for top, ballot, w in best for _place, value in ballot if value == top)
    else:
        cast = sum(weight for ballot, weight in parts for _place in ballot)
    assert sum(row.votes + row.maybe for row in rows) == cast


@each
@few
@given(st.data())
def test_who_stands_blank_decides_nothing(name: str, data: st.DataObject) -> None:
    profile = ballots.sum_ballots(part for vote in data.draw(some_votes(name)) for part in vote)
    with_blanks = changed_by(profile, (), [(BLANK, 7)])
    assert tally(name, with_blanks) == tally(name, profile)


@each
@few
@given(st.data())
def test_a_verdict_and_its_winners_fit(name: str, data: st.DataObject) -> None:
    profile = ballots.sum_ballots(part for vote in data.draw(some_votes(name)) for part in vote)
    result = tally(name, profile)
    winners = {
        PollVerdict.WON: (1,),
        PollVerdict.APPROVED: (1,),
        PollVerdict.TIE: range(2, COUNT + 1),
        PollVerdict.NOT_APPROVED: (0,),
        PollVerdict.NOBODY: (0,),
    }
    assert len(result.winners) in winners[result.verdict]
    kind, question = KIND_OF[name], QUESTIONS[name]
    assert kind.outcome(result, question).msgid
    assert len(kind.counts(result, question)) >= len(kind.labels(question))
    for ballot in profile:
        assert kind.noted(ballot, question, "queda cerca").msgid


@each
@few
@given(st.text(max_size=30))
def test_any_line_is_read_without_harm(name: str, text: str) -> None:
    try:
        ballot = KIND_OF[name].read(text, QUESTIONS[name])
    except UserError as error:
        assert error.lines
    else:
        assert ballot is None or list(ballot) == sorted(ballot)


# --- each rule -----------------------------------------------------------------------------------


def stances(for_: int, against: int, abstain: int = 0, aside: int = 0, block: int = 0) -> Profile:
    weights = zip(Stance, (for_, against, abstain, aside, block), strict=True)
    return {((stance, 1),): weight for stance, weight in weights if weight}


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_majority_is_more_for_than_against(for_: int, against: int, abstain: int) -> None:
    result = KINDS["majority"].tally(stances(for_, against, abstain), QUESTIONS["consent"])
    assert (result.verdict is PollVerdict.APPROVED) == (for_ > against)


@given(st.integers(1, 30), st.integers(0, 30), st.fractions(0, 1, max_denominator=20))
def test_a_threshold_is_a_share_of_for_and_against(
    for_: int, against: int, threshold: Fraction
) -> None:
    question = PollQuestion(57, threshold=threshold)  # type: ignore[arg-type]
    result = KINDS["majority"].tally(stances(for_, against, 99), question)
    reached = for_ * threshold.denominator >= threshold.numerator * (for_ + against)
    assert (result.verdict is PollVerdict.APPROVED) == reached


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 9), st.sampled_from([None, "2/3"]))
def test_a_majority_is_monotonic(
    for_: int, against: int, abstain: int, threshold: str | None
) -> None:
    """One more for never undoes an approval; one more against never makes one."""
    question = PollQuestion(57, threshold=Fraction(threshold) if threshold else None)  # type: ignore[arg-type]

    def approved(*votes: int) -> bool:
        result = KINDS["majority"].tally(stances(*votes), question)
        return result.verdict is PollVerdict.APPROVED

    assert approved(for_ + 1, against, abstain) >= approved(for_, against, abstain)
    assert approved(for_, against + 1, abstain) <= approved(for_, against, abstain)


FIVE = st.tuples(*[st.integers(0, 9)] * 5)


@given(FIVE)
def test_only_a_block_stops_consent(votes: tuple[int, int, int, int, int]) -> None:
    result = KINDS["consent"].tally(stances(*votes), QUESTIONS["consent"])
    assert (result.verdict is PollVerdict.APPROVED) == (votes[0] > 0 and votes[4] == 0)
    assert (result.verdict is PollVerdict.NOBODY) == (sum(votes) == 0)


@given(FIVE)
def test_one_against_or_one_block_stops_consensus(votes: tuple[int, int, int, int, int]) -> None:
    result = KINDS["consensus"].tally(stances(*votes), QUESTIONS["consensus"])
    passes = votes[0] > 0 and votes[1] == 0 and votes[4] == 0
    assert (result.verdict is PollVerdict.APPROVED) == passes


def test_what_is_not_approved_says_why() -> None:
    for kind, votes in (("consent", (9, 0, 0, 0, 1)), ("consensus", (9, 1)), ("majority", (3, 3))):
        result = KINDS[kind].tally(stances(*votes), QUESTIONS["consent"])
        assert result.verdict is PollVerdict.NOT_APPROVED
        assert result.why is not None


def test_a_poll_is_won_by_most_votes_and_equal_is_a_tie() -> None:
    poll = PollQuestion(57, LABELS)  # type: ignore[arg-type]
    kind = KINDS["choice"]
    assert kind.tally({((2, 1),): 3, ((1, 1),): 2}, poll).winners == (2,)
    assert kind.tally({((2, 1),): 3, ((1, 1),): 3}, poll).verdict is PollVerdict.TIE
    assert kind.tally({}, poll).verdict is PollVerdict.NOBODY


def test_the_date_that_most_can_make_wins() -> None:
    kind, poll = KINDS["dates"], QUESTIONS["dates"]
    four_if_need_be: Profile = {((1, 2),): 3, ((2, 2),): 2, ((2, 1),): 2}
    assert kind.tally(four_if_need_be, poll).winners == (2,)
    more_yes: Profile = {((1, 2), (2, 1)): 1, ((1, 2), (2, 2)): 1}
    assert kind.tally(more_yes, poll).winners == (1,)
    assert kind.tally({((1, 0), (2, 0)): 3}, poll).verdict is PollVerdict.NOBODY
