"""Inbound messages of a link: checked, put in their place, carried out once and in order."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    LinkMessage,
    Trust,
    UserError,
    _,
    answer_parts,
    bug_reports,
)
from commands.links import lost_messages, store
from commands.links.connection import handshake
from commands.links.declaration import FOLLOW_JOB, feature
from commands.links.protocol import chain, envelope, gap_fill, limits, outbound, presence
from commands.links.protocol.chain import ChainPosition
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope, UnknownVersion
from commands.links.protocol.message_handlers import (
    CAPABILITIES,
    HANDLED_AFTER_LEAVING,
    HANDLED_BEFORE_LINKING,
    RETURNED_HANDLERS,
    MessageHandler,
)
from commands.links.protocol.message_handlers import HANDLERS as HANDLERS
from commands.links.protocol.message_handlers import handles as handles
from commands.links.protocol.message_handlers import on_peer_change as on_peer_change
from commands.links.protocol.message_handlers import on_returned as on_returned
from commands.links.protocol.message_handlers import on_stop as on_stop
from commands.links.protocol.stopped_links import report_size, stop_for_fork, stop_for_size
from commands.links.store import NetworkLink, Peer, PeerState
from storage.database import database_failed

MOST_JUNK, JUNK_FOR = 20, timedelta(hours=1)
"""After so much junk from a network nothing of it is read for this long."""
DAY = timedelta(days=1)
RESTART_INTERVAL = timedelta(hours=6)
"""A network may restart its chain from a backup four times at once, then once in this time."""
RETURNED_WITHIN = timedelta(days=7)
"""So long after a restored backup others may send back what it lost of ours."""
AT_ONCE = 50
"""How many messages take effect in one transaction."""
MESSAGE_COST, BURST = timedelta(seconds=20), timedelta(hours=2)
"""A network's messages take effect 360 at once, then 180 an hour; the rest waits."""
MESSAGE_PIECE = 4096
"""Characters of a message that count as one; a longer one counts as several."""


@feature.on(LinkMessage)
async def receive_event(ctx: Context, what: LinkMessage) -> Answer:
    """Handle a message from a confirmed device of a known bot in a link room. All others are
    ignored. Return what to say, if anything."""
    link = await store.link_of_room(ctx.db, what.room)
    if link is None or what.type != envelope.MESSAGE_TYPE or what.trust is not Trust.SIGNED:
        return None
    sender = await store.get_peer(ctx.db, link.item, what.sender)
    if sender is None or _is_noisy(ctx, sender):
        return None
    try:
        return await _read(ctx, link, sender, what.content)
    except UnknownVersion:
        await note_unknown_message(ctx, sender)
        return None
    except InvalidMessage:
        return await _count_junk(ctx, sender)


async def note_unknown_message(ctx: Context, peer: Peer) -> None:
    """Store that a linked network sent what this version does not know; `!network` tells of it."""
    if peer.state is PeerState.LINKED and ctx.now.timestamp() > peer.beyond + DAY.total_seconds():
        await store.change_peer(ctx.db, peer, beyond=ctx.now.timestamp())


def _is_noisy(ctx: Context, peer: Peer) -> bool:
    return peer.junk >= MOST_JUNK and ctx.now.timestamp() < peer.junk_at + JUNK_FOR.total_seconds()


async def _count_junk(ctx: Context, peer: Peer) -> Answer:
    """Count an invalid message. At `MOST_JUNK` the moderators are told once."""
    now, old = ctx.now.timestamp(), peer.junk_at + JUNK_FOR.total_seconds()
    count = peer.junk + 1 if now < old else 1
    begun = peer.junk_at if now < old and count < MOST_JUNK else now
    await store.change_peer(ctx.db, peer, junk=count, junk_at=begun)
    if count != MOST_JUNK:
        return None
    line = _(
        "{name} sends what I can't read, so for an hour I don't listen to it.",
        name=peer.name or peer.bot,
    )
    return await handshake.tell_moderators(ctx, line, loud=False)


async def _read(
    ctx: Context, link: NetworkLink, sender: Peer, content: Mapping[str, object]
) -> Answer:
    one = envelope.parse_envelope(content)
    if not one.is_genuine():
        raise InvalidMessage("not signed by its network")
    if one.network == ctx.signer.public:
        await _take_back_own(ctx, link, sender, one)
        return None
    author = await store.peer_by_key(ctx.db, link.item, one.network)
    met = sender.key is not None or sender.state is PeerState.GONE
    if author is None and (met or one.kind != "hello"):
        return None  # of an unknown network; the sender did no wrong by passing it on
    if author is None:
        author = await _introduce(ctx, link, sender, one)
        link = await store.get_link(ctx.db, link.item) or link
    if author.state in outbound.UNREAD_STATES or one.link != link.name:
        return None
    author = await presence.note_presence(ctx, author)
    return await _place_in_chain(ctx, link, author, one)


