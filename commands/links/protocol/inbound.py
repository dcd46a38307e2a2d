"""Inbound messages of a link: checked, put in their place, carried out once and in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from random import SystemRandom

from bot.api import (
    Answer,
    Context,
    Effect,
    Foreign,
    Job,
    Line,
    Trust,
    UserError,
    UserId,
    _,
    bug_reports,
)
from commands.links import store
from commands.links.connection import handshake
from commands.links.declaration import KEPT, feature
from commands.links.protocol import chain, envelope, gap_fill, limits, outbound, presence
from commands.links.protocol.chain import Place
from commands.links.protocol.envelope import Envelope, Later, Unfit
from commands.links.store import Link, Peer, State
from storage.database import database_failed

MOST_JUNK, JUNK_FOR = 20, timedelta(hours=1)
"""After so much junk from a network nothing of it is read for this long."""
DAY = timedelta(days=1)
AGAIN = timedelta(hours=6)
"""A network may restart its chain from a backup four times at once, then once in this time."""
MOST_ENDS = 20
"""How many ends of chains a `here` names."""
_CHANCE = SystemRandom()
AT_ONCE = 50
"""How many messages take effect in one transaction."""
EACH, BURST = timedelta(seconds=20), timedelta(hours=2)
"""A network's messages take effect 360 at once, then 180 an hour; the rest waits."""
PIECE = 4096
"""Characters of a message that count as one; a longer one counts as several."""
SHOWN = timedelta(minutes=30)
"""A message that proves a fork is not sent again within this time."""

Take = Callable[[Context, Link, Peer, Envelope], Awaitable[Answer]]
Stop = Callable[[Context, Link, Peer], Awaitable[list[Line | Effect]]]
STOPPED: list[Stop] = []
"""What else runs when the link with a network stops."""
KINDS: dict[str, Take] = {}
"""The handler of each kind of message of a linked network."""
LAST: set[str] = set()
"""Kinds that count also from a network that has left, as all must see the same in any order."""


def takes(kind: str, *, last: bool = False) -> Callable[[Take], Take]:
    """Declare the handler of a kind of message. It raises `InvalidMessage` for a senseless message.

    `last`: it also runs for a network that has left meanwhile.
    """

    def register(take: Take) -> Take:
        KINDS[kind] = take
        if last:
            LAST.add(kind)
        return take

    return register


def stops(then: Stop) -> Stop:
    """Declare what else runs when the link with a network stops."""
    STOPPED.append(then)
    return then


@feature.on(Foreign)
async def heard(ctx: Context, what: Foreign) -> Answer:
    """Read a message from a confirmed device of a known bot in a link room. Ignore all others."""
    link = await store.of_room(ctx.db, what.room)
    if link is None or what.type != envelope.TYPE or what.trust is not Trust.SIGNED:
        return None
    sender = await store.peer(ctx.db, link.item, what.sender)
    if sender is None or _is_noisy(ctx, sender):
        return None
    try:
        return await _read(ctx, link, sender, what.content)
    except Later:
        await beyond(ctx, sender)
        return None
    except Unfit:
        return await _junk(ctx, sender)


async def beyond(ctx: Context, peer: Peer) -> None:
    """Note that a linked network says what this version does not know; `!network` tells of it."""
    if peer.state is State.LINKED and ctx.read.timestamp() > peer.beyond + DAY.total_seconds():
        await store.change(ctx.db, peer, beyond=ctx.read.timestamp())


def _is_noisy(ctx: Context, peer: Peer) -> bool:
    return peer.junk >= MOST_JUNK and ctx.read.timestamp() < peer.junk_at + JUNK_FOR.total_seconds()


async def _junk(ctx: Context, peer: Peer) -> Answer:
    """Count an invalid message. At `MOST_JUNK` the moderators are told once."""
    now, old = ctx.read.timestamp(), peer.junk_at + JUNK_FOR.total_seconds()
    count = peer.junk + 1 if now < old else 1
    begun = peer.junk_at if now < old and count < MOST_JUNK else now
    await store.change(ctx.db, peer, junk=count, junk_at=begun)
    if count != MOST_JUNK:
        return None
    line = _("{name} sends what I can't read, so for an hour I don't listen to it.",
             name=peer.name or peer.bot)  # fmt: skip
    return await handshake.tell(ctx, line, loud=False)


