"""Steps of a joint decision, whatever came last: each is taken once, when its time has come.

The same function runs after every message and at every date, so that a restart, a partition or an
unforeseen order end in the same place.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import Context, Decided, Effect, Job, Line, Number, Tally, Then
from commands.links import store as links
from commands.links.declaration import feature
from commands.links.joint import exclusions, question, room_messages, store
from commands.links.joint.statement import statement
from commands.links.joint.store import Joint
from commands.links.joint.terms import (
    Answer,
    Commitment,
    Final,
    Opening,
    Quit,
    Result,
    Reveal,
    Seen,
    bits,
    chosen,
    sealed,
)
from commands.links.protocol import outbound

COMPARED_AFTER = timedelta(minutes=10)
"""How long after the end the results of all networks are compared."""
LATER = timedelta(minutes=1)
"""A message after the end waits this long for others before the result is worked out anew."""


async def say(ctx: Context, one: Joint, kind: str, body: Mapping[str, Any]) -> list[Line | Effect]:
    """Store our own word and return the effect that sends it, unless we have left the link."""
    link = await links.get(ctx.db, one.link)
    assert link is not None
    word, effect = await outbound.write(ctx, link, kind, body, one.id)
    await store.say(ctx.db, one.item, word)
    return [effect] if await outbound.is_in(ctx, link) else []


async def go_on(ctx: Context, number: Number) -> list[Line | Effect]:
    """Take every step whose time has come. Idempotent."""
    effects: list[Line | Effect] = []
    while (one := await store.get(ctx.db, number)) is not None:
        taken = await _step(ctx, one)
        if taken is None:
            break
        effects += taken
    return effects


async def _step(ctx: Context, one: Joint) -> list[Line | Effect] | None:
    """Take one step and return its effects; None if it is no step's time.

    It reads who said what, which is little; what they said only for a step that is taken.
    """
    key, now = ctx.signer.public, int(ctx.read.timestamp())
    opened = await store.word(ctx.db, one.item, "open", one.terms.proposer)
    if one.told == store.OFF:
        return None
    if opened is None:
        if one.told is not None:
            return None
        if key != one.terms.proposer:
            return await exclusions.unopened(ctx, one, now)
        return await _opening(ctx, one, now)
    part = chosen(one.terms.keys, opened.says(Opening).part)
    sign = await store.word(ctx.db, one.item, "sign", key)
    if key not in part or sign is None or sign.says(Answer).answer != "yes":
        return None  # a proposer can't count us in without our yes
    if one.poll is None and now < one.terms.closes:
        return await _ballot(ctx, one)
    mine = await store.said_by(ctx.db, one.item, key)
    if one.result is not None and "commit" not in mine:
        seal = Commitment(terms=one.terms.hash, sealed=sealed(one.result, one.nonce))
        return await say(ctx, one, "commit", seal.model_dump())
    commits = part & await store.who_said(ctx.db, one.item, "commit")
    quits = part & await store.who_said(ctx.db, one.item, "quit")
    all_sealed = commits | quits == part or now >= one.terms.commit_by
    if "commit" in mine and "reveal" not in mine:
        return await _reveal(ctx, one, commits) if all_sealed else None
    if "seen" in mine:
        return await _final(ctx, one, commits, now, ready=all_sealed)
    reveals = commits & await store.who_said(ctx.db, one.item, "reveal")
    if (all_sealed and reveals == commits) or now >= one.terms.reveal_by:
        seen = Seen(terms=one.terms.hash, reveals=bits(one.terms.keys, reveals))
        return await say(ctx, one, "seen", seen.model_dump())
    return None


async def _opening(ctx: Context, one: Joint, now: int) -> list[Line | Effect] | None:
    """As the proposer, say who takes part once all have answered or the time is over."""
    answered = await store.who_said(ctx.db, one.item, "sign")
    if len(answered) < len(one.terms.networks) and now < one.terms.answer_by:
        return None
    signs = await store.said(ctx.db, one.item, "sign")
    part = [
        key
        for key, sign in signs.items()
        if key in one.terms.keys and sign.says(Answer).answer == "yes"
    ]
    if len(part) < 2:
        return await room_messages.alone(ctx, one)
    body = Opening(terms=one.terms.hash, part=bits(one.terms.keys, part)).model_dump()
    return [*await say(ctx, one, "open", body), *await room_messages.opened(ctx, one, part)]


async def _ballot(ctx: Context, one: Joint) -> list[Line | Effect] | None:
    """Open the vote in the room that accepted it."""
    then = Then(feature.name, "counted", one.item)
    wanted = question.proposal(one.terms, one.room, then, await room_messages.above(ctx, one))
    for propose in ctx.registry.services("propose"):
        number, effects = await propose(ctx, wanted)
        await store.put(ctx.db, replace(one, poll=number))
        return [*effects]
    return None


@feature.job("counted")
async def counted(ctx: Context, job: Job) -> list[Line | Effect]:
    """Seal the totals of our own vote after its end. They are sent to nobody yet."""
    one = await store.get(ctx.db, job.item) if job.item else None
    if one is None or one.result is not None or one.poll is None:
        return []
    if job.payload.get("result") == Decided.CANCELLED:
        return await _called_off(ctx, one)
    for offer in ctx.registry.services("tally:poll"):
        found: Tally | None = await offer(ctx, one.poll)
        if found is not None:
            # An assembly can count more people than the roll: who voted could vote.
            roll = max(found.roll, found.turnout)
            result = Result(
                terms=one.terms.hash,
                network=ctx.signer.public,
                roll=roll,
                weight=found.weight + roll - found.roll,
                turnout=found.turnout,
                counts=dict(found.counts),
                outcome=found.outcome,
            )
            await store.put(ctx.db, replace(one, result=result))
    return await go_on(ctx, one.item)


async def _called_off(ctx: Context, one: Joint) -> list[Line | Effect]:
    """Tell the others, signed, that our vote is called off, so that we do not count as silent."""
    if one.told is not None:
        return []
    word = await say(ctx, one, "quit", Quit(terms=one.terms.hash).model_dump())
    return [*word, *await room_messages.called_off(ctx, one), *await go_on(ctx, one.item)]


async def under_way(ctx: Context, link: Number) -> list[Joint]:
    """Return the decisions of a link that have no result yet."""
    return [one for one in await store.latest(ctx.db, link) if one.told is None]


async def ended(ctx: Context, link: Number) -> list[Line | Effect]:
    """Quit all open decisions of a link that we leave. Our votes become our own again.

    A result that is sealed stays: nobody could know any more whether it was the same.
    """
    effects: list[Line | Effect] = []
    for one in await under_way(ctx, link):
        sign = await store.word(ctx.db, one.item, "sign", ctx.signer.public)
        part = sign is not None and sign.says(Answer).answer == "yes"
        if part and "commit" not in await store.said_by(ctx.db, one.item, ctx.signer.public):
            effects += await say(ctx, one, "quit", Quit(terms=one.terms.hash).model_dump())
        effects += await room_messages.ended(ctx, one, part=part)
    return effects


async def _reveal(ctx: Context, one: Joint, commits: Set[str]) -> list[Line | Effect]:
    assert one.result is not None
    said = Reveal(result=one.result, nonce=one.nonce, commits=bits(one.terms.keys, commits))
    return await say(ctx, one, "reveal", said.model_dump())


async def _final(
    ctx: Context, one: Joint, commits: Set[str], now: int, *, ready: bool
) -> list[Line | Effect] | None:
    """Work out and send the statement once all said what they saw, or their time is over."""
    whole = ready and commits <= await store.who_said(ctx.db, one.item, "seen")
    if not whole and now < one.terms.over_by:
        return None
    found = statement(await store.board(ctx.db, one))
    if one.told == found.hash:
        return None
    await store.put(ctx.db, replace(one, told=found.hash))
    effects = await room_messages.decided(ctx, one, found, again=one.told is not None)
    body = Final(terms=one.terms.hash, statement=found.hash).model_dump()
    return [*await say(ctx, one, "final", body), *effects]


async def soon(ctx: Context, one: Joint) -> None:
    """Schedule the next steps for when everything that has arrived is read.

    Somebody who was away would otherwise take a date as passed for messages sent before it. After
    the end the result is worked out once for many messages.
    """
    if not await ctx.waits(one.item, "anew"):
        at = ctx.read if one.told is None else ctx.read + LATER
        await ctx.schedule("anew", at, item=one.item)


@feature.job("anew")
@feature.job("step")
async def step(ctx: Context, job: Job) -> list[Line | Effect]:
    """Take the steps that are due."""
    return await go_on(ctx, job.item) if job.item else []


async def wait(ctx: Context, one: Joint) -> None:
    """Schedule a step for each date of the terms, and the comparison after the end."""
    terms = one.terms
    for at in (terms.answer_by, terms.commit_by, terms.reveal_by, terms.over_by):
        await ctx.schedule("step", datetime.fromtimestamp(at, UTC), item=one.item)
    over = datetime.fromtimestamp(terms.over_by, UTC)
    await ctx.schedule("compare", over + COMPARED_AFTER, item=one.item)
