"""The count of elections with seats: against a second program, and what must always be true."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest

from bot.api import Number
from commands.decision_rules import seat_rounds as rounds
from commands.decision_rules.ballots import (
    Ballot,
    PollQuestion,
    PollVerdict,
    Profile,
    SeatCount,
    SeatQuota,
    SeatReason,
    make_ballot,
    sum_ballots,
)
from commands.decision_rules.kinds import KINDS, find_kind
from commands.decision_rules.seat_count import UNIT, count_most_votes, count_stv
from commands.decision_rules.seat_quotas import SeatPlan, format_quotas, parse_quotas
from commands.decision_rules.tests.paper_count import PaperCount


def asked(
    count: int, seats: int, *quotas: SeatQuota, withdrawn: tuple[int, ...] = ()
) -> PollQuestion:
    """An election of `seats` among `count` candidates, A, B, C …"""
    labels = tuple(chr(65 + at % 26) * (1 + at // 26) for at in range(count))
    return PollQuestion(
        Number(57), labels, "Committee", seats=seats, quotas=quotas, withdrawn=frozenset(withdrawn)
    )


def ranked(*places: int) -> Ballot:
    return make_ballot({place: rank for rank, place in enumerate(places, start=1)})


def votes(*lines: tuple[tuple[int, ...], int]) -> Profile:
    return sum_ballots([(ranked(*places), weight) for places, weight in lines])


def elections(seed: int, how_many: int, most: int = 8) -> Iterator[tuple[PollQuestion, Profile]]:
    """Small elections with short ballots, where ties are frequent."""
    rng = random.Random(seed)  # noqa: S311
    for _each in range(how_many):
        count = rng.randint(1, most)
        cast = []
        for _vote in range(rng.randint(1, 25)):
            places = rng.sample(range(1, count + 1), rng.randint(1, count))
            cast.append((ranked(*places), rng.choice((1, 1, 1, 2, 3, 7))))
        yield asked(count, rng.randint(1, count)), sum_ballots(cast)


def quotas_of(rng: random.Random, question: PollQuestion) -> tuple[SeatQuota, ...]:
    """Up to three quotas of groups that may overlap."""
    found = []
    for name in ("south", "women", "young")[: rng.randint(1, 3)]:
        places = [place for place in question.places if rng.random() < 0.5]
        low = rng.choice((0, 0, 1, 2))
        high = rng.choice((question.seats, rng.randint(low, max(low, question.seats))))
        found.append(SeatQuota(name, low, high, frozenset(places)))
    return tuple(found)


def test_two_programs_agree_on_each_vote_of_each_round_of_three_thousand_elections() -> None:
    stages = 0
    for question, profile in elections(2011, 3000):
        found, second = count_stv(profile, question), PaperCount(question, profile)
        assert sorted(second.run()) == sorted(one.place for one in found.won)
        ours = [{p: Decimal(u) / UNIT for p, u in one.units} for one in found.rounds]
        assert ours == second.stages
        stages += len(ours)
    assert stages > 6000


def test_the_example_of_the_food_election() -> None:
    # https://en.wikipedia.org/wiki/Single_transferable_vote: oranges, chocolate and strawberries.
    profile = votes(((1,), 4), ((3, 1), 2), ((2, 4), 8), ((2, 5), 4), ((4,), 1), ((5,), 1))
    found = count_stv(profile, asked(5, 3))
    assert [one.place for one in found.won] == [2, 1, 4]
    assert [one.why for one in found.won] == [SeatReason.QUOTA, SeatReason.QUOTA, SeatReason.LEFT]
    assert rounds.format_rounds(found)[:2] == (
        "first 0 1:4.00000 2:12.00000 3:2.00000 4:1.00000 5:1.00000 lost:0.00000 seats:2",
        "surplus 2 1:4.00000 2:6.00000 3:2.00000 4:5.00000 5:3.00000 lost:0.00000",
    )


# --- what is always true ------------------------------------------------------------------------


def check_conserved(found: SeatCount) -> None:
    """No vote comes into being or gets lost without a word."""
    totals = {sum(units for _place, units in one.units) + one.lost for one in found.rounds}
    assert len(totals) == 1
    assert all(one.lost >= 0 for one in found.rounds)
    lost = [one.lost for one in found.rounds]
    assert lost == sorted(lost), "what is with nobody stays with nobody"


def test_votes_are_conserved_and_every_seat_is_filled() -> None:
    for question, profile in elections(7, 1500):
        found = count_stv(profile, question)
        check_conserved(found)
        assert len({one.place for one in found.won}) == len(found.won) == question.seats


def test_a_quota_is_never_violated_and_a_seat_stays_empty_only_where_it_must() -> None:
    rng = random.Random(11)  # noqa: S311
    bound = 0
    for plain, profile in elections(12, 2500, most=7):
        question = replace(plain, quotas=quotas_of(rng, plain))
        lows = [min(one.low, len(one.places)) for one in question.quotas]
        sets = {
            chosen
            for size in range(question.seats + 1)
            for chosen in combinations(question.places, size)
            if all(
                low <= len(one.places & set(chosen)) <= one.high
                for low, one in zip(lows, question.quotas, strict=True)
            )
        }
        most = max((len(one) for one in sets if one), default=0)
        for count in (count_stv, count_most_votes):
            found = count(profile, question)
            won = tuple(sorted(one.place for one in found.won))
            assert len(won) == most
            assert not won or won in sets
            check_conserved(found) if count is count_stv else None
        free = {one.place for one in count_stv(profile, plain).won}
        bound += free != {one.place for one in count_stv(profile, question).won}
    assert bound > 300, "the quotas decide something"


def test_quotas_that_bind_nobody_change_nothing() -> None:
    for plain, profile in elections(13, 500):
        loose = SeatQuota("all", 0, plain.seats, frozenset(plain.places))
        question = replace(plain, quotas=(loose,))
        assert count_stv(profile, question) == count_stv(profile, plain)


def test_one_more_seat_takes_nobodys_seat_by_the_most_votes() -> None:
    for question, profile in elections(14, 500):
        won: set[int] = set()
        for seats in question.places:
            more = {
                one.place for one in count_most_votes(profile, replace(question, seats=seats)).won
            }
            assert won < more
            won = more


def test_a_solid_group_gets_the_seats_that_its_votes_are_worth() -> None:
    # Droop proportionality: k quotas of ballots that rank a group first elect k of it.
    rng = random.Random(15)  # noqa: S311
    for _each in range(400):
        count, seats = rng.randint(3, 8), rng.randint(1, 3)
        group = rng.sample(range(1, count + 1), rng.randint(1, count))
        others = [place for place in range(1, count + 1) if place not in group]
        of_group, rest = rng.randint(1, 200), rng.randint(0, 200)
        cast = [
            (ranked(*rng.sample(group, len(group)), *rng.sample(others, len(others))), 1)
            for _vote in range(of_group)
        ]
        cast += [
            (ranked(*rng.sample(range(1, count + 1), rng.randint(1, count))), 1)
            for _vote in range(rest)
        ]
        quota = (of_group + rest) // (seats + 1) + 1
        worth = min(of_group // quota, len(group), seats)
        found = count_stv(sum_ballots(cast), asked(count, seats))
        assert len(set(group) & {one.place for one in found.won}) >= worth


def test_the_order_of_the_votes_decides_nothing() -> None:
    rng = random.Random(16)  # noqa: S311
    for question, profile in elections(17, 300):
        mixed = list(profile.items())
        rng.shuffle(mixed)
        assert count_stv(dict(mixed), question) == count_stv(profile, question)


def test_who_stepped_down_gets_no_seat_and_their_votes_move_on() -> None:
    profile = votes(((1, 2), 10), ((3,), 6))
    found = count_stv(profile, asked(3, 1, withdrawn=(1,)))
    assert [one.place for one in found.won] == [2]
    for question, cast in elections(18, 500):
        gone = replace(question, withdrawn=frozenset({1}))
        alone = {
            ballot: weight
            for ballot, weight in sum_ballots(
                (tuple(p for p in one if p[0] != 1), weight) for one, weight in cast.items()
            ).items()
            if ballot
        }
        assert {o.place for o in count_stv(cast, gone).won} == {
            o.place for o in count_stv(alone, gone).won
        }


def test_nobody_is_elected_by_nobody_or_among_nobody() -> None:
    for key in ("stv", "seats"):
        assert KINDS[key].tally({}, asked(3, 2)).verdict is PollVerdict.NOBODY
        gone = asked(2, 1, withdrawn=(1, 2))
        assert KINDS[key].tally(votes(((1,), 3)), gone).verdict is PollVerdict.NOBODY


# --- quotas, as they are written and told ---------------------------------------------------------


def test_a_quota_keeps_somebody_in_and_the_result_says_so() -> None:
    south = SeatQuota("south", 1, 2, frozenset({3}))
    profile = votes(((1,), 10), ((2,), 9), ((3,), 1))
    result = KINDS["stv"].tally(profile, asked(3, 2, south))
    assert set(result.winners) == {1, 3}
    assert result.count is not None
    said = [line.msgid for line in rounds.reason_lines(result.count, asked(3, 2, south))]
    assert "Round {round}: with {label} a quota could not be met." in said


def test_a_quota_keeps_the_last_one_in() -> None:
    south = SeatQuota("south", 1, 3, frozenset({4}))
    profile = votes(((1,), 5), ((2,), 5), ((3,), 5), ((4,), 1), ((5,), 4))
    found = count_stv(profile, asked(5, 3, south))
    assert [(one.place, one.kept) for one in found.won] == [(1, False), (2, False), (4, True)]
    assert [(one.act, one.place, one.lot) for one in found.rounds[1:]] == [
        ("out", 5, False),
        ("out", 3, True),
    ]


def test_parity_bars_the_third_of_a_group_for_four_seats() -> None:
    women, men = (
        SeatQuota("mujeres", 0, 2, frozenset({1, 2, 3})),
        SeatQuota("hombres", 0, 2, frozenset({4, 5})),
    )
    profile = sum_ballots([(((1, 1), (2, 1), (3, 1)), 9), (((4, 1),), 3), (((5, 1),), 2)])
    found = count_most_votes(profile, asked(5, 4, women, men))
    assert [one.place for one in found.won] == [1, 2, 4, 5]
    assert [one.act for one in found.rounds] == ["taken", "taken", "passed", "taken", "taken"]


def test_quotas_are_written_and_read() -> None:
    quotas = (
        SeatQuota("sur", 2, 5, frozenset({1, 4})),
        SeatQuota("mujeres", 0, 3, frozenset()),
    )
    assert format_quotas(quotas) == "sur=2-5:1,4;mujeres=0-3:"
    assert parse_quotas(format_quotas(quotas)) == quotas
    assert parse_quotas("") == ()
    for bad in ("sur", "sur=2:1", "sur=2-5:1,", "=1-2:1", "sur=2-5:1;;x"):
        with pytest.raises(ValueError, match="not a quota"):
            parse_quotas(bad)


def test_a_quota_asks_for_no_more_than_there_are() -> None:
    plan = SeatPlan(asked(3, 2, SeatQuota("south", 2, 2, frozenset({1}))))
    assert plan.seats == 2
    assert plan.guarded([], [1, 2, 3]) == {1}


def test_a_poll_cannot_ask_for_an_election_by_its_type() -> None:
    assert find_kind("stv") is None
    assert find_kind("seats") is None
