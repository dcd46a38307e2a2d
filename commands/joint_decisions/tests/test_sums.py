"""Sums of orders and of stances: right for all together, and silent about each person."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import pytest
import schulze_condorcet
from pydantic import ValidationError
from schulze_condorcet.types import Candidate

from bot.api import Tally
from commands.decision_rules.ballots import FEWEST_VOTES, Ballot
from commands.decision_rules.kinds import schulze
from commands.joint_decisions import pair_sums
from commands.joint_decisions.home_result import result_to_seal
from commands.joint_decisions.statement import Board, JointStatement, work_out_statement
from commands.joint_decisions.terms import (
    Commitment,
    JointTerms,
    NetworkResult,
    Reveal,
    SeenReveals,
    TermsNetwork,
    encode_bits,
    seal_result,
)

STANCES = ("for", "against", "abstain", "aside", "block")


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def terms(networks: int = 3, **more: object) -> JointTerms:
    keys = sorted(f"{n:043d}" for n in range(networks))
    given = {
        "id": "a" * 32,
        "proposer": keys[0],
        "title": "Carta por el agua",
        "count": "sum",
        "fewest": FEWEST_VOTES,
        "answer_by": 1,
        "closes": 2,
        "commit_by": 3,
        "reveal_by": 4,
        "networks": tuple(TermsNetwork(key=key, name=f"Red {key[-2:]}") for key in keys),
        **more,
    }
    return JointTerms.model_validate(given)


def ranked(options: int, networks: int = 3) -> JointTerms:
    return terms(networks, method="ranked", options=tuple("ABCDEFGHIJKLMNOPQRST"[:options]))


def consent(networks: int = 3) -> JointTerms:
    return terms(networks, rule="consent")


def an_order(chance: random.Random, options: int) -> Ballot:
    """Some options in an order, some of them equal; the others are left out."""
    places = chance.sample(range(1, options + 1), chance.randint(1, options))
    return tuple(sorted((place, chance.randint(1, options)) for place in places))


def tally_of(about: JointTerms, votes: Sequence[Ballot | str], *, people: int = -1) -> Tally:
    """What a network counted: orders by pairs, stances by name."""
    if about.method == "ranked":
        profile = Counter(votes)
        pairs = schulze.pairwise_preferences(profile, range(1, len(about.options) + 1))  # type: ignore[arg-type]
        counts = {pair_sums.pair_key(a, b): n for (a, b), n in pairs.items()}
    else:
        counts = dict.fromkeys(STANCES, 0) | Counter(map(str, votes))
    voted = len(votes)
    return Tally(voted + 3, voted + 3, voted, counts, "for", voted if people < 0 else people)


def decided(about: JointTerms, results: Sequence[NetworkResult]) -> JointStatement:
    """What comes out if all say everything in time."""
    board = Board(about, about.keys)
    every = encode_bits(about.keys, about.keys)
    for result in results:
        nonce = "c" * 32
        board.commits[result.network] = Commitment(
            terms=about.hash, sealed=seal_result(result, nonce)
        )
        board.reveals[result.network] = Reveal(result=result, nonce=nonce, commits=every)
        board.seen[result.network] = SeenReveals(terms=about.hash, reveals=every)
    return work_out_statement(board)


def sealed(about: JointTerms, votes: Sequence[Sequence[Ballot | str]]) -> list[NetworkResult]:
    pairs = zip(about.keys, votes, strict=True)
    return [result_to_seal(about, key, tally_of(about, every)) for key, every in pairs]


def vote_string(ballot: Ballot, options: int) -> str:
    """The order as the other implementation reads it: what is left out stands behind the rest."""
    groups = [*schulze.rank_groups(ballot)]
    named = {place for group in groups for place in group}
    left = [place for place in range(1, options + 1) if place not in named]
    every = [*groups, *([left] if left else [])]
    return ">".join("=".join(map(str, group)) for group in every)


@pytest.mark.parametrize("seed", range(150))
def test_sums_of_networks_order_the_options_as_all_ballots_in_one_urn_would(seed: int) -> None:
    """Against `schulze_condorcet`, which gets every single ballot."""
    chance = seeded(seed)
    options, networks = chance.randint(2, 7), chance.randint(2, 6)
    about = ranked(options, networks)
    votes = [
        [an_order(chance, options) for _ in range(chance.randint(FEWEST_VOTES, 30))]
        for _ in about.keys
    ]
    found = decided(about, sealed(about, votes))
    assert {one.state for one in found.parts} == {"counted"}
    every = [vote_string(ballot, options) for of_one in votes for ballot in of_one]
    places = [Candidate(str(place)) for place in range(1, options + 1)]
    theirs = schulze_condorcet.pairwise_preference(every, places)
    assert found.counts == {f"{a}>{b}": theirs[a, b] for a, b in permutations(places, 2)}
    first = schulze_condorcet.schulze_evaluate(every, places).split(">")[0].split("=")
    assert found.outcome == (first[0] if len(first) == 1 else "tie")
    assert {str(place) for place in pair_sums.rank_options(found.counts, options)[0]} == set(first)


@pytest.mark.parametrize("seed", range(100))
def test_consent_is_that_of_all_stances_in_one_urn(seed: int) -> None:
    chance = seeded(seed)
    about = consent()
    weights = chance.choice([(9, 3, 2, 2, 0), (9, 3, 2, 2, 1), (0, 3, 2, 2, 0)])
    votes = [
        chance.choices(STANCES, weights, k=chance.randint(FEWEST_VOTES, 20)) for _ in about.keys
    ]
    every = [stance for of_one in votes for stance in of_one]
    found = decided(about, sealed(about, votes))
    assert found.counts == {stance: every.count(stance) for stance in STANCES}
    passes = "for" in every and "block" not in every
    assert found.outcome == ("for" if passes else "against")


def test_terms_under_which_sums_would_tell_votes_cannot_be_written() -> None:
    order: dict[str, object] = {"method": "ranked", "options": ("a", "b")}
    wrong: list[dict[str, object]] = [
        {},
        order | {"fewest": 0},
        order | {"fewest": FEWEST_VOTES - 1},
        order | {"count": "networks"},
        order | {"most": 2},
        order | {"points": 3},
        {"rule": "consent", "fewest": 0},
        {"rule": "consent", "count": "networks"},
        {"rule": "consent", "majority": "2/3"},
        {"rule": "consent", "share": 667},
        {"rule": "consent", "options": ("a", "b")},
    ]
    for more in wrong:
        with pytest.raises(ValidationError):
            terms(**more)  # type: ignore[arg-type]


def test_by_majority_nothing_is_withheld() -> None:
    about = terms(fewest=0)
    held = result_to_seal(consent(), about.keys[1], tally_of(consent(), []))
    assert not held.model_copy(update={"terms": about.hash}).is_possible(about)


# --- what leaves a network says nothing about one person ------------------------------------------


def some_votes(chance: random.Random, about: JointTerms, count: int) -> list[Ballot | str]:
    if about.method == "ranked":
        return [an_order(chance, len(about.options)) for _ in range(count)]
    return [*chance.choices(STANCES, k=count)]


@pytest.mark.parametrize("seed", range(60))
def test_no_ballot_can_be_derived_from_what_leaves_a_network(seed: int) -> None:
    """Whoever's ballot one guesses: another one fits the same bytes, unless all voted alike.

    That all alike show themselves no sum can hide, and the opening of such votes says so.
    """
    chance = seeded(seed)
    for about in (ranked(chance.randint(2, 5)), consent()):
        votes = some_votes(chance, about, chance.randint(FEWEST_VOTES, 12))
        sent = result_to_seal(about, about.keys[0], tally_of(about, votes)).to_json()
        for who, ballot in enumerate(votes):
            others = [n for n, other in enumerate(votes) if other != ballot]
            if not others:
                assert len(set(votes)) == 1
                continue
            swapped = [*votes]
            swapped[who], swapped[others[0]] = swapped[others[0]], swapped[who]
            again = result_to_seal(about, about.keys[0], tally_of(about, swapped)).to_json()
            assert again == sent, "and with it their ballot is another one"


@pytest.mark.parametrize("count", range(FEWEST_VOTES))
def test_what_so_few_voted_and_how_many_leaves_no_trace(count: int) -> None:
    chance = seeded(count)
    for about in (ranked(3), consent()):
        sent = {
            result_to_seal(
                about,
                about.keys[0],
                Tally(
                    9, 9, few, tally_of(about, some_votes(chance, about, few)).counts, "for", few
                ),
            ).to_json()
            for few in range(count + 1)
            for _ in range(20)
        }
        assert len(sent) == 1


@pytest.mark.parametrize("about", [ranked(3), consent()])
def test_many_votes_of_few_hands_and_votes_of_several_weigh_too_much(about: JointTerms) -> None:
    votes = some_votes(seeded(1), about, 9)
    few_hands = tally_of(about, votes, people=4)
    assert result_to_seal(about, about.keys[0], few_hands).withheld
    heavy = tally_of(about, votes)
    heavy = Tally(heavy.roll, heavy.roll + 5, heavy.turnout, heavy.counts, "for", heavy.people)
    assert result_to_seal(about, about.keys[0], heavy).withheld


def test_a_network_that_withholds_is_named_and_counts_for_nothing() -> None:
    about = consent()
    votes = [["for"] * 6, ["block"] * 4, ["for"] * 5]
    found = decided(about, sealed(about, votes))
    assert [one.state for one in found.parts] == ["counted", "withheld", "counted"]
    assert (found.outcome, found.counts["for"]) == ("for", 11)
    nothing = decided(about, sealed(about, [["for"] * 4] * 3))
    assert nothing.outcome == "none"


# --- lies -----------------------------------------------------------------------------------------


def of_honest(about: JointTerms, votes: Sequence[Ballot | str]) -> NetworkResult:
    return result_to_seal(about, about.keys[1], tally_of(about, votes))


def state_of(about: JointTerms, lie: NetworkResult) -> str:
    honest = sealed(about, [some_votes(seeded(2), about, 8)] * len(about.keys))
    found = decided(about, [lie if one.network == lie.network else one for one in honest])
    return found.parts[1].state


CIRCLE = {"1>2": 9, "2>3": 9, "3>1": 9, "2>1": 0, "3>2": 0, "1>3": 0}
LIES: dict[str, dict[str, object]] = {
    "more for one than voted": {"counts": CIRCLE | {"1>2": 10}},
    "for and against one are more than voted": {"counts": CIRCLE | {"2>1": 1}},
    "all prefer in a circle": {"counts": CIRCLE},
    "nobody prefers 1 to 2 or 2 to 3, and all prefer 1 to 3": {
        "counts": dict.fromkeys(CIRCLE, 0) | {"1>3": 9}
    },
    "all prefer 1 to 2 and 2 to 3, and nobody 1 to 3": {
        "counts": dict.fromkeys(CIRCLE, 0) | {"1>2": 9, "2>3": 9}
    },
    "a pair left out": {"counts": {"1>2": 1}},
    "a pair nobody asked about": {"counts": dict.fromkeys(CIRCLE, 0) | {"1>4": 1}},
    "more voters than may vote": {"turnout": 99},
    "some with many votes": {"weight": 99},
    "beyond all people": {"roll": 2**40, "weight": 2**40},
    "it stands for something": {"outcome": "1"},
    "withheld, and the sums too": {"withheld": 1},
}


@pytest.mark.parametrize("lie", LIES)
def test_sums_that_no_orders_have_are_refused_and_named(lie: str) -> None:
    about = ranked(3)
    honest = of_honest(about, [((1, 1), (2, 2), (3, 3))] * 9)
    assert state_of(about, honest) == "counted"
    assert state_of(about, honest.model_copy(update=LIES[lie])) == "impossible"


@pytest.mark.parametrize(
    "lie",
    [
        {"counts": dict.fromkeys(STANCES, 2)},
        {"counts": dict.fromkeys(STANCES, 0) | {"block": 10}},
        {"counts": {"for": 9}},
        {"counts": dict.fromkeys(STANCES, 0) | {"veto": 1}},
    ],
)
def test_stances_that_can_not_be_are_refused_and_named(lie: dict[str, object]) -> None:
    about = consent()
    honest = of_honest(about, ["for"] * 9)
    assert state_of(about, honest) == "counted"
    assert state_of(about, honest.model_copy(update=lie)) == "impossible"


@pytest.mark.parametrize("about", [ranked(3), consent()])
def test_who_gives_the_sums_of_four_people_is_named_for_it(about: JointTerms) -> None:
    votes = some_votes(seeded(3), about, 4)
    given = tally_of(about, votes)
    told = NetworkResult(
        terms=about.hash,
        network=about.keys[1],
        roll=9,
        weight=9,
        turnout=4,
        counts=dict(given.counts),
        outcome="",
    )
    assert state_of(about, told) == "told"


@pytest.mark.parametrize("seed", range(60))
def test_a_liar_moves_no_pair_by_more_than_its_roll(seed: int) -> None:
    """Whatever it says is refused, or is within what its whole roll could have voted."""
    chance = seeded(seed)
    about = ranked(3)
    honest = of_honest(about, some_votes(chance, about, 9))
    said = {key: chance.randint(0, 14) for key in honest.counts}
    lie = honest.model_copy(update={"counts": said, "turnout": chance.randint(5, 14)})
    if state_of(about, lie) == "counted":
        assert lie.turnout <= lie.roll
        assert all(said[a] + said[a[::-1]] <= lie.roll for a in said)


@pytest.mark.parametrize("seed", range(40))
def test_sums_of_real_orders_are_never_taken_for_a_lie(seed: int) -> None:
    chance = seeded(seed)
    options = chance.randint(2, 8)
    about = ranked(options)
    votes = some_votes(chance, about, chance.randint(FEWEST_VOTES, 40))
    assert of_honest(about, votes).is_possible(about)


def test_every_pair_has_its_sum_in_twenty_options() -> None:
    about = ranked(20)
    keys = {f"{a}>{b}" for a, b in permutations(range(1, 21), 2)}
    assert set(about.count_keys) == keys
    assert len(of_honest(about, [an_order(seeded(4), 20)] * 9).to_json()) < 6_000
