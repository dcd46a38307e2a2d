"""For whom a person votes in secret: what of a standing vote they may see, and whether change it.

An organisation has one vote, whoever speaks for it when it is cast. How it was cast only that
person may see; otherwise whoever names the delegates would read what an organisation voted.
"""

from __future__ import annotations

from bot.api import Context, Item, Line, _
from commands.ballot_secrecy import ballot_texts, ballot_votes, earlier_identity
from commands.ballot_secrecy.ballot_store import SealedVote
from commands.ballot_secrecy.files.manifest import Manifest
from commands.poll_book.poll_store import Poll
from commands.poll_book.voter_store import Seat

DELEGATE_VOTED = _("Its delegate has voted, and that vote counts. How, I show nobody else.")
OTHER_VOTED = _(
    "Somebody who spoke for it has voted. How, I show nobody else. If you vote, yours counts."
)


def of_voter(seat: Seat, line: Line) -> Line:
    """Return a line with the name of the organisation that it is about; people have none."""
    if not seat.voter.is_organisation:
        return line
    return Line("{name}: {line}", {"name": seat.voter.name, "line": line})


async def change_refusal(ctx: Context, seat: Seat, standing: SealedVote | None) -> tuple[Line, ...]:
    """Return why the person can't change a standing vote; empty if they can.

    A delegate's vote goes before the alternate's, as in an open vote. A later delegate's takes the
    place of an earlier one's.
    """
    if standing is None:
        return ()
    if await earlier_identity.is_of_earlier_identity(ctx, standing):
        return earlier_identity.VOTE_STAYS
    return (DELEGATE_VOTED,) if standing.rank < seat.rank else ()


async def vote_lines(
    ctx: Context, item: Item, poll: Poll, manifest: Manifest, seat: Seat
) -> list[Line]:
    """Return what the person may know of the vote that stands for this seat."""
    kept = await ballot_votes.own_vote(ctx.db, item.number, seat.voter.key)
    hidden = await change_refusal(ctx, seat, kept)
    if hidden:
        return [of_voter(seat, hidden[0]), *hidden[1:]]
    if kept is not None and not kept.is_of(ctx.who):
        return [of_voter(seat, OTHER_VOTED)]
    first, *rest = ballot_texts.own_vote_lines(poll, manifest, kept.receipt if kept else None)
    return [of_voter(seat, first), *rest]
