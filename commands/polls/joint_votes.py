"""Votes that several networks take, each in its own rooms: share a poll and its totals."""

from __future__ import annotations

from bot.api import (
    JOINT_VOTE,
    STOP_SHARING,
    TALLY,
    Callback,
    Context,
    JointBallot,
    Line,
    Number,
    Tally,
    UserError,
    _,
)
from commands.decision_rules.ballots import FEWEST_VOTES, PollVerdict
from commands.decision_rules.kinds import schulze
from commands.decision_rules.kinds.ranked import RUNOFF
from commands.decision_rules.kinds.stances import Stance
from commands.decision_rules.thresholds import format_exact_share
from commands.poll_book import chamber_store, poll_store, requested_proposals, texts, vote_store
from commands.poll_book.poll import Poll
from commands.polls import outcome
from commands.polls.declaration import feature
from commands.polls.outcome import PollOutcome

MAJORITY_TOTALS = {
    Stance.FOR: "for",
    Stance.AGAINST: "against",
    Stance.BLOCK: "against",
    Stance.ABSTAIN: "abstain",
    Stance.ASIDE: "abstain",
}
"""How each stance is counted by majority for other networks, where nobody can block."""
CONSENT_TOTALS = {
    Stance.FOR: "for",
    Stance.AGAINST: "against",
    Stance.ABSTAIN: "abstain",
    Stance.ASIDE: "aside",
    Stance.BLOCK: "block",
}
ADDABLE_KINDS = frozenset({"choice", "score", "ranked"})
"""Kinds with options whose sums, without single ballots, find the winner."""
MAJORITY_HINT = _(
    "Each network can decide it so for itself. Together it can be by majority:"
    " `!proposal “Letter for the water” majority:2/3 until tomorrow 18h`"
)
PLAIN_EXAMPLE = _("For example: `!poll Where? North, South until tomorrow 18:00`")


@feature.offers(JOINT_VOTE.of("poll"))
async def share_poll(ctx: Context, number: Number, then: Callback) -> JointBallot:
    """Share an open poll with other networks, so that its end and options can't change any more.
    Return the vote as the others need it.

    Raises `UserError` if it has no end, is secret, has ended, is shared already or cannot be added
    up, and if its sums might tell how somebody voted.
    """
    poll = await poll_store.get_poll(ctx.db, number)
    if poll.ended or poll.cancelled:
        raise UserError(texts.already_over_line(poll))
    if await requested_proposals.change_refusal(ctx.db, number):
        raise UserError(_("Other networks have been asked about {number} already.", number=number))
    if await requested_proposals.is_awaited(ctx.db, number):
        raise UserError(_("Proposal {number} is decided for something else.", number=number))
    if poll.closes is None:
        raise UserError(
            _("Other networks can take part in a vote that has an end: this one has none."),
            _("To give it one: `!extend {number} until tomorrow 18h`", number=number),
        )
    if poll.rule.secret:
        raise UserError(
            _("A secret vote stays at home: where few vote, totals tell who voted what."),
            _("To decide with other networks, open it without `secret`."),
        )
    if await chamber_store.has_chambers(ctx.db, number):
        raise UserError(
            _("Chambers are of one room: together, all votes of all networks are counted."),
            MAJORITY_HINT,
        )
    if poll.kind.stances is None:
        _require_sums(poll)
    elif poll.rule.kind == "consensus":
        raise UserError(_consensus_stays(), MAJORITY_HINT)
    require_hidden_votes(poll.roll, poll.weight or poll.roll, _fewest(poll))
    await requested_proposals.add_request(ctx, number, then, fixed=True)
    return _ballot(poll)


def _fewest(poll: Poll) -> int:
    """Return how many must vote for sums to leave the network: of consent and of orders."""
    return FEWEST_VOTES if poll.rule.kind in ("consent", "ranked") else 0


def require_hidden_votes(roll: int, weight: int, fewest: int) -> None:
    """Raise `UserError` if the sums of a poll would tell how somebody voted. `fewest`: 0 where they
    may."""
    if not fewest:
        return
    if roll < fewest:
        raise UserError(
            _(
                "Only {count} can vote here: of fewer than {fewest}, a sum tells how they voted.",
                count=roll,
                fewest=fewest,
            ),
            _("In a room with more people, or by majority, it can be."),
        )
    if weight != roll:
        raise UserError(
            _("Some here have several votes: a sum would tell whose they are."),
            _("By majority it can be, or with one vote each."),
        )


