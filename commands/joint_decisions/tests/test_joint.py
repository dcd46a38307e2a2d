"""Joint decisions: the same statement everywhere, however the messages came; lies are named."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from commands.joint_decisions.joint_proposal import ONE_VOTE_EACH
from commands.joint_decisions.statement import Board, JointStatement, work_out_statement
from commands.joint_decisions.terms import (
    AGAINST,
    FOR,
    Commitment,
    JointTerms,
    NetworkResult,
    Reveal,
    SeenReveals,
    TermsAnswer,
    TermsNetwork,
    decode_bits,
    encode_bits,
    seal_result,
)

WRONG: tuple[dict[str, object], ...] = (
    {"closes": 9},
    {"options": ("a",)},
    {"options": ("a", "a")},
    {"share": 400},
    {"proposer": "9" * 43},
    {"networks": ()},
    {"count": "all"},
    {"title": ""},
    {"most": 2},
    {"points": 5},
    {"method": "score"},
    {"options": ("a", "b"), "most": 3},
    {"options": ("a", "b"), "most": 0},
    {"options": ("a", "b"), "points": 5},
    {"options": ("a", "b"), "method": "score"},
    {"options": ("a", "b"), "share": 667},
    {"options": ("a", "b"), "method": "score", "points": 101},
    {"options": ("a", "b" * 241)},
    {"options": ("a", "b"), "method": "dots", "points": 5, "most": 2},
    {"majority": "4/6"},
    {"majority": "3/2"},
    {"majority": "1/0"},
    {"majority": "most"},
    {"majority": "2/3", "share": 667},
    {"majority": "2/3", "options": ("a", "b")},
    {"quorum": "0"},
    {"quorum": "5/4"},
    {"quorum": "60%"},
    {"quorum": "5", "options": ("a", "b")},
    {"options": tuple(map(str, range(21)))},
    {"options": ("a", "b"), "method": "ranked"},
)


def keys(count: int) -> list[str]:
    return sorted(f"{n:043d}" for n in range(count))


def terms(size: int = 3, **more: object) -> JointTerms:
    known = keys(size)
    given = {
        "id": "a" * 32,
        "proposer": known[0],
        "title": "Carta por el agua",
        "count": "sum",
        "answer_by": 1,
        "closes": 2,
        "commit_by": 3,
        "reveal_by": 4,
        "networks": tuple(TermsNetwork(key=k, name=f"Red {n}") for n, k in enumerate(known)),
        **more,
    }
    return JointTerms.model_validate(given)


def a_result(about: JointTerms, key: str, counts: Mapping[str, int], outcome: str) -> NetworkResult:
    votes = sum(counts.values())
    return NetworkResult(
        terms=about.hash,
        network=key,
        roll=votes + 9,
        weight=votes + 9,
        turnout=votes,
        counts=dict(counts),
        outcome=outcome,
    )


def honest(about: JointTerms, counted: Mapping[str, tuple[Mapping[str, int], str]]) -> Board:
    """All say everything in time."""
    board = Board(about, about.keys)
    every = encode_bits(about.keys, counted)
    for key, (counts, outcome) in counted.items():
        result, nonce = a_result(about, key, counts, outcome), "c" * 32
        board.commits[key] = Commitment(terms=about.hash, sealed=seal_result(result, nonce))
        board.reveals[key] = Reveal(result=result, nonce=nonce, commits=every)
        board.seen[key] = SeenReveals(terms=about.hash, reveals=every)
    return board


def of_issue(about: JointTerms) -> Board:
    one, two, _three = about.keys
    votes = {one: ({FOR: 31, AGAINST: 4}, FOR), two: ({FOR: 12, AGAINST: 15}, AGAINST)}
    return honest(about, votes)


def states(found: JointStatement) -> list[str]:
    return [one.state for one in found.parts]


def test_a_silent_network_is_shown_and_the_others_are_counted() -> None:
    found = work_out_statement(of_issue(terms()))
    assert states(found) == ["counted", "counted", "silent"]
    assert found.counts == {"for": 43, "against": 19, "abstain": 0}
    assert found.outcome == FOR
    networks = work_out_statement(of_issue(terms(count="networks")))
    assert networks.counts == {"for": 1, "against": 1, "abstain": 0}
    assert networks.outcome == AGAINST, "a tie does not carry"
    assert work_out_statement(of_issue(terms(share=667))).outcome == FOR
    assert work_out_statement(of_issue(terms(share=700))).outcome == AGAINST
    assert work_out_statement(of_issue(terms(least=3))).outcome == "none"


def test_options_and_their_tie() -> None:
    about = terms(2, options=("Norte", "Sur"))
    one, two = about.keys
    north = {one: ({"1": 3, "2": 0}, "1")}
    tie = work_out_statement(honest(about, north | {two: ({"1": 0, "2": 3}, "2")}))
    assert (tie.outcome, tie.counts) == ("tie", {"1": 3, "2": 3})
    assert work_out_statement(honest(about, north | {two: ({"1": 0, "2": 4}, "2")})).outcome == "2"
    nothing = {one: ({"1": 0, "2": 0}, "")}
    assert work_out_statement(honest(about, nothing)).outcome == "none"


def test_of_options_each_network_has_one_vote_and_a_tie_at_home_none() -> None:
    about = terms(3, options=("Norte", "Sur", "Este"), count="networks")
    one, two, three = about.keys
    votes = {
        one: ({"1": 30, "2": 1, "3": 0}, "1"),
        two: ({"1": 4, "2": 5, "3": 0}, "2"),
        three: ({"1": 0, "2": 2, "3": 2}, ""),
    }
    found = work_out_statement(honest(about, votes))
    assert (found.outcome, found.counts) == ("tie", {"1": 1, "2": 1, "3": 0})
    votes[three] = {"1": 0, "2": 3, "3": 2}, "2"
    assert work_out_statement(honest(about, votes)).outcome == "2"


FORGED: dict[str, dict[str, Any]] = {
    "more votes than voters": {"counts": {"1": 3, "2": 2}},
    "more for one than voters": {"counts": {"1": 5, "2": 0}},
    "an option nobody asked about": {"counts": {"1": 1, "2": 1, "3": 1}},
    "an option left out": {"counts": {"1": 3}},
    "for, where there is no for": {"counts": {"1": 1, "2": 0, "for": 1}},
    "votes where nobody voted": {"turnout": 0},
    "more voters than may vote": {"turnout": 99},
    "weights beyond all people": {"weight": 2**53 - 1, "counts": {"1": 2**53 - 1, "2": 0}},
    "stands for what lost": {"outcome": "2"},
    "stands for one of two that are equal": {"counts": {"1": 2, "2": 2}},
    "stands for an option that is none": {"outcome": "7"},
    "stands for what has no vote": {"counts": {"1": 0, "2": 0}},
}


@pytest.mark.parametrize("lie", FORGED)
def test_totals_of_options_that_can_not_be_true_are_refused(lie: str) -> None:
    about = terms(2, options=("Norte", "Sur"))
    one, two = about.keys
    board = honest(about, {one: ({"1": 3, "2": 1}, "1"), two: ({"1": 3, "2": 1}, "1")})
    assert states(work_out_statement(board)) == ["counted", "counted"]
    reveal = board.reveals[two]
    other = reveal.result.model_copy(update=FORGED[lie])
    board.reveals[two] = reveal.model_copy(update={"result": other})
    board.commits[two] = Commitment(terms=about.hash, sealed=seal_result(other, reveal.nonce))
    found = work_out_statement(board)
    assert states(found) == ["counted", "impossible"]
    assert found.counts == {"1": 3, "2": 1}


@pytest.mark.parametrize(
    ("more", "most", "beyond"),
    [
        ({"most": 2}, {"1": 4, "2": 4, "3": 0}, {"1": 4, "2": 4, "3": 1}),
        ({"most": 2}, {"1": 4, "2": 2, "3": 2}, {"1": 5, "2": 1, "3": 0}),
        ({"method": "score", "points": 5}, {"1": 20, "2": 20, "3": 19}, {"1": 21, "2": 0, "3": 0}),
        ({"method": "dots", "points": 10}, {"1": 40, "2": 0, "3": 0}, {"1": 20, "2": 20, "3": 1}),
    ],
)
def test_four_voters_give_no_more_than_they_have(
    more: dict[str, Any], most: dict[str, int], beyond: dict[str, int]
) -> None:
    about = terms(2, options=("Norte", "Sur", "Este"), **more)
    given = {
        "terms": about.hash,
        "network": about.keys[0],
        "roll": 9,
        "weight": 9,
        "turnout": 4,
        "outcome": "",
    }
    assert NetworkResult.model_validate(given | {"counts": most}).is_possible(about)
    assert not NetworkResult.model_validate(given | {"counts": beyond}).is_possible(about)
    with pytest.raises(ValidationError):
        NetworkResult.model_validate(given | {"counts": most | {"1": -1}})


def test_terms_for_or_against_have_the_same_bytes_as_ever() -> None:
    """What came with the options is not in them, so old signatures hold."""
    assert set(terms().model_dump()) == {
        "type",
        "v",
        "id",
        "proposer",
        "title",
        "about",
        "options",
        "count",
        "share",
        "least",
        "answer_by",
        "closes",
        "commit_by",
        "reveal_by",
        "networks",
    }
    assert terms().hash == "495904e795ea5fdb386c8c7d7053646aadc9240e248bdc1c60007a969bbbf247"
    assert set(TermsAnswer(terms="a" * 64, answer="yes").model_dump()) == {"terms", "answer"}


def test_nobody_counts_by_their_own_word_alone() -> None:
    """The commitment, then the result, must have reached another network in time."""
    about = terms()
    one, two, three = about.keys
    board = of_issue(about)
    alone = encode_bits(about.keys, [two])
    board.reveals[one] = board.reveals[one].model_copy(
        update={"commits": encode_bits(about.keys, [one])}
    )
    assert states(work_out_statement(board)) == ["counted", "silent", "silent"]
    board = of_issue(about)
    board.seen[one] = SeenReveals(terms=about.hash, reveals=encode_bits(about.keys, [one]))
    board.seen[two] = SeenReveals(terms=about.hash, reveals=alone + "")
    assert states(work_out_statement(board)) == ["late", "late", "silent"]
    board.seen[three] = SeenReveals(terms=about.hash, reveals=encode_bits(about.keys, [one, two]))
    assert states(work_out_statement(board)) == ["counted", "counted", "silent"], "it only grows"


@pytest.mark.parametrize("lie", ["another total", "another network", "impossible", "never opened"])
def test_what_is_not_what_was_sealed_is_refused_by_name(lie: str) -> None:
    about = terms()
    one, two, _ = about.keys
    board = of_issue(about)
    reveal = board.reveals[two]
    if lie == "another total":
        other = reveal.result.model_copy(update={"counts": {FOR: 27, AGAINST: 0}})
    elif lie == "another network":
        other = board.reveals[one].result
    else:
        other = reveal.result.model_copy(update={"turnout": reveal.result.roll + 1})
        fake = Commitment(terms=about.hash, sealed=seal_result(other, reveal.nonce))
        board.commits[two] = fake
    board.reveals[two] = reveal.model_copy(update={"result": other})
    if lie == "never opened":
        del board.reveals[two]
    found = work_out_statement(board)
    assert states(found)[1] == ("sealed" if lie == "never opened" else "altered")
    assert found.counts[FOR] == 31


@pytest.mark.parametrize(
    "wrong",
    [
        {"weight": 2**53 - 1, "counts": {FOR: 2**53 - 1}},
        {"weight": 40, "counts": {FOR: 39, AGAINST: 39}},
    ],
)
def test_numbers_that_can_not_be_true_are_refused_and_break_nothing(
    wrong: dict[str, object],
) -> None:
    about = terms()
    two = about.keys[1]
    board = of_issue(about)
    reveal = board.reveals[two]
    other = reveal.result.model_copy(update=wrong)
    board.reveals[two] = reveal.model_copy(update={"result": other})
    board.commits[two] = Commitment(terms=about.hash, sealed=seal_result(other, reveal.nonce))
    found = work_out_statement(board)
    assert states(found)[1] == "altered"
    assert found.counts[FOR] == 31


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ({"majority": "2/3"}, FOR),
        ({"majority": "7/10"}, AGAINST),
        ({"majority": "43/62"}, FOR),
        ({"majority": "absolute"}, FOR),
        ({"majority": "1/1"}, AGAINST),
        ({"quorum": "3/4"}, FOR),
        ({"quorum": "4/5"}, "none"),
        ({"quorum": "62"}, FOR),
        ({"quorum": "63"}, "none"),
        ({"count": "networks", "majority": "1/2"}, FOR),
        ({"count": "networks", "majority": "absolute"}, AGAINST),
        ({"count": "networks", "quorum": "4/5", "majority": "1/2"}, FOR),
    ],
)
def test_the_rule_is_the_one_that_was_chosen_to_the_vote(
    rule: Mapping[str, object], outcome: str
) -> None:
    """43 for, 19 against, 62 of 80 voted; one network of two is for it."""
    about = JointTerms.model_validate({**terms().model_dump(), **rule})
    assert work_out_statement(of_issue(about)).outcome == outcome


def test_terms_that_make_no_sense_cannot_be_written() -> None:
    for wrong in WRONG:
        with pytest.raises(ValidationError):
            JointTerms.model_validate({**terms().model_dump(), **wrong})


def test_whoever_did_not_sign_changes_nothing_for_those_who_did() -> None:
    about = terms()
    _one, two, three = about.keys
    votes = {two: ({FOR: 1}, FOR), three: ({FOR: 2}, FOR)}
    board = honest(about, votes)
    board.participants = (two, three)
    found = work_out_statement(board)
    assert states(found) == ["counted", "counted"]
    assert found.counts[FOR] == 3


def test_who_is_left_alone_is_counted_by_their_own_word() -> None:
    about = terms()
    two = about.keys[1]
    board = of_issue(about)
    del board.reveals[two], board.seen[two]
    found = work_out_statement(board)
    assert states(found) == ["counted", "sealed", "silent"]
    assert found.counts == {"for": 31, "against": 4, "abstain": 0}


def test_360_networks_with_a_tenth_silent_in_any_order() -> None:
    """The same bytes whatever came first, and in little time: it grows with the networks."""
    about = terms(360)
    chance = random.Random(7)  # noqa: S311
    votes = {key: ({FOR: chance.randrange(200), AGAINST: 90}, FOR) for key in about.keys}
    for key in chance.sample(about.keys, 36):
        del votes[key]
    board = honest(about, votes)
    first = work_out_statement(board)
    for said in (board.commits, board.reveals, board.seen):
        order = list(said.items())
        chance.shuffle(order)
        said.clear()
        said.update(order)  # type: ignore[arg-type]
    assert work_out_statement(board).hash == first.hash
    assert states(first).count("silent") == 36
    assert first.counts[FOR] == sum(counts[FOR] for counts, _ in votes.values())


def test_bits_name_whom_they_name() -> None:
    order = keys(9)
    assert decode_bits(order, encode_bits(order, order[3:5])) == set(order[3:5])
    assert encode_bits(order, []) == "0"
    assert decode_bits(order, "") == frozenset()
    assert decode_bits(order, "f" * 1024) == set(order)


@pytest.mark.parametrize(
    "said",
    [
        "57 por redes",
        "57 con Red Sur por redes",
        "57 por redes con Red Sur",
        "57 by network",
        "57 con Red Sur, un voto por red",
        "57 com Red Sur, um voto por rede",
        "57 votos por rede",
        "57 with Red Sur, one vote per network",
        "57 una red un voto",
        "57 uma rede um voto",
        "57 with Red Sur each network one vote",
    ],
)
def test_that_each_network_has_one_vote_is_said_anywhere_and_is_no_name(said: str) -> None:
    rest, found = ONE_VOTE_EACH.subn("", said, 1)
    assert found
    assert rest in ("57", "57 con Red Sur", "57 com Red Sur", "57 with Red Sur")
    assert not ONE_VOTE_EACH.search("57 con Red Sur"), "a network may be called so"


@pytest.mark.parametrize(
    ("majority", "count", "yes", "no", "fits"),
    [
        ("", "networks", 1, 100, False),
        ("", "networks", 2, 1, True),
        ("2/3", "networks", 65, 35, False),
        ("2/3", "networks", 2, 1, True),
        ("", "sum", 1, 100, True),
    ],
)
def test_no_network_is_for_it_by_one_vote_of_a_hundred(
    majority: str, count: str, yes: int, no: int, fits: bool
) -> None:
    keys = ("A" * 43, "B" * 43)
    terms = JointTerms.model_validate(
        {
            "id": "a" * 32,
            "proposer": keys[0],
            "title": "Letter",
            "count": count,
            "majority": majority,
            "answer_by": 1,
            "closes": 2,
            "commit_by": 3,
            "reveal_by": 4,
            "networks": tuple(TermsNetwork(key=key, name=key[0]) for key in keys),
        }
    )
    result = NetworkResult(
        terms=terms.hash,
        network=keys[0],
        roll=200,
        weight=200,
        turnout=yes + no,
        counts={FOR: yes, AGAINST: no},
        outcome=FOR,
    )
    assert result.is_possible(terms) is fits
