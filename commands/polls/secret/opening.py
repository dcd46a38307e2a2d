"""How a secret ballot opens: its terms are fixed, signed and posted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, EventId, Line, Number, Ref, RoomId, SendFile, UserId, _
from commands.polls import store as polls
from commands.polls.secret import say, store, votes
from commands.polls.secret.manifest import Terms
from commands.polls.secret.private import named
from commands.polls.store import Poll
from commands.polls.voters.store import Voter
from storage.database import Tx


def require_people(voters: Sequence[Voter]) -> None:
    """Raises `UserError` where somebody else than people with one vote each would vote."""
    if any(voter.organisation or voter.weight != 1 for voter in voters):
        raise say.people_only()


async def fix(ctx: Context, number: Number, voters: Sequence[Voter]) -> None:
    """Sign what is asked, by which rule, and who may vote."""
    poll = await polls.get(ctx.db, number)
    terms = Terms(
        poll.kind, poll.question, ctx.defaults.network, poll.closes, quorum=poll.rule.quorum
    )
    roll = [UserId(voter.key) for voter in voters]
    await votes.open_ballot(ctx.db, ctx.signer, terms, roll, ctx.now)


async def lines(tx: Tx, poll: Poll) -> tuple[Line, ...]:
    """The opening message."""
    ballot = await store.get(tx, poll.number)
    if ballot is None:
        raise LookupError(poll.number)
    return say.opening(poll, ballot.manifest)


async def file(ctx: Context, poll: Poll, room: RoomId, thread: EventId | None) -> SendFile:
    """The manifest, for who wants to check."""
    ballot = await store.get(ctx.db, poll.number)
    if ballot is None:
        raise LookupError(poll.number)
    language = (await ctx.for_room(room)).language
    return SendFile(
        named(say.OPENING, poll.number, language),
        "application/json",
        ballot.manifest.text().encode(),
        (_("The opening of poll {number}, signed.", number=poll.number),),
        room=room,
        reply_to=Ref(poll.number, "opening"),
        thread=thread,
        item=poll.number,
        slot="manifest",
    )
