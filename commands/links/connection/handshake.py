"""Handshake with another network's bot: keys and numbers pass, people compare the code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.api import (
    Answer,
    Context,
    Effect,
    Hash,
    Job,
    Line,
    Membership,
    RoomId,
    Say,
    Secret,
    StrictModel,
    UserId,
    _,
    certifying_key,
    fold_answer,
    rooms,
    strip_hidden,
)
from commands.links import store
from commands.links.connection import comparison_code
from commands.links.declaration import HERE_JOB, LONGEST_NAME, MEET_JOB, MOST_PEERS, feature
from commands.links.protocol import outbound
from commands.links.protocol.envelope import InvalidMessage, Key, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState

DAY = timedelta(days=1)
HELLO_INTERVAL, MOST_HELLOS = timedelta(seconds=20), 8
"""A `hello` is repeated after this time, then after twice as long each time, for an hour."""


class Hello(StrictModel):
    """Step 1: who we are, and the commitment to our secret number for this peer."""

    step: Literal[1] = 1
    to: str
    name: Annotated[str, Field(min_length=1, max_length=200)]
    languages: Annotated[list[str], Field(max_length=10)]
    certificate: dict[str, Any]
    bound: Hash
    others: Annotated[list[str], Field(max_length=MOST_PEERS)]
    """The bots of the other networks in this link."""


class NumberReveal(StrictModel):
    """Step 2: our secret number, once both sides are committed."""

    step: Literal[2] = 2
    to: str
    nonce: Secret


class CodeConfirmation(StrictModel):
    """Step 3: our moderators compared the code, and it belongs to this key."""

    step: Literal[3] = 3
    to: str
    key: Key


STEPS: Mapping[int, type[Hello | NumberReveal | CodeConfirmation]] = {
    1: Hello,
    2: NumberReveal,
    3: CodeConfirmation,
}
"""The body of a `hello` by its step."""


async def tell_moderators(ctx: Context, *lines: Line, loud: bool = True) -> list[Effect]:
    """Return a message for our moderators' room; none if there is no such room."""
    room = await ctx.moderators_room()
    return [Say(lines, room=room, loud=loud)] if room else []


def own_side(ctx: Context, own: str) -> comparison_code.CodeSide:
    """Return our side of the code, with the number that we made for this peer."""
    master = certifying_key(ctx.signer.certificate, ctx.signer.public) or ""
    return comparison_code.CodeSide(ctx.me, master, ctx.signer.public, own)


def peer_side(peer: Peer) -> comparison_code.CodeSide:
    """Return the peer's side of the code."""
    return comparison_code.CodeSide(peer.bot, peer.master or "", peer.key or "", peer.nonce or "")


def code_with_peer(ctx: Context, peer: Peer) -> str:
    """Return the code that the moderators of both networks must see alike."""
    return comparison_code.code_of_sides(own_side(ctx, peer.own), peer_side(peer))


async def send_hello(ctx: Context, link: NetworkLink, peer: Peer) -> Effect:
    """Return our first message to a bot in a link room, and schedule its repetition."""
    others = [
        p for p in await store.peers_of_link(ctx.db, link.item) if p.state in outbound.PRESENT
    ]
    hello = Hello(
        to=peer.bot,
        name=(ctx.defaults.network or ctx.me)[:200],
        languages=[ctx.defaults.language],
        certificate=dict(ctx.signer.certificate),
        bound=comparison_code.number_commitment(own_side(ctx, peer.own)),
        others=[p.bot for p in others if p.bot != peer.bot],
    )
    await ctx.cancel_jobs(link.item, MEET_JOB)
    await ctx.schedule(MEET_JOB, ctx.now + HELLO_INTERVAL, item=link.item, times=1)
    return await outbound.send_message(ctx, link, "hello", hello.model_dump())