def _require_sums(poll: Poll) -> None:
    """Raise `UserError` if totals of several networks make no result."""
    rule = poll.rule
    if rule.kind not in ADDABLE_KINDS or (rule.kind == "ranked" and rule.method == RUNOFF):
        raise UserError(_cannot_add(poll), _addable_line())
    if rule.threshold or rule.absolute or rule.quorum:
        raise UserError(
            _(
                "Between options the most votes win for several networks: a majority or a quorum"
                " of this room can't hold for the others."
            ),
            PLAIN_EXAMPLE,
        )


def _consensus_stays() -> Line:
    return _(
        "Consensus stays at home: together votes are added up, and one against would not stop it."
    )


def _cannot_add(poll: Poll) -> Line:
    if poll.rule.kind == "dates":
        return _("A date poll can't be taken together: its dates read differently elsewhere.")
    if poll.rule.kind == "budget":
        return _(
            "A budget can't be taken together: it needs every single ballot, and only totals leave"
            " a network."
        )
    if poll.rule.kind == "ranked":
        return _(
            "An instant run-off can't be taken together: it needs every single ballot."
            " Schulze's method can: `type:schulze`"
        )
    return _("An election can't be taken together: it needs every single ballot.")


def _addable_line() -> Line:
    return _(
        "What can be: one option (`!poll Where? North, South`), `multiple:2`, `type:ranked` or"
        " `type:score`."
    )


def _ballot(poll: Poll) -> JointBallot:
    assert poll.closes is not None
    rule = poll.rule
    if poll.kind.stances is not None:
        exactly = format_exact_share(rule.threshold) if rule.threshold else ""
        majority = poll_store.ABSOLUTE_MAJORITY if rule.absolute else exactly
        quorum = rule.quorum.kept if rule.quorum else ""
        return JointBallot(
            poll.title, poll.closes, rule.kind, majority, quorum, fewest=_fewest(poll)
        )
    labels = tuple(option.label for option in poll.options)
    if rule.kind == "score":
        kind = rule.method or "score"
        return JointBallot(poll.title, poll.closes, kind, options=labels, points=rule.points)
    return JointBallot(
        poll.title, poll.closes, rule.kind, options=labels, most=rule.most, fewest=_fewest(poll)
    )


@feature.offers(STOP_SHARING.of("poll"))
async def unshare_poll(ctx: Context, number: Number) -> None:
    """Stop sharing a poll with other networks, so that it can be changed as any other."""
    await requested_proposals.drop_request(ctx.db, number)


@feature.offers(TALLY.of("poll"))
async def joint_totals(ctx: Context, number: Number) -> Tally | None:
    """Return the totals of an ended poll for a joint decision of linked networks, assemblies
    included; None while it has no result."""
    poll = await poll_store.get_poll(ctx.db, number)
    if not poll.ended or poll.cancelled:
        return None
    found = await outcome.current_outcome(ctx.db, poll)
    if poll.kind.stances is not None:
        counts, stands = _stances(found)
    elif poll.rule.kind == "ranked":
        counts, stands = _pairs(found), ""
    else:
        counts, stands = _between(found)
    people = await vote_store.count_people(ctx.db, number)
    people += sum(one.people for one in found.assemblies)
    return Tally(poll.roll, poll.weight or poll.roll, found.present, counts, stands, people)


def _stances(found: PollOutcome) -> tuple[dict[str, int], str]:
    totals = CONSENT_TOTALS if found.poll.rule.kind == "consent" else MAJORITY_TOTALS
    counts = dict.fromkeys(totals.values(), 0)
    for row in found.result.rows:
        counts[totals[Stance(row.place)]] += row.votes
    stands = {PollVerdict.APPROVED: "for", PollVerdict.NOT_APPROVED: "against"}
    return counts, stands.get(found.verdict, "")


def _pairs(found: PollOutcome) -> dict[str, int]:
    """Return how many put each option before each other: `1>2`."""
    pairs = schulze.pairwise_preferences(found.profile, found.poll.question.places)
    return {f"{better}>{worse}": votes for (better, worse), votes in pairs.items()}


def _between(found: PollOutcome) -> tuple[dict[str, int], str]:
    """Return the votes by place and the place that won, or "" for a tie."""
    counts = {str(row.place): row.votes for row in found.result.rows}
    won = found.verdict is PollVerdict.WON
    return counts, str(found.result.winners[0]) if won else ""
