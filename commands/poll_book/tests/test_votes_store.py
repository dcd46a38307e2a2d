"""Votes in a real database, in any order: always what a simple count from scratch gives.

The model keeps every answer and counts them anew each time. What the database keeps up to date with
every vote (ballots, profile, turnout) has to be equal to that after every step.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.api import EventId, Number, UserId, items
from bot.testing.parts import with_needs
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from commands.decision_rules.ballots import Ballot, Part
from commands.poll_book import poll_store, vote_removal, vote_store
from commands.poll_book.poll import Option, PollRule
from commands.poll_book.vote_store import TAPS_KEPT, CastVote
from storage.database import Tx

T = TypeVar("T")
ANA, BEA, CARLA, DANI = map(user_id, ("ana", "bea", "carla", "dani"))
ORGS = {"org:1": 20, "org:2": 3}
BALLOTS: tuple[Ballot, ...] = (((1, 1),), ((2, 1),), ((1, 1), (2, 1)))


# --- the model ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """One answer of a person for a voter; `read`: when we read it, in order."""

    read: int
    voter: str
    person: str
    alternate: bool
    at: int
    stamp: int | None
    parts: tuple[Part, ...]
    event: str | None = None

    @property
    def whose(self) -> tuple[str, str, bool]:
        return self.voter, self.person, self.alternate


@dataclass
class Model:
    """Everything that was ever answered. Nothing is kept up to date: it is counted anew."""

    answers: list[Answer] = field(default_factory=list)
    ended: bool = False
    gone: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    """Votes of an ended poll whose voter was forgotten: totals without a name."""

    def counting(self) -> dict[str, Answer]:
        """What counts of each voter: the delegate's, else the alternate's, if it says something."""
        found: dict[str, Answer] = {}
        for voter in {a.voter for a in self.answers}:
            for alternate in (True, False):
                mine = [a for a in self.answers if a.voter == voter and a.alternate is alternate]
                people = {a.person for a in mine}
                last = [self._last([a for a in mine if a.person == p]) for p in people]
                if last:
                    newest = max(last, key=lambda a: (a.at, a.read))
                    if newest.parts:
                        found[voter] = newest
        return found

    @staticmethod
    def _last(mine: list[Answer]) -> Answer:
        """MSC3381: of taps the one with the latest stamp; against typed votes what came later."""
        taps = [a for a in mine if a.stamp is not None]
        both = [a for a in mine if a.stamp is None]
        if taps:
            both.append(max(taps, key=lambda a: (a.stamp or 0, a.read)))
        return max(both, key=lambda a: (a.at, a.read))

    def parts(self) -> dict[str, tuple[Part, ...]]:
        return {voter: a.parts for voter, a in self.counting().items()}

    def profile(self) -> dict[Ballot, int]:
        found: dict[Ballot, int] = {}
        for parts in (*self.parts().values(), *self.gone.values()):
            for ballot, weight in parts:
                found[ballot] = found.get(ballot, 0) + weight
        return found

    def cast(self, answer: Answer) -> None:
        """It lets go of taps that are older than can be taken back."""
        self.answers.append(answer)
        taps = [a for a in self.answers if a.stamp is not None and a.whose == answer.whose]
        old = sorted(taps, key=lambda a: (a.stamp or 0, a.read))[:-TAPS_KEPT]
        self.answers = [a for a in self.answers if a not in old]

    def take_back(self, event: str, voter: str) -> None:
        self.answers = [a for a in self.answers if (a.event, a.voter) != (event, voter)]

    def forget(self, person: str) -> None:
        """Of an open poll the person's own vote goes; an organisation's stays, without a name."""
        if self.ended and person in self.parts():
            self.gone[person] = self.parts()[person]
        self.answers = [
            replace(a, person=f"gone {person}") if a.person == person else a
            for a in self.answers
            if a.voter != person
        ]


# --- the database ---------------------------------------------------------------------------------


class Undo(Exception):
    """Ends a transaction so that nothing of it stays."""


class World:
    """A real database, in which every example is undone."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self.db = self.run(Talk.start(folder / "votes.db", with_needs("poll_book"))).machine.db

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(what)

    def close(self) -> None:
        self.run(self.db.close())
        self._loop.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    found = World(tmp_path_factory.mktemp("votes"))
    yield found
    found.close()


async def opened(tx: Tx) -> Number:
    number = await items.add(tx, "polls", "poll", ROOM, ANA, "?", START_TIME.at)
    await poll_store.add_poll(tx, number, "?", (Option("A"), Option("B")), PollRule(most=2), None)
    return number


async def put(tx: Tx, number: Number, answer: Answer) -> None:
    cast = CastVote(
        answer.voter,
        UserId(answer.person),
        answer.parts,
        START_TIME.at + timedelta(seconds=answer.at),
        answer.alternate,
        EventId(answer.event) if answer.event else None,
        answer.stamp,
    )
    await vote_store.store_vote(tx, number, cast)


