"""Handshake with another network's bot: keys and numbers pass, people compare the code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    UserId,
    _,
    certifying_key,
    fold_answer,
    rooms,
    strip_hidden,
)
from commands.links import store
from commands.links.connection import agreement, comparison_code, hello_steps
from commands.links.declaration import LONGEST_NAME, MEET_JOB, feature
from commands.links.moderators import tell_moderators as tell_moderators
from commands.links.protocol import outbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState

MOST_CODES_TOLD = 3
"""Codes that wait at once and are told one by one."""
HELLO_INTERVAL, MOST_HELLOS = timedelta(seconds=20), 8
"""A `hello` is repeated after this time, then after twice as long each time, for an hour."""


async def send_hello(ctx: Context, link: NetworkLink, peer: Peer) -> Effect:
    """Return our first message to another network's bot in a link room, and schedule its
    repetition."""
    others = [
        p for p in await store.peers_of_link(ctx.db, link.item) if p.state in outbound.PRESENT
    ]
    hello = hello_steps.Hello(
        to=peer.bot,
        name=(ctx.defaults.network or ctx.me)[:200],
        languages=[ctx.defaults.language],
        certificate=dict(ctx.signer.certificate),
        bound=comparison_code.number_commitment(hello_steps.own_side(ctx, peer.own)),
        others=[p.bot for p in others if p.bot != peer.bot],
    )
    await ctx.cancel_jobs(link.item, MEET_JOB)
    await ctx.schedule(MEET_JOB, ctx.now + HELLO_INTERVAL, item=link.item, times=1)
    return await outbound.send_message(ctx, link, "hello", hello.model_dump())


@feature.runs(MEET_JOB)
async def repeat_hellos(ctx: Context, job: Job) -> Answer:
    """Send `hello` again to networks that may have missed it. Return what to say, if anything.

    Before a chain begins, nobody sees a gap in it and asks.
    """
    link = await store.get_link(ctx.db, job.item) if job.item else None
    every = await store.peers_of_link(ctx.db, link.item) if link else []
    open_ = [p for p in every if p.state in (PeerState.MEETING, PeerState.CODE) and not p.theirs]
    if link is None or not open_ or not await outbound.is_in_room(ctx, link):
        return None
    times, since = job.payload["times"], ctx.now - HELLO_INTERVAL
    if times < MOST_HELLOS:
        await ctx.schedule(
            MEET_JOB, ctx.now + HELLO_INTERVAL * 2**times, item=link.item, times=times + 1
        )
    said: list[Line | Effect] = []
    for peer in open_:
        for seq in await store.hello_numbers(ctx.db, link.item, ctx.signer.public, peer.bot):
            said += await outbound.resend_messages(ctx, link, ctx.signer.public, seq, seq, since)
    return said


async def receive_hello(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> Answer:
    """Handle another network's `hello`, of any step of the handshake. Return what to say, if
    anything.

    Ignores those meant for others; raises `InvalidMessage` for no hello.
    """
    step = one.body.get("step")
    kind = hello_steps.STEPS.get(step) if isinstance(step, int) else None
    if kind is None:
        raise InvalidMessage("no hello")
    said = one.parse_body(kind)
    if said.to != ctx.me:
        return None  # it is for another network in the room
    if isinstance(said, hello_steps.Hello):
        return await _receive_greeting(ctx, link, peer, one, said)
    if isinstance(said, hello_steps.NumberReveal):
        return await _receive_number(ctx, link, peer, said)
    return await _receive_confirmation(ctx, link, peer, said)


def vouched_master_key(ctx: Context, sender: UserId, one: NetworkEnvelope) -> str | None:
    """Return the master key of another network's bot, if its certificate fits what it says of
    itself; else None."""
    certificate = one.body.get("certificate")
    if not isinstance(certificate, Mapping) or certificate.get("user_id") != sender:
        return None
    master = certifying_key(certificate, one.network)
    return master if master and master == ctx.fetched.devices(sender).master else None


async def _receive_greeting(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope, said: hello_steps.Hello
) -> Answer:
    if peer.state not in (PeerState.ASKED, PeerState.MEETING) or peer.bound is not None:
        return None  # known already: to begin anew takes a new link
    name = await _name_for(ctx, peer, said.name)
    peer = await store.change_peer(
        ctx.db, peer, name=name, bound=said.bound, state=PeerState.MEETING
    )
    answers: list[Effect] = []
    if not await store.has_greeted(ctx.db, link.item, ctx.signer.public, peer.bot):
        answers.append(await send_hello(ctx, link, peer))
    answers.append(await outbound.send_message(ctx, link, "hello", _number_body(peer)))
    return answers + await _meet_others(ctx, link, said.others)


async def _name_for(ctx: Context, peer: Peer, said: str) -> str:
    """Return a peer's name as it calls itself, with its address if the name is taken."""
    name = strip_hidden(" ".join(said.replace("`", "'").split()))[:LONGEST_NAME] or peer.bot
    taken = {fold_answer(ctx.defaults.network)} | {
        fold_answer(p.name) for p in await store.all_peers(ctx.db) if p.bot != peer.bot
    }
    return f"{name} ({peer.bot})" if fold_answer(name) in taken else name


