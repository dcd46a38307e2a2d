"""Steps of a joint decision, whatever came last: each is taken once, when its time has come.

The same function runs after every message and at every date, so that a restart, a partition or an
unforeseen order end in the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import (
    PROPOSE,
    TALLY,
    Callback,
    Context,
    DecisionResult,
    Effect,
    Job,
    Line,
    Number,
    Tally,
    public_changes,
)
from commands.joint_decisions import exclusions, question, restored_result, room_messages, store
from commands.joint_decisions.declaration import (
    ANEW_JOB,
    COMPARE_JOB,
    COUNTED_JOB,
    RETURNED_JOB,
    STEP_JOB,
    feature,
)
from commands.joint_decisions.home_result import result_to_seal
from commands.joint_decisions.statement import work_out_statement
from commands.joint_decisions.store import JointDecision, Returned
from commands.joint_decisions.terms import (
    Commitment,
    Final,
    Opening,
    Quit,
    Reveal,
    SeenReveals,
    TermsAnswer,
    encode_bits,
    seal_result,
)
from commands.links import store as link_store
from commands.links.protocol import outbound

COMPARED_AFTER = timedelta(minutes=10)
"""How long after the end the results of all networks are compared."""
COLLECTING_TIME = timedelta(minutes=1)
"""A message after the end waits this long for others before the result is worked out anew."""


async def send_word(
    ctx: Context, one: JointDecision, kind: str, body: Mapping[str, Any]
) -> list[Line | Effect]:
    """Store our own signed statement in a joint decision of linked networks and return the effect
    that sends it; none if we have left the link."""
    link = await link_store.get_link(ctx.db, one.link)
    assert link is not None
    word, effect = await outbound.write_message(ctx, link, kind, body, one.id)
    await store.put_word(ctx.db, one.item, word)
    return [effect] if await outbound.is_in_room(ctx, link) else []


async def take_steps(ctx: Context, number: Number) -> list[Line | Effect]:
    """Take every step of a joint decision whose time has come. Return what to say. Idempotent."""
    effects: list[Line | Effect] = []
    if await ctx.has_job(number, RETURNED_JOB):  # after a restore the others are asked first
        return []
    while (one := await store.get_decision(ctx.db, number)) is not None:
        taken = await _take_step(ctx, one)
        if taken is None:
            break
        effects += taken
    return effects


async def _take_step(ctx: Context, one: JointDecision) -> list[Line | Effect] | None:
    """Take one step and return its effects; None if it is no step's time.

    It reads who said what, which is little; what they said only for a step that is taken.
    """
    key, now = ctx.signer.public, int(ctx.now.timestamp())
    part = await store.counted_in(ctx.db, one)
    if one.told == store.CALLED_OFF:
        return None
    if one.told == store.RESTORED:
        return await _adopt_statement(ctx, one)
    if one.told is None and one.returned in restored_result.TO_TELL:
        return await restored_result.report_returned(ctx, one)
    if part is None:
        if one.told is not None:
            return None
        if key != one.terms.proposer:
            return await exclusions.close_unopened(ctx, one, now)
        return await _open_decision(ctx, one, now)
    sign = await store.get_word(ctx.db, one.item, "sign", key)
    if key not in part or sign is None or sign.parse_body(TermsAnswer).answer != "yes":
        return None  # a proposer can't count us in without our yes
    mine = await store.kinds_said_by(ctx.db, one.item, key)
    if one.poll is None and now < one.terms.closes and one.returned is not Returned.OWN:
        return None if one.returned is Returned.ASKED else await _open_vote(ctx, one)
    can_open = await restored_result.can_open_seal(ctx, one)
    if "commit" in mine and "reveal" not in mine and not can_open and one.told is None:
        if one.returned is Returned.SEALED:
            return await _adopt_statement(ctx, one)
        return await restored_result.report_sealed(ctx, one)
    if one.result is not None and not mine & {"commit", "quit"}:
        seal = Commitment(terms=one.terms.hash, sealed=seal_result(one.result, one.nonce))
        return await send_word(ctx, one, "commit", seal.model_dump())
    commits = part & await store.keys_with_word(ctx.db, one.item, "commit")
    quits = part & await store.keys_with_word(ctx.db, one.item, "quit")
    all_sealed = commits | quits == part or now >= one.terms.commit_by
    if "commit" in mine and "reveal" not in mine and can_open:
        return await _reveal_result(ctx, one, commits) if all_sealed else None
    if "seen" in mine:
        return await _sign_statement(ctx, one, commits, now, ready=all_sealed)
    reveals = commits & await store.keys_with_word(ctx.db, one.item, "reveal")
    if (all_sealed and reveals == commits) or now >= one.terms.reveal_by:
        seen = SeenReveals(terms=one.terms.hash, reveals=encode_bits(one.terms.keys, reveals))
        return await send_word(ctx, one, "seen", seen.model_dump())
    return None


async def _open_decision(ctx: Context, one: JointDecision, now: int) -> list[Line | Effect] | None:
    """As the proposer, say who takes part once all have answered or the time is over."""
    answered = await store.keys_with_word(ctx.db, one.item, "sign")
    if len(answered) < len(one.terms.networks) and now < one.terms.answer_by:
        return None
    signs = await store.words_of_kind(ctx.db, one.item, "sign")
    part = [
        key
        for key, sign in signs.items()
        if key in one.terms.keys and sign.parse_body(TermsAnswer).answer == "yes"
    ]
    if len(await _staying(ctx, one, part)) < 2:
        return await room_messages.report_alone(ctx, one)
    body = Opening(terms=one.terms.hash, part=encode_bits(one.terms.keys, part)).model_dump()
    return [
        *await send_word(ctx, one, "open", body),
        *await room_messages.announce_opening(ctx, one, part),
    ]


async def _staying(ctx: Context, one: JointDecision, part: Iterable[str]) -> list[str]:
    """Return those of these networks that neither called their vote off nor left the link."""
    quits = await store.keys_with_word(ctx.db, one.item, "quit")
    every = await link_store.peers_of_link(ctx.db, one.link)
    gone = {peer.key for peer in every if peer.state is link_store.PeerState.GONE}
    return [key for key in part if key not in quits | gone]


async def _open_vote(ctx: Context, one: JointDecision) -> list[Line | Effect] | None:
    """Open the vote in the room that accepted it."""
    then = Callback.of(COUNTED_JOB, one.item)
    wanted = question.room_proposal(
        one.terms, one.room, then, await room_messages.lines_above_vote(ctx, one)
    )
    for propose in ctx.registry.offers(PROPOSE):
        number, effects = await propose(ctx, wanted)
        await store.put_decision(ctx.db, replace(one, poll=number))
        return [*effects]
    return None


@feature.runs(COUNTED_JOB)
async def seal_totals(ctx: Context, job: Job) -> list[Line | Effect]:
    """Encrypt the totals of our own vote after its end. Return what to say. The totals are sent to
    nobody yet."""
    one = await store.get_decision(ctx.db, job.item) if job.item else None
    if one is None or one.result is not None or one.poll is None:
        return []
    if job.payload.get("result") == DecisionResult.CANCELLED:
        return await _quit_decision(ctx, one)
    for offer in ctx.registry.offers(TALLY.of("poll")):
        found: Tally | None = await offer(ctx, one.poll)
        if found is not None:
            result = result_to_seal(one.terms, ctx.signer.public, found)
            await store.put_decision(ctx.db, replace(one, result=result))
    return [
        *await restored_result.report_recount(ctx, one.item),
        *await take_steps(ctx, one.item),
    ]


async def _quit_decision(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Tell the others, signed, that our vote is called off, so that we do not count as silent."""
    if one.told not in (None, store.RESTORED):
        return []
    word = await send_word(ctx, one, "quit", Quit(terms=one.terms.hash).model_dump())
    if one.told == store.RESTORED:
        return word
    return [
        *word,
        *await room_messages.report_called_off(ctx, one),
        *await take_steps(ctx, one.item),
    ]


