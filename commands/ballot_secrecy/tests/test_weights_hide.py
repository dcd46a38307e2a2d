"""What somebody who knows all weights learns from a published result: never how one voted.

The observer tries every way in which the organisations could have voted. Whatever fits what was
published may be true, so an organisation's vote is known only if it is the same in all that fits.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import UserError, UserId
from commands.ballot_secrecy.ballot_opening import require_hidden_voters
from commands.ballot_secrecy.files import formats
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_world import Start
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.poll_book.voter_store import Voter

CHOICES = ("1:1", "2:1", "")
"""For the first, for the second, and no vote at all."""
Published = tuple[tuple[int, ...], tuple[int, ...]]


def published(weights: Sequence[int], votes: Sequence[str]) -> Published:
    """What the file says of these votes: units for each choice, and how many voted by weight."""
    pairs = [pair for pair in zip(weights, votes, strict=True) if pair[1]]
    counts = tuple(sum(w for w, vote in pairs if vote == choice) for choice in CHOICES[:-1])
    voted = formats.count_by_weight(weight for weight, _vote in pairs)
    return counts, tuple(voted.get(str(weight), 0) for weight in sorted(set(weights)))


def explanations(weights: Sequence[int]) -> dict[Published, list[set[str]]]:
    """For all that can be published, how each organisation may have voted.

    Every way in which all of them can vote is tried.
    """
    found: dict[Published, list[set[str]]] = {}
    for votes in itertools.product(CHOICES, repeat=len(weights)):
        seen = found.setdefault(published(weights, votes), [set() for _weight in weights])
        for possible, vote in zip(seen, votes, strict=True):
            possible.add(vote)
    return found


def organisations(weights: Sequence[int]) -> list[Voter]:
    return [
        Voter(f"org:{n}", f"Org {n}", weight, UserId(f"@d{n}:test"))
        for n, weight in enumerate(weights)
    ]


def allowed(weights: Sequence[int]) -> bool:
    try:
        require_hidden_voters(organisations(weights))
    except UserError:
        return False
    return True


@pytest.mark.parametrize(
    "weights",
    [
        [1] * 5,
        [9] * 8,
        *([light] * 5 + [heavy] * 5 for light, heavy in ((1, 2), (1, 5), (1, 7), (2, 3), (3, 20))),
    ],
    ids=str,
)
def test_no_vote_is_known_unless_all_of_that_weight_voted_alike(weights: list[int]) -> None:
    assert allowed(weights)
    told = 0
    for (_counts, voted), possible in explanations(weights).items():
        if sum(voted) < FEWEST_VOTES or any(0 < count < FEWEST_VOTES for count in voted):
            continue  # nothing is published
        told += 1
        for weight, votes in zip(weights, possible, strict=True):
            alike = [v for w, v in zip(weights, possible, strict=True) if w == weight]
            assert len(alike) >= FEWEST_VOTES
            assert len(votes) > 1 or all(v == votes for v in alike)
    assert told > 5


def test_five_none_over_a_fifth_is_not_enough() -> None:
    """The rule that decision 0051 proposed lets an observer read how each of seven voted."""
    weights = [10, 11, 12, 13, 14, 15, 16]
    assert max(weights) * 5 <= sum(weights)
    assert not allowed(weights)
    votes = ["1:1", "1:1", *["2:1"] * 5]
    assert explanations(weights)[published(weights, votes)] == [{vote} for vote in votes]


def test_a_weight_that_one_alone_has_tells_its_vote() -> None:
    weights = [1, 1, 1, 1, 1, 5]
    assert not allowed(weights)
    votes = ["1:1", "1:1", "1:1", "2:1", "2:1", "2:1"]
    possible = explanations(weights)[published(weights, votes)]
    assert possible[-1] == {"2:1"}
    assert possible[0] == {"1:1", "2:1"}, "the others hide one another"


@given(
    sizes=st.dictionaries(st.integers(1, 40), st.integers(1, 9), min_size=1, max_size=6),
)
def test_the_rule_is_five_different_delegates_of_each_weight(sizes: dict[int, int]) -> None:
    weights = [weight for weight, size in sizes.items() for _n in range(size)]
    assert allowed(weights) is (min(sizes.values()) >= FEWEST_VOTES)
    if allowed(weights):
        assert 5 * max(weights) <= sum(weights), "so none has more than a fifth"
    voters = organisations(weights)
    shared = [
        Voter(v.key, v.name, v.weight, voters[n - n % 2].delegate) for n, v in enumerate(voters)
    ]
    speak = {w: {v.delegate for v in shared if v.weight == w} for w in sizes}
    try:
        require_hidden_voters(shared)
    except UserError:
        assert min(map(len, speak.values())) < FEWEST_VOTES
    else:
        assert min(map(len, speak.values())) >= FEWEST_VOTES


@given(st.lists(st.integers(1, 1_000_000), min_size=1, max_size=60))
def test_weights_are_read_as_they_were_written(weights: list[int]) -> None:
    text = formats.format_weights(weights)
    if text:
        assert formats.parse_weights(text) == Counter(weights)
    else:
        assert set(weights) == {1}


@pytest.mark.parametrize("text", ["0*5", "1*0", "5*5 1*5", "1*5 1*5", "x", "1*5  2*5", "1*5,2*5"])
def test_what_is_no_list_of_weights_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="weights"):
        formats.parse_weights(text)


async def test_two_of_one_weight_that_change_places_leave_the_same_file(
    path: Path, start: Start
) -> None:
    """Codes and salts are random; nothing else in the file tells the two apart."""
    weights = [1] * 5 + [4] * 5
    cast = ["1:1", "2:1", "1:1", "3:1", "2:1", "1:1", "2:1", "3:1", "3:1", "1:1"]
    seen: list[object] = []
    for pairs in ([], [(0, 3), (5, 7)]):
        votes = list(cast)
        for one, other in pairs:
            votes[one], votes[other] = votes[other], votes[one]
        world = await start(path.with_name(f"{len(seen)}.db"), 0, organised=weights)
        for n, (weight, vote) in enumerate(zip(weights, votes, strict=True)):
            await world.vote(UserId(f"org:{n}"), vote, weight=weight, by=f"@d{n}:test")
        bundle = await world.close()
        assert {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}
        told = bundle.model_dump()
        log = [(row[0], row[1]) for row in bundle.log]
        board = sorted(choice for _code, choice in bundle.board)
        result = {
            key: told["result"][key]
            for key in ("turnout", "voted", "counts", "outcome", "roll_size", "excluded", "rows")
        }
        rule = told["manifest"]["rule"]
        seen.append((log, board, result, rule, told["people"], told["result"]["reasons"]))
    assert seen[0] == seen[1]