Kept = tuple[dict[str, tuple[Part, ...]], dict[Ballot, int], int]


async def kept(tx: Tx, number: Number) -> Kept:
    """Ballots by voter, the profile, the turnout."""
    rows = await tx.all("SELECT voter, parts FROM poll_book_ballot WHERE poll = ?", number)
    ballots = {r["voter"]: vote_store.parse_parts(r["parts"]) for r in rows}
    return (
        ballots,
        await vote_store.get_profile(tx, number),
        (await poll_store.get_poll(tx, number)).turnout,
    )


# --- any acts, in any order -----------------------------------------------------------------------


def parts_of(voter: str) -> st.SearchStrategy[tuple[Part, ...]]:
    """What somebody may vote for this voter: one ballot, a split mandate, or nothing."""
    weight = ORGS.get(voter, 1)
    whole = st.sampled_from(BALLOTS).map(lambda ballot: ((ballot, weight),))
    some: list[st.SearchStrategy[tuple[Part, ...]]] = [st.just(()), whole, whole]
    if weight > 1:
        some.append(
            st.integers(1, weight - 1).map(lambda n: ((BALLOTS[0], n), (BALLOTS[1], weight - n)))
        )
    return st.one_of(some)


VOTERS = st.sampled_from([ANA, BEA, *ORGS])
TIMES = st.integers(0, 12)
"""Few, so that many are equal."""


