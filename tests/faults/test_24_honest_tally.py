"""500 voters, 40 of them twice; then eight bots that cheat with their own key."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.testing.talk import SIGNER
from commands.ballot_secrecy import ballot_votes
from commands.ballot_secrecy.files import log_chain
from commands.ballot_secrecy.files.evidence import check_evidence
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests import test_secret_cheats as cheats
from commands.ballot_secrecy.tests.secret_world import World, closes, on_roll, sign_head, voter
from tests.faults.figures import Figure
from tests.links import test_lies
from tests.links.between import Between

VOTERS, AGAIN, SILENT = 503, 40, 3
"""Three of them do not vote: so few that five votes too many are more than there are voters."""
SECONDS = 5.0
MUTANTS: list[Callable[[cheats.Honest], None]] = [
    cheats.test_drop,
    cheats.test_flip,
    cheats.test_clash,
    cheats.test_changed_roll,
    cheats.test_changed_log,
    cheats.test_late_ballot,
]
"""Those of one file; stuffing and two faces have a world of their own beside it."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await World.start(tmp_path / "minga.db", VOTERS)
    yield made
    await made.talk.close()


async def voted(world: World) -> cheats.Honest:
    """Let nearly everybody vote and some change their vote.

    Return the result file, and what each voter holds.
    """
    chance = random.Random(24)  # noqa: S311
    voters = VOTERS - SILENT
    for n in range(voters):
        await world.vote(voter(n), f"{n % 2 + 1}:1", f"palabras {n}")
    for n in chance.sample(range(8, voters), AGAIN):
        await world.vote(voter(n), f"{n % 2 + 1}:1", f"otras {n}")
    bundle = await world.close()
    honest = cheats.Honest(world, bundle, [])
    honest.receipts = [world.receipts[voter(n)] for n in range(voters)]
    async with world.db.reading() as tx:
        proofs = [
            await ballot_votes.prove_roll(tx, world.number, on_roll(voter(n)))
            for n in range(VOTERS)
        ]
        head = await sign_head(tx, SIGNER, world.number, closes())
    honest.proofs = [proof for proof in proofs if proof]
    assert head is not None and len(honest.proofs) == VOTERS
    ends = log_chain.list_heads(bundle.manifest.poll, bundle.log)[-1]
    changed = {"rows": len(bundle.log), "head": ends}
    honest.head = head.model_copy(update=changed).sign(SIGNER)
    return honest


def verified(bundle: Bundle, honest: cheats.Honest) -> int:
    """Return how many receipts check against the file, read anew."""
    bundle = Bundle.model_validate_json(bundle.to_json())
    assert {found.weight for found in inspect_bundle(bundle)} == {FindingWeight.FINE}
    fine = [FindingWeight.FINE, FindingWeight.ASK]
    return sum([f.weight for f in check_evidence(bundle, r)] == fine for r in honest.receipts)


@pytest.mark.full  # make test has all parts of it, at 10 voters and at 500
async def test_cheats_are_caught(figure: Figure, world: World, tmp_path: Path) -> None:
    figure.mark("500 of 500 receipts verify within 5 s; 8 of 8 cheating bots caught")
    honest = await voted(world)
    began = time.process_time()
    right = verified(honest.bundle, honest)
    took = time.process_time() - began
    caught = 0
    for mutant in MUTANTS:
        mutant(honest)  # it asserts that the honest file passes and the cheat does not
        caught += 1
    await cheats.test_stuff(honest, tmp_path)
    cheats.test_another_board_for_another_person(honest)
    await two_totals(tmp_path / "joint")
    caught += 2
    voters = len(honest.receipts)
    figure.result(
        f"{right} of {voters} receipts verify in {took:.1f} s of processor time ({AGAIN} changed"
        f" their vote, {SILENT} of {VOTERS} did not vote); {caught} of 8 caught, two faces in a"
        " secret vote and in a decision of three networks alike",
        passed=right == voters and took <= SECONDS and caught == 8,
        receipts=right,
        seconds=round(took, 2),
        caught=caught,
    )


async def two_totals(folder: Path) -> None:
    """Let one of three networks tell two results: the others name it, and agree without it."""
    folder.mkdir()
    three = await Between.start(folder, "a", "b", "c", "d")
    try:
        await three.link("a", "b")
        await three.add("a", "c", "b")
        for name in ("a", "b", "c"):
            three.told(name)
        await test_lies.test_who_tells_two_totals_of_a_decision_is_named_and_the_others_agree(three)
    finally:
        await three.close()
