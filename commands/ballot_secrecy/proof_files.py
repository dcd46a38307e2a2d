"""What a voter keeps of a secret vote, as private files: receipts, and places on the roll."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.api import Context, Item, Line, Number, SendFile, StrictModel, Words, _
from commands.ballot_secrecy import ballot_seats, ballot_texts, ballot_votes, earlier_identity
from commands.ballot_secrecy.files.manifest import RollProof
from commands.ballot_secrecy.files.receipt import Receipt
from commands.poll_book.voter_store import Seat

SLOT_PREFIX = "secret:"
"""Slot of private messages about a secret ballot, votes too.

They are redacted when it is shredded.
"""


def receipt_files(ctx: Context, number: Number, receipts: Sequence[Receipt]) -> list[SendFile]:
    """Return the receipts as files, numbered if there are several."""
    return _files(ctx, number, ballot_texts.RECEIPT, receipts)


async def proofs_of(
    ctx: Context, item: Item, seats: Sequence[Seat]
) -> tuple[list[Line], list[SendFile]]:
    """Return the receipt and the proof of being on the roll, for each voter they speak for."""
    lines: list[Line] = []
    receipts: list[Receipt] = []
    proofs: list[RollProof] = []
    for seat in seats:
        kept = await ballot_votes.own_vote(ctx.db, item.number, seat.voter.key)
        if kept is not None and await earlier_identity.is_of_earlier_identity(ctx, kept):
            lines += earlier_identity.VOTE_STAYS
            continue
        mine = kept is not None and kept.is_of(ctx.who)
        if kept is not None and mine:
            receipts.append(kept.receipt)
        proof = await ballot_votes.prove_roll(ctx.db, item.number, seat.voter)
        proofs += [proof] if proof else []
        told = (
            _("The receipt of your vote, and the proof that you were on the roll.")
            if mine
            else _("The proof that you are on the roll. I know of no vote of yours here.")
        )
        lines.append(ballot_seats.of_voter(seat, told))
    return lines, [
        *receipt_files(ctx, item.number, receipts),
        *_files(ctx, item.number, ballot_texts.ROLL, proofs),
    ]


def _files(
    ctx: Context, number: Number, name: Words, tables: Sequence[StrictModel]
) -> list[SendFile]:
    """Return signed tables as private files about this ballot."""
    return [
        SendFile(
            file_name(name, number, ctx.policy.language, at if len(tables) > 1 else 0),
            "application/json",
            table.to_json().encode(),
            item=number,
            slot=new_slot(),
            thread=ctx.origin.thread,
        )
        for at, table in enumerate(tables, start=1)
    ]


def file_name(name: Words, number: Number, language: str, at: int = 0) -> str:
    """Return the name of a file in this language, the `at`th of several."""
    behind = f"-{at}" if at else ""
    return f"{name.in_language(language)}-{number}{behind}.json"


def new_slot() -> str:
    """Return a new slot that marks a private message about a secret ballot."""
    return f"{SLOT_PREFIX}{secrets.token_hex(8)}"
