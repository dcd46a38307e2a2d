"""Decisions of the room: open the proposal of a request, and carry it out if it passes."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    PROPOSE,
    WITHDRAW,
    ActRequest,
    Answer,
    Callback,
    Context,
    DecisionResult,
    Effect,
    Job,
    Line,
    Number,
    Person,
    Proposal,
    _,
    verbatim,
)
from commands.governance import effective_rule, requests, rules, store, urgent_confirmation
from commands.governance.declaration import DECIDED_JOB, LAPSE_JOB, feature
from commands.governance.rules import GovernanceRule
from commands.governance.store import StoredRequest


async def begin_decision(ctx: Context, wish: ActRequest, rule: GovernanceRule) -> Answer:
    """Open the room's vote on a request for an act, or point to the one that is open on it. Return
    what to say, if anything."""
    before = await store.find_same(ctx.db, wish)
    if before is not None and before.poll is not None:
        return _(
            "The room decides on that, in proposal {poll}: `!results {poll}`", poll=before.poll
        )
    if before is not None:
        return await hand_to_room(ctx, before, rule)
    number = await requests.store_request(ctx, wish)
    first = _("{who} asks; the room decides: {what}", who=Person(ctx.who), what=wish.what)
    kept = await store.get_request(ctx.db, number)
    assert kept is not None
    return await ask_room(ctx, kept, rule, first)


async def ask_room(ctx: Context, kept: StoredRequest, rule: GovernanceRule, first: Line) -> Answer:
    """Open the proposal of a request, and answer here if it is decided in another room. Return what
    to say, if anything."""
    effects = await open_proposal(ctx, kept, rule, first)
    back = _("To take it back: `!cancel {number}`", number=kept.item)
    if kept.room == ctx.room:
        return effects
    return [_("The room decides; I opened the vote there."), back, *effects]


async def open_proposal(
    ctx: Context, kept: StoredRequest, rule: GovernanceRule, first: Line, round_: int = 1
) -> list[Line | Effect]:
    """Open the proposal in which a room votes on a request, and return its messages."""
    others = await requests.competing_requests(ctx, kept.as_request(), kept.item)
    wanted = Proposal(
        kept.room,
        verbatim(kept.title),
        ctx.now + timedelta(days=rule.days),
        Callback.of(DECIDED_JOB, kept.item),
        (first, *requests.competing_lines(others)),
        kind=rule.kind,
        majority=rule.majority,
        quorum=f"{rule.quorum}%" if rule.quorum else "",
        members=True,
    )
    poll, effects = await ctx.registry.offers(PROPOSE)[0](ctx, wanted)
    await store.set_poll(ctx.db, kept.item, poll, round_)
    return list(effects)


async def hand_to_room(ctx: Context, kept: StoredRequest, rule: GovernanceRule) -> Answer:
    """Hand a request from the moderators to the room's vote, since another rule applies now. Return
    what to say, if anything."""
    await ctx.cancel_jobs(kept.item, LAPSE_JOB)
    first = _(
        "Too few moderate here, or the rule has changed: now the room decides: {what}",
        what=verbatim(kept.title),
    )
    return await open_proposal(ctx, kept, rule, first)


@feature.runs(DECIDED_JOB)
async def carry_out_decision(ctx: Context, job: Job) -> Answer:
    """Carry out a request for an act, or end it, by the result of the room's vote on it. Return
    what to say, if anything."""
    kept = await store.get_request(ctx.db, Number(job.item)) if job.item is not None else None
    if kept is None or not kept.open:
        return None
    result = DecisionResult(job.payload["result"])
    if kept.keep:
        passed = result is DecisionResult.PASSED
        return await (
            urgent_confirmation.confirm_act(ctx, kept)
            if passed
            else urgent_confirmation.take_back_act(ctx, kept)
        )
    if result is DecisionResult.PASSED:
        return await requests.carry_out_request(ctx, kept)
    if result is DecisionResult.OPEN and kept.act == "rule" and kept.round == 1:
        return await _vote_again(ctx, kept)
    await requests.close_request(ctx, kept)
    return None


async def _vote_again(ctx: Context, kept: StoredRequest) -> Answer:
    """Vote a second time on a rule because too few came.

    Whoever votes then decides, so that nobody can lock a room by staying away.
    """
    found = await effective_rule.rule_for_request(ctx, kept.as_request())
    rule = found if found.how is rules.DecisionMode.ROOM else rules.MEMBERS_RULE
    first = _(
        "Too few voted. In this second call whoever votes decides: {what}",
        what=verbatim(kept.title),
    )
    return await open_proposal(ctx, kept, rules.second_vote_rule(rule), first, round_=2)


async def withdraw_vote(ctx: Context, kept: StoredRequest, why: Line) -> list[Effect]:
    """End the vote on a request, if it has one, without a result. Return what to send."""
    effects: list[Effect] = []
    if kept.poll is not None:
        for withdraw in ctx.registry.offers(WITHDRAW):
            effects += await withdraw(ctx, kept.poll, why)
    return effects
