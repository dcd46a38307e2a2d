"""What a poll takes and how it counts, whatever comes."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from commands.decision_rules import vote_rules
from commands.decision_rules.vote_rules import Response

choices = st.lists(st.integers(1, 3), max_size=1).map(tuple)
acts = st.lists(st.tuples(st.sampled_from("abc"), choices, st.booleans()), max_size=12)


@given(acts, st.randoms(use_true_random=False))
def test_the_result_does_not_depend_on_the_order_of_reading(
    acts: list[tuple[str, tuple[int, ...], bool]], rng: random.Random
) -> None:
    """And whoever changes their vote has voted once: the last time."""
    given_ = [
        (who, Response(n, float(n), n if tap else None, places))
        for n, (who, places, tap) in enumerate(acts)
    ]
    last = {who: response.choices for who, response in given_}
    shuffled = list(given_)
    rng.shuffle(shuffled)
    read: dict[str, list[Response]] = {}
    for order, (who, r) in enumerate(shuffled):
        read.setdefault(who, []).append(Response(order, r.at, r.stamp, r.choices))
    found = {who: c.choices for who, rs in read.items() if (c := vote_rules.counting_response(rs))}
    assert vote_rules.tally_places(found.values(), 3) == vote_rules.tally_places(last.values(), 3)


@given(st.text(max_size=40))
def test_any_line_is_read_without_harm(text: str) -> None:
    choice = vote_rules.parse_typed_choice(text, ("Norte", "Sur", "Té"), 2)
    assert choice is None or all(1 <= place <= 3 for place in choice.places)


def test_long_numbers_are_no_options() -> None:
    for text in ("00000000015", "1" * 40, "-1", "1.5e9"):
        choice = vote_rules.parse_typed_choice(text, ("Norte", "Sur"), 1)
        assert choice is None or choice.places == () or choice.places == (1,)


def test_labels_that_look_the_same_are_found_and_others_are_not() -> None:
    assert vote_rules.find_lookalikes(("Sí", "No", " si! "))
    assert vote_rules.find_lookalikes(("Норте", "Hopte"))
    assert not vote_rules.find_lookalikes(("C", "C++", "C#", "?", "!"))
