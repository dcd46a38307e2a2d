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
    Table,
    UserId,
    _,
    bare,
    harmless,
    is_vouched,
    rooms,
)
from commands.links import store
from commands.links.connection import comparison_code
from commands.links.declaration import LONGEST_NAME, MOST_PEERS, feature
from commands.links.protocol import outbound
from commands.links.protocol.envelope import Envelope, Key, Unfit
from commands.links.store import Link, Peer, State

DAY = timedelta(days=1)
AGAIN, MOST_AGAIN = timedelta(seconds=20), 8
"""A `hello` is repeated after this time, then after twice as long each time, for an hour."""


class Hello(Table):
    """Step 1: who we are, and the commitment to our secret number for this peer."""

    step: Literal[1] = 1
    to: str
    name: Annotated[str, Field(min_length=1, max_length=200)]
    languages: Annotated[list[str], Field(max_length=10)]
    certificate: dict[str, Any]
    bound: Hash
    others: Annotated[list[str], Field(max_length=MOST_PEERS)]
    """The bots of the other networks in this link."""


class Number(Table):
    """Step 2: our secret number, once both sides are committed."""

    step: Literal[2] = 2
    to: str
    nonce: Secret


class Same(Table):
    """Step 3: our moderators compared the code, and it belongs to this key."""

    step: Literal[3] = 3
    to: str
    key: Key


STEPS: Mapping[int, type[Hello | Number | Same]] = {1: Hello, 2: Number, 3: Same}
"""The body of a `hello` by its step."""


async def tell(ctx: Context, *lines: Line, loud: bool = True) -> list[Effect]:
    """Return a message for our moderators' room; none if there is no such room."""
    room = await ctx.moderators_room()
    return [Say(lines, room=room, loud=loud)] if room else []


def ourselves(ctx: Context, own: str) -> comparison_code.Side:
    """Return our side of the code, with the number that we made for this peer."""
    master = is_vouched(ctx.signer.certificate, ctx.signer.public) or ""
    return comparison_code.Side(ctx.me, master, ctx.signer.public, own)


def themselves(peer: Peer) -> comparison_code.Side:
    """Return the peer's side of the code."""
    return comparison_code.Side(peer.bot, peer.master or "", peer.key or "", peer.nonce or "")


def code_of(ctx: Context, peer: Peer) -> str:
    """Return the code that the moderators of both networks must see alike."""
    return comparison_code.code(ourselves(ctx, peer.own), themselves(peer))


async def greet(ctx: Context, link: Link, peer: Peer) -> Effect:
    """Return our first message to a bot in a link room, and schedule its repetition."""
    others = [p for p in await store.peers(ctx.db, link.item) if p.state in outbound.THERE]
    hello = Hello(
        to=peer.bot,
        name=(ctx.defaults.network or ctx.me)[:200],
        languages=[ctx.defaults.language],
        certificate=dict(ctx.signer.certificate),
        bound=comparison_code.binding(ourselves(ctx, peer.own)),
        others=[p.bot for p in others if p.bot != peer.bot],
    )
    await ctx.call_off(link.item, "meet")
    await ctx.schedule("meet", ctx.read + AGAIN, item=link.item, times=1)
    return await outbound.send(ctx, link, "hello", hello.model_dump())


@feature.job("meet")
async def meet(ctx: Context, job: Job) -> Answer:
    """Repeat `hello` to peers that may have missed it.

    Before a chain begins, nobody sees a gap in it and asks.
    """
    link = await store.get(ctx.db, job.item) if job.item else None
    every = await store.peers(ctx.db, link.item) if link else []
    open_ = [p for p in every if p.state in (State.MEETING, State.CODE) and not p.theirs]
    if link is None or not open_ or not await outbound.is_in(ctx, link):
        return None
    times, since = job.payload["times"], ctx.read - AGAIN
    if times < MOST_AGAIN:
        await ctx.schedule("meet", ctx.read + AGAIN * 2**times, item=link.item, times=times + 1)
    said: list[Line | Effect] = []
    for peer in open_:
        for seq in await store.greetings(ctx.db, link.item, ctx.signer.public, peer.bot):
            said += await outbound.again(ctx, link, ctx.signer.public, seq, seq, since)
    return said


async def met(ctx: Context, link: Link, peer: Peer, one: Envelope) -> Answer:
    """Carry out a `hello`, of any step.

    Ignores those meant for others; raises `InvalidMessage` for no hello.
    """
    step = one.body.get("step")
    kind = STEPS.get(step) if isinstance(step, int) else None
    if kind is None:
        raise Unfit("no hello")
    said = one.says(kind)
    if said.to != ctx.me:
        return None  # it is for another network in the room
    if isinstance(said, Hello):
        return await _greeted(ctx, link, peer, one, said)
    if isinstance(said, Number):
        return await _numbered(ctx, link, peer, said)
    return await _confirmed(ctx, peer, said)


