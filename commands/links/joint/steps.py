"""How a joint decision goes on, whatever came last: each step is taken once, when it is its turn.

The same function runs after every message and whenever a date has come, so that a restart, a
partition or an order that nobody foresaw ends in the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.api import Context, Decided, Effect, Job, Line, Number, Proposal, Tally, Then, verbatim
from commands.links import store as links
from commands.links import wire
from commands.links.base import feature
from commands.links.envelope import Envelope
from commands.links.joint import store, telling
from commands.links.joint.statement import statement
from commands.links.joint.store import Joint
from commands.links.joint.terms import (
    Answer,
    Commitment,
    Final,
    Opening,
    Result,
    Reveal,
    Seen,
    bits,
    sealed,
)


async def say(ctx: Context, one: Joint, kind: str, body: Mapping[str, Any]) -> Effect:
    """Our own word, kept with the others' and sent."""
    link = await links.get(ctx.db, one.link)
    assert link is not None
    word, effect = await wire.write(ctx, link, kind, body, one.id)
    await store.say(ctx.db, one.item, word)
    return effect


async def go_on(ctx: Context, number: Number) -> list[Line | Effect]:
    """Take every step whose turn it is."""
    effects: list[Line | Effect] = []
    while (one := await store.get(ctx.db, number)) is not None:
        taken = await _step(ctx, one)
        if not taken:
            break
        effects += taken
    return effects


async def _step(ctx: Context, one: Joint) -> list[Line | Effect]:
    key, now = ctx.signer.public, int(ctx.read.timestamp())
    said = {kind: await store.said(ctx.db, one.item, kind) for kind in store.KINDS}
    if one.told is not None and not said["open"]:
        return []
    if not said["open"]:
        return await _opening(ctx, one, said["sign"], now) if key == one.terms.proposer else []
    board = store.board_of(one.terms, said)
    if key not in board.part:
        return []
    if one.poll is None:
        return await _ballot(ctx, one)
    if one.result is not None and key not in said["commit"]:
        seal = Commitment(terms=one.terms.hash, sealed=sealed(one.result, one.nonce))
        return [await say(ctx, one, "commit", seal.model_dump())]
    every = set(board.part)
    commits = every & set(board.commits)
    if key in said["commit"] and key not in said["reveal"]:
        if commits == every or now >= one.terms.commit_by:
            return [await _reveal(ctx, one, commits)]
        return []
    reveals = commits & set(board.reveals)
    settled = reveals == commits and (commits == every or now >= one.terms.commit_by)
    if key not in said["seen"] and (settled or now >= one.terms.reveal_by):
        seen = Seen(terms=one.terms.hash, reveals=bits(one.terms.keys, reveals))
        return [await say(ctx, one, "seen", seen.model_dump())]
    if key in said["seen"]:
        return await _final(ctx, one, said, now)
    return []


async def _opening(
    ctx: Context, one: Joint, signs: Mapping[str, Envelope], now: int
) -> list[Line | Effect]:
    """The proposer says who takes part: all have answered, or the time to answer is over."""
    if len(signs) < len(one.terms.networks) and now < one.terms.answer_by:
        return []
    part = [
        key
        for key, sign in signs.items()
        if key in one.terms.keys and sign.says(Answer).answer == "yes"
    ]
    if len(part) < 2:
        return await telling.alone(ctx, one)
    body = Opening(terms=one.terms.hash, part=bits(one.terms.keys, part)).model_dump()
    return [await say(ctx, one, "open", body), *await telling.opened(ctx, one, part)]


async def _ballot(ctx: Context, one: Joint) -> list[Line | Effect]:
    """We take part: the vote opens in the room that accepted it."""
    closes = datetime.fromtimestamp(one.terms.closes, UTC)
    if closes <= ctx.read:
        return []
    wanted = Proposal(
        one.room,
        verbatim(one.terms.title),
        closes,
        Then(feature.name, "counted", one.item),
        await telling.above(ctx, one),
    )
    for propose in ctx.registry.services("propose"):
        number, effects = await propose(ctx, wanted)
        await store.put(ctx.db, replace(one, poll=number))
        return [*effects]
    return []


@feature.job("counted")
async def counted(ctx: Context, job: Job) -> list[Line | Effect]:
    """Our own vote has ended: its totals are sealed, and go to nobody yet."""
    one = await store.get(ctx.db, job.item) if job.item else None
    if one is None or one.result is not None or one.poll is None:
        return []
    if job.payload.get("result") == Decided.CANCELLED:
        return []
    for offer in ctx.registry.services("tally:poll"):
        found: Tally | None = await offer(ctx, one.poll)
        if found is not None:
            result = Result(
                terms=one.terms.hash,
                network=ctx.signer.public,
                roll=found.roll,
                weight=found.weight,
                turnout=min(found.turnout, found.roll),
                counts=dict(found.counts),
                outcome=found.outcome,
            )
            await store.put(ctx.db, replace(one, result=result))
    return await go_on(ctx, one.item)


async def _reveal(ctx: Context, one: Joint, commits: set[str]) -> Effect:
    assert one.result is not None
    said = Reveal(result=one.result, nonce=one.nonce, commits=bits(one.terms.keys, commits))
    return await say(ctx, one, "reveal", said.model_dump())


async def _final(
    ctx: Context, one: Joint, said: Mapping[str, Mapping[str, Envelope]], now: int
) -> list[Line | Effect]:
    """The statement, as soon as all have said what they saw, or their time is over."""
    board = store.board_of(one.terms, said)
    sealed_by = set(board.part) & set(board.commits)
    everyone = sealed_by == set(board.part) or now >= one.terms.commit_by
    whole = everyone and sealed_by <= set(board.seen)
    if not whole and now < one.terms.over_by:
        return []
    found = statement(board)
    if one.told == found.hash:
        return []
    await store.put(ctx.db, replace(one, told=found.hash))
    effects = await telling.decided(ctx, one, found, again=one.told is not None)
    if ctx.signer.public not in said["final"]:
        body = Final(terms=one.terms.hash, statement=found.hash).model_dump()
        effects.insert(0, await say(ctx, one, "final", body))
    return effects


@feature.job("step")
async def step(ctx: Context, job: Job) -> list[Line | Effect]:
    """A date has come."""
    return await go_on(ctx, job.item) if job.item else []


async def wait(ctx: Context, one: Joint) -> None:
    """Each date of the terms is a step."""
    terms = one.terms
    for at in (terms.answer_by, terms.commit_by, terms.reveal_by, terms.over_by):
        await ctx.schedule("step", datetime.fromtimestamp(at, UTC), item=one.item)
