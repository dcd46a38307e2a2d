"""What is said in a link room: checked, put in its place, and done once, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.api import Answer, Context, Effect, Foreign, Job, Line, Trust, UserId, _
from commands.links import chain, envelope, peers, store, wire
from commands.links.base import KEPT, feature
from commands.links.chain import Place
from commands.links.envelope import Envelope, Unfit
from commands.links.store import Link, Peer, State

MOST_JUNK, JUNK_FOR = 20, timedelta(hours=1)
"""After so much that is no message of a network, nothing of theirs is read for this long."""
ASK_AFTER = timedelta(seconds=20)
"""What is missing may be on its way: only then is it asked for."""
DAY = timedelta(days=1)
LEND_AFTER = timedelta(minutes=1)
AT_ONCE = 50
"""So many messages take effect in one transaction."""

Take = Callable[[Context, Link, Peer, Envelope], Awaitable[Answer]]
KINDS: dict[str, Take] = {}
"""What a message of a linked network does, by its kind."""


def takes(kind: str) -> Callable[[Take], Take]:
    """Declare what a kind of message does. It raises `Unfit` for what makes no sense."""

    def register(take: Take) -> Take:
        KINDS[kind] = take
        return take

    return register


@feature.on(Foreign)
async def heard(ctx: Context, what: Foreign) -> Answer:
    """From a confirmed device of a bot in a link room of ours; all else is nothing to us."""
    link = await store.of_room(ctx.db, what.room)
    if link is None or what.type != envelope.TYPE or what.trust is not Trust.SIGNED:
        return None
    sender = await store.peer(ctx.db, link.item, what.sender)
    if sender is None or sender.state is State.GONE or _is_noisy(ctx, sender):
        return None
    try:
        return await _read(ctx, link, sender, what.content)
    except Unfit:
        return await _junk(ctx, sender)


def _is_noisy(ctx: Context, peer: Peer) -> bool:
    return peer.junk >= MOST_JUNK and ctx.read.timestamp() < peer.junk_at + JUNK_FOR.total_seconds()


async def _junk(ctx: Context, peer: Peer) -> Answer:
    """Counted; when it is too much, said once and then not read for a while."""
    now, old = ctx.read.timestamp(), peer.junk_at + JUNK_FOR.total_seconds()
    count = peer.junk + 1 if now < old else 1
    begun = peer.junk_at if now < old and count < MOST_JUNK else now
    await store.change(ctx.db, peer, junk=count, junk_at=begun)
    if count != MOST_JUNK:
        return None
    line = _("{name} sends what I can't read, so for an hour I don't listen to it.",
             name=peer.name or peer.bot)  # fmt: skip
    return await peers.tell(ctx, line, loud=False)


async def _read(ctx: Context, link: Link, sender: Peer, content: Mapping[str, object]) -> Answer:
    one = envelope.read(content)
    if not one.is_genuine():
        raise Unfit("not signed by its network")
    author = await store.by_key(ctx.db, link.item, one.network)
    if author is None:
        author = await _introduced(ctx, link, sender, one)
        link = await store.get(ctx.db, link.item) or link
    if author.state in (State.GONE, State.STOPPED) or one.link != link.name:
        return None
    return await _placed(ctx, link, author, one)


async def _introduced(ctx: Context, link: Link, sender: Peer, one: Envelope) -> Peer:
    """Their first words: the key that they sign with is their bot's own. Raises `Unfit`."""
    if sender.key is not None or one.kind != "hello":
        raise Unfit("not a network of this link")
    master = peers.vouched(ctx, sender.bot, one)
    if master is None:
        raise Unfit("not vouched for by their account")
    if link.head.seq == 0 and one.link != link.name:
        await store.set_name(ctx.db, link.item, one.link)
    begins = {"seq": one.seq - 1, "hash": one.prev, "reach": one.seq}  # what was before is not ours
    return await store.change(ctx.db, sender, key=one.network, master=master, **begins)


async def _placed(ctx: Context, link: Link, author: Peer, one: Envelope) -> Answer:
    held = await store.hash_at(ctx.db, link.item, one.network, one.seq)
    if one.kind == "again" and one.seq > author.head.seq:  # what is between is lost to them too
        author = await store.change(ctx.db, author, seq=one.seq - 1, hash=one.prev)
    where = chain.place(author.head, held, one)
    if where is Place.FORK:
        return await _forked(ctx, link, author)
    answers = await _wanted(ctx, link, author, one) if held is None else []
    if one.seq > author.reach:
        author = await store.change(ctx.db, author, reach=one.seq)
    if where is Place.KNOWN and held is not None:
        await store.came_again(ctx.db, link.item, one, ctx.read)
    if where in (Place.NEXT, Place.EARLY):
        await store.keep(ctx.db, link.item, one, ctx.read)
    if where is Place.NEXT:
        answers += await _follow(ctx, link, author)
    elif where in (Place.EARLY, Place.FAR):
        await _ask_soon(ctx, link, author)
    return answers


