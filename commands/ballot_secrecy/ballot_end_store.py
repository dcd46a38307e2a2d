"""The end of a secret ballot in the database: sign the result, and later shred its links."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.api import Number, Signer, UserId
from commands.ballot_secrecy import ballot_store, ballot_votes
from commands.ballot_secrecy.ballot_store import FORGOTTEN, BallotOver, SecretBallot
from commands.ballot_secrecy.files import log_chain, signed_outcome, signed_words
from commands.ballot_secrecy.files.formats import SignedTranslations, count_by_weight
from commands.ballot_secrecy.files.result import (
    Bundle,
    PaperCount,
    SecretResult,
    add_paper,
    board_root,
    build_board,
    count_ballots,
)
from commands.ballot_secrecy.files.signed_words import Tell
from commands.decision_rules import ballots
from commands.poll_book import assembly_store
from storage.database import Tx


async def close_ballot(
    tx: Tx,
    signer: Signer,
    number: Number,
    at: datetime,
    withdrawn: Collection[int] = (),
    added: SignedTranslations | None = None,
    tell: Tell | None = None,
) -> Bundle:
    """End a secret ballot, sign its result and return the file for the room. Raises `BallotOver`.

    `withdrawn`: the candidates who stepped down while it was open. `added`: the translations that
    were not there at its opening. `tell` says the result in words, which are signed with it.
    """
    ballot = await ballot_store.get_ballot(tx, number)
    if ballot is None or ballot.ended is not None or ballot.box is None:
        raise BallotOver
    box, poll = ballot.box, ballot.manifest.poll
    votes = await ballot_store.list_votes(tx, box)
    receipts = [kept.receipt for _mark, kept in votes]
    entries = build_board((code, one.choice) for one in receipts for code in one.trackers)
    reasons = [(kept.receipt.choice, kept.reason) for _mark, kept in votes if kept.reason]
    manifest, turnout = ballot.manifest, len(votes)
    voted = None
    if "weights" in manifest.rule:
        voted = count_by_weight(one.units or 1 for one in receipts)
    papers = await _log_papers(tx, ballot, at)
    hidden = signed_outcome.must_withhold(manifest, turnout, voted)
    counted = count_ballots(entries)
    outcome = (
        signed_outcome.outcome_of_few(manifest, turnout, papers)
        if hidden
        else signed_outcome.compute_outcome(
            manifest,
            add_paper(counted, papers),
            signed_outcome.count_present(manifest, turnout, papers),
            withdrawn,
        )
    )
    top = board_root([] if hidden else entries)
    found = await ballot_store.add_row(tx, number, poll, at, "closed", top)
    log = await ballot_store.list_log(tx, number)
    named = []
    if manifest.turnout == "names":
        named = await ballot_store.list_named_voters(tx, box, {mark for mark, _kept in votes})
    result = SecretResult(
        poll=poll,
        manifest=manifest.hash,
        at=int(at.timestamp()),
        turnout=turnout,
        roll_size=manifest.roll_size,
        voted=voted,
        counts={} if hidden else counted,
        assemblies=tuple(papers) or None,
        outcome=outcome,
        board_root=top,
        rows=len(log),
        head=found,
        excluded=log_chain.count_refusals(log),
        names=tuple(leaf for leaf, _salt, _person in named),
        reasons=() if hidden else tuple(sorted(reasons)),
        translations=added,
    )
    if tell is not None:
        result = signed_words.sign_words(result, manifest, tell)
    result = result.sign(signer)
    await ballot_store.add_row(tx, number, poll, at, "result", result.hash)
    bundle = Bundle(
        certificate=dict(signer.certificate),
        manifest=manifest,
        log=tuple(log),
        board=() if hidden else tuple(entries),
        result=result,
        people=tuple((salt, person) for _leaf, salt, person in named),
    )
    await tx.run(
        "UPDATE ballot_secrecy_ballot SET ended = ?, bundle = ? WHERE number = ?",
        at.timestamp(),
        bundle.to_json(),
        number,
    )
    return bundle


async def _log_papers(tx: Tx, ballot: SecretBallot, at: datetime) -> list[PaperCount]:
    """Return the counts of assemblies that are confirmed by now, each with a row in the log."""
    found = [
        PaperCount(
            people=one.people,
            counts={ballots.format_ballot(ballot): n for ballot, n in one.parts},
            confirmed=len(one.confirmed),
        )
        for one in await assembly_store.confirmed_assemblies(tx, ballot.number)
    ]
    poll = ballot.manifest.poll
    for one in found:
        await ballot_store.add_row(tx, ballot.number, poll, at, "assembly", one.hash_for_log(poll))
    return found


async def get_bundle(tx: Tx, number: Number) -> Bundle | None:
    """Return the result file of a secret ballot, or None before its end."""
    row = await tx.one("SELECT bundle FROM ballot_secrecy_ballot WHERE number = ?", number)
    if row is None or row["bundle"] is None:
        return None
    return Bundle.model_validate_json(row["bundle"])


async def shred_links(tx: Tx, number: Number, at: datetime) -> bool:
    """Delete who cast which vote of a secret ballot. An open ballot ends without a result.

    Returns False if it was done before.
    """
    ballot = await ballot_store.get_ballot(tx, number)
    if ballot is None or ballot.box is None:
        return False
    for table in ballot_store.LINK_TABLES:
        await tx.run(f"DELETE FROM {table} WHERE number = ?", number)  # noqa: S608
    ended = (ballot.ended or at).timestamp()
    await tx.run("UPDATE ballot_secrecy_ballot SET ended = ? WHERE number = ?", ended, number)
    poll, made = ballot.manifest.poll, ballot.manifest.hash
    await ballot_store.add_row(tx, number, poll, at, "shredded", made)
    tx.shred()
    return True


async def forget_person(tx: Tx, person: UserId, at: datetime) -> int:
    """Remove a person from secret ballots. Their votes in open ones are withdrawn; for counted ones
    it is deleted whose they were.

    Returns how many votes were theirs. Published files keep the name; our copy loses it.
    """
    rows = await tx.all("SELECT number FROM ballot_secrecy_roll WHERE person = ?", person)
    found = 0
    for row in rows:
        ballot = await ballot_store.get_ballot(tx, Number(row["number"]))
        if ballot is None or ballot.box is None:
            continue
        mark = ballot.box.mark(person)
        found += await ballot_store.get_sealed(tx, ballot.box, mark) is not None
        if ballot.ended is None:
            in_time = min(at, ballot.closes or at)
            await ballot_store.drop_vote(tx, ballot, ballot.box, mark, in_time, "withdrawn")
        else:
            await ballot_store.unlink_vote(tx, ballot.box, mark)
        await ballot_votes.forget_changes(tx, ballot.box, mark)
    await tx.run("UPDATE ballot_secrecy_roll SET person = NULL WHERE person = ?", person)
    await _forget_who_cast(tx, person)
    await _remove_name(tx, person)
    tx.shred()
    return found


async def _forget_who_cast(tx: Tx, person: UserId) -> None:
    """Remove a person from the votes that they cast for organisations, which stay."""
    for number in await tx.column(Number, "SELECT number FROM ballot_secrecy_key"):
        ballot = await ballot_store.get_ballot(tx, number)
        if ballot is None or ballot.box is None or not ballot.manifest.by_organisations:
            continue
        for mark, kept in await ballot_store.list_votes(tx, ballot.box):
            if kept.by == person:
                nobody = kept.model_copy(update={"by": FORGOTTEN})
                await ballot_store.replace_sealed(tx, ballot.box, mark, nobody)


async def _remove_name(tx: Tx, person: UserId) -> None:
    rows = await tx.all(
        "SELECT number, bundle FROM ballot_secrecy_ballot WHERE instr(bundle, ?) > 0", f'"{person}"'
    )
    for row in rows:
        kept = Bundle.model_validate_json(row["bundle"])
        rest = tuple(pair for pair in kept.people if pair[1] != person)
        text = kept.model_copy(update={"people": rest}).to_json()
        await tx.run(
            "UPDATE ballot_secrecy_ballot SET bundle = ? WHERE number = ?", text, row["number"]
        )
