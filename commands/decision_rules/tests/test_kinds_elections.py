"""Schulze's method and the instant run-off against their literal definitions, and their proofs.

`tests/real/test_elections.py` holds both against other people's programs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from commands.decision_rules.ballots import (
    PollQuestion,
    PollVerdict,
    Profile,
    make_ballot,
    sum_ballots,
)
from commands.decision_rules.kinds import KINDS, runoff, schulze

EMPTY: list[list[int]] = [[]] * 6


def question(count: int, method: str) -> PollQuestion:
    return PollQuestion(57, tuple(f"O{n}" for n in range(count)), method=method)  # type: ignore[arg-type]


def elections(seed: int, count: int, most: int = 6) -> Iterator[tuple[range, Profile]]:
    """Small elections, where ties and cycles are frequent; some options are left unranked."""
    rng = random.Random(seed)  # noqa: S311
    for _election in range(count):
        places = range(1, rng.randint(2, most) + 1)
        votes = []
        for _vote in range(rng.randint(1, 12)):
            ranks = {p: rng.randint(1, 4) for p in rng.sample(places, rng.randint(1, len(places)))}
            votes.append((make_ballot(ranks), rng.choice((1, 1, 1, 2, 5))))
        yield places, sum_ballots(votes)


def strongest(profile: Profile, start: int, end: int, places: range) -> tuple[int, int]:
    """By the definition: of all paths, however long, the one whose weakest link is strongest."""
    pairs = schulze.pairwise_preferences(profile, places)
    between = [place for place in places if place not in (start, end)]
    paths = (
        (start, *middle, end)
        for length in range(len(between) + 1)
        for middle in permutations(between, length)
    )
    return max(
        min(schulze.link_strength(pairs[a, b], pairs[b, a]) for a, b in pairwise(p)) for p in paths
    )


def test_schulze_finds_the_winners_of_the_definition() -> None:
    several = 0
    for places, profile in elections(2011, 600, most=5):
        path = {(a, b): strongest(profile, a, b, places) for a, b in permutations(places, 2)}
        best = {a for a in places if all(path[a, b] >= path[b, a] for b in places if a != b)}
        assert (
            set(schulze.schulze_order(schulze.pairwise_preferences(profile, places), places)[0])
            == best
        ), profile
        several += len(best) > 1
    assert several > 20, "ties are tried too"


def possible(
    profile: Profile, left: frozenset[int], ranks: Mapping[int, list[int]] | None = None
) -> frozenset[int]:
    """By the definition: whoever can win if ties for last place may go either way.

    With `ranks`: only those ties that fewer first choices, then fewer second ones, do not break.
    """
    if len(left) == 1:
        return left
    votes = {place: first_votes(profile, left, place) for place in left}
    losers = [place for place in left if votes[place] == min(votes.values())]
    if ranks:
        fewest = min(ranks[place] for place in losers)
        losers = [place for place in losers if ranks[place] == fewest]
    return frozenset().union(*(possible(profile, left - {place}, ranks) for place in losers))


def first_votes(profile: Profile, left: frozenset[int], place: int) -> Fraction:
    found = Fraction(0)
    for one, weight in profile.items():
        ranks = {p: rank for p, rank in one if p in left}
        top = [p for p, rank in ranks.items() if rank == min(ranks.values())]
        if place in top:
            found += Fraction(weight, len(top))
    return found


def ranked(profile: Profile, places: range) -> dict[int, list[int]]:
    """How many have each option first, second, and so on."""
    return {
        place: [
            sum(w for one, w in profile.items() if place in [*schulze.rank_groups(one), *EMPTY][at])
            for at in range(len(places))
        ]
        for place in places
    }


def test_the_run_off_finds_the_winners_of_the_definition() -> None:
    """Every way in which a tie for last can go is followed; equal ranks share a vote."""
    for places, profile in elections(7, 2000):
        ours = set(runoff.count_runoff(profile, places).winners)
        assert ours <= possible(profile, frozenset(places)), profile
        assert ours == possible(profile, frozenset(places), ranked(profile, places)), profile


def test_two_clones_that_nothing_tells_apart_are_a_tie() -> None:
    """A 4; B and C 3 each, who prefer each other: only the lot decides which of them beats A."""
    profile = {((1, 1),): 4, ((2, 1), (3, 2)): 3, ((2, 2), (3, 1)): 3}
    result = KINDS["ranked"].tally(profile, question(3, "runoff"))
    assert (result.verdict, result.winners) == (PollVerdict.TIE, (2, 3))


def test_second_choices_break_a_tie_for_last() -> None:
    profile = {((1, 1),): 4, ((2, 1), (3, 2)): 3, ((3, 1),): 3}
    assert runoff.count_runoff(profile, range(1, 4)).winners == (3,)


def test_the_example_of_schulze_s_paper() -> None:
    """Example 1 (section 3.1): of 21 voters 8 have a first, and d wins."""
    ranked = {"acdb": 8, "badc": 2, "cdba": 4, "dbac": 4, "dcba": 3}
    profile = {
        make_ballot({"abcd".index(x) + 1: rank for rank, x in enumerate(order, start=1)}): weight
        for order, weight in ranked.items()
    }
    order = schulze.schulze_order(schulze.pairwise_preferences(profile, range(1, 5)), range(1, 5))
    assert ["".join("abcd"[place - 1] for place in group) for group in order] == list("dacb")


COUNT = 4
PLACES = range(1, COUNT + 1)
profiles = st.dictionaries(
    st.dictionaries(st.integers(1, COUNT), st.integers(1, COUNT), min_size=1).map(make_ballot),
    st.integers(1, 9),
    min_size=1,
    max_size=7,
)


def ranking(profile: Profile) -> tuple[tuple[int, ...], ...]:
    return schulze.schulze_order(schulze.pairwise_preferences(profile, PLACES), PLACES)


@given(profiles)
def test_who_beats_each_other_one_wins_alone(profile: Profile) -> None:
    pairs = schulze.pairwise_preferences(profile, PLACES)
    for place in PLACES:
        if all(pairs[place, other] > pairs[other, place] for other in PLACES if other != place):
            assert KINDS["ranked"].tally(profile, question(COUNT, "schulze")).winners == (place,)


@given(profiles)
def test_pairs_are_counted_as_one_would_by_hand(profile: Profile) -> None:
    pairs = schulze.pairwise_preferences(profile, PLACES)
    for (a, b), weight in pairs.items():
        ranks = [(dict(one).get(a, 99), dict(one).get(b, 99), w) for one, w in profile.items()]
        assert weight == sum(w for rank_a, rank_b, w in ranks if rank_a < rank_b)


@given(profiles)
def test_schulze_is_reversal_symmetric(profile: Profile) -> None:
    """Who wins alone does not win if everybody means the contrary (section 4.4)."""
    turned = {
        make_ballot({place: COUNT + 1 - dict(one).get(place, COUNT + 1) for place in PLACES}): 0
        for one in profile
    }
    for one, weight in profile.items():
        turned[make_ballot({p: COUNT + 1 - dict(one).get(p, COUNT + 1) for p in PLACES})] += weight
    best, worst = (
        ranking(profile),
        ranking(turned),
    )
    if len(best[0]) == 1 and len(best) > 1:
        assert best[0] != worst[0]


@given(profiles, st.data())
def test_schulze_is_monotonic(profile: Profile, data: st.DataObject) -> None:
    """To put a winner first on a ballot never makes it lose (section 4.5)."""
    winner = ranking(profile)[0][0]
    one = data.draw(st.sampled_from(sorted(profile)))
    raised = make_ballot({place: rank + 1 for place, rank in one} | {winner: 1})
    changed = sum_ballots(
        [*((b, w) for b, w in profile.items() if b != one), (raised, profile[one])]
    )
    assert winner in ranking(changed)[0]


@given(profiles, st.integers(1, COUNT))
def test_more_than_half_of_the_first_choices_win_the_run_off(profile: Profile, top: int) -> None:
    total = sum(profile.values())
    most = sum_ballots([*profile.items(), (((top, 1),), total + 1)])
    count = runoff.count_runoff(most, PLACES)
    assert (count.winners, count.rounds) == ((top,), 1)


@given(profiles, st.permutations(PLACES))
def test_the_names_of_the_options_decide_nothing(profile: Profile, other: list[int]) -> None:
    """Whatever is called 1, and listed first, wins no tie by that."""
    renamed = {
        make_ballot({other[place - 1]: rank for place, rank in one}): w
        for one, w in profile.items()
    }
    for method in ("schulze", "runoff"):
        asked = question(COUNT, method)
        ours, theirs_ = (KINDS["ranked"].tally(p, asked) for p in (profile, renamed))
        assert set(theirs_.winners) == {other[place - 1] for place in ours.winners}


def test_many_different_ballots_are_counted_in_time() -> None:
    rng = random.Random(1)  # noqa: S311
    profile = {
        make_ballot({p: at for at, p in enumerate(rng.sample(range(1, 21), 6))}): 1
        for _voter in range(20_000)
    }
    for method in ("schulze", "runoff"):
        assert KINDS["ranked"].tally(profile, question(20, method)).winners
