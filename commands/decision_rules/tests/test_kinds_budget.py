"""Equal shares against their literal definition and what is proved of them; the plain rule too.

`make pabutools` holds both against another people's program.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Number, UserError
from commands.decision_rules.ballots import (
    PollQuestion,
    PollVerdict,
    Profile,
    make_ballot,
    points_by_place,
    sum_ballots,
)
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.kinds.equal_shares import buy_equal_shares
from commands.decision_rules.kinds.spending import (
    MOST_STEPS,
    SHARES,
    VOTES,
    BudgetTerms,
    format_terms,
    parse_terms,
    show_amount,
    spend,
)

KIND = KINDS["budget"]


def question(terms: BudgetTerms, points: int = 1) -> PollQuestion:
    labels = tuple(f"P{n}" for n in range(1, len(terms.costs) + 1))
    return PollQuestion(Number(57), labels, "x", len(labels), None, format_terms(terms), points)


@st.composite
def budgets(draw: st.DrawFn) -> tuple[PollQuestion, Profile]:
    money = draw(st.integers(1, 40))
    costs = tuple(draw(st.lists(st.integers(1, money), min_size=2, max_size=6)))
    most = draw(st.sampled_from((1, 1, 5)))
    values = st.dictionaries(st.integers(1, len(costs)), st.integers(1, most))
    votes = [(make_ballot(one), 1) for one in draw(st.lists(values, max_size=9))]
    terms = BudgetTerms(draw(st.sampled_from((SHARES, VOTES))), money, costs)
    return question(terms, most), sum_ballots(votes)


def small_elections(seed: int, count: int) -> Iterator[tuple[BudgetTerms, Profile]]:
    rng = random.Random(seed)  # noqa: S311
    for _election in range(count):
        money = rng.randint(4, 30)
        costs = tuple(rng.randint(1, money) for _n in range(rng.randint(2, 5)))
        places = range(1, len(costs) + 1)
        votes = [
            (make_ballot(dict.fromkeys(rng.sample(places, rng.randint(1, len(places))), 1)), 1)
            for _vote in range(rng.randint(1, 9))
        ]
        yield BudgetTerms(SHARES, money, costs), sum_ballots(votes)


@given(budgets())
def test_no_more_is_spent_than_there_is_and_what_nobody_chose_is_not_bought(
    asked: tuple[PollQuestion, Profile],
) -> None:
    asks, profile = asked
    terms, spent = parse_terms(asks.method), spend(profile, asks)
    points = points_by_place(profile, asks.places)
    assert terms.left_after(spent.bought) >= 0
    assert all(points[place] for place in spent.bought)
    assert not set(spent.shared) & set(spent.completed)


@given(budgets())
def test_nothing_that_somebody_chose_still_fits(asked: tuple[PollQuestion, Profile]) -> None:
    asks, profile = asked
    terms, spent = parse_terms(asks.method), spend(profile, asks)
    left, points = terms.left_after(spent.bought), points_by_place(profile, asks.places)
    assert all(
        place in spent.bought or not points[place] or terms.cost(place) > left
        for place in asks.places
    )


@given(budgets(), st.randoms())
def test_the_order_of_votes_and_blank_ballots_change_nothing(
    asked: tuple[PollQuestion, Profile], rng: random.Random
) -> None:
    asks, profile = asked
    mixed = list(profile.items())
    rng.shuffle(mixed)
    assert spend({**dict(mixed), (): 7}, asks) == spend(profile, asks)


def shares_of_definition(profile: Profile, terms: BudgetTerms) -> set[int]:
    """Section 2 of the paper, person by person, with the smallest price found by trying them all.

    Only for what nothing ties: the caller compares the money spent and each price.
    """
    people = [dict(ballot) for ballot, weight in profile.items() for _n in range(weight) if ballot]
    left = [Fraction(terms.money, len(people))] * len(people)
    bought: set[int] = set()
    while True:
        prices: dict[int, Fraction] = {}
        for place in range(1, len(terms.costs) + 1):
            able = [n for n, one in enumerate(people) if place in one]
            if place in bought or sum(left[n] for n in able) < terms.cost(place):
                continue
            for poor in range(len(able)):
                sorted_able = sorted(able, key=lambda n: left[n])
                rest = Fraction(terms.cost(place)) - sum(left[n] for n in sorted_able[:poor])
                price = rest / (len(able) - poor)
                if all(left[n] >= price for n in sorted_able[poor:]):
                    prices[place] = price
                    break
        if not prices:
            return bought
        rates = {place: price / terms.cost(place) for place, price in prices.items()}
        best = [place for place in rates if rates[place] == min(rates.values())]
        if len(best) > 1:
            raise LookupError("a tie")
        place = best[0]
        for n, one in enumerate(people):
            if place in one:
                left[n] -= min(left[n], prices[place])
        bought.add(place)


def test_equal_shares_buy_what_the_definition_buys() -> None:
    compared = 0
    for terms, profile in small_elections(2021, 1500):
        try:
            expected = shares_of_definition(profile, terms)
        except LookupError:
            continue
        share = Fraction(terms.money, sum(profile.values()))
        ties = {place: (place,) for place in range(1, len(terms.costs) + 1)}
        assert set(buy_equal_shares(profile, terms.costs, share, ties)) == expected, profile
        compared += 1
    assert compared > 500, "most have no tie"


def unserved_group(bought: Mapping[int, int], profile: Profile, terms: BudgetTerms) -> bool:
    """Whether some people could pay a set of projects from their part of the money, all chose all
    of it, and yet none of them got as much (extended justified representation up to one project).
    """
    people = [dict(ballot) for ballot, weight in profile.items() for _n in range(weight)]
    places = range(1, len(terms.costs) + 1)
    sets = chain.from_iterable(combinations(places, n) for n in places)
    for wanted in sets:
        able = [one for one in people if all(place in one for place in wanted)]
        worth = sum(map(terms.cost, wanted))
        if not able or worth * len(people) > terms.money * len(able):
            continue
        got = [sum(cost for place, cost in bought.items() if place in one) for one in able]
        most_more = [
            max((terms.cost(p) for p in wanted if p not in bought), default=0) for _one in able
        ]
        if all(g + m < worth for g, m in zip(got, most_more, strict=True)):
            return True
    return False


def test_a_group_that_could_pay_for_itself_is_served_up_to_one_project() -> None:
    for terms, profile in small_elections(7, 1500):
        spent = spend(profile, question(terms))
        bought = {place: terms.cost(place) for place in spent.bought}
        assert not unserved_group(bought, profile, terms), profile


def test_the_plain_rule_leaves_such_a_group_with_nothing() -> None:
    profile = {((1, 1), (2, 1), (3, 1)): 6, ((4, 1), (5, 1)): 4}
    terms = BudgetTerms(VOTES, 90, (30, 30, 30, 15, 15))
    bought = {place: terms.cost(place) for place in spend(profile, question(terms)).bought}
    assert unserved_group(bought, profile, terms)
    fair = spend(profile, question(BudgetTerms(SHARES, 90, terms.costs))).bought
    assert not unserved_group({place: terms.cost(place) for place in fair}, profile, terms)


def test_a_minority_gets_its_part_only_by_equal_shares() -> None:
    profile = {((1, 1), (2, 1)): 6, ((3, 1),): 4}
    costs = (50, 50, 40)
    assert spend(profile, question(BudgetTerms(SHARES, 100, costs))).bought in ((1, 3), (2, 3))
    assert spend(profile, question(BudgetTerms(VOTES, 100, costs))).bought == (1, 2)


def test_equal_projects_are_told_apart_by_a_lot_that_anybody_can_draw() -> None:
    terms = BudgetTerms(VOTES, 10, (10, 10))
    drawn = {spend({((1, 1), (2, 1)): n}, question(terms)).bought for n in range(1, 30)}
    assert drawn == {(1,), (2,)}, "it depends on the votes, so that nobody knows it before"


def test_shares_are_raised_to_tenfold_at_most() -> None:
    profile: Profile = {((1, 1),): 1, ((2, 1),): 1000}
    spent = spend(profile, question(BudgetTerms(SHARES, 1000, (900, 50))))
    assert (spent.raised, spent.shared, spent.completed) == (MOST_STEPS, (2,), (1,))


@pytest.mark.parametrize(
    "method",
    ["", "shares", "shares 0 1", "shares 10 11", "shares 10 0,5", "dice 10 5,5", "shares 9 "],
)
def test_bad_terms_are_refused(method: str) -> None:
    with pytest.raises(ValueError):
        parse_terms(method)


def test_a_file_whose_costs_do_not_fit_its_projects_is_refused() -> None:
    asked = question(BudgetTerms(SHARES, 10, (5, 5, 5)))
    with pytest.raises(ValueError, match="costs"):
        spend({((1, 1),): 1}, PollQuestion(asked.number, ("A", "B"), method=asked.method))


def test_a_ballot_is_as_the_points_allow() -> None:
    asks = question(BudgetTerms(SHARES, 10, (5, 5, 5)), points=3)
    assert KIND.read("1:3 2:0", asks) == ((1, 3),)
    with pytest.raises(UserError):
        KIND.read("1:4", asks)
    assert KIND.read("1 3", question(BudgetTerms(SHARES, 10, (5, 5, 5)))) == ((1, 1), (3, 1))
    assert KIND.tapped([3, 1], asks) == ((1, 3), (3, 3))


def test_nobody_voting_buys_nothing() -> None:
    asks = question(BudgetTerms(SHARES, 10, (5, 5)))
    assert KIND.tally({}, asks).verdict is PollVerdict.NOBODY
    assert KIND.tally({(): 3}, asks).verdict is PollVerdict.NOBODY


def test_amounts_have_spaces_between_thousands() -> None:
    assert [show_amount(n) for n in (4000, 10_000, 1_234_567)] == [
        "4000",
        "10\u00a0000",
        "1\u00a0234\u00a0567",
    ]
