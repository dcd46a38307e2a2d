"""Ranked ballots counted by us and by other people's programs: thousands of random elections.

`schulze-condorcet` is the count of CdE e.V., `pyrankvote` an instant run-off of its own; neither
shares a line with ours.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyrankvote
from schulze_condorcet import schulze_evaluate
from schulze_condorcet.types import Candidate, VoteString

from commands.decision_rules.ballots import Ballot, Profile, make_ballot, sum_ballots
from commands.decision_rules.kinds import runoff, schulze

ELECTIONS = 5000


def elections(seed: int, *, equal: bool) -> Iterator[tuple[range, Profile]]:
    """Small elections, where ties and cycles are frequent; some options are left unranked."""
    rng = random.Random(seed)  # noqa: S311
    for _election in range(ELECTIONS):
        places = range(1, rng.randint(2, 6) + 1)
        votes = []
        for _vote in range(rng.randint(1, 12)):
            ranked = rng.sample(places, rng.randint(1, len(places)))
            ranks = {p: rng.randint(1, 4) if equal else at for at, p in enumerate(ranked, start=1)}
            votes.append((make_ballot(ranks), rng.choice((1, 1, 1, 2, 5))))
        yield places, sum_ballots(votes)


def as_text(one: Ballot, places: range) -> VoteString:
    """`2>1=3>4`: what is not ranked comes last."""
    ranked = [sorted(map(str, group)) for group in schulze.rank_groups(one)]
    rest = [str(place) for place in places if place not in dict(one)]
    return VoteString(">".join("=".join(group) for group in [*ranked, rest] if group))


def test_schulze_finds_the_winners_that_another_program_finds() -> None:
    several = 0
    for places, profile in elections(2011, equal=True):
        votes = [as_text(one, places) for one, weight in profile.items() for _each in range(weight)]
        theirs = schulze_evaluate(votes, [Candidate(str(place)) for place in places])
        best = {int(name) for name in theirs.split(">")[0].split("=")}
        assert (
            set(schulze.schulze_order(schulze.pairwise_preferences(profile, places), places)[0])
            == best
        ), profile
        several += len(best) > 1
    assert several > ELECTIONS / 50, "ties are tried too"


def run_off(profile: Profile, places: range) -> int | None:
    """Their winner; None if a tie was broken on the way, for ties they break by a lot."""
    names = {place: pyrankvote.Candidate(str(place)) for place in places}
    votes = [
        pyrankvote.Ballot([names[place] for group in schulze.rank_groups(one) for place in group])
        for one, weight in profile.items()
        for _each in range(weight)
    ]
    result = pyrankvote.instant_runoff_voting(list(names.values()), votes)
    for round_ in result.rounds:
        standing = [c.number_of_votes for c in round_.candidate_results if c.number_of_votes]
        if standing.count(min(standing)) > 1:
            return None
    return int(result.get_winners()[0].name)


def test_the_run_off_finds_the_winner_that_another_program_finds() -> None:
    decided = 0
    for places, profile in elections(45, equal=False):
        theirs = run_off(profile, places)
        if theirs is not None:
            assert runoff.count_runoff(profile, places).winners == (theirs,), profile
            decided += 1
    assert decided > ELECTIONS / 4
