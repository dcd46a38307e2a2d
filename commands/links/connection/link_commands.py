"""`!network link`, `add`, `accept`, `decline` and `disconnect`; who joins and leaves a link."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    CreateRoom,
    Effect,
    Invite,
    Invited,
    Job,
    Join,
    Leave,
    Line,
    Membership,
    Moved,
    NewIdentity,
    Number,
    Then,
    UserError,
    UserId,
    _,
    choice,
    items,
    rooms,
)
from commands.links import store
from commands.links.connection import handshake
from commands.links.declaration import MOST_ASKING, MOST_LINKS, MOST_PEERS, ROOM, feature, steward
from commands.links.joint import steps
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import Envelope, Unfit
from commands.links.shares import inbound_shares, outbound_shares
from commands.links.store import Link, Peer, State

_BOT = re.compile(r"@[^\s:@]{1,200}:[^\s@]{1,200}")


async def link(ctx: Context, rest: str) -> Answer:
    """Ask another network's bot for a link, after a confirmation.

    Raises `UserError` without the right, without a bot's address, and if there is a link already.
    """
    await steward(ctx)
    found = _BOT.search(rest)
    bot = UserId(found[0]) if found else next(iter(ctx.origin.mentions), None)
    if bot is None or bot == ctx.me:
        raise UserError(
            _("Which bot? Its address begins with @, as `!status` of the other network says it."),
            _("For example: `!network link @minga:example.org`"),
        )
    await _not_yet(ctx, bot)
    home = await ctx.moderators_room()
    ctx.confirm(
        _("I ask {bot} for a link. It is told the name of our network, {name}, and no more.",
          bot=bot, name=ctx.defaults.network or ctx.me),
        _("Nothing is shared before both networks' moderators have compared a code."),
    )  # fmt: skip
    number = await items.add(ctx.db, ctx.feature, "link", home or ctx.room, ctx.me, bot, ctx.read)
    made = await store.add(ctx.db, number, outbound.new_id(), None)
    await store.add_peer(ctx.db, number, bot, State.ASKED, outbound.new_id())
    await ctx.log("asked", {"bot": bot}, room=home or ctx.room)
    return [
        CreateRoom(made.name, "", Then(ctx.feature, "room", number), invite=(bot,), kind=ROOM),
        _("Link {number}: I am asking. As soon as they accept I show a code to both sides here.",
          number=number),
        _("To take it back: `!network disconnect {number}`", number=number),
    ]  # fmt: skip


async def add(ctx: Context, rest: str) -> Answer:
    """Ask one more network into a link: the others are told, and each compares a code with it.

    Raises `UserError` without the right, without bot and link, and if it is in the link.
    """
    await steward(ctx)
    found = _BOT.search(rest)
    number = re.search(
        r"(?:^|\s)#?(\d{1,9})(?=\s|$)", rest.replace(found[0], " ") if found else rest
    )
    one = await store.get(ctx.db, Number(int(number[1]))) if number else None
    if found is None or one is None or one.room is None or not await outbound.is_in(ctx, one):
        raise UserError(
            _("Which bot, and into which link? Their numbers stand in `!network`."),
            _("For example: `!network add @minga:example.org 57`"),
        )
    bot = UserId(found[0])
    if bot == ctx.me or await store.peer(ctx.db, one.item, bot) is not None:
        raise UserError(_("{bot} is in link {number} already.", bot=bot, number=one.item))
    names = tuple(p.name for p in await store.peers(ctx.db, one.item) if p.state is State.LINKED)
    ctx.confirm(
        _("I ask {bot} into link {number}, where {names} are.", bot=bot, number=one.item,
          names=names),
        _("From then on they read what is said there. Each network compares a code with them."),
    )  # fmt: skip
    await store.add_peer(ctx.db, one.item, bot, State.ASKED, outbound.new_id())
    await ctx.log("asked", {"bot": bot}, room=await ctx.moderators_room())
    said = _("Asked. As soon as they come, each of us sees a code to compare with them.")
    return [await outbound.send(ctx, one, "bring", {"bot": bot}), Invite(bot, one.room), said]


@inbound.takes("bring")
async def brought(ctx: Context, one: Link, peer: Peer, said: Envelope) -> Answer:
    """Note a bot that a linked network asks into the link, so that it is no stranger there.

    Raises `InvalidMessage` if the message names no bot.
    """
    bot = said.body.get("bot")
    if not isinstance(bot, str) or not _BOT.fullmatch(bot) or bot == ctx.me:
        raise Unfit("no bot")
    every = await store.peers(ctx.db, one.item)
    asked = sum(p.state is State.ASKED for p in every)
    if len(every) >= MOST_PEERS or any(p.bot == bot for p in every) or asked >= MOST_ASKING:
        return None
    await store.add_peer(ctx.db, one.item, UserId(bot), State.ASKED, outbound.new_id())
    return await handshake.tell(
        ctx,
        _("{network} asks one more network into link {number}: {bot}", network=peer.name,
          number=one.item, bot=bot),
        _("You see a code to compare when it comes. Until then nothing of it counts here."),
        loud=False,
    )  # fmt: skip


async def _not_yet(ctx: Context, bot: UserId) -> None:
    known = [one for one in await store.with_bot(ctx.db, bot) if one.state is not State.GONE]
    if known:
        raise UserError(
            _("There is a link with {bot} already: {number}. All of them: `!network`",
              bot=bot, number=known[0].link)
        )  # fmt: skip
    if len(await store.every(ctx.db)) >= MOST_LINKS:
        raise UserError(_("There are {count} links, and no more fit.", count=MOST_LINKS))


@feature.job("room")
async def opened(ctx: Context, job: Job) -> Answer:
    """Store the new link's room, or delete the link if the room could not be made."""
    item = job.item or Number(0)
    room, reason = job.payload.get("room"), job.payload.get("code")
    if await store.get(ctx.db, item) is None:
        return Leave(room) if room else None
    if reason or not room:
        await _end(ctx, item)
        return await handshake.tell(
            ctx, _("Link {number}: I could not make a room for it. Please try again later.",
                   number=item)
        )  # fmt: skip
    await store.set_room(ctx.db, item, room)
    return None