async def _read(ctx: Context, link: Link, sender: Peer, content: Mapping[str, object]) -> Answer:
    one = envelope.read(content)
    if not one.is_genuine():
        raise Unfit("not signed by its network")
    author = await store.by_key(ctx.db, link.item, one.network)
    met = sender.key is not None or sender.state is State.GONE
    if author is None and (met or one.kind != "hello"):
        return None  # of an unknown network; the sender did no wrong by passing it on
    if author is None:
        author = await _introduced(ctx, link, sender, one)
        link = await store.get(ctx.db, link.item) or link
    if author.state is State.STOPPED or one.link != link.name:
        return None
    author = await presence.heard(ctx, author)
    return await _placed(ctx, link, author, one)


async def _introduced(ctx: Context, link: Link, sender: Peer, one: Envelope) -> Peer:
    """Store the key of a network by its first message.

    Raises `InvalidMessage` unless its account vouches for the key.
    """
    master = handshake.vouched(ctx, sender.bot, one)
    if master is None:
        raise Unfit("not vouched for by their account")
    if link.head.seq == 0 and one.link != link.name:
        await store.set_name(ctx.db, link.item, one.link)
    begins = {"seq": one.seq - 1, "hash": one.prev, "reach": one.seq}  # earlier ones are not ours
    return await store.change(ctx.db, sender, key=one.network, master=master, **begins)


async def _placed(ctx: Context, link: Link, author: Peer, one: Envelope) -> Answer:
    held = await store.hash_at(ctx.db, link.item, one.network, one.seq)
    if chain.is_anew(author.head, one):  # they have lost what is between, too
        author = await _anew(ctx, author, one)
    where = chain.place(author.head, held, one)
    if where is Place.FORK:
        return await _forked(ctx, link, author, one)
    if where is Place.EARLY and await _is_too_much(ctx, link, author, one):
        where = Place.FAR
    answers: list[Line | Effect] = []
    if held is None and author.state is not State.GONE:
        answers += await _tried(ctx, author, one, gap_fill.wanted(ctx, link, author, one))
    if one.seq > author.reach:
        author = await store.change(ctx.db, author, reach=one.seq)
    if where is Place.KNOWN and held is not None:
        await store.went_again(ctx.db, link.item, one.network, one.seq, one.seq, ctx.read)
    if where in (Place.NEXT, Place.EARLY):
        await store.keep(ctx.db, link.item, one, ctx.read)
        author = await store.peer(ctx.db, link.item, author.bot) or author
        if author.held > limits.MOST:
            return [*answers, *await _ended_for_size(ctx, link, author)]
        answers += await _told_of_size(ctx, link, author)
    if where is Place.NEXT:
        answers += await _follow(ctx, link, author)
    elif where in (Place.EARLY, Place.FAR) and one.kind == "bye":
        answers += await _done(ctx, link, author, one)  # who has left resends nothing
    elif where in (Place.EARLY, Place.FAR):
        await gap_fill.ask_soon(ctx, link, author)
    return answers


async def _is_too_much(ctx: Context, link: Link, author: Peer, one: Envelope) -> bool:
    """Tell whether more would wait for its turn than one network may have waiting."""
    key, seq = author.key or "", author.head.seq
    waiting = await store.bytes_ahead(ctx.db, link.item, key, seq)
    return waiting + len(str(one.content())) > limits.AHEAD


