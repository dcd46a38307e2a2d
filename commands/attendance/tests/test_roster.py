"""Places are given strictly in order, and nobody's answer takes one away from somebody else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.api import UserId
from commands.attendance import roster
from commands.attendance.roster import EVERY_DATE, GivenAnswer, Rsvp

PEOPLE = [UserId(f"@p{n}:test") for n in range(7)]
DATES = ["2026-12-03T19:00", "2026-12-10T19:00"]
KEYS = [EVERY_DATE, *DATES]
SEATS = st.one_of(st.none(), st.integers(0, 6))
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(PEOPLE), st.sampled_from(KEYS), st.sampled_from(Rsvp), st.integers(0, 2)
        ),
        st.sampled_from(PEOPLE),  # who leaves the room, or is forgotten
    ),
    max_size=25,
)


def yes(name: str, order: int, key: str = EVERY_DATE, guests: int = 0) -> GivenAnswer:
    return GivenAnswer(UserId(name), key, Rsvp.YES, guests, order)


def people(given_: tuple[GivenAnswer, ...]) -> list[str]:
    return [one.person for one in given_]


def test_one_leaves_one_date_and_the_eleventh_moves_up_for_that_date_only() -> None:
    before = [yes(f"@p{n}", n) for n in range(1, 12)]
    after = roster.add_answer(before, GivenAnswer(UserId("@p3"), DATES[0], Rsvp.NO, 0, 12))
    moved = roster.promoted_people(before, after, (10, 10), KEYS)
    assert moved == {UserId("@p11"): {DATES[0]}}
    assert roster.build_roster(after, DATES[1], 10).waiting_number(UserId("@p11")) == 1


def test_who_does_not_fit_is_not_overtaken_by_a_smaller_party() -> None:
    found = roster.build_roster([yes("@a", 1), yes("@b", 2, guests=1), yes("@c", 3)], EVERY_DATE, 2)
    assert people(found.going) == ["@a"]
    assert people(found.waiting) == ["@b", "@c"]
    assert found.free == 1


def test_an_answer_that_only_repeats_keeps_its_place_in_the_order() -> None:
    before = [yes("@a", 1), yes("@b", 2)]
    assert people(
        roster.build_roster(roster.add_answer(before, yes("@a", 9)), EVERY_DATE, 1).going
    ) == ["@a"]
    for_a_date = roster.add_answer(before, yes("@a", 9, DATES[0]))
    assert people(roster.build_roster(for_a_date, DATES[0], 1).going) == ["@a"]


def test_who_left_a_date_and_comes_back_with_the_series_comes_last_there() -> None:
    answers = [yes("@a", 1), yes("@b", 2)]
    answers = roster.add_answer(answers, GivenAnswer(UserId("@a"), DATES[0], Rsvp.NO, 0, 3))
    answers = roster.add_answer(answers, yes("@a", 4))
    assert people(roster.build_roster(answers, DATES[0], 1).going) == ["@b"]
    assert people(roster.build_roster(answers, DATES[1], 1).going) == ["@a"]


def test_no_to_the_series_leaves_every_date_to_come_and_no_past_one() -> None:
    answers = roster.add_answer([yes("@a", 1)], yes("@a", 2, DATES[0], guests=1))
    answers = roster.add_answer(answers, yes("@a", 3, DATES[1]))
    no = GivenAnswer(UserId("@a"), EVERY_DATE, Rsvp.NO, 0, 4)
    answers = roster.add_answer(answers, no, to_come={DATES[1]})
    assert people(roster.build_roster(answers, DATES[0], None).going) == ["@a"]
    assert people(roster.build_roster(answers, DATES[1], None).declined) == ["@a"]


@given(SEATS, STEPS)
def test_whoever_answers_what(
    seats: int | None, steps: list[tuple[UserId, str, Rsvp, int] | UserId]
) -> None:
    """Never more than there are places; none lost to another; nobody overtaken; none idle."""
    answers: list[GivenAnswer] = []
    for order, step in enumerate(steps, start=1):
        before = answers
        who = step if isinstance(step, str) else step[0]
        if isinstance(step, str):
            answers = roster.remove_answers_of(before, step)
        else:
            answers = roster.add_answer(before, GivenAnswer(*step, order))
            if roster.displaced_people(before, answers, (seats, seats), KEYS):
                assert step[3], "only a party that grows can put anybody out"
                answers = before
        assert len({(one.person, one.key) for one in answers}) == len(answers)
        for key in KEYS:
            fair(
                roster.build_roster(before, key, seats),
                roster.build_roster(answers, key, seats),
                who,
            )
            if not isinstance(step, str) and step[1] == EVERY_DATE and answers is not before:
                found = roster.build_roster(answers, key, seats)
                group = {Rsvp.YES: found.going + found.waiting, Rsvp.MAYBE: found.maybe}
                assert who in people(group.get(step[2], found.declined))


def fair(before: roster.Roster, after: roster.Roster, who: UserId) -> None:
    """From one roster to the next one, when only `who` did something."""
    if after.seats is not None:
        assert after.taken <= after.seats
        could = [one for one in after.waiting if one.party_size <= after.seats]
        if could:
            assert could[0].party_size > after.seats - after.taken
    else:
        assert not after.waiting
    going, waiting = set(people(after.going)), people(after.waiting)
    assert set(people(before.going)) - {who} <= going
    seats = after.seats or 0
    stayed = [one.person for one in before.waiting if one.person != who and one.party_size <= seats]
    left = [one for one in stayed if one in waiting]
    assert [one for one in waiting if one in stayed] == left
    assert left == stayed[len(stayed) - len(left) :], "moved up from the front"
    assert len({*going, *waiting, *people(after.maybe), *people(after.declined)}) == sum(
        map(len, (after.going, after.waiting, after.maybe, after.declined))
    )
