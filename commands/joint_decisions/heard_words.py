"""What other networks say in a joint decision: kept, acted on, and compared after the end."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Say,
    _,
    items,
    public_changes,
)
from commands.joint_decisions import (
    exclusions,
    restored_result,
    steps,
    store,
    unlinked_networks,
)
from commands.joint_decisions.declaration import COMPARE_JOB, feature
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.terms import Final
from commands.links import store as link_store
from commands.links.protocol import here_messages, inbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer

SETTLED = timedelta(days=2)
"""How long after its end a fork can still change the result of a decision."""


def _handle_word(kind: str) -> None:
    @inbound.handles(kind, last=True, of=feature)
    async def heard(ctx: Context, link: NetworkLink, peer: Peer, word: NetworkEnvelope) -> Answer:
        """Store a word of theirs in a joint decision, and schedule what follows."""
        one = await store.find_decision(ctx.db, word.id)
        if one is None or one.link != link.item or word.network not in one.terms.keys:
            return None
        if not store.is_valid_word(one.terms, word):
            raise InvalidMessage("not theirs to say")
        if not await store.put_word(ctx.db, one.item, word):
            return None
        effects: list[Line | Effect] = []
        if kind == "open":
            effects += await exclusions.report_opening(ctx, one)
        elif kind == "sign":
            effects += await unlinked_networks.report_unlinked(ctx, one, word)
        elif kind == "quit":
            effects += await exclusions.report_quit(ctx, one, word)
        if kind != "final" or restored_result.needs_confirmation(one):
            await steps.schedule_steps(ctx, one)
        return effects


for _kind in store.WORD_KINDS:
    _handle_word(_kind)


@inbound.on_returned
async def take_back(ctx: Context, link: NetworkLink, word: NetworkEnvelope) -> None:
    """Store a word of ours in a joint decision that a restored backup lost, and schedule what
    follows."""
    one = await store.find_decision(ctx.db, word.id) if word.kind in store.WORD_KINDS else None
    if one is None or one.link != link.item:
        return
    if await restored_result.take_back_word(ctx, one.item, word):
        await steps.schedule_steps(ctx, one, returned=True)


@feature.runs(COMPARE_JOB)
async def compare_statements(ctx: Context, job: Job) -> Answer:
    """Name, some time after the end of linked networks' joint decision, networks with another
    result, and close the decision. Return what to say, if anything.

    All networks then say what they have heard, so that a fork shows.
    """
    one = await store.get_decision(ctx.db, job.item) if job.item else None
    link = await link_store.get_link(ctx.db, one.link) if one else None
    if one is not None:  # it is over, whatever came of it
        await items.close(ctx.db, one.item)
    if one and job.payload.get("restored") and restored_result.needs_confirmation(one):
        return await restored_result.report_unconfirmed(ctx, one)
    if one is None or one.told is None or one.told in store.ENDINGS_WITHOUT_RESULT:
        return None
    await public_changes.note_decided(ctx, one.item)
    if link is None:
        return None
    finals = await store.words_of_kind(ctx.db, one.item, "final")
    other = {key for key, final in finals.items() if final.parse_body(Final).statement != one.told}
    if not other:
        return None
    names = await network_names(ctx, one)
    lines = tuple(
        _("{network} worked out another result from the same words.", network=names[key])
        for key in one.terms.keys
        if key in other
    )
    return [Say(lines, room=one.room, loud=True), *await here_messages.send_here(ctx, link)]


@inbound.on_stop
async def drop_forked_words(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Delete a network's statements in open joint decisions if it told others something else.
    Return what to say."""
    for one in await store.latest_decisions(ctx.db, link.item):
        over = one.terms.over_by + SETTLED.total_seconds()
        if peer.key in one.terms.keys and ctx.now.timestamp() < over:
            await store.drop_result_words(ctx.db, one.item, peer.key or "")
            await steps.schedule_steps(ctx, one)
    return []