async def _told_of_size(ctx: Context, link: Link, author: Peer) -> list[Line | Effect]:
    now = ctx.read.timestamp()
    if author.held <= limits.MUCH or now < author.held_told + limits.TOLD_AGAIN.total_seconds():
        return []
    await store.change(ctx.db, author, held_told=now)
    line = _("{name} sends far more than networks do: I keep {size} MB of it. At {most} MB I stop"
             " the link.", name=author.name or author.bot, size=author.held // limits.MB,
             most=limits.MOST // limits.MB)  # fmt: skip
    talk = _("Talk to its moderators; to end it: `!network disconnect {number}`", number=link.item)
    return [*await handshake.tell(ctx, line, talk, loud=False)]


async def _ended_for_size(ctx: Context, link: Link, author: Peer) -> list[Line | Effect]:
    await store.change(ctx.db, author, state=State.STOPPED)
    line = _("The link with {name} stopped: it sent more than {most} MB.",
             name=author.name or author.bot, most=limits.MOST // limits.MB)  # fmt: skip
    stays = _("What it shared before stays. Talk to its moderators; to end it: `!network disconnect"
              " {number}`", number=link.item)  # fmt: skip
    answers: list[Line | Effect] = []
    for stopped in STOPPED:
        answers += await stopped(ctx, link, author)
    return [*answers, *await handshake.tell(ctx, line, stays)]


async def _anew(ctx: Context, author: Peer, one: Envelope) -> Peer:
    """Let a chain go on from a backup, far ahead. Raises `InvalidMessage` if that is too often."""
    until = max(author.again_at, ctx.read.timestamp()) + AGAIN.total_seconds()
    if until > (ctx.read + DAY).timestamp():
        raise Unfit("so soon again")
    await store.drop_between(ctx.db, author.link, one.network, author.head.seq, one.seq)
    return await store.change(ctx.db, author, seq=one.seq - 1, hash=one.prev, again_at=until)


async def _follow(ctx: Context, link: Link, author: Peer) -> list[Line | Effect]:
    """Carry out the next message and those that waited for it; many of them in several runs."""
    answers: list[Line | Effect] = []
    every = await store.messages(
        ctx.db, link.item, author.key or "", author.head.seq + 1, author.head.seq + AT_ONCE
    )
    for content in every:
        one = envelope.read(content)
        where = chain.place(author.head, None, one)
        if where is Place.FORK:
            return [*answers, *await _forked(ctx, link, author, one)]
        if where is not Place.NEXT or author.state is State.STOPPED:
            break
        busy = max(author.busy, ctx.read.timestamp())
        if busy > (ctx.read + BURST).timestamp():
            await _go_on(ctx, link, author, EACH * AT_ONCE)
            return answers
        busy += EACH.total_seconds() * (1 + len(str(content)) // PIECE)
        author = await store.change(ctx.db, author, seq=one.seq, hash=one.hash, busy=busy)
        answers += await _done(ctx, link, author, one)
        author = await store.peer(ctx.db, link.item, author.bot) or author
    if len(every) == AT_ONCE:
        await _go_on(ctx, link, author, timedelta(0))
    elif author.reach > author.head.seq:
        await gap_fill.ask_soon(ctx, link, author)
    return answers


async def _go_on(ctx: Context, link: Link, author: Peer, after: timedelta) -> None:
    if not await ctx.waits(link.item, "follow"):
        await ctx.schedule("follow", ctx.read + after, item=link.item)


@feature.job("follow")
async def follow(ctx: Context, job: Job) -> Answer:
    """Carry out messages of each network that wait because there were many."""
    link = await store.get(ctx.db, job.item) if job.item else None
    answers: list[Line | Effect] = []
    for peer in await store.peers(ctx.db, link.item) if link else ():
        if link and peer.key and peer.reach > peer.head.seq and peer.state is not State.STOPPED:
            answers += await _follow(ctx, link, peer)
    return answers


async def _done(ctx: Context, link: Link, author: Peer, one: Envelope) -> list[Line | Effect]:
    """Carry out one message. One that makes no sense has no effect, and the chain goes on."""
    if one.kind == "hello":
        take: Take | None = handshake.met
    elif author.state is State.LINKED or one.kind in LAST:
        take = KINDS.get(one.kind)
    else:
        take = None
    if take is None:
        if one.kind not in KINDS and one.kind != "want":  # a `want` was answered on arrival
            await beyond(ctx, author)
        return []
    answers = await _tried(ctx, author, one, take(ctx, link, author, one))
    return [one for one in answers if not isinstance(one, Line)]  # no person reads a link room


async def _tried(
    ctx: Context, author: Peer, one: Envelope, act: Awaitable[Answer]
) -> list[Line | Effect]:
    """Return the effects of a message.

    A bug is reported, counted as junk and passed over, since the same message would raise it again,
    and no network may hold up its own chain or ours.
    """
    try:
        async with ctx.db.savepoint():  # a refused message leaves nothing behind
            return _each(await act)
    except (Unfit, UserError):  # a capability refused the content
        return _each(await _junk(ctx, author))
    except Exception as error:
        if database_failed(error):
            raise
        reference = bug_reports.report(error, f"link message {one.seq}", ctx)
        told = await bug_reports.between(ctx.db, ctx.room, reference, ctx.read)
        return [*_each(told), *_each(await _junk(ctx, author))]


def _each(answer: Answer) -> list[Line | Effect]:
    if answer is None:
        return []
    return list(answer) if isinstance(answer, list | tuple) else [answer]  # type: ignore[list-item]


async def _forked(ctx: Context, link: Link, author: Peer, one: Envelope) -> list[Line | Effect]:
    """Stop the link with a network that signed two messages for one place.

    The message that others may not have is sent on, so that all can see the fork.
    """
    await store.change(ctx.db, author, state=State.STOPPED)
    shown: list[Line | Effect] = []
    place = one.seq if await store.hash_at(ctx.db, link.item, one.network, one.seq) else one.seq - 1
    shown += await outbound.again(
        ctx, link, one.network, place, place, ctx.read - gap_fill.ASK_AFTER
    )
    shown += await outbound.post(ctx, link, one.content())
    for stopped in STOPPED:
        shown += await stopped(ctx, link, author)
    return shown + await handshake.tell(
        ctx,
        _("The link with {name} stopped: it told some one thing and others another.",
          name=author.name or author.bot),
        _("What it shared before stays. Talk to its moderators; to end it: `!network disconnect"
          " {number}`", number=link.item),
    )  # fmt: skip


# --- once a day ---------------------------------------------------------------------------------


@feature.job("here")
async def here(ctx: Context, job: Job) -> Answer:
    """Say once a day that we are here and where chains end, so that gaps show.

    Drop old messages.
    """
    link = await store.get(ctx.db, job.item) if job.item else None
    if link is None or link.room is None:
        return None
    await ctx.schedule("here", ctx.read + DAY, item=link.item)
    await store.forget_before(ctx.db, ctx.read - KEPT)
    await store.count_held(ctx.db, link.item)
    return [*await presence.silent(ctx, link), *await say_here(ctx, link)]


async def say_here(ctx: Context, link: Link) -> list[Effect]:
    """Send where our chain and some others' end, if anybody is linked."""
    every = [p for p in await store.peers(ctx.db, link.item) if p.state is State.LINKED]
    return [await outbound.send(ctx, link, "here", ends(every))] if every else []


def ends(every: Sequence[Peer]) -> dict[str, dict[str, str]]:
    """Return where some chains end here, which shows who told one thing here, another there.

    In a large link each names a few, and all together name every one many times.
    """
    some = _CHANCE.sample(every, min(len(every), MOST_ENDS))
    return {"ends": {p.key or "": f"{p.head.seq} {p.head.hash[:16]}" for p in some}}


@takes("here")
async def compared(ctx: Context, link: Link, peer: Peer, said: Envelope) -> Answer:
    """Send what we have where another network holds something else in the same place."""
    named = said.body.get("ends")
    shown: list[Effect] = []
    for key, end in list(named.items())[:MOST_ENDS] if isinstance(named, dict) else ():
        seq, _space, begin = str(end).partition(" ")
        if key == ctx.signer.public or not (seq.isdecimal() and len(seq) < 17 and begin):
            continue
        held = await store.hash_at(ctx.db, link.item, key, int(seq))
        if (
            held is not None
            and not held.startswith(begin)
            and await gap_fill.may_have(ctx, peer, 1)
        ):
            since = ctx.read - SHOWN
            shown += await outbound.again(ctx, link, key, int(seq), int(seq), since)
    return shown


async def expelled(ctx: Context, bot: UserId) -> list[Peer]:
    """Stop all links with a bot whose identity changed. Return those that were stopped."""
    return [
        await store.change(ctx.db, one, state=State.STOPPED)
        for one in await store.with_bot(ctx.db, bot)
        if one.state not in (State.GONE, State.STOPPED)
    ]
