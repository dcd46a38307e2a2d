"""Of two networks neither one's word decides what the other's votes are worth."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from commands.joint_decisions.statement import Board, JointStatement, work_out_statement
from commands.joint_decisions.terms import (
    Commitment,
    JointTerms,
    NetworkResult,
    Reveal,
    SeenReveals,
    TermsNetwork,
    encode_bits,
    seal_result,
)

A, B, C = "A" * 43, "B" * 43, "C" * 43
NONCE = "1" * 32
VOTES = {A: (5, 9), B: (20, 1), C: (1, 1)}


def opened(keys: Sequence[str]) -> Board:
    """Everybody sealed, opened, and named everybody."""
    terms = JointTerms(
        id="a" * 32,
        proposer=keys[0],
        title="t",
        count="sum",
        answer_by=10,
        closes=20,
        commit_by=30,
        reveal_by=40,
        networks=tuple(TermsNetwork(key=key, name=key[0]) for key in sorted(keys)),
    )
    board, every = Board(terms, terms.keys), encode_bits(terms.keys, keys)
    for key in keys:
        yes, no = VOTES[key]
        result = NetworkResult(
            terms=terms.hash,
            network=key,
            roll=40,
            weight=40,
            turnout=yes + no,
            counts={"for": yes, "against": no, "abstain": 0},
            outcome="for" if yes > no else "against",
        )
        board.commits[key] = Commitment(terms=terms.hash, sealed=seal_result(result, NONCE))
        board.reveals[key] = Reveal(result=result, nonce=NONCE, commits=every)
        board.seen[key] = SeenReveals(terms=terms.hash, reveals=every)
    return board


def names_only_itself(board: Board, key: str) -> JointStatement:
    """That network says that nobody else was in time."""
    alone = encode_bits(board.terms.keys, [key])
    board.reveals[key] = board.reveals[key].model_copy(update={"commits": alone})
    board.seen[key] = board.seen[key].model_copy(update={"reveals": alone})
    return work_out_statement(board)


def test_two_that_are_honest_decide_together() -> None:
    found = work_out_statement(opened([A, B]))
    assert (found.outcome, found.counts["for"]) == ("for", 25)


@pytest.mark.parametrize("liar", [A, B])
def test_of_two_who_names_only_itself_gets_no_outcome(liar: str) -> None:
    found = names_only_itself(opened([A, B]), liar)
    assert found.outcome == "disputed"
    assert set(found.counts.values()) == {0}


@pytest.mark.parametrize("liar", [A, B])
def test_of_two_who_does_not_open_gets_no_outcome(liar: str) -> None:
    board = opened([A, B])
    other = B if liar == A else A
    del board.reveals[liar]
    board.seen = {
        k: SeenReveals(terms=board.terms.hash, reveals=encode_bits(board.terms.keys, [other]))
        for k in (A, B)
    }
    found = work_out_statement(board)
    assert found.outcome == "disputed"
    assert set(found.counts.values()) == {0}


@pytest.mark.parametrize("missing", [A, B])
def test_of_two_whose_last_word_is_missing_hurts_nobody_the_other_names(missing: str) -> None:
    board = opened([A, B])
    del board.seen[missing]
    assert work_out_statement(board).outcome == "for"


def test_who_never_said_anything_is_silent_and_nobodys_word_is_needed() -> None:
    board = opened([A, B])
    for words in (board.commits, board.reveals, board.seen):
        del words[B]
    found = names_only_itself(board, A)
    assert [one.state for one in found.parts] == ["counted", "silent"]
    assert found.outcome != "disputed"


@pytest.mark.parametrize("liar", [A, B, C])
def test_of_three_two_bear_witness(liar: str) -> None:
    found = names_only_itself(opened([A, B, C]), liar)
    assert (found.outcome, found.counts["for"]) == ("for", 26)
