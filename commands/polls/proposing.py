"""Decisions that another capability has a room take (services `propose` and `withdraw`)."""

from __future__ import annotations

from bot.api import Context, Effect, Line, Number, Proposal, _, items
from commands.polls import asked, ending, kinds, labels, opening, rule, say
from commands.polls.base import feature
from commands.polls.plan import Plan
from commands.polls.store import Rule
from commands.polls.voters.roll import Spec, Who


@feature.service("propose")
async def propose(ctx: Context, wanted: Proposal) -> tuple[Number, list[Effect]]:
    """A proposal in the bot's name, by the rule that was asked for."""
    plan = Plan(
        labels.question(await ctx.in_words(wanted.title, wanted.room)),
        (),
        _rule(wanted),
        wanted.closes,
        Spec(Who.EVERYBODY) if wanted.members else Spec(),
    )
    number = await opening.kept(ctx, plan, wanted.room, ctx.me, remind=wanted.remind)
    await asked.put(ctx.db, number, wanted.then, members=wanted.members)
    return number, await opening.shown(ctx, number, wanted.room, None, *wanted.first)


def _rule(wanted: Proposal) -> Rule:
    """As its words are read everywhere. Raises `ValueError` for what is no such rule."""
    found = kinds.named(wanted.kind)
    if found is None or not found[0].stances:
        raise ValueError(f"no kind of proposal: {wanted.kind!r}")
    threshold = rule.share(wanted.majority) if wanted.majority else None
    quorum = rule.quorum(wanted.quorum) if wanted.quorum else None
    if bool(wanted.majority) > (threshold is not None) or bool(wanted.quorum) > bool(quorum):
        raise ValueError(f"no such rule: {wanted.majority!r}, {wanted.quorum!r}")
    return Rule(found[0].key, found[1], threshold=threshold, quorum=quorum)


@feature.service("withdraw")
async def withdraw(ctx: Context, number: Number, why: Line) -> list[Effect]:
    """What it was about is there no more."""
    item = await items.get(ctx.db, number)
    if item is None or not item.open:
        return []
    await asked.drop(ctx.db, number)
    told = _(
        "Proposal {number}, “{question}”, ends without a result: {why}",
        number=number,
        question=say.short(item.title),
        why=why,
    )
    return await ending.cancelled(ctx, item, told)
