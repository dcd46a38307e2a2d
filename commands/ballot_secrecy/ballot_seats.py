"""For whom a person votes in secret: what of a standing vote they may see, and whether change it.

An organisation has one vote, whoever speaks for it when it is cast. How it was cast only that
person may see; otherwise whoever names the delegates would read what an organisation voted.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Item, Line, Number, SendFile, StrictModel, Words, _
from commands.ballot_secrecy import ballot_texts, ballot_votes
from commands.ballot_secrecy.ballot_store import SealedVote
from commands.ballot_secrecy.declaration import file_name, new_slot
from commands.ballot_secrecy.files.manifest import Manifest, RollProof
from commands.ballot_secrecy.files.receipt import Receipt
from commands.poll_book.poll import Poll
from commands.poll_book.voter_store import Seat

VOTE_STAYS = (
    _("There is a vote here from before your Matrix identity changed: it counts as it was cast."),
    _("I don't show it and nobody changes it, so that new keys never open an old secret."),
)
DELEGATE_VOTED = _("Its delegate has voted, and that vote counts. How, I show nobody else.")
DELEGATE_FIRST = _("A vote of its delegate goes before yours; whether there is one I don't say.")
OTHERS_VOTE = _(
    "I show no vote that others cast for it. If there is one, it stays until you vote:"
    " then yours counts."
)


def of_voter(seat: Seat, line: Line) -> Line:
    """Return a line with the name of the organisation whose vote this is; no line for a person's
    own vote."""
    if not seat.voter.is_organisation:
        return line
    return Line("{name}: {line}", {"name": seat.voter.name, "line": line})


async def is_of_earlier_identity(ctx: Context, kept: SealedVote) -> bool:
    """Return whether the person cast this vote under another identity than their present one.

    Nobody can see or change it, also once the new identity is confirmed: confirming vouches for who
    writes now, and gives no access to what was written before (docs/decisions/0024).
    """
    since = await ctx.identity_since()
    return kept.is_of(ctx.who) and since is not None and kept.receipt.at <= since.timestamp()


async def change_refusal(ctx: Context, seat: Seat, standing: SealedVote | None) -> tuple[Line, ...]:
    """Return why the person can't change the vote that was cast for an organisation; empty if they
    can.

    An alternate can't change the delegate's vote. Who became delegate later can change that of who
    was it before.
    """
    if standing is None:
        return ()
    if await is_of_earlier_identity(ctx, standing):
        return VOTE_STAYS
    return (DELEGATE_VOTED,) if standing.rank < seat.rank else ()


async def vote_lines(
    ctx: Context, item: Item, poll: Poll, manifest: Manifest, seat: Seat
) -> list[Line]:
    """Return the lines about the vote cast for this person or organisation, as far as the asker may
    know.

    Whether another person voted for the organisation is not told: whoever names the delegates could
    ask for each of them.
    """
    kept = await ballot_votes.own_vote(ctx.db, item.number, seat.voter.key)
    if kept is not None and await is_of_earlier_identity(ctx, kept):
        return [of_voter(seat, VOTE_STAYS[0]), *VOTE_STAYS[1:]]
    got = kept.receipt if kept is not None and kept.is_of(ctx.who) else None
    first, *rest = ballot_texts.own_vote_lines(poll, manifest, got)
    if got is None and seat.voter.is_organisation:
        rest = [DELEGATE_FIRST if seat.rank else OTHERS_VOTE]
    return [of_voter(seat, first), *rest]


# --- what they keep of it ------------------------------------------------------------------------


def receipt_files(ctx: Context, number: Number, receipts: Sequence[Receipt]) -> list[SendFile]:
    """Return the receipts of votes as files, numbered if there are several."""
    return _files(ctx, number, ballot_texts.RECEIPT, receipts)


async def proofs_of(
    ctx: Context, item: Item, seats: Sequence[Seat]
) -> tuple[list[Line], list[SendFile]]:
    """Return the receipt and the proof of being on the roll, for each voter for whom the person
    speaks."""
    lines: list[Line] = []
    receipts: list[Receipt] = []
    proofs: list[RollProof] = []
    for seat in seats:
        kept = await ballot_votes.own_vote(ctx.db, item.number, seat.voter.key)
        if kept is not None and await is_of_earlier_identity(ctx, kept):
            lines += VOTE_STAYS
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
        lines.append(of_voter(seat, told))
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
