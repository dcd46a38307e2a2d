"""What is left of a vote when its voter is forgotten."""

from __future__ import annotations

import pytest

from bot.testing.talk import START_TIME, Talk
from commands.poll_book import poll_store, vote_removal
from commands.poll_book.tests.test_votes_store import (
    ANA,
    BALLOTS,
    BEA,
    Answer,
    Kept,
    kept,
    opened,
    put,
)


@pytest.mark.parametrize("is_over", [False, True])
async def test_of_an_open_poll_the_vote_of_who_is_forgotten_goes_and_else_it_counts(
    talk: Talk, is_over: bool
) -> None:
    """What she said for an organisation counts in both."""
    own = Answer(0, ANA, ANA, False, 1, None, ((BALLOTS[0], 1),))
    for_others = Answer(1, "org:1", ANA, False, 1, None, ((BALLOTS[1], 20),))

    async def story() -> tuple[int, Kept]:
        async with talk.machine.db.transaction() as tx:
            number = await opened(tx)
            for answer in (own, for_others):
                await put(tx, number, answer)
            late = await tx.all("SELECT late FROM poll_book_ballot WHERE poll = ?", number)
            assert [row["late"] for row in late] == [0, 0]
            if is_over:
                await poll_store.end_poll(tx, number, START_TIME.at)
            polls = await vote_removal.forget_person(tx, ANA)
            assert await vote_removal.forget_person(tx, ANA) == 0
            return polls, await kept(tx, number)

    polls, (ballots, profile, turnout) = await story()
    assert polls == 1
    assert ballots == {"org:1": for_others.parts}
    assert profile == {BALLOTS[1]: 20} | ({BALLOTS[0]: 1} if is_over else {})
    assert turnout == 1 + is_over


async def test_who_took_her_vote_back_is_forgotten_in_that_poll_too(talk: Talk) -> None:
    async def story() -> int:
        async with talk.machine.db.transaction() as tx:
            number = await opened(tx)
            await put(tx, number, Answer(0, BEA, BEA, False, 1, None, ((BALLOTS[0], 1),)))
            await put(tx, number, Answer(1, BEA, BEA, False, 2, None, ()))
            assert (await kept(tx, number))[1:] == ({}, 0)
            return await vote_removal.forget_person(tx, BEA)

    assert await story() == 1
