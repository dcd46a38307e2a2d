"""`!network link`, `add`, `accept`, `decline` and `disconnect`; who joins and leaves a link."""

from __future__ import annotations

from bot.api import (
    INVITATION,
    LIKE_ADDRESS,
    NO_NUMBER,
    Answer,
    BotInvited,
    Callback,
    Context,
    CreateRoom,
    Invite,
    Job,
    Join,
    Leave,
    Membership,
    MembershipChanged,
    NewIdentity,
    Number,
    People,
    UserError,
    UserId,
    _,
    items,
    rooms,
)
from commands.link_introductions import acceptance
from commands.link_introductions.standing import get_standing
from commands.links import store
from commands.links.connection import agreement, handshake
from commands.links.declaration import (
    LINK_TYPE,
    MOST_ASKING,
    MOST_LINKS,
    MOST_PEERS,
    require_network_moderator,
)
from commands.links.declaration import feature as links_feature
from commands.links.network_names import peers_called
from commands.links.protocol import inbound, outbound, stopped_links
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState
from commands.networks import code_commands, link_end
from commands.networks.declaration import ROOM_JOB, feature
from commands.shares import inbound_shares


async def ask_for_link(ctx: Context, people: People = ()) -> Answer:
    """Ask another network's bot for a link, after a confirmation. Return what to say, if anything.

    Raises `UserError` without the right, without a bot's address, and if there is a link already.
    """
    await require_network_moderator(ctx)
    bot = next(iter(people), None)
    if bot is None:
        raise UserError(
            _("Which bot? Its address begins with @, as `!status` of the other network says it."),
            _("For example: `!network link @minga:example.org`"),
        )
    await _require_unlinked(ctx, bot)
    home = await ctx.moderators_room()
    ctx.confirm(
        _(
            "I ask {bot} for a link. It is told the name of our network, {name}, and no more.",
            bot=bot,
            name=ctx.defaults.network or ctx.me,
        ),
        _("Nothing is shared before both networks' moderators have compared a code."),
    )
    number = await items.add(
        ctx.db, links_feature.name, "link", home or ctx.room, ctx.me, bot, ctx.now
    )
    made = await store.add_link(ctx.db, number, outbound.new_id(), None)
    await store.add_peer(ctx.db, number, bot, PeerState.ASKED, outbound.new_id())
    await ctx.log("asked", {"bot": bot}, room=home or ctx.room)
    return [
        CreateRoom(made.name, "", Callback.of(ROOM_JOB, number), invite=(bot,), kind=LINK_TYPE),
        _(
            "Link {number}: I am asking. As soon as they accept I show a code to both sides here.",
            number=number,
        ),
        _("To take it back: `!network disconnect {number}`", number=number),
    ]


async def add_network(ctx: Context, people: People = (), number: Number = NO_NUMBER) -> Answer:
    """Ask one more network into a link: the others are told, and each compares a code with it.
    Return what to say, if anything.

    Raises `UserError` without the right, without bot and link, and if it is in the link.
    """
    await require_network_moderator(ctx)
    one = await store.get_link(ctx.db, number)
    if not people or one is None or one.room is None or not await outbound.is_in_room(ctx, one):
        raise UserError(
            _("Which bot, and into which link? Their numbers stand in `!network`."),
            _("For example: `!network add @minga:example.org 57`"),
        )
    bot = people[0]
    if await store.get_peer(ctx.db, one.item, bot) is not None:
        raise UserError(_("{bot} is in link {number} already.", bot=bot, number=one.item))
    names = tuple(
        p.name for p in await store.peers_of_link(ctx.db, one.item) if p.state is PeerState.LINKED
    )
    ctx.confirm(
        _(
            "I ask {bot} into link {number}, where {names} are.",
            bot=bot,
            number=one.item,
            names=names,
        ),
        _("From then on they read what is said there. Each network compares a code with them."),
    )
    await store.add_peer(ctx.db, one.item, bot, PeerState.ASKED, outbound.new_id())
    await ctx.log("asked", {"bot": bot}, room=await ctx.moderators_room())
    said = _("Asked. As soon as they come, each of us sees a code to compare with them.")
    return [
        await outbound.send_message(ctx, one, "bring", {"bot": bot}),
        Invite(bot, one.room),
        said,
    ]


