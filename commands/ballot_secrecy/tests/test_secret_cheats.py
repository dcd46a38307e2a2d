"""Eight ways for the bot itself to cheat, with its own key: each is found by who looks.

Each test first shows that the honest file passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.testing.talk import SIGNER
from commands.ballot_secrecy import ballot_votes
from commands.ballot_secrecy.files import log_chain, signed_outcome
from commands.ballot_secrecy.files import result as board
from commands.ballot_secrecy.files.evidence import Evidence, check_evidence
from commands.ballot_secrecy.files.formats import fingerprint
from commands.ballot_secrecy.files.log_chain import LogRow
from commands.ballot_secrecy.files.manifest import Manifest, RollProof
from commands.ballot_secrecy.files.receipt import Receipt, make_commitment
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_world import World, closes, on_roll, sign_head, voter

VOTED = 8
STRANGER = ("AAAAAAAAAAAAAAAA", "3:1")


class Honest:
    """An honest file, and what its voters hold."""

    def __init__(self, world: World, bundle: Bundle, proofs: list[RollProof]) -> None:
        self.bundle, self.manifest, self.proofs = bundle, world.manifest, proofs
        self.receipts = [world.receipts[voter(n)] for n in range(VOTED)]
        self.head: log_chain.LogHead | None = None


@pytest.fixture
async def honest(tmp_path: Path) -> Honest:
    return await _made(tmp_path / "minga.db")


async def _made(path: Path, **terms: Any) -> Honest:
    world = await World.start(path, 10, **terms)
    try:
        for n in range(VOTED):
            await world.vote(voter(n), f"{n % 2 + 1}:1", f"palabras {n}")
        bundle = await world.close()
        async with world.db.reading() as tx:
            proofs = [
                await ballot_votes.prove_roll(tx, world.number, on_roll(voter(n)))
                for n in range(10)
            ]
            head = await sign_head(tx, SIGNER, world.number, closes())
    finally:
        await world.talk.close()
    made = Honest(world, bundle, [p for p in proofs if p])
    assert head is not None
    rows = len(bundle.log)
    log_head = log_chain.list_heads(bundle.manifest.poll, bundle.log)[-1]
    made.head = head.model_copy(update={"rows": rows, "head": log_head}).sign(SIGNER)
    assert passes(bundle, *made.receipts, *made.proofs, made.head, made.manifest, bundle)
    return made


def passes(bundle: Bundle, *held: Evidence) -> bool:
    found = inspect_bundle(bundle)
    for one in held:
        found += check_evidence(bundle, one)
    return not any(f.weight in (FindingWeight.BAD, FindingWeight.GONE) for f in found)


def says(found: Sequence[Any], words: str) -> bool:
    return any(f.weight is not FindingWeight.FINE and words in f.line.msgid for f in found)


def signed_anew(
    bundle: Bundle,
    entries: Sequence[board.BoardEntry] | None = None,
    log: Sequence[LogRow] | None = None,
    manifest: Manifest | None = None,
    **more: Any,
) -> Bundle:
    """What a cheating bot would publish: made to fit together again, and signed with its key."""
    manifest = manifest.sign(SIGNER) if manifest else bundle.manifest
    entries = sorted(bundle.board if entries is None else entries)
    rows = list(bundle.log if log is None else log)
    ends = {"opened": manifest.hash, "closed": board.board_root(entries)}
    rows = [changed_row(row, what=ends.get(row[1], row[2])) for row in rows]
    counts = board.count_ballots(entries)
    changed: dict[str, Any] = {
        "manifest": manifest.hash,
        "turnout": len(entries),
        "roll_size": manifest.roll_size,
        "counts": counts,
        "board_root": board.board_root(entries),
        "rows": len(rows),
        "head": log_chain.list_heads(manifest.poll, rows)[-1],
        "excluded": log_chain.count_refusals(rows),
    }
    if "outcome" not in more:
        changed["outcome"] = signed_outcome.compute_outcome(manifest, counts)
    result = bundle.result.model_copy(update={**changed, **more}).sign(SIGNER)
    return bundle.model_copy(
        update={
            "manifest": manifest,
            "board": tuple(entries),
            "log": tuple(rows),
            "result": result,
        }
    )


def changed_row(row: LogRow, at: int | None = None, what: str | None = None) -> LogRow:
    salt = row[3] if len(row) == 4 else "00" * 10
    return (row[0] if at is None else at, row[1], row[2] if what is None else what, salt)


def without(bundle: Bundle, receipt: Receipt) -> list[board.BoardEntry]:
    return [entry for entry in bundle.board if entry[0] != receipt.tracker]


def test_signed_anew_without_a_change_is_the_honest_file(honest: Honest) -> None:
    """Else the tests below would show the clumsiness of the cheat, not the check."""
    assert signed_anew(honest.bundle) == honest.bundle


def test_drop(honest: Honest) -> None:
    assert passes(honest.bundle, *honest.receipts)
    victim = honest.receipts[3]
    left = without(honest.bundle, victim)
    assert says(inspect_bundle(signed_anew(honest.bundle, left)), "By the log")

    log = [row for row in honest.bundle.log if row[2] != victim.commitment]
    neat = signed_anew(honest.bundle, left, log)
    assert passes(neat), "by itself it looks true"
    assert says(check_evidence(neat, victim), "The log was changed")

    taken = [*honest.bundle.log[:-1], (int(closes().timestamp()), "withdrawn", victim.commitment)]
    sly = signed_anew(honest.bundle, left, [*taken, honest.bundle.log[-1]])
    assert passes(sly)
    assert says(check_evidence(sly, victim), "By the log you took this vote back")
    assert says(check_evidence(sly, victim), "Did you not?")
    assert all(passes(sly, other) for other in honest.receipts if other != victim)


def test_flip(honest: Honest) -> None:
    assert passes(honest.bundle, *honest.receipts)
    victim = honest.receipts[2]
    entries = [*without(honest.bundle, victim), (victim.tracker, "3:1")]
    cheat = signed_anew(honest.bundle, entries)
    assert passes(cheat), "by itself it looks true"
    assert says(check_evidence(cheat, victim), "was changed on the board")
    assert sum(not passes(cheat, receipt) for receipt in honest.receipts) == 1

    raw = honest.bundle.model_copy(update={"board": tuple(sorted(entries))})
    assert says(inspect_bundle(raw), "The board was changed")
    assert says(inspect_bundle(raw), "The counts do not fit")


async def test_stuff(honest: Honest, tmp_path: Path) -> None:
    assert passes(honest.bundle)
    more = [*honest.bundle.board, STRANGER]
    assert says(inspect_bundle(signed_anew(honest.bundle, more)), "By the log")

    opened, *middle, closed = honest.bundle.log
    invented: list[LogRow] = [
        (middle[0][0], "accepted", make_commitment(honest.manifest.poll, f"A{n}", "3:1", "00" * 16))
        for n in range(5)
    ]
    more = [*honest.bundle.board, *((f"{n}AAAAAAAAAAAAAAA", "3:1") for n in range(5))]
    crowd = signed_anew(honest.bundle, more, [opened, *middle, *invented, closed])
    assert says(inspect_bundle(crowd), "More votes than voters")

    named = await _made(tmp_path / "named.db", turnout="names")
    opened, *middle, closed = named.bundle.log
    abstained = named.proofs[9]
    assert says(check_evidence(named.bundle, abstained), "that you did not vote")
    names = (*named.bundle.result.names, abstained.leaf.hex())
    log = [opened, *middle, invented[0], closed]
    quiet = signed_anew(named.bundle, [*named.bundle.board, STRANGER], log)
    assert says(inspect_bundle(quiet), "name just as many people as voted")
    neat = signed_anew(named.bundle, [*named.bundle.board, STRANGER], log, names=names)
    assert says(check_evidence(neat, abstained), "says that you voted. Did you not?")


def test_clash(honest: Honest) -> None:
    """Two voters of one choice are shown the same line, and the one left over is the bot's."""
    assert passes(honest.bundle, *honest.receipts)
    first, second = honest.receipts[0], honest.receipts[2]
    assert first.choice == second.choice
    cheat = signed_anew(honest.bundle, [*without(honest.bundle, second), STRANGER])
    given = second.model_copy(update={"tracker": first.tracker}).sign(SIGNER)
    assert passes(cheat, first), "the first one sees nothing"
    assert says(check_evidence(cheat, given), "not made of its words")
    given = first.model_copy(update={"words": second.words}).sign(SIGNER)
    assert says(check_evidence(cheat, given), "not made of its words")
    asked = check_evidence(cheat, first)[-1]
    assert "Are they yours?" in asked.line.msgid
    assert asked.line.values["words"] == first.words != second.words


