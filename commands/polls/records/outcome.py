"""The outcome of a poll: its votes, its assemblies and its rule taken together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.api import UserId
from commands.polls import ballots, poll_store
from commands.polls.ballots import Profile, Result, Verdict, gather
from commands.polls.poll_store import Electorate, Poll
from commands.polls.secret import ballot_end_store
from commands.polls.secret.files.result import hides
from commands.polls.votes import assembly_store, vote_store
from commands.polls.votes.assembly_store import Assembly
from commands.polls.votes.vote_store import Reason
from storage.database import Tx

REASONS_SAID = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a poll. `online` leaves out the assemblies, `result` includes them."""

    poll: Poll
    online: Result
    result: Result
    assemblies: tuple[Assembly, ...] = ()
    reasons: tuple[Reason, ...] = ()
    late: int = 0
    weight: int = 0
    """The weight of all votes together."""
    hidden: bool = False
    """So few voted in secret that the counts are withheld."""

    @property
    def present(self) -> int:
        """How many voted, as a quorum counts them.

        People in assemblies count, unless organisations vote.
        """
        if self.poll.rule.voters is Electorate.ORGANISATIONS:
            return self.poll.turnout
        return self.poll.turnout + sum(one.people for one in self.assemblies)

    @property
    def quorate(self) -> bool:
        """Whether enough have voted."""
        return self.present >= self.poll.needed

    @property
    def verdict(self) -> Verdict:
        """The verdict, which without a quorum is `NO_QUORUM`."""
        return self.result.verdict if self.quorate else Verdict.NO_QUORUM


def of_profile(poll: Poll, online: Profile, assemblies: tuple[Assembly, ...] = ()) -> Outcome:
    """Tally the votes. Pure: the same votes give the same outcome in any order."""
    kind, question = poll.kind, poll.question
    alone = kind.tally(online, question)
    if not assemblies:
        return Outcome(poll, alone, alone, weight=sum(online.values()))
    together = gather([*online.items(), *(part for one in assemblies for part in one.parts)])
    result, weight = kind.tally(together, question), sum(together.values())
    return Outcome(poll, alone, result, assemblies, weight=weight)


async def of(tx: Tx, poll: Poll) -> Outcome:
    """Return the present outcome, whether the poll has ended or not."""
    if poll.rule.secret:
        return await _of_secret(tx, poll)
    assemblies = await assembly_store.confirmed(tx, poll.number)
    found = of_profile(poll, await vote_store.profile(tx, poll.number), tuple(assemblies))
    reasons = tuple(await vote_store.reasons(tx, poll.number, REASONS_SAID))
    return replace(found, reasons=reasons, late=await vote_store.late(tx, poll.number))


async def _of_secret(tx: Tx, poll: Poll) -> Outcome:
    """Return the outcome from the signed result. Before the end only the turnout is known."""
    bundle = await ballot_end_store.bundle(tx, poll.number)
    if bundle is None:
        return of_profile(poll, {})
    result = bundle.result
    if hides(result, bundle.manifest):
        came_out = Result(Verdict(str(result.outcome["verdict"])))
        return Outcome(poll, came_out, came_out, hidden=True)
    found = of_profile(poll, {ballots.read(text): n for text, n in result.counts.items()})
    reasons = (Reason("", UserId(""), ballots.read(one), why) for one, why in result.reasons)
    return replace(found, reasons=tuple(reasons))


async def keep(tx: Tx, poll: Poll) -> Outcome:
    """Return the outcome of an ended poll, and store its verdict for the record."""
    found = await of(tx, poll)
    await poll_store.keep_verdict(tx, poll.number, found.verdict)
    return found