@feature.service("invitation")
async def invitation(ctx: Context, what: Invited) -> Answer:
    """Keep another network's invitation to a link until a moderator accepts.

    A room that is not encrypted, from a known bot, or beyond `MOST_ASKING` is left at once.
    """
    if what.kind != ROOM:
        return None
    every = await store.with_bot(ctx.db, what.sender)
    known = any(one.state is not State.GONE for one in every)
    if not what.encrypted or known or await store.waiting(ctx.db) >= MOST_ASKING:
        return Leave(what.room)
    home = await ctx.moderators_room()
    if home is None:
        return Leave(what.room)
    number = await items.add(ctx.db, feature.name, "link", home, what.sender, what.sender, ctx.read)
    await store.add(ctx.db, number, outbound.new_id(), what.room)
    await store.add_peer(ctx.db, number, what.sender, State.ASKED, outbound.new_id())
    return await handshake.tell(
        ctx,
        _("The bot {bot} asks to link its network with ours (link {number}).", bot=what.sender,
          number=number),
        _("Do you know them? `!network accept {number}` · if not: `!network decline {number}`",
          number=number),
    )  # fmt: skip


async def accept(ctx: Context, one: Link) -> Answer:
    """Join the room of a network that asked, or confirm that the code is the same.

    Raises `UserError` without the right, and if the link waits for the other network.
    """
    await steward(ctx)
    every = await store.peers(ctx.db, one.item)
    waiting = [peer for peer in every if peer.state is State.CODE and not peer.ours]
    if waiting:
        return await handshake.confirm(ctx, one, _which(ctx, waiting))
    asked = [peer for peer in every if peer.state is State.ASKED]
    if not asked or one.room is None or await outbound.is_in(ctx, one):
        raise UserError(
            _("Link {number} waits for the other network. How it stands: `!network`",
              number=one.item)
        )  # fmt: skip
    await store.change(ctx.db, asked[0], state=State.MEETING)
    return [
        Join(one.room),
        _("I go there. In a moment you see a code here, to compare with theirs."),
    ]


def _which(ctx: Context, waiting: list[Peer]) -> Peer:
    """Return the peer whose code is meant; ask if there are several."""
    if len(waiting) == 1:
        return waiting[0]
    lines = [
        _("{n}) {name}: {code}", n=n, name=peer.name, code=handshake.code_of(ctx, peer))
        for n, peer in enumerate(waiting[:20], start=1)
    ]
    names = [peer.name for peer in waiting[:20]]
    answer = ctx.ask("which", choice(len(lines), names=names), _("Whose code?"), *lines)
    return waiting[int(answer) - 1]


async def decline(ctx: Context, one: Link) -> Answer:
    """Turn down a network that asked, or leave a link whose room the bot is in."""
    await steward(ctx)
    if await outbound.is_in(ctx, one):
        return await leave(ctx, one)
    await _end(ctx, one.item)
    said = _("Turned down. They see that we did not come, and nothing else.")
    return [Leave(one.room), said] if one.room else said


