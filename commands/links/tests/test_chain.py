"""The chain of a network: each message once, in order, whatever the way does to it; lies show."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Signer, UserId
from commands.links.connection import comparison_code
from commands.links.protocol import envelope
from commands.links.protocol.chain import (
    MOST_AHEAD,
    MOST_WANTED,
    ChainHead,
    ChainPosition,
    chain_position,
    first_gap,
    is_restart,
)
from commands.links.protocol.envelope import (
    FIRST,
    LARGEST,
    InvalidMessage,
    NetworkEnvelope,
    UnknownVersion,
)
from commands.links.protocol.outbound import new_id

LINK = "a" * 32


def a_signer(seed: int) -> Signer:
    return Signer.from_seed(UserId(f"@bot{seed}:x"), bytes([seed]) * 32, lambda named: named)


def a_chain(signer: Signer, count: int, prev: str = FIRST, after: int = 0) -> list[NetworkEnvelope]:
    made = []
    for seq in range(after + 1, after + count + 1):
        one = NetworkEnvelope(
            link=LINK,
            network=signer.public,
            seq=seq,
            prev=prev,
            kind="share",
            id="b" * 32,
            body={"n": seq},
        ).sign_with(signer)
        made.append(one)
        prev = one.hash
    return made


def walk(heard: list[NetworkEnvelope], asked: dict[int, NetworkEnvelope]) -> list[int]:
    """What takes effect: each is placed, what is early waits, what is missing is asked for."""
    head, held, waiting, done = (
        ChainHead(),
        dict[int, str](),
        dict[int, NetworkEnvelope](),
        list[int](),
    )
    queue = list(heard)
    while queue:
        one = queue.pop(0)
        where = chain_position(head, held.get(one.seq), one)
        if where is ChainPosition.EARLY:
            waiting[one.seq] = one
        elif where is ChainPosition.NEXT:
            head, held[one.seq] = ChainHead(one.seq, one.hash), one.hash
            done.append(one.seq)
            if (after := waiting.pop(one.seq + 1, None)) is not None:
                queue.insert(0, after)
        else:
            assert where is ChainPosition.KNOWN
        gap = first_gap(head, list(waiting), 0)
        if gap is not None and not queue:
            queue += [asked[seq] for seq in range(gap[0], gap[1] + 1)]
    return done


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.floats(0, 0.9))
def test_each_takes_effect_once_and_in_order(seed: int, count: int, lost: float) -> None:
    chance = random.Random(seed)  # noqa: S311
    chain = a_chain(a_signer(1), count)
    way = [one for one in chain * 2 if chance.random() > lost] + [chain[-1]]
    chance.shuffle(way)
    assert walk(way, {one.seq: one for one in chain}) == list(range(1, count + 1))


def test_another_message_in_the_same_place_or_another_past_is_a_fork() -> None:
    signer = a_signer(1)
    chain = a_chain(signer, 3)
    head = ChainHead(2, chain[1].hash)
    other = chain[1].model_copy(update={"body": {"n": 9}}).sign_with(signer)
    assert chain_position(head, chain[1].hash, other) is ChainPosition.FORK
    past = chain[2].model_copy(update={"prev": "0" * 63 + "1"}).sign_with(signer)
    assert chain_position(head, None, past) is ChainPosition.FORK
    assert chain_position(head, None, chain[2]) is ChainPosition.NEXT
    assert chain_position(head, chain[1].hash, chain[1]) is ChainPosition.KNOWN
    assert chain_position(head, None, chain[0]) is ChainPosition.KNOWN


def test_what_is_far_ahead_is_not_kept_and_little_is_asked_for_at_once() -> None:
    signer = a_signer(1)
    (far,) = a_chain(signer, 1, after=MOST_AHEAD + 1)
    assert chain_position(ChainHead(), None, far) is ChainPosition.FAR
    assert first_gap(ChainHead(), [MOST_AHEAD], 0) == (1, MOST_WANTED)
    assert first_gap(ChainHead(), [], MOST_AHEAD + 2) == (1, MOST_WANTED)
    assert first_gap(ChainHead(4, "a"), [3, 5], 5) is None
    assert first_gap(ChainHead(4, "a"), [9, 7], 9) == (5, 6)
    assert first_gap(ChainHead(4, "a"), [], 4) is None


def test_only_what_was_signed_by_its_network_is_genuine() -> None:
    (one,) = a_chain(a_signer(1), 1)
    assert envelope.parse_envelope(one.content()) == one
    assert envelope.parse_envelope({**one.content(), "org.minga.letter": "a mark"}) == one
    assert one.is_genuine()
    for change in (
        {"seq": 2},
        {"body": {"n": 2}},
        {"network": a_signer(2).public},
        {"sig": ""},
        {"link": "c" * 32},
        {"kind": "bye"},
        {"prev": "1" * 64},
    ):
        assert not one.model_copy(update=change).is_genuine(), change


@pytest.mark.parametrize(
    "change",
    [
        {"v": 0},
        {"v": True},
        {"v": "1"},
        {"seq": 0},
        {"seq": -1},
        {"seq": 2**60},
        {"seq": 1.0},
        {"network": "x"},
        {"prev": "F" * 64},
        {"kind": "Ho"},
        {"kind": "a" * 31},
        {"id": "b"},
        {"body": []},
        {"body": {"a": 1.5}},
        {"body": {"a": True}},
        {"body": {"a": None}},
        {"body": {"é": 1}},
        {"body": {"a": 2**60}},
        {"body": {"a": "\ud800"}},
        {"body": {"a": "é" * (LARGEST // 6)}},
        {"sig": None},
    ],
)
def test_what_is_no_message_of_a_network_is_refused(change: dict[str, object]) -> None:
    (one,) = a_chain(a_signer(1), 1)
    with pytest.raises(InvalidMessage):
        envelope.parse_envelope({**one.content(), **change})


def test_what_is_nested_deep_is_refused_before_it_is_read() -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    (one,) = a_chain(a_signer(1), 1)
    with pytest.raises(InvalidMessage, match="deep"):
        envelope.parse_envelope({**one.content(), "body": deep})


def test_a_version_to_come_is_told_apart() -> None:
    (one,) = a_chain(a_signer(1), 1)
    with pytest.raises(UnknownVersion):
        envelope.parse_envelope({**one.content(), "v": 2, "news": 1})


def test_the_code_is_the_same_for_both_and_another_one_for_a_third() -> None:
    one = comparison_code.CodeSide("@a:a", "Ma", "Ka", new_id())
    two = comparison_code.CodeSide("@b:b", "Mb", "Kb", new_id())
    assert comparison_code.code_of_sides(one, two) == comparison_code.code_of_sides(two, one)
    assert len(comparison_code.code_of_sides(one, two).replace(" ", "")) == 12
    for change in ("bot", "master", "key", "nonce"):
        from dataclasses import replace

        assert comparison_code.code_of_sides(
            replace(one, **{change: "other"}), two
        ) != comparison_code.code_of_sides(one, two)
        assert comparison_code.number_commitment(
            replace(one, **{change: "other"})
        ) != comparison_code.number_commitment(one)


def test_the_farthest_message_that_waits_is_the_last_one_within_reach() -> None:
    head = ChainHead(5, "c" * 64)
    (one,) = a_chain(a_signer(1), 1, after=4 + MOST_AHEAD + 1)
    assert one.seq == 5 + MOST_AHEAD + 1
    assert chain_position(head, None, one) is ChainPosition.FAR
    (one,) = a_chain(a_signer(1), 1, after=4 + MOST_AHEAD)
    assert chain_position(head, None, one) is ChainPosition.EARLY


def test_only_a_beginning_from_a_backup_far_ahead_is_a_restart() -> None:
    head = ChainHead(5, "c" * 64)
    (one,) = a_chain(a_signer(1), 1, after=6)
    again = one.model_copy(update={"kind": "again"})
    assert is_restart(head, again)
    assert not is_restart(head, one), "of another kind"
    assert not is_restart(head, again.model_copy(update={"prev": "d" * 64})), "names one before"
    for seq in (1, 5, 6):
        assert not is_restart(head, again.model_copy(update={"seq": seq})), "not ahead"


def test_a_gap_is_between_the_head_and_what_waits_or_was_heard_of() -> None:
    head = ChainHead(5, "c" * 64)
    assert first_gap(head, [], 5) is None
    assert first_gap(head, [5], 5) is None
    assert first_gap(head, [6], 9) is None
    assert first_gap(head, [], 6) == (6, 6)
    assert first_gap(head, [5, 8, 9], 9) == (6, 7)
    assert first_gap(head, [900], 900) == (6, 5 + MOST_WANTED)
