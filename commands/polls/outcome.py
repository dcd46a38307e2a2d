"""The outcome of a poll: its votes, its assemblies and its rule taken together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.api import Line, UserId
from commands.ballot_secrecy import ballot_end_store
from commands.ballot_secrecy.files.result import hides_counts
from commands.decision_rules import ballots
from commands.decision_rules.ballots import PollResult, PollVerdict, Profile, sum_ballots
from commands.poll_book import (
    assembly_store,
    chamber_store,
    chambers,
    poll_store,
    proxy_store,
    vote_store,
)
from commands.poll_book.assembly_store import Assembly
from commands.poll_book.chambers import ChamberVotes
from commands.poll_book.poll import Electorate, Poll
from commands.poll_book.proxy_store import HeldVotes
from commands.poll_book.vote_store import VoteReason
from storage.database import Tx

REASONS_SHOWN = 10
HELD_SHOWN = 100


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """The outcome of a poll. `online` leaves out the assemblies, `result` includes them."""

    poll: Poll
    online: PollResult
    result: PollResult
    assemblies: tuple[Assembly, ...] = ()
    waiting: tuple[Assembly, ...] = ()
    """Counts of assemblies that are not confirmed and don't count."""
    reasons: tuple[VoteReason, ...] = ()
    held: tuple[HeldVotes, ...] = ()
    """Who voted for whom, of those who gave their vote."""
    chambers: tuple[tuple[ChamberVotes, PollResult], ...] = ()
    """Each chamber's votes and result, where a text must pass in each."""
    late: int = 0
    weight: int = 0
    """The weight of all votes together."""
    profile: Profile = field(default_factory=dict)
    """The votes that `result` counts, those of the assemblies too."""
    hidden: bool = False
    """So few voted in secret that the counts are withheld."""

    @property
    def present(self) -> int:
        """How many people voted, for the purpose of a quorum.

        People in assemblies count, unless organisations vote.
        """
        if self.poll.rule.voters is Electorate.ORGANISATIONS:
            return self.poll.turnout
        return self.poll.turnout + sum(one.people for one in self.assemblies)

    @property
    def is_quorate(self) -> bool:
        """Whether as many have voted as the quorum asks for."""
        return self.present >= self.poll.needed

    @property
    def verdict(self) -> PollVerdict:
        """The verdict on the poll, `NO_QUORUM` if too few voted."""
        return self.result.verdict if self.is_quorate else PollVerdict.NO_QUORUM


def tally_profile(
    poll: Poll, online: Profile, assemblies: tuple[Assembly, ...] = ()
) -> PollOutcome:
    """Return the outcome of the votes. The same votes give the same outcome in any order; nothing
    else is read."""
    kind, question = poll.kind, poll.question
    alone = kind.tally(online, question)
    if not assemblies:
        return PollOutcome(poll, alone, alone, weight=sum(online.values()), profile=online)
    together = sum_ballots([*online.items(), *(part for one in assemblies for part in one.parts)])
    result, weight = kind.tally(together, question), sum(together.values())
    return PollOutcome(poll, alone, result, assemblies, weight=weight, profile=together)


async def current_outcome(tx: Tx, poll: Poll) -> PollOutcome:
    """Return the outcome of the votes cast so far, whether the poll has ended or not."""
    every = await assembly_store.assemblies_of_poll(tx, poll.number)
    assemblies = tuple(one for one in every if one.counts)
    waiting = tuple(one for one in every if not one.counts)
    if poll.rule.secret:
        return replace(await _secret_outcome(tx, poll, assemblies), waiting=waiting)
    found = tally_profile(poll, await vote_store.get_profile(tx, poll.number), assemblies)
    reasons = tuple(await vote_store.list_reasons(tx, poll.number, REASONS_SHOWN))
    held = tuple(await proxy_store.held_votes(tx, poll.number, HELD_SHOWN))
    late = await vote_store.count_late(tx, poll.number)
    found = replace(found, waiting=waiting, reasons=reasons, held=held, late=late)
    return _by_chambers(found, await chamber_store.chambers_of(tx, poll.number))


def _by_chambers(found: PollOutcome, every: list[ChamberVotes]) -> PollOutcome:
    """Return the outcome by chambers, if there are any."""
    poll = found.poll
    parts = tuple(
        (one, chambers.tally_chamber(poll.kind, poll.question, poll.rule.quorum, one))
        for one in every
    )
    result = chambers.combine_chambers(found.result, parts)
    return replace(found, result=result, chambers=parts)


async def _secret_outcome(tx: Tx, poll: Poll, papers: tuple[Assembly, ...]) -> PollOutcome:
    """Return the outcome from the signed result. Before the end only the turnout is known."""
    bundle = await ballot_end_store.get_bundle(tx, poll.number)
    if bundle is None:
        return tally_profile(poll, {})
    result = bundle.result
    if hides_counts(result, bundle.manifest):
        came_out = PollResult(PollVerdict(str(result.outcome["verdict"])))
        return PollOutcome(poll, came_out, came_out, papers, hidden=True)
    profile = {ballots.parse_ballot(text): n for text, n in result.counts.items()}
    found = tally_profile(poll, profile, papers)
    reasons = (
        VoteReason("", UserId(""), ballots.parse_ballot(one), why) for one, why in result.reasons
    )
    return replace(found, reasons=tuple(reasons))


async def store_outcome(tx: Tx, poll: Poll) -> PollOutcome:
    """Return the outcome of an ended poll, and store its verdict for the list of decisions."""
    found = await current_outcome(tx, poll)
    await poll_store.store_verdict(tx, poll.number, found.verdict)
    return found


@dataclass(frozen=True, slots=True)
class OptionShare:
    """`votes` may be points; `part` is from 0 to 1. `percent` is empty where points are given.

    `maybe`: how many can come if need be, in a date poll.
    """

    label: Line
    votes: int
    maybe: int
    part: float
    percent: str
    won: bool


def option_shares(found: PollOutcome) -> list[OptionShare]:
    """Return the share of the votes that each option has, in their order."""
    poll, result = found.poll, found.result
    labels = poll.kind.labels(poll.question)
    points = poll.rule.kind == "score" or (poll.rule.kind == "budget" and poll.rule.points > 1)
    whole = max((row.votes for row in result.rows), default=0) if points else found.weight
    won = result.winners if found.verdict in (PollVerdict.WON, PollVerdict.APPROVED) else ()
    return [
        OptionShare(
            labels[row.place - 1],
            row.votes,
            row.maybe,
            row.votes / whole if whole else 0.0,
            "" if points or not whole else f"{round(100 * row.votes / whole)}%",
            row.place in won,
        )
        for row in result.rows
    ]
