"""What a bot could do with weights, with its own key, and who finds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.api import UserId
from commands.ballot_secrecy import ballot_votes
from commands.ballot_secrecy.files.evidence import check_evidence
from commands.ballot_secrecy.files.manifest import RollProof
from commands.ballot_secrecy.files.receipt import Receipt
from commands.ballot_secrecy.files.result import BoardEntry, Bundle
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_world import Start
from commands.ballot_secrecy.tests.test_secret_cheats import passes, says, signed_anew
from commands.poll_book.voter_store import Voter

WEIGHTS = [1] * 6 + [4] * 6
FILE = "board has as many votes"


@dataclass(slots=True)
class Honest:
    bundle: Bundle
    receipts: list[Receipt]
    proof: RollProof

    def forged(self, entries: list[BoardEntry], **more: Any) -> Bundle:
        """The file with another board, made to fit and signed again."""
        return signed_anew(self.bundle, entries, **{"turnout": 10, **more})


@pytest.fixture
async def honest(path: Path, start: Start) -> Honest:
    """Five of six of each weight voted."""
    world = await start(path, 0, organised=WEIGHTS)
    receipts = []
    for n, weight in enumerate(WEIGHTS):
        if n not in (5, 11):
            who = UserId(f"org:{n}")
            choice, by = f"{n % 2 + 1}:1", f"@d{n}:test"
            receipts.append(await world.vote(who, choice, f"voz {n}", weight=weight, by=by))
    async with world.db.reading() as tx:
        proof = await ballot_votes.prove_roll(tx, world.number, Voter("org:7", "Org 7", 4, None))
    assert proof is not None
    made = Honest(await world.close(), receipts, proof)
    assert passes(made.bundle, *receipts, proof)
    return made


def test_each_unit_of_a_weight_has_a_code_of_its_own(honest: Honest) -> None:
    codes = [code for receipt in honest.receipts for code in receipt.trackers]
    assert sorted(codes) == [code for code, _choice in honest.bundle.board]
    assert len(set(codes)) == 5 + 5 * 4
    heavy = honest.receipts[-1]
    assert says_fine(honest, heavy, "stands on {count} lines")


def says_fine(honest: Honest, receipt: Receipt, words: str) -> bool:
    found = check_evidence(honest.bundle, receipt)
    return any(words in f.line.msgid for f in found if f.weight is FindingWeight.FINE)


def test_a_unit_that_is_dropped_is_found(honest: Honest) -> None:
    gone = honest.receipts[-1].trackers[2]
    entries = [entry for entry in honest.bundle.board if entry[0] != gone]
    forged = honest.forged(entries)
    assert says(inspect_bundle(forged), "board was changed")
    less = honest.forged(entries, voted={"1": 6, "4": 4})
    assert not passes(less), "then it has a line too many"
    assert says(check_evidence(forged, honest.receipts[-1]), "was dropped")


def test_a_unit_that_is_changed_is_found_by_its_voter(honest: Honest) -> None:
    mine = honest.receipts[-1].trackers[3]
    entries = [(code, "3:1" if code == mine else choice) for code, choice in honest.bundle.board]
    forged = honest.forged(entries)
    assert not [f for f in inspect_bundle(forged) if f.weight is FindingWeight.BAD]
    assert says(check_evidence(forged, honest.receipts[-1]), "was changed on the board")


def test_more_of_a_weight_than_there_are_is_found(honest: Honest) -> None:
    stuffed = [*honest.bundle.board, *((f"AAAAAAAAAAAAAAA{n}", "3:1") for n in range(6))]
    forged = honest.forged(stuffed, voted={"1": 3, "4": 7})
    assert says(inspect_bundle(forged), "weights of those who voted")
    for voted in (None, {"1": 5, "4": 4}, {"1": 5, "4": 5, "9": 0}):
        assert not passes(honest.forged(list(honest.bundle.board), voted=voted)), voted


def test_another_weight_on_the_roll_is_found_by_who_has_it(honest: Honest) -> None:
    lighter = honest.proof.model_copy(update={"weight": 1})
    assert says(check_evidence(honest.bundle, lighter), "not among the voters")
    as_person = honest.proof.model_copy(update={"weight": None})
    assert not passes(honest.bundle, as_person)


def test_weights_that_are_not_written_as_they_should_be_are_a_finding(honest: Honest) -> None:
    for weights in ("1*6", "4*6 1*6", "1*6 4*6 4*6", "x"):
        rule = {**honest.bundle.manifest.rule, "weights": weights}
        manifest = honest.bundle.manifest.model_copy(update={"rule": rule})
        forged = honest.forged(list(honest.bundle.board), manifest=manifest)
        assert says(inspect_bundle(forged), "weights of those who voted"), weights