async def undecided_decisions(ctx: Context, link: Number) -> list[JointDecision]:
    """Return the joint decisions of the networks of a link that have no result yet."""
    return [one for one in await store.latest_decisions(ctx.db, link) if one.told is None]


async def quit_decisions(ctx: Context, link: Number) -> list[Line | Effect]:
    """Leave all open joint decisions of a link that we leave. Return what to say. Our votes become
    our own again.

    A result that is sealed stays: nobody could know any more whether it was the same.
    """
    effects: list[Line | Effect] = []
    for one in await undecided_decisions(ctx, link):
        part = await store.takes_part(ctx.db, one, ctx.signer.public)
        if part and "commit" not in await store.kinds_said_by(ctx.db, one.item, ctx.signer.public):
            effects += await send_word(ctx, one, "quit", Quit(terms=one.terms.hash).model_dump())
        effects += await room_messages.report_left_link(ctx, one, part=part)
    return effects


async def _reveal_result(
    ctx: Context, one: JointDecision, commits: Set[str]
) -> list[Line | Effect]:
    assert one.result is not None
    said = Reveal(result=one.result, nonce=one.nonce, commits=encode_bits(one.terms.keys, commits))
    return await send_word(ctx, one, "reveal", said.model_dump())


async def _sign_statement(
    ctx: Context, one: JointDecision, commits: Set[str], now: int, *, ready: bool
) -> list[Line | Effect] | None:
    """Work out and send the statement once all said what they saw, or their time is over."""
    whole = ready and commits <= await store.keys_with_word(ctx.db, one.item, "seen")
    if not whole and now < one.terms.over_by:
        return None
    found = work_out_statement(await store.get_board(ctx.db, one))
    if one.told == found.hash:
        return None
    await store.put_decision(ctx.db, replace(one, told=found.hash))
    if one.told is not None:
        await public_changes.note_consent_gone(ctx, one.item)
    effects = await room_messages.announce_result(ctx, one, found, again=one.told is not None)
    body = Final(terms=one.terms.hash, statement=found.hash).model_dump()
    return [*await send_word(ctx, one, "final", body), *effects]


