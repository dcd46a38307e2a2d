"""Secret ballots from opening to shredding: what counts, what a voter sees, what is left."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Number, UserId
from bot.testing.talk import SIGNER, START_TIME
from commands.ballot_secrecy import ballot_end_store, ballot_store, ballot_votes
from commands.ballot_secrecy.files import log_chain
from commands.ballot_secrecy.files.evidence import check_evidence
from commands.ballot_secrecy.files.receipt import Receipt
from commands.ballot_secrecy.files.result import Bundle, board_root
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests import secret_world
from commands.ballot_secrecy.tests.secret_talk import dump
from commands.ballot_secrecy.tests.secret_world import Start, closes, on_roll, pages, voter
from commands.decision_rules.thresholds import Quorum
from commands.poll_book import poll_store
from storage.database import Tx


def weights(bundle: Bundle, *evidence: object) -> set[FindingWeight]:
    """How the file, and what people hold against it, is judged."""
    found = inspect_bundle(bundle)
    for held in evidence:
        found += check_evidence(bundle, held)  # type: ignore[arg-type]
    return {finding.weight for finding in found}


async def _receipt(tx: Tx, number: Number, person: UserId) -> Receipt | None:
    kept = await ballot_votes.own_vote(tx, number, person)
    return kept.receipt if kept else None


async def test_every_receipt_of_500_voters_checks_and_nothing_links_after_shredding(
    path: Path, start: Start
) -> None:
    world = await start(path, 500)
    chance = random.Random(7)  # noqa: S311
    for n in range(500):
        await world.vote(voter(n), f"{chance.randint(1, 3)}:1", f"palabras {n} de alguien")
    for n in chance.sample(range(500), 40):
        await world.vote(voter(n), f"{chance.randint(1, 3)}:1", f"otras palabras {n}")
    bundle = Bundle.model_validate_json((await world.close()).to_json())
    assert bundle.result.turnout == 500
    assert weights(bundle) == {FindingWeight.FINE}
    for receipt in world.receipts.values():
        found = check_evidence(bundle, receipt)
        assert [f.weight for f in found] == [FindingWeight.FINE, FindingWeight.ASK]
        assert found[1].line.values["words"] == receipt.words
    assert len(world.older) == 40
    for receipt in world.older:
        assert check_evidence(bundle, receipt)[0].weight is FindingWeight.GONE

    async with world.db.reading() as tx:
        ballot = await ballot_store.get_ballot(tx, world.number)
    assert ballot is not None
    assert ballot.box is not None
    linking = [ballot.box.key, *(ballot.box.mark(voter(n)) for n in range(500))]
    linking += [voter(n).encode() for n in range(500)]
    linking += [r.secret.encode() for r in (*world.receipts.values(), *world.older)]
    before = pages(path)
    assert ballot.box.key in before, "the search finds what is there"
    assert all(ballot.box.mark(voter(n)) in before for n in range(500))
    assert all(voter(n).encode() in before for n in range(500))

    await world.shred()
    after = pages(path)
    assert [secret for secret in linking if secret in after] == []
    dump = await world.dump()
    assert b"Norte" in after, "the search still reads what is meant to stay"
    assert "far.example" not in dump
    assert not any(r.secret in dump or r.words in dump for r in world.receipts.values())
    async with world.db.reading() as tx:
        assert await _receipt(tx, world.number, voter(3)) is None
        kept = await ballot_end_store.get_bundle(tx, world.number)
    assert kept == bundle


async def test_whatever_people_do_the_last_vote_of_each_counts_once(
    path: Path, start: Start
) -> None:
    chance = random.Random(11)  # noqa: S311
    for run in range(8):
        world = await start(path.with_name(f"{run}.db"), 12)
        counts: dict[int, str] = {}
        for _step in range(60):
            n, choice = chance.randrange(12), f"{chance.randint(1, 3)}:1"
            async with world.db.transaction() as tx:
                if chance.random() < 0.3:
                    gone = await ballot_votes.withdraw_vote(
                        tx, world.number, voter(n), START_TIME.at
                    )
                    assert gone == (n in counts)
                    counts.pop(n, None)
                else:
                    await ballot_votes.cast_vote(
                        tx, SIGNER, world.number, voter(n), choice, "", START_TIME.at
                    )
                    counts[n] = choice
                ballot = await ballot_store.get_ballot(tx, world.number)
                assert ballot is not None
                assert (await poll_store.get_poll(tx, world.number)).turnout == len(counts)
                assert [
                    await _receipt(tx, world.number, voter(v)) is not None for v in range(12)
                ] == [v in counts for v in range(12)]
        bundle = await world.close()
        assert bundle.result.counts == Counter(counts.values())
        assert FindingWeight.BAD not in weights(bundle)


async def test_without_the_key_neither_voter_nor_vote_can_be_read(path: Path, start: Start) -> None:
    world = await start(path, 3, asks={"most": 3})
    got = await world.vote(voter(1), "2:1", "ceniza", reason="porque llueve")
    async with world.db.reading() as tx:
        row = await tx.one("SELECT * FROM ballot_secrecy_vote")
    assert row is not None
    sealed = bytes(row["mark"]) + bytes(row["sealed"])
    for told in (voter(1), got.tracker, got.secret, "ceniza", "llueve", '"2:1"'):
        assert told.encode() not in sealed
    longer = await world.vote(voter(2), "1:1 2:1 3:1", "ceniza y mucho más", reason="")
    async with world.db.reading() as tx:
        rows = await tx.all("SELECT length(sealed) AS n FROM ballot_secrecy_vote")
    assert len({r["n"] for r in rows}) == 1, "the length tells nothing"
    assert longer.tracker != got.tracker


async def test_a_voter_sees_their_own_vote_until_it_is_shredded_and_nobody_elses(
    path: Path, start: Start
) -> None:
    world = await start(path, 3)
    got = await world.vote(voter(1), "2:1")
    async with world.db.reading() as tx:
        assert await _receipt(tx, world.number, voter(1)) == got
        assert await _receipt(tx, world.number, voter(2)) is None
        assert await _receipt(tx, Number(999), voter(1)) is None
    await world.close()
    async with world.db.reading() as tx:
        assert await _receipt(tx, world.number, voter(1)) == got


async def test_only_who_is_on_the_roll_can_vote_and_only_until_the_end(
    path: Path, start: Start
) -> None:
    world = await start(path, 3)
    with pytest.raises(ballot_store.NotOnRoll):
        await world.vote(voter(7), "1:1")
    with pytest.raises(ballot_store.BallotOver):
        await world.vote(voter(1), "1:1", at=closes() + timedelta(seconds=1))
    async with world.db.transaction() as tx:
        await ballot_votes.extend_ballot(tx, world.number, closes() + timedelta(hours=1), closes())
        await ballot_votes.log_refusal(tx, world.number, voter(2), "outside", closes())
    await world.vote(voter(1), "1:1", at=closes() + timedelta(seconds=1))
    bundle = await world.close(closes() + timedelta(hours=1))
    assert bundle.result.excluded == {"outside": 1}
    assert weights(bundle, world.receipts[voter(1)]) == {FindingWeight.FINE, FindingWeight.ASK}
    with pytest.raises(ballot_store.BallotOver):
        await world.vote(voter(1), "1:1")
    with pytest.raises(ballot_store.BallotOver):
        await world.close()


async def test_everybody_on_the_roll_can_prove_it_and_nobody_else(path: Path, start: Start) -> None:
    for size in (1, 2, 7, 8):
        world = await start(path.with_name(f"{size}.db"), size)
        bundle = await world.close()
        for n in range(size):
            async with world.db.reading() as tx:
                proof = await ballot_votes.prove_roll(tx, world.number, on_roll(voter(n)))
                assert await ballot_votes.prove_roll(tx, world.number, on_roll(voter(99))) is None
            assert proof is not None
            assert check_evidence(bundle, proof)[0].weight is FindingWeight.FINE
            other = proof.model_copy(update={"person": voter(99)})
            assert check_evidence(bundle, other)[0].weight is FindingWeight.BAD


async def test_names_are_published_only_where_the_opening_says_so(path: Path, start: Start) -> None:
    world = await start(path, 9, turnout="names")
    for n in (2, 4, 6):
        await world.vote(voter(n), "1:1")
    async with world.db.reading() as tx:
        proofs = [
            await ballot_votes.prove_roll(tx, world.number, on_roll(voter(n))) for n in (2, 3)
        ]
    bundle = await world.close()
    assert sorted(person for _salt, person in bundle.people) == [voter(2), voter(4), voter(6)]
    said = [check_evidence(bundle, proof)[1].line.msgid for proof in proofs if proof]
    assert "says that you voted" in said[0]
    assert "did not vote" in said[1]
    async with world.db.transaction() as tx:
        assert await ballot_end_store.forget_person(tx, voter(4), closes()) == 1
    assert voter(4).encode() not in pages(path)
    async with world.db.reading() as tx:
        kept = await ballot_end_store.get_bundle(tx, world.number)
    assert kept is not None
    assert weights(kept) == {FindingWeight.FINE, FindingWeight.ASK}, (
        "the signatures hold without the name"
    )

    quiet = await start(path.with_name("quiet.db"), 9)
    await quiet.vote(voter(2), "1:1")
    bundle = await quiet.close()
    assert (bundle.people, bundle.result.names) == ((), ())
    assert voter(2) not in bundle.to_json()


async def test_who_asks_to_be_forgotten_takes_an_open_vote_along(path: Path, start: Start) -> None:
    world = await start(path, 6)
    for n in range(6):
        await world.vote(voter(n), f"{1 if n == 1 else 2}:1")
    async with world.db.transaction() as tx:
        assert await ballot_end_store.forget_person(tx, voter(1), START_TIME.at) == 1
        assert not await ballot_store.is_on_roll(tx, world.number, voter(1))
    assert voter(1).encode() not in pages(path)
    bundle = await world.close()
    assert bundle.result.counts == {"2:1": 5}
    assert FindingWeight.BAD not in weights(bundle)


@pytest.mark.parametrize(
    ("voted", "quorum", "verdict", "winners"),
    [
        (0, None, "nobody", ()),
        (1, None, "too few", ()),
        (4, None, "too few", ()),
        (4, Quorum(count=5), "no quorum", ()),
        (4, Quorum(count=4), "too few", ()),
        (5, None, "won", (2,)),
    ],
)
async def test_of_few_votes_nothing_is_published_that_depends_on_how_they_were_cast(
    path: Path,
    start: Start,
    voted: int,
    quorum: Quorum | None,
    verdict: str,
    winners: tuple[int, ...],
) -> None:
    world = await start(path, 9, quorum=quorum)
    for n in range(voted):
        await world.vote(voter(n), "2:1", reason="cerca")
    bundle = await world.close()
    assert bundle.result.outcome == {"verdict": verdict, "winners": winners, "ranking": ()}
    assert bundle.result.turnout == voted
    if voted < 5:
        assert (bundle.board, bundle.result.counts, bundle.result.reasons) == ((), {}, ())
        assert bundle.result.board_root == board_root([]), "it is no hash of what is not published"
        assert '"2:1"' not in bundle.to_json() and "cerca" not in bundle.to_json()
    held = list(world.receipts.values())
    assert weights(bundle, *held) <= {FindingWeight.FINE, FindingWeight.ASK}


async def test_who_publishes_more_of_few_votes_than_the_opening_says_is_found_out(
    path: Path, start: Start
) -> None:
    world = await start(path, 9)
    for n in range(4):
        await world.vote(voter(n), "2:1")
    bundle = await world.close()
    won = {"verdict": "won", "winners": (2,), "ranking": ()}
    for odd in (won, {"verdict": "magic"}, {"verdict": "no quorum", "winners": (), "ranking": ()}):
        result = bundle.result.model_copy(update={"outcome": odd}).sign(SIGNER)
        assert FindingWeight.BAD in weights(bundle.model_copy(update={"result": result}))
    counted = bundle.result.model_copy(update={"counts": {"2:1": 4}}).sign(SIGNER)
    assert FindingWeight.BAD in weights(bundle.model_copy(update={"result": counted}))


async def test_a_ballot_of_before_that_published_few_votes_does_not_any_more(
    path: Path, start: Start
) -> None:
    world = await start(path, 9, below="publish")
    await world.vote(voter(1), "2:1")
    bundle = await world.close()
    assert (bundle.board, bundle.result.counts) == ((), {})
    assert bundle.result.outcome["verdict"] == "too few"
    assert FindingWeight.BAD not in weights(bundle, world.receipts[voter(1)])


async def test_reasons_stand_beside_the_choice_without_the_tracker(
    path: Path, start: Start
) -> None:
    world = await start(path, 9)
    await world.vote(voter(1), "2:1", reason="queda cerca")
    await world.vote(voter(2), "1:1", reason="hay bus")
    for n in range(3, 6):
        await world.vote(voter(n), "1:1")
    bundle = await world.close()
    assert bundle.result.reasons == (("1:1", "hay bus"), ("2:1", "queda cerca"))


# --- what a receipt tells of others ---------------------------------------------------------------


async def test_two_receipts_of_one_person_do_not_tell_how_many_voted_between(
    path: Path, start: Start
) -> None:
    world = await start(path, 9)
    first = await world.vote(voter(1), "1:1")
    second = await world.vote(voter(1), "2:1")
    assert "rows" not in first.to_json(), "the length of the log is how many have voted"
    hour = int(START_TIME.at.timestamp()) // log_chain.HOUR * log_chain.HOUR
    for seq in range(1, 50):  # nobody voted between: who could tell, could tell of others too
        gone = log_chain.head_after(first.head, seq, (hour, "replaced", first.commitment))
        found = log_chain.head_after(gone, seq + 1, (hour, "accepted", second.commitment))
        assert found != second.head
    bundle = await world.close()
    assert weights(bundle, second) == {FindingWeight.FINE, FindingWeight.ASK}
    assert FindingWeight.GONE in weights(bundle, first)


# --- a file that stays small ----------------------------------------------------------------------


async def test_after_twenty_changes_one_an_hour_counts(path: Path, start: Start) -> None:
    world = await start(path, 9)
    for n in range(21):
        await world.vote(voter(1), f"{n % 2 + 1}:1")
    minute = timedelta(minutes=1)
    with pytest.raises(ballot_votes.TooManyChanges) as refused:
        await world.vote(voter(1), "3:1", at=START_TIME.at + minute)
    assert refused.value.until == START_TIME.at + timedelta(hours=1)
    async with world.db.transaction() as tx:
        with pytest.raises(ballot_votes.TooManyChanges):
            await ballot_votes.withdraw_vote(tx, world.number, voter(1), START_TIME.at + minute)
    await world.vote(voter(2), "3:1", at=START_TIME.at + minute)
    later = START_TIME.at + timedelta(hours=1)
    await world.vote(voter(1), "3:1", at=later)
    with pytest.raises(ballot_votes.TooManyChanges):
        await world.vote(voter(1), "2:1", at=later + timedelta(minutes=59))
    await world.shred()
    assert "ballot_secrecy_change" not in await dump(world.db)


async def test_withdrawing_and_voting_anew_is_no_way_around_it(path: Path, start: Start) -> None:
    world = await start(path, 9)
    with pytest.raises(ballot_votes.TooManyChanges):
        for _n in range(30):
            await world.vote(voter(1), "1:1")
            async with world.db.transaction() as tx:
                await ballot_votes.withdraw_vote(tx, world.number, voter(1), START_TIME.at)
    async with world.db.transaction() as tx:
        for _n in range(50):
            await ballot_votes.log_refusal(tx, world.number, voter(2), "room", START_TIME.at)
        assert len(await ballot_store.list_log(tx, world.number)) < 50


@pytest.mark.parametrize("changes", [20])
async def test_the_largest_file_of_many_voters_can_be_sent_and_checked(
    path: Path, start: Start, changes: int
) -> None:
    """20 voters here; in proportion 2,000 stay far below what a homeserver takes (50 MB)."""
    world = await start(path, 20)
    for n in range(20):
        for _again in range(changes + 1):
            await world.vote(voter(n), "1:1")
    bundle = await world.close()
    each = len(bundle.to_json().encode()) / 20
    assert each * 2000 < 12_000_000
    assert FindingWeight.BAD not in weights(bundle)


async def test_a_state_of_the_log_that_a_member_kept_still_fits_at_the_end(
    path: Path, start: Start
) -> None:
    world = await start(path, 3)
    await world.vote(voter(1), "1:1")
    async with world.db.reading() as tx:
        head = await secret_world.sign_head(tx, SIGNER, world.number, START_TIME.at)
        assert await secret_world.sign_head(tx, SIGNER, Number(999), START_TIME.at) is None
    await world.vote(voter(2), "1:1")
    bundle = await world.close()
    assert head is not None
    assert weights(bundle, head, world.manifest, bundle) == {FindingWeight.FINE}


async def test_an_open_ballot_can_be_given_up_and_shredding_twice_is_once(
    path: Path, start: Start
) -> None:
    world = await start(path, 3)
    await world.vote(voter(1), "1:1")
    await world.shred(START_TIME.at)
    async with world.db.transaction() as tx:
        assert not await ballot_end_store.shred_links(tx, world.number, START_TIME.at)
    with pytest.raises(ballot_store.BallotOver):
        await world.vote(voter(2), "1:1")


async def test_words_are_one_spelling_whatever_keyboard_wrote_them(
    path: Path, start: Start
) -> None:
    world = await start(path, 3)
    got = await world.vote(voter(1), "1:1", "  Lua  cheia\u0301\n" + "x" * 200)
    assert got.words.startswith("Lua cheiá x")
    assert len(got.words) == 80
