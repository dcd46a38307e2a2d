"""Whatever people give to whom: nobody votes for themselves, in circles, too far or too often."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.testing.talk import user_id
from bot.types import UserId
from commands.delegation.chains import closes_circle, find_proxies

PEOPLE = [user_id(f"p{n}") for n in range(8)]
GIVEN = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))


@given(GIVEN, st.integers(0, 6), st.integers(0, 9))
def test_proxies_follow_the_chain_and_keep_the_limits(
    chosen: dict[UserId, UserId], depth: int, most: int
) -> None:
    found = find_proxies(chosen, depth, most)
    assert all(one.voter != one.holder and 1 <= one.distance <= depth for one in found)
    assert all(count <= most for count in Counter(one.holder for one in found).values())
    assert len({(one.voter, one.distance) for one in found}) == len(found)
    assert len({(one.voter, one.holder) for one in found}) == len(found)
    for one in found:
        here = one.voter
        for _step in range(one.distance):
            here = chosen[here]
        assert here == one.holder


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=30))
def test_accepted_one_after_another_they_never_close_a_circle(
    wishes: list[tuple[UserId, UserId]],
) -> None:
    held: dict[UserId, UserId] = {}
    for giver, taker in wishes:
        rest = {(g, t) for g, t in held.items() if g != giver}
        if not closes_circle(rest, giver, taker):
            held[giver] = taker
    for start in held:
        here, seen = start, {start}
        while here in held:
            here = held[here]
            assert here not in seen
            seen.add(here)