def vouched(ctx: Context, sender: UserId, one: Envelope) -> str | None:
    """Return the master key of a bot that introduces itself, if its certificate fits; else None."""
    certificate = one.body.get("certificate")
    if not isinstance(certificate, Mapping) or certificate.get("user_id") != sender:
        return None
    master = is_vouched(certificate, one.network)
    return master if master and master == ctx.fetched.devices(sender).master else None


async def _greeted(ctx: Context, link: Link, peer: Peer, one: Envelope, said: Hello) -> Answer:
    if peer.state not in (State.ASKED, State.MEETING) or peer.bound is not None:
        return None  # known already: to begin anew takes a new link
    name = await _name_for(ctx, peer, said.name)
    peer = await store.change(ctx.db, peer, name=name, bound=said.bound, state=State.MEETING)
    answers: list[Effect] = []
    if not await store.greeted(ctx.db, link.item, ctx.signer.public, peer.bot):
        answers.append(await greet(ctx, link, peer))
    answers.append(await outbound.send(ctx, link, "hello", _number(peer)))
    return answers + await _meet_others(ctx, link, said.others)


async def _name_for(ctx: Context, peer: Peer, said: str) -> str:
    """Return a peer's name as it calls itself, with its address if the name is taken."""
    name = harmless(" ".join(said.replace("`", "'").split()))[:LONGEST_NAME] or peer.bot
    taken = {bare(ctx.defaults.network)} | {
        bare(p.name) for p in await store.everybody(ctx.db) if p.bot != peer.bot
    }
    return f"{name} ({peer.bot})" if bare(name) in taken else name


async def _meet_others(ctx: Context, link: Link, bots: list[str]) -> list[Effect]:
    """Greet the other bots that are in the room, as whoever brought us lists them."""
    effects: list[Effect] = []
    for bot in map(UserId, bots):
        known = bot == ctx.me or await store.peer(ctx.db, link.item, bot) is not None
        there = await rooms.membership(ctx.db, link.room, bot) if link.room else None
        if not known and there is Membership.JOIN:
            peer = await store.add_peer(ctx.db, link.item, bot, State.MEETING, outbound.new_id())
            effects.append(await greet(ctx, link, peer))
    return effects


def _number(peer: Peer) -> dict[str, Any]:
    return Number(to=peer.bot, nonce=peer.own).model_dump()


async def _numbered(ctx: Context, link: Link, peer: Peer, said: Number) -> Answer:
    if peer.state is not State.MEETING or peer.bound is None or peer.nonce is not None:
        return None
    peer = await store.change(ctx.db, peer, nonce=said.nonce)
    if comparison_code.binding(themselves(peer)) != peer.bound:
        await store.change(ctx.db, peer, state=State.STOPPED)
        return await tell(
            ctx,
            _("The link with {name} stopped: its bot changed its number on the way.",
              name=peer.name),
            _("Somebody may stand between. Ask them by another way, then: `!network disconnect"
              " {number}`", number=link.item),
        )  # fmt: skip
    await store.change(ctx.db, peer, state=State.CODE)
    return await tell(
        ctx,
        _("{name} ({bot}) is there. The code of this link: {code}", name=peer.name, bot=peer.bot,
          code=code_of(ctx, peer)),
        _("Read it to each other by phone or in person. Is it the same for both?"
          " `!network accept {number}`", number=link.item),
    )  # fmt: skip


async def _confirmed(ctx: Context, peer: Peer, said: Same) -> Answer:
    if peer.state is not State.CODE or said.key != ctx.signer.public:
        return None
    peer = await store.change(ctx.db, peer, theirs=1)
    if not peer.ours:
        return None
    return await linked(ctx, peer)


async def linked(ctx: Context, peer: Peer) -> list[Effect]:
    """Complete the link after both sides confirmed the code."""
    await store.change(ctx.db, peer, state=State.LINKED)
    if not await ctx.waits(peer.link, "here"):
        await ctx.schedule("here", ctx.read + DAY, item=peer.link)
    room = await ctx.moderators_room()
    await ctx.log("linked", {"name": peer.name}, room=room or RoomId(""))
    return await tell(
        ctx,
        _("{name} and we are linked.", name=peer.name),
        _("To share something with them: `!network share {number}`. All of it: `!network`",
          number=await ctx.known_number()),
    )  # fmt: skip


async def confirm(ctx: Context, link: Link, peer: Peer) -> Answer:
    """Record that our moderators found the code to be the same, after a final confirmation."""
    ctx.confirm(
        _("The code of the link with {name}: {code}", name=peer.name, code=code_of(ctx, peer)),
        _("Did its moderators read the same one to you, by phone or in person?"),
        final=True,
    )
    peer = await store.change(ctx.db, peer, ours=1)
    said = await outbound.send(
        ctx, link, "hello", Same(to=peer.bot, key=peer.key or "").model_dump()
    )
    if peer.theirs:
        return [said, *await linked(ctx, peer)]
    return [said, _("Noted. As soon as {name} confirms it too, you are linked.", name=peer.name)]