def test_changed_roll(honest: Honest) -> None:
    assert passes(honest.bundle, *honest.receipts, *honest.proofs, honest.manifest)
    changes = {"roll_size": honest.manifest.roll_size + 1, "roll_root": "ab" * 32}
    cheat = signed_anew(honest.bundle, manifest=honest.manifest.model_copy(update=changes))
    assert passes(cheat), "by itself it looks true"
    for receipt in honest.receipts:
        assert says(check_evidence(cheat, receipt), "under another opening")
    for proof in honest.proofs:
        assert says(check_evidence(cheat, proof), "the list was changed")
    assert says(check_evidence(cheat, honest.manifest), "not the opening that you kept")


def test_changed_log(honest: Honest) -> None:
    assert honest.head is not None
    assert passes(honest.bundle, *honest.receipts, honest.head)
    opened, first, *rest = honest.bundle.log
    later: list[LogRow] = [opened, changed_row(first, at=first[0] + 3600), *rest]
    raw = honest.bundle.model_copy(update={"log": tuple(later)})
    assert says(inspect_bundle(raw), "The log was changed")

    neat = signed_anew(honest.bundle, log=later)
    assert passes(neat), "by itself it looks true"
    for receipt in honest.receipts:
        assert says(check_evidence(neat, receipt), "The log was changed")
    assert says(check_evidence(neat, honest.head), "the log was another")