class Votes(RuleBasedStateMachine):
    """People tap, write, take back, come to speak for organisations, and are forgotten."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.model = world, Model()
        self.read, self.events = count(), count()
        self.delegates: dict[str, str | None] = {"org:1": CARLA, "org:2": CARLA}
        self.alternates: dict[str, str | None] = {"org:1": DANI, "org:2": None}
        self.forgotten: set[str] = set()
        self.transaction = world.db.transaction()
        self.tx = world.run(self.transaction.__aenter__())
        self.number = world.run(opened(self.tx))

    def teardown(self) -> None:
        with suppress(Undo):
            self.world.run(self.transaction.__aexit__(Undo, Undo(), None))

    def _person(self, voter: str, alternate: bool) -> str | None:
        if voter not in ORGS:
            return None if alternate or voter in self.forgotten else voter
        return (self.alternates if alternate else self.delegates)[voter]

    def _cast(self, voter: str, alternate: bool, data: st.DataObject, **tap: Any) -> None:
        person = self._person(voter, alternate)
        if person is None:
            return
        at, parts = data.draw(TIMES), data.draw(parts_of(voter))
        answer = Answer(next(self.read), voter, person, alternate, at, parts=parts, **tap)
        self.model.cast(answer)
        self.world.run(put(self.tx, self.number, answer))

    @rule(voter=VOTERS, alternate=st.booleans(), stamp=TIMES, data=st.data())
    def tap(self, voter: str, alternate: bool, stamp: int, data: st.DataObject) -> None:
        self._cast(voter, alternate, data, stamp=stamp, event=f"$tap{next(self.events)}")

    @rule(voter=VOTERS, alternate=st.booleans(), data=st.data())
    def write(self, voter: str, alternate: bool, data: st.DataObject) -> None:
        self._cast(voter, alternate, data, stamp=None)

    @precondition(lambda self: any(a.event for a in self.model.answers))
    @rule(data=st.data())
    def redact(self, data: st.DataObject) -> None:
        taps = [(a.event, a.voter) for a in self.model.answers if a.event]
        event, voter = data.draw(st.sampled_from(taps))
        self.model.take_back(event, voter)
        self.world.run(vote_store.take_back_tap(self.tx, self.number, voter, EventId(event)))

    @rule(org=st.sampled_from([*ORGS]), delegate=st.sampled_from([CARLA, DANI, None]))
    def speaks(self, org: str, delegate: str | None) -> None:
        other = {CARLA: DANI, DANI: CARLA, None: CARLA}[UserId(delegate) if delegate else None]
        self.delegates[org] = None if delegate in self.forgotten else delegate
        self.alternates[org] = None if other in self.forgotten else other

    @rule(person=st.sampled_from([ANA, BEA, CARLA, DANI]))
    def forget(self, person: str) -> None:
        self.forgotten.add(person)
        for speaking in (self.delegates, self.alternates):
            speaking.update({org: None for org, who in speaking.items() if who == person})
        self.model.forget(person)
        self.world.run(vote_removal.forget_person(self.tx, UserId(person)))
        assert self.world.run(self._named(person)) == 0

    async def _named(self, person: str) -> int:
        found = 0
        for table in ("poll_book_response", "poll_book_ballot"):
            query = f"SELECT count(*) AS n FROM {table} WHERE person = ?1 OR voter = ?1"  # noqa: S608
            row = await self.tx.one(query, person)
            found += row["n"] if row else 0
        return found

    @rule()
    def end(self) -> None:
        self.model.ended = True
        self.world.run(poll_store.end_poll(self.tx, self.number, START_TIME.at))

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        parts, gone = self.model.parts(), self.model.gone
        ballots, profile, turnout = self.world.run(kept(self.tx, self.number))
        assert ballots == parts
        assert profile == self.model.profile()
        assert turnout == len(parts) + len(gone)


def test_whatever_happens_the_counts_are_those_from_scratch(world: World) -> None:
    some = settings(max_examples=60, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(lambda: Votes(world), settings=some)  # type: ignore[arg-type]


# --- the order of reading -------------------------------------------------------------------------

ACTS = st.lists(
    st.tuples(VOTERS, st.booleans(), st.booleans(), st.integers(0, 3)), min_size=1, max_size=14
)


def answers(acts: list[tuple[str, bool, bool, int]]) -> list[Answer]:
    """Votes one after the other; of each person no more taps than can be taken back."""
    found: list[Answer] = []
    for at, (voter, alternate, tap, choice) in enumerate(acts):
        org = voter in ORGS
        person = (DANI if alternate else CARLA) if org else voter
        taps = [a for a in found if a.person == person and a.stamp is not None]
        stamp = at * 1000 if tap and len(taps) < TAPS_KEPT else None
        parts = ((BALLOTS[choice], ORGS.get(voter, 1)),) if choice < len(BALLOTS) else ()
        event = None if stamp is None else f"$tap{at}"
        found.append(Answer(at, voter, person, org and alternate, at, stamp, parts, event))
    return found


async def outcome(world: World, given: list[Answer], redacted: list[Answer] | None = None) -> Kept:
    """What the database holds after these answers, read in this order."""
    found: list[Kept] = []
    with suppress(Undo):
        async with world.db.transaction() as tx:
            number = await opened(tx)
            for answer in given:
                await put(tx, number, answer)
            for answer in redacted or ():
                await vote_store.take_back_tap(
                    tx, number, answer.voter, EventId(answer.event or "")
                )
            found.append(await kept(tx, number))
            raise Undo
    return found[0]


@settings(max_examples=60, deadline=None)
@given(acts=ACTS, rng=st.randoms(use_true_random=False), data=st.data())
def test_the_order_of_reading_changes_nothing(
    world: World, acts: list[tuple[str, bool, bool, int]], rng: random.Random, data: st.DataObject
) -> None:
    """With redactions of taps, which come after what they redact."""
    given_ = answers(acts)
    taps = [answer for answer in given_ if answer.event]
    redacted = data.draw(st.lists(st.sampled_from(taps), unique=True)) if taps else []
    shuffled, other = list(given_), list(redacted)
    rng.shuffle(shuffled)
    rng.shuffle(other)
    first = world.run(outcome(world, given_, redacted))
    assert world.run(outcome(world, shuffled, other)) == first
    left = [answer for answer in given_ if answer not in redacted]
    assert world.run(outcome(world, left)) == first, "as if it had never been"


@settings(max_examples=60, deadline=None)
@given(acts=ACTS)
def test_changing_a_vote_is_voting_once(
    world: World, acts: list[tuple[str, bool, bool, int]]
) -> None:
    given_ = answers(acts)
    last = {answer.whose: answer for answer in given_}
    assert world.run(outcome(world, [*last.values()])) == world.run(outcome(world, given_))


# --- what is rarely drawn -------------------------------------------------------------------------


def test_a_persons_vote_as_an_alternate_leaves_the_one_as_a_delegate(world: World) -> None:
    as_delegate = Answer(0, "org:1", CARLA, False, 1, None, ((BALLOTS[0], 20),))
    as_alternate = Answer(1, "org:1", CARLA, True, 2, None, ((BALLOTS[1], 20),))
    _ballots, profile, turnout = world.run(outcome(world, [as_delegate, as_alternate]))
    assert (profile, turnout) == ({BALLOTS[0]: 20}, 1)


def test_two_who_are_forgotten_stay_two(world: World) -> None:
    """Of Dani, who came later, the answer counts, though a clock was wrong."""
    first = Answer(0, "org:1", CARLA, False, 1, 9000, ((BALLOTS[0], 20),), "$1")
    second = Answer(1, "org:1", DANI, False, 5, 5000, ((BALLOTS[1], 20),), "$2")
    stands_in = Answer(2, "org:1", BEA, True, 6, None, ((BALLOTS[2], 20),))

    async def story() -> Kept:
        async with world.db.transaction() as tx:
            number = await opened(tx)
            await put(tx, number, first)
            await put(tx, number, second)
            for person in (CARLA, DANI):
                await vote_removal.forget_person(tx, person)
            await put(tx, number, stands_in)
            found = await kept(tx, number)
            await vote_removal.forget_person(tx, BEA)
        return found

    _ballots, profile, turnout = world.run(story())
    assert (profile, turnout) == ({BALLOTS[1]: 20}, 1)
