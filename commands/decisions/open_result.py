"""The signed result of an open vote: how often each ballot was cast, without names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal

from bot.api import Count, Item, Line, SignedModel, Signer, StrictModel, _
from commands.ballot_secrecy.files import result as secret_result_file
from commands.ballot_secrecy.files import signed_outcome, signed_words
from commands.ballot_secrecy.files.formats import (
    BallotText,
    Language,
    RuleName,
    SignedTranslations,
    SignedWords,
    sign_language,
    sign_translations,
)
from commands.ballot_secrecy.files.manifest import BallotTerms
from commands.ballot_secrecy.files.signed_words import Tell
from commands.decision_rules import ballots
from commands.decision_rules.ballots import Part, Profile
from commands.decisions.chamber_counts import (
    ChamberCount,
    chamber_count,
    describe_chambers,
    outcome_by_chambers,
)
from commands.poll_book import vote_store
from commands.poll_book.assembly_store import Assembly
from commands.poll_book.vote_store import VoteReason
from commands.polls.outcome import PollOutcome
from storage.database import Tx

ALL_REASONS = 100_000


class AssemblyCount(StrictModel):
    """A show of hands, who recorded it and who confirmed it."""

    people: Count
    counts: dict[BallotText, Count]
    recorded: str
    confirmed: tuple[str, ...]


class OpenResult(SignedModel):
    """The signed result of an open vote. All times are seconds since 1970."""

    type: Literal["minga.result-open"] = "minga.result-open"
    v: Literal[1] = 1
    number: Count
    question: str
    options: tuple[str, ...]
    """Empty where the kind has its own options: for, against …"""
    language: Language | None = None
    translations: SignedTranslations | None = None
    """What was asked in other languages."""
    rule: dict[RuleName, str | Count]
    voters: Literal["here", "organisations", "named"]
    opened: Count
    closes: Count | None = None
    ended: Count
    made: Count
    """When the file was made."""
    state: Literal["provisional", "final"]
    """`provisional` while votes that were sent in time may still come in."""
    roll_size: Count
    roll_weight: Count
    turnout: Count
    """How many of the roll voted. Their weight stands in the counts."""
    counts: dict[BallotText, Count]
    assemblies: tuple[AssemblyCount, ...]
    chambers: tuple[ChamberCount, ...] | None = None
    """Where a text must pass in each of several chambers."""
    reasons: tuple[tuple[BallotText, str], ...]
    """Sorted by ballot and text, without names."""
    rows: tuple[tuple[Count, Count, Count], ...]
    """Place, votes or points, and in a date poll how many more can come if need be."""
    outcome: secret_result_file.SignedOutcome
    words: SignedWords | None = None
    """The same result in sentences, for who reads the file without a program."""
    key: str
    certificate: dict[str, Any]
    """The certificate of the signing key by the bot's identity at its homeserver."""

    @property
    def together(self) -> dict[str, int]:
        """The counts of the room and of the assemblies together."""
        found = dict(self.counts)
        for one in self.assemblies:
            for ballot, weight in one.counts.items():
                found[ballot] = found.get(ballot, 0) + weight
        return found

    @property
    def present(self) -> int:
        """How many people voted, for the purpose of a quorum."""
        if self.voters == "organisations":
            return self.turnout
        return self.turnout + sum(one.people for one in self.assemblies)


async def sign_open_result(
    tx: Tx, item: Item, found: PollOutcome, at: datetime, signer: Signer, tell: Tell
) -> OpenResult:
    """Return the signed result of an open poll that has ended, with the sentences that `tell` makes
    of it."""
    poll = found.poll
    ended = poll.ended or at
    profile = await vote_store.get_profile(tx, poll.number)
    reasons = await vote_store.list_reasons(tx, poll.number, ALL_REASONS)
    bare = OpenResult(
        number=poll.number,
        question=str(poll.title),
        options=tuple(map(str, poll.question.labels)),
        language=sign_language(poll.title),
        translations=sign_translations(poll.title, poll.question.labels, poll.translated),
        rule=BallotTerms(poll.kind, poll.question, "", poll.closes, quorum=poll.rule.quorum).rule(),
        voters=poll.rule.voters.value,
        opened=int(item.at.timestamp()),
        closes=int(poll.closes.timestamp()) if poll.closes else None,
        ended=int(ended.timestamp()),
        made=int(max(at, ended).timestamp()),
        state="final" if poll.final else "provisional",
        roll_size=poll.roll,
        roll_weight=poll.weight,
        turnout=poll.turnout,
        counts=_counts(profile),
        assemblies=tuple(map(_assembly, found.assemblies)),
        chambers=tuple(chamber_count(one) for one, _result in found.chambers) or None,
        reasons=tuple(sorted(map(_reason, reasons))),
        rows=tuple((row.place, row.votes, row.maybe) for row in found.result.rows),
        outcome={},
        key=signer.public,
        certificate=dict(signer.certificate),
    )
    outcome = compute_open_outcome(bare, poll.question.withdrawn)
    whole = bare.model_copy(update={"outcome": outcome})
    words = tell([signed_words.head_line(whole), *describe_open_result(whole)])
    return whole.model_copy(update={"words": words}).sign(signer)


def describe_open_result(found: OpenResult) -> list[Line]:
    """Return the rule, the outcome and how many voted of an open poll, in words."""
    named = {"turnout": found.turnout, "size": found.roll_size}
    return [
        *signed_words.rule_lines(found, found.opened, found.ended, secret=False),
        *signed_outcome.describe_outcome(found, found.together, found.outcome),
        _("{turnout} of {size} people voted.", **named)
        if found.voters != "organisations"
        else _("{turnout} of {size} organisations voted.", **named),
        *describe_chambers(found, found.chambers or ()),
        *(
            _("An assembly of {count}, recorded by {who}.", count=one.people, who=one.recorded)
            for one in found.assemblies
        ),
    ]


def compute_open_outcome(
    found: OpenResult, withdrawn: Collection[int] = ()
) -> secret_result_file.SignedOutcome:
    """Return the outcome of the counts in an open poll's result file, by chambers where there are
    any.

    `withdrawn`: the candidates who stepped down after the rule was signed. Raises `ValueError` for
    a ballot that the rule forbids.
    """
    whole = signed_outcome.compute_outcome(found, found.together, found.present, withdrawn)
    return outcome_by_chambers(found, found.together, whole, found.chambers or ())


def _counts(profile: Profile) -> dict[str, int]:
    return {ballots.format_ballot(ballot): weight for ballot, weight in profile.items()}


def _assembly(one: Assembly) -> AssemblyCount:
    return AssemblyCount(
        people=one.people,
        counts=_summed(one.parts),
        recorded=one.person,
        confirmed=tuple(one.confirmed),
    )


def _summed(parts: Iterable[Part]) -> dict[str, int]:
    return _counts(ballots.sum_ballots(parts))


def _reason(one: VoteReason) -> tuple[str, str]:
    return ballots.format_ballot(one.ballot), one.text