def test_late_ballot(honest: Honest) -> None:
    assert honest.head is not None
    assert passes(honest.bundle, honest.head)
    opened, *middle, closed = honest.bundle.log
    mine = make_commitment(honest.manifest.poll, *STRANGER, "00" * 16)
    entries = [*honest.bundle.board, STRANGER]
    late: LogRow = (int(closes().timestamp()) + 3600, "accepted", mine)
    assert says(
        inspect_bundle(signed_anew(honest.bundle, entries, [opened, *middle, late, closed])),
        "after the end",
    )
    open_again = signed_anew(honest.bundle, entries, [opened, *middle, closed, late, closed])
    assert says(inspect_bundle(open_again), "goes on after the end")
    until: LogRow = (late[0], "extended", str(late[0] + 3600))
    longer = signed_anew(honest.bundle, entries, [opened, *middle, until, late, closed])
    assert says(inspect_bundle(longer), "after the end")

    backdated: LogRow = (middle[-1][0], "accepted", mine)
    sly = signed_anew(honest.bundle, entries, [opened, *middle, backdated, closed])
    assert passes(sly), "by itself it looks true"
    assert says(check_evidence(sly, honest.head), "the log was another"), (
        "who kept the end's head sees it"
    )


def test_another_board_for_another_person(honest: Honest) -> None:
    assert passes(honest.bundle, honest.bundle)
    victim = honest.receipts[5]
    other = signed_anew(honest.bundle, [*without(honest.bundle, victim), (victim.tracker, "3:1")])
    assert passes(other), "by itself it looks true"
    assert passes(other, honest.receipts[0]), "and to the person it was shown to"
    assert says(check_evidence(other, honest.bundle), "signed two different results")
    assert says(check_evidence(honest.bundle, other), "signed two different results")
    assert fingerprint(other.result) != fingerprint(honest.bundle.result)


# --- and a few clumsier ones --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"counts": {"1:1": 8}}, "The counts do not fit"),
        ({"turnout": 7}, "By the log"),
        ({"roll_size": 12}, "another number of voters"),
        (
            {"outcome": {"verdict": "won", "winners": (3,), "ranking": ()}},
            "the outcome is another one",
        ),
        ({"excluded": {"late": 3}}, "other refused votes"),
        ({"poll": "00" * 16}, "belongs to another opening"),
    ],
)
def test_a_result_that_says_something_else(
    honest: Honest, what: dict[str, Any], words: str
) -> None:
    assert passes(honest.bundle)
    assert says(inspect_bundle(signed_anew(honest.bundle, **what)), words)


def test_a_file_signed_by_somebody_else(honest: Honest) -> None:
    assert passes(honest.bundle)
    forged = honest.bundle.result.model_copy(update={"signature": "A" * 86})
    assert says(
        inspect_bundle(honest.bundle.model_copy(update={"result": forged})), "under the result"
    )
    opening = honest.manifest.model_copy(update={"signature": ""})
    assert says(
        inspect_bundle(honest.bundle.model_copy(update={"manifest": opening})), "under the opening"
    )
    for certificate in ({}, {"user_id": 1}, {**honest.bundle.certificate, "signatures": {}}):
        own = honest.bundle.model_copy(update={"certificate": certificate})
        assert says(inspect_bundle(own), "does not belong to the bot's identity")
    receipt = honest.receipts[0].model_copy(update={"choice": "3:1"})
    assert says(check_evidence(honest.bundle, receipt), "was not signed by this bot")


def test_one_vote_twice_in_the_log_or_for_what_does_not_exist(honest: Honest) -> None:
    assert passes(honest.bundle)
    opened, first, *rest = honest.bundle.log
    entries = [*honest.bundle.board, STRANGER]
    twice = signed_anew(honest.bundle, entries, [opened, first, first, *rest])
    assert says(inspect_bundle(twice), "counts one vote twice")
    for choice in ("4:1", "2:1 1:1", "1:1 1:2"):
        odd = signed_anew(honest.bundle, [*honest.bundle.board[1:], ("ZZZZ", choice)], outcome={})
        assert says(inspect_bundle(odd), "does not allow"), choice
    double = [*honest.bundle.board[1:], honest.bundle.board[-1]]
    assert says(inspect_bundle(signed_anew(honest.bundle, double)), "twice on the board")