async def _meet_others(ctx: Context, link: NetworkLink, bots: list[str]) -> list[Effect]:
    """Greet the other bots that are in the room, as whoever brought us lists them."""
    effects: list[Effect] = []
    for bot in map(UserId, bots):
        known = bot == ctx.me or await store.get_peer(ctx.db, link.item, bot) is not None
        there = await rooms.membership(ctx.db, link.room, bot) if link.room else None
        if not known and there is Membership.JOIN:
            peer = await store.add_peer(
                ctx.db, link.item, bot, PeerState.MEETING, outbound.new_id()
            )
            effects.append(await send_hello(ctx, link, peer))
    return effects


def _number_body(peer: Peer) -> dict[str, Any]:
    return hello_steps.NumberReveal(to=peer.bot, nonce=peer.own).model_dump()


async def _receive_number(
    ctx: Context, link: NetworkLink, peer: Peer, said: hello_steps.NumberReveal
) -> Answer:
    if peer.state is not PeerState.MEETING or peer.bound is None or peer.nonce is not None:
        return None
    peer = await store.change_peer(ctx.db, peer, nonce=said.nonce)
    if comparison_code.number_commitment(hello_steps.peer_side(peer)) != peer.bound:
        await store.change_peer(ctx.db, peer, state=PeerState.STOPPED)
        return await tell_moderators(
            ctx,
            _(
                "The link with {name} stopped: its bot changed its number on the way.",
                name=peer.name,
            ),
            _(
                "Somebody may stand between. Ask them by another way, then: `!network disconnect"
                " {number}`",
                number=link.item,
            ),
        )
    peer = await store.change_peer(ctx.db, peer, state=PeerState.CODE)
    return [
        *await _tell_code(ctx, link, peer),
        *await agreement.report_peer_change(ctx, link, peer),
    ]


async def _tell_code(ctx: Context, link: NetworkLink, peer: Peer) -> list[Effect]:
    """Tell the code; in a link of many only the first ones, as `!network` shows them all."""
    every = await store.peers_of_link(ctx.db, link.item)
    waiting = sum(p.state is PeerState.CODE and not p.ours for p in every)
    if waiting > MOST_CODES_TOLD + 1:
        return []
    if waiting > MOST_CODES_TOLD:
        return await tell_moderators(
            ctx,
            _(
                "More networks are in link {number}. All of them, with their codes: `!network`",
                number=link.item,
            ),
            loud=False,
        )
    several = sum(p.state in outbound.PRESENT for p in every) > 1
    same = (
        _(
            "Read it to each other by phone or in person. Is it the same for both?"
            " `!network compare {name}`",
            name=peer.name,
        )
        if several
        else _(
            "Read it to each other by phone or in person. Is it the same for both?"
            " `!network accept {number}`",
            number=link.item,
        )
    )
    return await tell_moderators(
        ctx,
        _(
            "{name} ({bot}) is there. The code of this link: {code}",
            name=peer.name,
            bot=peer.bot,
            code=hello_steps.code_with_peer(ctx, peer),
        ),
        same,
    )


async def _receive_confirmation(
    ctx: Context, link: NetworkLink, peer: Peer, said: hello_steps.CodeConfirmation
) -> Answer:
    return await agreement.receive_yes(ctx, link, peer) if said.key == ctx.signer.public else None
