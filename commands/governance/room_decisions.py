"""Decisions of the room: open the proposal of a request, and carry it out if it passes."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Decided,
    Effect,
    Job,
    Line,
    Number,
    Person,
    Proposal,
    Then,
    Wish,
    _,
    verbatim,
)
from commands.governance import effective_rule, requests, rules, store, urgent_confirmation
from commands.governance.declaration import feature
from commands.governance.rules import Rule
from commands.governance.store import Kept


async def begin(ctx: Context, wish: Wish, rule: Rule) -> Answer:
    """Open the room's decision, or point to the one that is open on the same request."""
    before = await store.same(ctx.db, wish)
    if before is not None and before.poll is not None:
        return _("The room decides on that, in proposal {poll}: `!results {poll}`",
                 poll=before.poll)  # fmt: skip
    if before is not None:
        return await instead(ctx, before, rule)
    number = await requests.keep(ctx, wish)
    first = _("{who} asks; the room decides: {what}", who=Person(ctx.who), what=wish.what)
    kept = await store.get(ctx.db, number)
    assert kept is not None
    return await asked(ctx, kept, rule, first)


async def asked(ctx: Context, kept: Kept, rule: Rule, first: Line, round_: int = 1) -> Answer:
    """Open the proposal of a request, and answer here if it is decided in another room."""
    effects = await opened(ctx, kept, rule, first, round_)
    back = _("To take it back: `!cancel {number}`", number=kept.item)
    if kept.room == ctx.room:
        return effects
    return [_("The room decides; I opened the vote there."), back, *effects]


async def opened(
    ctx: Context, kept: Kept, rule: Rule, first: Line, round_: int = 1
) -> list[Line | Effect]:
    """Open the proposal of a request and return its messages."""
    others = await requests.beside(ctx, kept.as_wish(), kept.item)
    wanted = Proposal(
        kept.room,
        verbatim(kept.title),
        ctx.read + timedelta(days=rule.days),
        Then(feature.name, "decided", kept.item),
        (first, *requests.named_beside(others)),
        kind=rule.kind,
        majority=rule.majority,
        quorum=f"{rule.quorum}%" if rule.quorum else "",
        members=True,
    )
    poll, effects = await ctx.registry.services("propose")[0](ctx, wanted)
    await store.votes_on(ctx.db, kept.item, poll, round_)
    return list(effects)


async def instead(ctx: Context, kept: Kept, rule: Rule) -> Answer:
    """Hand a request from the moderators to the room, since another rule applies now."""
    await ctx.call_off(kept.item, "lapse")
    first = _("Too few moderate here, or the rule has changed: now the room decides: {what}",
              what=verbatim(kept.title))  # fmt: skip
    return await opened(ctx, kept, rule, first)


@feature.job("decided")
async def decided(ctx: Context, job: Job) -> Answer:
    """Act on the result of the room's decision."""
    kept = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    if kept is None or not kept.open:
        return None
    result = Decided(job.payload["result"])
    if kept.keep:
        passed = result is Decided.PASSED
        return await (
            urgent_confirmation.stays(ctx, kept)
            if passed
            else urgent_confirmation.lapsed(ctx, kept)
        )
    if result is Decided.PASSED:
        return await requests.carried(ctx, kept)
    if result is Decided.OPEN and kept.act == "rule" and kept.round == 1:
        return await _called_again(ctx, kept)
    await requests.close(ctx, kept)
    return None


async def _called_again(ctx: Context, kept: Kept) -> Answer:
    """Vote a second time on a rule because too few came.

    Whoever votes then decides, so that nobody can lock a room by staying away.
    """
    found = await effective_rule.rule(ctx, kept.as_wish())
    rule = found if found.how is rules.How.ROOM else rules.MEMBERS
    first = _("Too few voted. In this second call whoever votes decides: {what}",
              what=verbatim(kept.title))  # fmt: skip
    return await opened(ctx, kept, rules.second(rule), first, round_=2)


async def withdrawn(ctx: Context, kept: Kept, why: Line) -> list[Effect]:
    """End the vote of a request, if it has one, without a result."""
    effects: list[Effect] = []
    if kept.poll is not None:
        for withdraw in ctx.registry.services("withdraw"):
            effects += await withdraw(ctx, kept.poll, why)
    return effects