async def _take_back_own(
    ctx: Context, link: NetworkLink, sender: Peer, one: NetworkEnvelope
) -> None:
    """Store a message of ours that a restored backup lost, as another network sends it back.

    It is signed by us, so it can't be another one than we sent. Others could send back whatever we
    deleted long ago, so it has to be among what the latest restores lost.
    """
    if one.link != link.name or sender.state in (PeerState.GONE, *outbound.UNREAD_STATES):
        return
    if await store.message_hash(ctx.db, link.item, one.network, one.seq) is not None:
        return
    since = ctx.now - RETURNED_WITHIN
    if not await lost_messages.was_lost(ctx.db, link.item, one.network, one.seq, since):
        return
    await store.put_message(ctx.db, link.item, one, ctx.now)
    for take_back in RETURNED_HANDLERS:
        await take_back(ctx, link, one)


async def _introduce(ctx: Context, link: NetworkLink, sender: Peer, one: NetworkEnvelope) -> Peer:
    """Store the key of a network by its first message.

    Raises `InvalidMessage` unless its account vouches for the key.
    """
    master = handshake.vouched_master_key(ctx, sender.bot, one)
    if master is None:
        raise InvalidMessage("not vouched for by their account")
    if link.head.seq == 0 and one.link != link.name:
        await store.set_name(ctx.db, link.item, one.link)
    begins = {"seq": one.seq - 1, "hash": one.prev, "reach": one.seq}  # earlier ones are not ours
    return await store.change_peer(ctx.db, sender, key=one.network, master=master, **begins)


async def _place_in_chain(
    ctx: Context, link: NetworkLink, author: Peer, one: NetworkEnvelope
) -> Answer:
    held = await store.message_hash(ctx.db, link.item, one.network, one.seq)
    if chain.is_restart(author.head, one):  # they have lost what is between, too
        author = await _restart_chain(ctx, author, one)
    where = chain.chain_position(author.head, held, one)
    if where is ChainPosition.FORK:
        return await stop_for_fork(ctx, link, author, one)
    if where is ChainPosition.EARLY and await _is_too_much(ctx, link, author, one):
        where = ChainPosition.FAR
    answers: list[Line | Effect] = []
    if held is None and author.state is not PeerState.GONE:
        answers += await _carry_out_safely(
            ctx, author, one, gap_fill.receive_want(ctx, link, author, one)
        )
    if one.seq > author.reach:
        author = await store.change_peer(ctx.db, author, reach=one.seq)
    if where is ChainPosition.KNOWN and held is not None:
        await store.mark_resent(ctx.db, link.item, one.network, one.seq, one.seq, ctx.now)
    if where in (ChainPosition.NEXT, ChainPosition.EARLY):
        await store.put_message(ctx.db, link.item, one, ctx.now)
        author = await store.get_peer(ctx.db, link.item, author.bot) or author
        if author.held > limits.MOST:
            return [*answers, *await stop_for_size(ctx, link, author)]
        answers += await report_size(ctx, link, author)
    if where is ChainPosition.NEXT:
        answers += await _carry_out_next(ctx, link, author)
    elif where in (ChainPosition.EARLY, ChainPosition.FAR) and one.kind == "bye":
        answers += await _carry_out(ctx, link, author, one)  # who has left resends nothing
    elif where in (ChainPosition.EARLY, ChainPosition.FAR):
        await gap_fill.schedule_want(ctx, link, author)
    return answers


async def _is_too_much(ctx: Context, link: NetworkLink, author: Peer, one: NetworkEnvelope) -> bool:
    """Tell whether more would wait for its turn than one network may have waiting."""
    key, seq = author.key or "", author.head.seq
    waiting = await store.size_ahead(ctx.db, link.item, key, seq)
    return waiting + len(str(one.content())) > limits.AHEAD


async def _restart_chain(ctx: Context, author: Peer, one: NetworkEnvelope) -> Peer:
    """Let a chain go on from a backup, far ahead. Raises `InvalidMessage` if that is too often."""
    until = max(author.again_at, ctx.now.timestamp()) + RESTART_INTERVAL.total_seconds()
    if until > (ctx.now + DAY).timestamp():
        raise InvalidMessage("so soon again")
    await store.drop_messages_between(ctx.db, author.link, one.network, author.head.seq, one.seq)
    return await store.change_peer(ctx.db, author, seq=one.seq - 1, hash=one.prev, again_at=until)