async def _follow(ctx: Context, link: Link, author: Peer) -> list[Line | Effect]:
    """What is next takes effect, and what waited for it."""
    answers: list[Line | Effect] = []
    for content in await store.messages(
        ctx.db, link.item, author.key or "", author.head.seq + 1, author.head.seq + AT_ONCE
    ):
        one = envelope.read(content)
        if chain.place(author.head, None, one) is not Place.NEXT:
            break
        author = await store.change(ctx.db, author, seq=one.seq, hash=one.hash)
        answers += await _done(ctx, link, author, one)
        author = await store.peer(ctx.db, link.item, author.bot) or author
    if author.reach > author.head.seq:
        await _ask_soon(ctx, link, author)
    return answers


async def _done(ctx: Context, link: Link, author: Peer, one: Envelope) -> list[Line | Effect]:
    """One message takes effect; what makes no sense has none, and the chain goes on."""
    if one.kind == "hello":
        take: Take | None = peers.met
    elif author.state is State.LINKED or one.kind == "bye":
        take = KINDS.get(one.kind)
    else:
        take = None
    if take is None:
        return []
    try:
        return _each(await take(ctx, link, author, one))
    except Unfit:
        return _each(await _junk(ctx, author))


def _each(answer: Answer) -> list[Line | Effect]:
    if answer is None:
        return []
    return list(answer) if isinstance(answer, list | tuple) else [answer]  # type: ignore[list-item]


async def _forked(ctx: Context, link: Link, author: Peer) -> Answer:
    """They signed two things in one place: nothing of theirs counts until people cleared it."""
    await store.change(ctx.db, author, state=State.STOPPED)
    return await peers.tell(
        ctx,
        _("The link with {name} stopped: it told some one thing and others another.",
          name=author.name or author.bot),
        _("What it shared before stays. Talk to its moderators; to end it: `!network disconnect"
          " {number}`", number=link.item),
    )  # fmt: skip


# --- once a day ---------------------------------------------------------------------------------


@feature.job("here")
async def here(ctx: Context, job: Job) -> Answer:
    """We are here, and this is the end of our chain: who missed the last of it sees that now."""
    link = await store.get(ctx.db, job.item) if job.item else None
    if link is None or link.room is None:
        return None
    every = [p for p in await store.peers(ctx.db, link.item) if p.state is State.LINKED]
    await ctx.schedule("here", ctx.read + DAY, item=link.item)
    await store.forget_before(ctx.db, ctx.read - KEPT)
    return await wire.send(ctx, link, "here", {}) if every else None


# --- what is missing --------------------------------------------------------------------------


async def _ask_soon(ctx: Context, link: Link, author: Peer) -> None:
    if not await ctx.waits(link.item, "ask"):
        await ctx.schedule("ask", ctx.read + ASK_AFTER, item=link.item)


@feature.job("ask")
async def ask(ctx: Context, job: Job) -> Answer:
    """For each chain with a hole: ask for what is missing, and look again after a while."""
    link = await store.get(ctx.db, job.item) if job.item else None
    if link is None or link.room is None:
        return None
    said: list[Effect] = []
    for peer in await store.peers(ctx.db, link.item):
        if peer.key is None or peer.state in (State.GONE, State.STOPPED):
            continue
        await _follow_up(ctx, link, peer, said)
    if said:
        await ctx.schedule("ask", ctx.read + 6 * ASK_AFTER, item=link.item)
    return said


async def _follow_up(ctx: Context, link: Link, peer: Peer, said: list[Effect]) -> None:
    held = await store.ahead(ctx.db, link.item, peer.key or "", peer.head.seq, chain.AHEAD_AT_MOST)
    gap = chain.missing(peer.head, held, peer.reach)
    if gap is not None:
        body = {"network": peer.key, "first": gap[0], "last": gap[1]}
        said.append(await wire.send(ctx, link, "want", body))


async def _wanted(ctx: Context, link: Link, peer: Peer, one: Envelope) -> list[Line | Effect]:
    """Whoever misses something is answered at once, even if we miss something of theirs."""
    if one.kind != "want":
        return []
    key, first, last = (one.body.get(name) for name in ("network", "first", "last"))
    if not (isinstance(key, str) and isinstance(first, int) and isinstance(last, int)):
        raise Unfit("no want")
    if not 1 <= first <= last < first + chain.ASKED_AT_MOST:
        raise Unfit("wants too much")
    now = ctx.read.timestamp()
    if now < peer.wanted_at + ASK_AFTER.total_seconds() / 2:
        return []
    await store.change(ctx.db, peer, wanted_at=now)
    if key != ctx.signer.public:  # its own network answers first; then we, if we hold it
        at = ctx.read + LEND_AFTER
        await ctx.schedule("lend", at, item=link.item, key=key, first=first, last=last)
        return []
    return [*await wire.again(ctx, link, key, first, last)]


@feature.job("lend")
async def lend(ctx: Context, job: Job) -> Answer:
    """What another network said and somebody missed, if nobody else has sent it since."""
    link = await store.get(ctx.db, job.item) if job.item else None
    key, first, last = (job.payload[name] for name in ("key", "first", "last"))
    if link is None or await store.sent_again(ctx.db, link.item, key, first, job.due - LEND_AFTER):
        return None
    return await wire.again(ctx, link, key, first, last)


async def expelled(ctx: Context, bot: UserId) -> list[Peer]:
    """A bot is not what it was: in none of its links it counts any more."""
    return [
        await store.change(ctx.db, one, state=State.STOPPED)
        for one in await store.with_bot(ctx.db, bot)
        if one.state not in (State.GONE, State.STOPPED)
    ]