async def _adopt_statement(ctx: Context, one: JointDecision) -> list[Line | Effect] | None:
    """After a restore, announce the result once it is known to be right, and sign it.

    We may have said words that only the others know by now: what follows without them would be
    another result than the one that our room was told.
    """
    found = work_out_statement(await store.get_board(ctx.db, one))
    finals = await store.words_of_kind(ctx.db, one.item, "final")
    if not restored_result.is_confirmed(found, finals, ctx.signer.public):
        return None
    await store.put_decision(ctx.db, replace(one, told=found.hash))
    body = Final(terms=one.terms.hash, statement=found.hash)
    return [
        *await send_word(ctx, one, "final", body.model_dump()),
        *await room_messages.announce_result(ctx, one, found, again=False),
    ]


async def schedule_steps(ctx: Context, one: JointDecision, *, returned: bool = False) -> None:
    """Schedule the next steps of joint decisions for when everything that has arrived is read.

    Somebody who was away would otherwise take a date as passed for messages sent before it. After
    the end the result is worked out once for many messages. So is, with `returned`, what words of
    ours mean that come back one after the other.
    """
    if not await ctx.has_job(one.item, ANEW_JOB):
        at = ctx.now if one.told is None and not returned else ctx.now + COLLECTING_TIME
        await ctx.schedule(ANEW_JOB, at, item=one.item)


@feature.runs(ANEW_JOB)
@feature.runs(RETURNED_JOB)
@feature.runs(STEP_JOB)
async def take_due_steps(ctx: Context, job: Job) -> list[Line | Effect]:
    """Take every step of linked networks' joint decision whose time has come. Return what to
    say."""
    return await take_steps(ctx, job.item) if job.item else []


async def schedule_dates(ctx: Context, one: JointDecision) -> None:
    """Schedule a step for each date in the terms of linked networks' joint decision, and the
    comparison of results after the end."""
    terms = one.terms
    for at in (terms.answer_by, terms.commit_by, terms.reveal_by, terms.over_by):
        await ctx.schedule(STEP_JOB, datetime.fromtimestamp(at, UTC), item=one.item)
    over = datetime.fromtimestamp(terms.over_by, UTC)
    await ctx.schedule(COMPARE_JOB, over + COMPARED_AFTER, item=one.item)