async def leave(ctx: Context, one: Link) -> Answer:
    """End the link on our side: withdraw what we shared, and mark what they shared.

    Raises `UserError` without the right.
    """
    await steward(ctx)
    every = await store.peers(ctx.db, one.item)
    names = tuple(peer.name or peer.bot for peer in every)
    open_ = tuple(joint.item for joint in await steps.under_way(ctx, one.item))
    losing = _("Joint decisions that are under way, in which our votes will not count: {numbers}",
               numbers=open_)  # fmt: skip
    ctx.confirm(
        _("I end the link with {names}. What we shared is taken back there.", names=names),
        *((losing,) if open_ else ()),
        _("What they shared stays here, marked as no longer kept up, but for offers and needs."),
        _("A new link needs a new code."),
        final=True,
    )
    said = await steps.ended(ctx, one.item)
    told: list[Line | Effect] = []
    if one.room is not None and await outbound.is_in(ctx, one):
        if not await outbound.is_open(
            ctx, one
        ):  # where it is open, the others only see the bot leave
            said.append(await outbound.send(ctx, one, "bye", {}))
        said.append(Leave(one.room))
    for peer in every:
        await store.change(ctx.db, peer, state=State.GONE)
        told += await inbound_shares.left(ctx, peer)
    await outbound_shares.over(ctx, one.item)
    await ctx.log("unlinked", {"names": list(names)}, room=await ctx.moderators_room())
    await _end(ctx, one.item, keep=True)
    return [*said, _("The link with {names} is ended.", names=names), *told]


async def _end(ctx: Context, number: Number, *, keep: bool = False) -> None:
    """Close the link and its jobs; without `keep` delete it."""
    await items.close(ctx.db, number)
    await ctx.call_off(number)
    if not keep:
        await store.drop(ctx.db, number)


KEPT_HERE = _("What they shared stays here, marked as no longer kept up, but for offers and needs.")


@inbound.takes("bye", last=True)
async def bye(ctx: Context, one: Link, peer: Peer, _said: object) -> Answer:
    """End the link with a network that leaves: what it shared is withdrawn.

    If it was seen to leave the room before, only the withdrawal is left to do.
    """
    if peer.state is State.GONE:
        return [*await inbound_shares.withdrawn(ctx, peer)]
    how = _("{name} ended the link with us.", name=peer.name or peer.bot)
    return await _left(ctx, one, peer, how, back=True)


async def gone(ctx: Context, one: Link, peer: Peer) -> Answer:
    """End the link with a network whose bot left the room or did not come, without a word."""
    if peer.state is State.ASKED:
        return await _left(ctx, one, peer, _("{bot} did not come into link {number}.",
                                             bot=peer.bot, number=one.item))  # fmt: skip
    return await _left(
        ctx, one, peer,
        _("{name} is no longer in the room of link {number}, so its link with us is ended.",
          name=peer.name or peer.bot, number=one.item),
    )  # fmt: skip


async def _left(
    ctx: Context, one: Link, peer: Peer, how: Line, *, back: bool = False
) -> list[Line | Effect]:
    """End the link with one network.

    `back`: it said itself that it leaves, so what it shared is withdrawn. Otherwise it stays.
    """
    was, after = peer.state, KEPT_HERE
    await store.change(ctx.db, peer, state=State.GONE)
    over = [] if back else await inbound_shares.left(ctx, peer)
    await outbound_shares.without(ctx, peer)
    if back:
        after = _("What it shared is taken back and goes from here; what we shared stays there,"
                  " marked as no longer kept up.")  # fmt: skip
    known = was in (State.LINKED, State.STOPPED)
    told = over + await handshake.tell(ctx, how, *((after,) if known else ()))
    left = [p for p in await store.peers(ctx.db, one.item) if p.state is not State.GONE]
    if not left and one.room is not None:
        await outbound_shares.over(ctx, one.item)
        await _end(ctx, one.item, keep=True)
        told.append(Leave(one.room))
    return [*told, *await inbound_shares.withdrawn(ctx, peer)] if back else told


@feature.on(Moved)
async def came(ctx: Context, what: Moved) -> Answer:
    """Greet a bot that was asked into a room of ours."""
    one = await store.of_room(ctx.db, what.room)
    if one is None or what.user == ctx.me or what.now is not Membership.JOIN:
        return None
    peer = await store.peer(ctx.db, one.item, what.user)
    if peer is None:
        return None
    room = await rooms.get(ctx.db, what.room)
    ours = room is not None and ctx.me in room.creators
    if ours and peer.state is State.ASKED:
        await store.change(ctx.db, peer, state=State.MEETING)
        return await handshake.greet(ctx, one, peer)
    return None


@feature.on(NewIdentity)
async def replaced(ctx: Context, what: NewIdentity) -> Answer:
    """Stop all links with a bot whose keys are not those that people compared."""
    stopped = await inbound.expelled(ctx, what.sender)
    if not stopped:
        return None
    over = [one for peer in stopped for one in await inbound_shares.left(ctx, peer)]
    name = stopped[0].name or what.sender
    return over + await handshake.tell(
        ctx,
        _("The link with {name} stopped: its bot has a new identity.", name=name),
        _("Ask its moderators by another way. If it was them: `!confirm {bot}`,"
          " `!network disconnect {number}`, then `!network link {bot}`",
          number=stopped[0].link, bot=what.sender),
    )  # fmt: skip