async def _carry_out_next(ctx: Context, link: NetworkLink, author: Peer) -> list[Line | Effect]:
    """Carry out the next message and those that waited for it; many of them in several runs."""
    answers: list[Line | Effect] = []
    every = await store.get_messages(
        ctx.db, link.item, author.key or "", author.head.seq + 1, author.head.seq + AT_ONCE
    )
    for content in every:
        one = envelope.parse_envelope(content)
        where = chain.chain_position(author.head, None, one)
        if where is ChainPosition.FORK:
            return [*answers, *await stop_for_fork(ctx, link, author, one)]
        if where is not ChainPosition.NEXT or author.state in outbound.UNREAD_STATES:
            break
        busy = max(author.busy, ctx.now.timestamp())
        if busy > (ctx.now + BURST).timestamp():
            await _schedule_waiting(ctx, link, author, MESSAGE_COST * AT_ONCE)
            return answers
        busy += MESSAGE_COST.total_seconds() * (1 + len(str(content)) // MESSAGE_PIECE)
        author = await store.change_peer(ctx.db, author, seq=one.seq, hash=one.hash, busy=busy)
        answers += await _carry_out(ctx, link, author, one)
        author = await store.get_peer(ctx.db, link.item, author.bot) or author
    if len(every) == AT_ONCE:
        await _schedule_waiting(ctx, link, author, timedelta(0))
    elif author.reach > author.head.seq:
        await gap_fill.schedule_want(ctx, link, author)
    return answers


async def _schedule_waiting(
    ctx: Context, link: NetworkLink, author: Peer, after: timedelta
) -> None:
    if not await ctx.has_job(link.item, FOLLOW_JOB):
        await ctx.schedule(FOLLOW_JOB, ctx.now + after, item=link.item)


@feature.runs(FOLLOW_JOB)
async def carry_out_waiting(ctx: Context, job: Job) -> Answer:
    """Handle the next stored messages of each network of a link that sent more than are handled at
    once. Return what to say, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    answers: list[Line | Effect] = []
    for peer in await store.peers_of_link(ctx.db, link.item) if link else ():
        if (
            link
            and peer.key
            and peer.reach > peer.head.seq
            and peer.state not in outbound.UNREAD_STATES
        ):
            answers += await _carry_out_next(ctx, link, peer)
    return answers


async def _carry_out(
    ctx: Context, link: NetworkLink, author: Peer, one: NetworkEnvelope
) -> list[Line | Effect]:
    """Carry out one message. One that makes no sense has no effect, and the chain goes on."""
    if one.kind == "hello":
        take: MessageHandler | None = handshake.receive_hello
    elif (
        author.state is PeerState.LINKED
        or one.kind in HANDLED_AFTER_LEAVING
        or (one.kind in HANDLED_BEFORE_LINKING and author.state in outbound.PRESENT)
    ):
        take = HANDLERS.get(one.kind)
    else:
        take = None
    if take is None:
        if one.kind not in HANDLERS and one.kind != "want":  # a `want` was answered on arrival
            await note_unknown_message(ctx, author)
        return []
    ctx.feature = CAPABILITIES.get(one.kind, feature.name)
    answers = await _carry_out_safely(ctx, author, one, take(ctx, link, author, one))
    ctx.feature = feature.name
    return [one for one in answers if not isinstance(one, Line)]  # no person reads a link room


async def _carry_out_safely(
    ctx: Context, author: Peer, one: NetworkEnvelope, act: Awaitable[Answer]
) -> list[Line | Effect]:
    """Return the effects of a message.

    A bug is reported, counted as junk and passed over, since the same message would raise it again,
    and no network may hold up its own chain or ours.
    """
    try:
        async with ctx.db.savepoint():  # a refused message leaves nothing behind
            return answer_parts(await act)
    except (InvalidMessage, UserError):  # a capability refused the content
        return answer_parts(await _count_junk(ctx, author))
    except Exception as error:
        if database_failed(error):
            raise
        reference = bug_reports.report_bug(error, f"link message {one.seq}", ctx)
        told = await bug_reports.report_link_bug(ctx.db, ctx.room, reference, ctx.now)
        return [*answer_parts(told), *answer_parts(await _count_junk(ctx, author))]


# --- once a day ---------------------------------------------------------------------------------
