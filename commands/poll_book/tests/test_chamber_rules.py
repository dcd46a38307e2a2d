"""A text passes where it passes in each chamber, whatever the votes."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.types import Number
from commands.decision_rules.ballots import PollQuestion, PollVerdict, sum_ballots
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.thresholds import Quorum
from commands.poll_book.chambers import ChamberVotes, combine_chambers, tally_chamber

MAJORITY = KINDS["majority"]
VOTES = st.lists(st.sampled_from([1, 2, 3]), max_size=8)


@given(
    st.lists(st.tuples(VOTES, st.integers(0, 4)), min_size=2, max_size=4),
    st.sampled_from([None, Fraction(2, 3), Fraction(1, 2)]),
    st.sampled_from([None, Fraction(1, 2)]),
)
def test_it_passes_where_it_passes_in_each(
    chambers: list[tuple[list[int], int]], share: Fraction | None, quorum: Fraction | None
) -> None:
    question = PollQuestion(Number(1), threshold=share)
    every = [
        ChamberVotes(
            f"c{n}",
            len(votes) + absent,
            len(votes) + absent,
            len(votes),
            sum_ballots((((vote, 1),), 1) for vote in votes),
        )
        for n, (votes, absent) in enumerate(chambers)
    ]
    kept = Quorum(share=quorum) if quorum else None
    parts = [(one, tally_chamber(MAJORITY, question, kept, one)) for one in every]
    together = sum_ballots((((vote, 1),), 1) for votes, _absent in chambers for vote in votes)
    found = combine_chambers(MAJORITY.tally(together, question), parts)

    def passes(votes: list[int], absent: int) -> bool:
        for_, against = votes.count(1), votes.count(2)
        enough = quorum is None or len(votes) >= quorum * (len(votes) + absent)
        bar = for_ > against if share is None else for_ > 0 and for_ >= share * (for_ + against)
        return enough and bar

    expected = all(passes(votes, absent) for votes, absent in chambers)
    assert (found.verdict is PollVerdict.APPROVED) == expected
    assert sum(row.votes for row in found.rows) == sum(together.values())


def test_an_absolute_majority_is_one_of_each_chamber() -> None:
    question = PollQuestion(Number(1), electorate=100)
    small = ChamberVotes("small", 3, 3, 2, {((1, 1),): 2})
    large = ChamberVotes("large", 97, 97, 48, {((1, 1),): 48})
    parts = [(one, tally_chamber(MAJORITY, question, None, one)) for one in (small, large)]
    assert [found.verdict for _one, found in parts] == [
        PollVerdict.APPROVED,
        PollVerdict.NOT_APPROVED,
    ]
