"""Decisions that another capability asks a room to take (services `propose` and `withdraw`)."""

from __future__ import annotations

from bot.api import (
    CHECK_VOTABLE,
    PROPOSE,
    WITHDRAW,
    Context,
    Effect,
    Line,
    Number,
    Proposal,
    _,
    items,
)
from commands.decision_rules import kinds, thresholds
from commands.decision_rules.vote_rules import fold_label
from commands.poll_book import requested_proposals, roll, texts
from commands.poll_book.poll import Option, PollRule
from commands.poll_book.roll import VoterGroup, VoterSpec
from commands.poll_lines import labels
from commands.polls import joint_votes, poll_end
from commands.polls.declaration import feature
from commands.polls.opening import opening_commands
from commands.polls.opening.plan import PollPlan


@feature.offers(PROPOSE)
async def open_requested_proposal(ctx: Context, wanted: Proposal) -> tuple[Number, list[Effect]]:
    """Open a proposal in the bot's name for another capability. Returns its number and its
    messages.

    Raises `ValueError` if the kind or the rule is not one.
    """
    plan = await _plan(ctx, wanted)
    number = await opening_commands.store_plan(ctx, plan, wanted.room, ctx.me, remind=wanted.remind)
    await requested_proposals.add_request(
        ctx, number, wanted.then, members=wanted.members, fixed=wanted.fixed
    )
    return number, await opening_commands.opening_effects(
        ctx, number, wanted.room, None, *wanted.first
    )


@feature.offers(CHECK_VOTABLE)
async def require_votable(ctx: Context, wanted: Proposal) -> None:
    """Raise `UserError` if a proposal's title is too long, two options look the same or too few can
    vote."""
    plan = await _plan(ctx, wanted)
    if wanted.fewest:
        voters = await roll.build_roll(ctx, wanted.room, plan.voters)
        weight = sum(voter.weight for voter in voters)
        joint_votes.require_hidden_votes(len(voters), weight, wanted.fewest)


async def _plan(ctx: Context, wanted: Proposal) -> PollPlan:
    options = labels.checked_labels(wanted.options) if wanted.options else ()
    return PollPlan(
        labels.clean_question(await ctx.render_line(wanted.title, wanted.room)),
        tuple(map(Option, options)),
        _rule(wanted),
        wanted.closes,
        VoterSpec(VoterGroup.EVERYBODY) if wanted.members else VoterSpec(),
    )


def _rule(wanted: Proposal) -> PollRule:
    """Parse the rule of a proposal. Raises `ValueError` if it is not one."""
    found = kinds.find_kind(wanted.kind)
    if found is None or bool(found[0].stances) == bool(wanted.options):
        raise ValueError(f"no kind of proposal: {wanted.kind!r}")
    absolute = fold_label(wanted.majority) in thresholds.ABSOLUTE_MAJORITY_WORDS
    threshold = (
        thresholds.parse_share(wanted.majority) if wanted.majority and not absolute else None
    )
    quorum = thresholds.parse_quorum(wanted.quorum) if wanted.quorum else None
    lost = bool(wanted.majority) > (absolute or threshold is not None)
    if lost or bool(wanted.quorum) > bool(quorum):
        raise ValueError(f"no such rule: {wanted.majority!r}, {wanted.quorum!r}")
    return PollRule(
        found[0].key, found[1], wanted.points, wanted.most, threshold, quorum, absolute=absolute
    )


@feature.offers(WITHDRAW)
async def withdraw_proposal(ctx: Context, number: Number, why: Line) -> list[Effect]:
    """End a proposal without a result because the thing it is about is gone. Return what to send.
    Idempotent."""
    item = await items.get(ctx.db, number)
    if item is None or not item.open:
        return []
    await requested_proposals.drop_request(ctx.db, number)
    told = _(
        "Proposal {number}, “{question}”, ends without a result: {why}",
        number=number,
        question=texts.short_question(item.title),
        why=why,
    )
    return await poll_end.cancel_without_result(ctx, item, told)