@feature.runs(MEET_JOB)
async def repeat_hellos(ctx: Context, job: Job) -> Answer:
    """Repeat `hello` to peers that may have missed it.

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
    """Carry out a `hello`, of any step.

    Ignores those meant for others; raises `InvalidMessage` for no hello.
    """
    step = one.body.get("step")
    kind = STEPS.get(step) if isinstance(step, int) else None
    if kind is None:
        raise InvalidMessage("no hello")
    said = one.parse_body(kind)
    if said.to != ctx.me:
        return None  # it is for another network in the room
    if isinstance(said, Hello):
        return await _receive_greeting(ctx, link, peer, one, said)
    if isinstance(said, NumberReveal):
        return await _receive_number(ctx, link, peer, said)
    return await _receive_confirmation(ctx, peer, said)


def vouched_master_key(ctx: Context, sender: UserId, one: NetworkEnvelope) -> str | None:
    """Return the master key of a bot that introduces itself, if its certificate fits; else None."""
    certificate = one.body.get("certificate")
    if not isinstance(certificate, Mapping) or certificate.get("user_id") != sender:
        return None
    master = certifying_key(certificate, one.network)
    return master if master and master == ctx.fetched.devices(sender).master else None


async def _receive_greeting(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope, said: Hello
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
    return NumberReveal(to=peer.bot, nonce=peer.own).model_dump()


async def _receive_number(
    ctx: Context, link: NetworkLink, peer: Peer, said: NumberReveal
) -> Answer:
    if peer.state is not PeerState.MEETING or peer.bound is None or peer.nonce is not None:
        return None
    peer = await store.change_peer(ctx.db, peer, nonce=said.nonce)
    if comparison_code.number_commitment(peer_side(peer)) != peer.bound:
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
    await store.change_peer(ctx.db, peer, state=PeerState.CODE)
    return await tell_moderators(
        ctx,
        _(
            "{name} ({bot}) is there. The code of this link: {code}",
            name=peer.name,
            bot=peer.bot,
            code=code_with_peer(ctx, peer),
        ),
        _(
            "Read it to each other by phone or in person. Is it the same for both?"
            " `!network accept {number}`",
            number=link.item,
        ),
    )


async def _receive_confirmation(ctx: Context, peer: Peer, said: CodeConfirmation) -> Answer:
    if peer.state is not PeerState.CODE or said.key != ctx.signer.public:
        return None
    peer = await store.change_peer(ctx.db, peer, theirs=1)
    if not peer.ours:
        return None
    return await complete_link(ctx, peer)


async def complete_link(ctx: Context, peer: Peer) -> list[Effect]:
    """Complete the link after both sides confirmed the code."""
    await store.change_peer(ctx.db, peer, state=PeerState.LINKED)
    if not await ctx.has_job(peer.link, HERE_JOB):
        await ctx.schedule(HERE_JOB, ctx.now + DAY, item=peer.link)
    room = await ctx.moderators_room()
    await ctx.log("linked", {"name": peer.name}, room=room or RoomId(""))
    return await tell_moderators(
        ctx,
        _("{name} and we are linked.", name=peer.name),
        _(
            "To share something with them: `!network share {number}`. All of it: `!network`",
            number=await ctx.example_number(),
        ),
    )


async def confirm_code(ctx: Context, link: NetworkLink, peer: Peer) -> Answer:
    """Record that our moderators found the code to be the same, after a final confirmation."""
    ctx.confirm(
        _(
            "The code of the link with {name}: {code}",
            name=peer.name,
            code=code_with_peer(ctx, peer),
        ),
        _("Did its moderators read the same one to you, by phone or in person?"),
        final=True,
    )
    peer = await store.change_peer(ctx.db, peer, ours=1)
    said = await outbound.send_message(
        ctx, link, "hello", CodeConfirmation(to=peer.bot, key=peer.key or "").model_dump()
    )
    if peer.theirs:
        return [said, *await complete_link(ctx, peer)]
    return [said, _("Noted. As soon as {name} confirms it too, you are linked.", name=peer.name)]