@inbound.handles("bring", of=feature)
async def note_asked_bot(
    ctx: Context, one: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Store that a linked network asks a bot into the link, so that it is no stranger there. Return
    what to say, if anything.

    Raises `InvalidMessage` if the message names no bot.
    """
    bot = said.body.get("bot")
    if not isinstance(bot, str) or not LIKE_ADDRESS.fullmatch(bot) or bot == ctx.me:
        raise InvalidMessage("no bot")
    every = await store.peers_of_link(ctx.db, one.item)
    asked = sum(p.state is PeerState.ASKED for p in every)
    if len(every) >= MOST_PEERS or any(p.bot == bot for p in every) or asked >= MOST_ASKING:
        return None
    await store.add_peer(ctx.db, one.item, UserId(bot), PeerState.ASKED, outbound.new_id())
    return await handshake.tell_moderators(
        ctx,
        _(
            "{network} asks one more network into link {number}: {bot}",
            network=peer.name,
            number=one.item,
            bot=bot,
        ),
        _("You see a code to compare when it comes. Until then nothing of it counts here."),
        loud=False,
    )


async def _require_unlinked(ctx: Context, bot: UserId) -> None:
    known = [
        one for one in await store.peers_with_bot(ctx.db, bot) if one.state is not PeerState.GONE
    ]
    if known:
        raise UserError(
            _(
                "There is a link with {bot} already: {number}. All of them: `!network`",
                bot=bot,
                number=known[0].link,
            )
        )
    if len(await store.all_links(ctx.db)) >= MOST_LINKS:
        raise UserError(_("There are {count} links, and no more fit.", count=MOST_LINKS))


@feature.runs(ROOM_JOB)
async def set_link_room(ctx: Context, job: Job) -> Answer:
    """Store the room made for a new link, or end the link if the room could not be made. Return
    what to say, if anything.

    Leaves the room if the link is gone by now; tells the moderators if there is no room.
    """
    item = job.item or Number(0)
    room, reason = job.payload.get("room"), job.payload.get("code")
    if await store.get_link(ctx.db, item) is None:
        return Leave(room) if room else None
    if reason or not room:
        await link_end.close_link(ctx, item)
        return await handshake.tell_moderators(
            ctx,
            _(
                "Link {number}: I could not make a room for it. Please try again later.",
                number=item,
            ),
        )
    await store.set_room(ctx.db, item, room)
    return None


@feature.offers(INVITATION)
async def receive_invitation(ctx: Context, what: BotInvited) -> Answer:
    """Store that another network's bot invites ours into a link's room, until a moderator accepts.
    Return what to say, if anything.

    The invitation is refused if the room is not encrypted, if a link with that bot is being made or
    is paused, and if `MOST_ASKING` wait already. Who is linked with us may invite us into a second
    link, with other networks in it.
    """
    if what.kind != LINK_TYPE:
        return None
    every = await store.peers_with_bot(ctx.db, what.sender)
    unsettled = any(one.state not in (PeerState.GONE, PeerState.LINKED) for one in every)
    if not what.encrypted or unsettled or await store.count_asked(ctx.db) >= MOST_ASKING:
        return Leave(what.room)
    home = await ctx.moderators_room()
    if home is None:
        return Leave(what.room)
    number = await items.add(
        ctx.db, links_feature.name, "link", home, what.sender, what.sender, ctx.now
    )
    await store.add_link(ctx.db, number, outbound.new_id(), what.room)
    await store.add_peer(ctx.db, number, what.sender, PeerState.ASKED, outbound.new_id())
    return await handshake.tell_moderators(
        ctx,
        _(
            "The bot {bot} asks to link its network with ours (link {number}).",
            bot=what.sender,
            number=number,
        ),
        _(
            "Do you know them? `!network accept {number}` · if not: `!network decline {number}`",
            number=number,
        ),
    )


async def accept_link(ctx: Context, one: NetworkLink, named: str) -> Answer:
    """Accept a link: join the room of a network that asked, accept who was introduced, or confirm a
    code. Return what to say, if anything.

    `named`: a network, or the link for all that wait in it. Raises `UserError` without the right,
    and if the link waits for the other network.
    """
    await require_network_moderator(ctx)
    standing = await get_standing(ctx, one.item)
    waiting = code_commands.waiting_peers(standing.peers)
    meant = peers_called(waiting, named)
    introduced = [peer for peer in meant if standing.is_acceptable(peer)]
    if introduced:
        return await acceptance.accept_on_word(ctx, one, standing, introduced)
    if waiting:
        return await agreement.confirm_code(
            ctx, one, code_commands.choose_peer(ctx, meant or waiting)
        )
    asked = [peer for peer in standing.peers if peer.state is PeerState.ASKED]
    if not asked or one.room is None or await outbound.is_in_room(ctx, one):
        raise UserError(
            _(
                "Link {number} waits for the other network. How it stands: `!network`",
                number=one.item,
            )
        )
    await store.change_peer(ctx.db, asked[0], state=PeerState.MEETING)
    return [
        Join(one.room),
        _("I go there. In a moment you see a code here, to compare with theirs."),
    ]


async def decline_link(ctx: Context, one: NetworkLink) -> Answer:
    """Refuse a network that asked for a link, or leave a link whose room the bot is in. Return what
    to say, if anything."""
    await require_network_moderator(ctx)
    if await outbound.is_in_room(ctx, one):
        return await link_end.leave_link(ctx, one)
    await link_end.close_link(ctx, one.item)
    said = _("Turned down. They see that we did not come, and nothing else.")
    return [Leave(one.room), said] if one.room else said


@feature.on(MembershipChanged)
async def greet_asked_bot(ctx: Context, what: MembershipChanged) -> Answer:
    """Send the first message to another network's bot that came into a room of ours. Return what to
    say, if anything."""
    one = await store.link_of_room(ctx.db, what.room)
    if one is None or what.user == ctx.me or what.after is not Membership.JOIN:
        return None
    peer = await store.get_peer(ctx.db, one.item, what.user)
    if peer is None:
        return None
    room = await rooms.get(ctx.db, what.room)
    ours = room is not None and ctx.me in room.creators
    if ours and peer.state is PeerState.ASKED:
        await store.change_peer(ctx.db, peer, state=PeerState.MEETING)
        return await handshake.send_hello(ctx, one, peer)
    return None


@feature.on(NewIdentity)
async def stop_replaced_bot(ctx: Context, what: NewIdentity) -> Answer:
    """Stop all links with a network's bot whose keys are not those that people compared. Return
    what to say, if anything."""
    stopped = await stopped_links.stop_links_with(ctx, what.sender)
    if not stopped:
        return None
    over = [one for peer in stopped for one in await inbound_shares.end_shares_of(ctx, peer)]
    name = stopped[0].name or what.sender
    return over + await handshake.tell_moderators(
        ctx,
        _("The link with {name} stopped: its bot has a new identity.", name=name),
        _(
            "Ask its moderators by another way. If it was them: `!confirm {bot}`,"
            " `!network disconnect {number}`, then `!network link {bot}`",
            number=stopped[0].link,
            bot=what.sender,
        ),
    )
