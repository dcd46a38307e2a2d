"""Protection of link rooms: only bots that were asked may be there and read along."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    MembershipChanged,
    Remove,
    Room,
    RoomRightsChanged,
    RoomUpgraded,
    UserId,
    _,
    rooms,
)
from commands.links import store
from commands.links.connection import handshake
from commands.links.declaration import ANNOUNCED_WITHIN
from commands.links.protocol import here_messages, outbound
from commands.links.store import NetworkLink, PeerState
from commands.networks import link_end, openness
from commands.networks.declaration import (
    CLOSED_JOB,
    LOOK_JOB,
    OPEN_JOB,
    REPLACED_JOB,
    STRANGERS_JOB,
    feature,
)
from commands.shares import inbound_shares

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
"""What has not changed is told again after a day."""
PRESENT_OR_COMING = (Membership.JOIN, Membership.INVITE, Membership.KNOCK)
MOST_NAMED = 5
"""How many strangers a message names."""


# --- rooms open to others -------------------------------------------------------------------------


@feature.on(RoomRightsChanged)
async def watch_state(ctx: Context, what: RoomRightsChanged) -> Answer:
    """Check whether a link room is still closed to others, after any change of its state. Return
    what to say, if anything."""
    one = await store.link_of_room(ctx.db, what.room)
    if one is None:
        return None
    return await _tell_brief_opening(ctx, one, what) or await guard_room(ctx, one, what.sender)


async def _tell_brief_opening(
    ctx: Context, one: NetworkLink, what: RoomRightsChanged
) -> list[Effect]:
    """Report that this change opened a room that is closed again by now.

    Where another bot closes it at once, one sync may bring both changes, and the room's state is
    that of the last one.
    """
    room = await outbound.link_room(ctx, one)
    if room is None or not room.is_closed or openness.is_mute(ctx, room):
        return []
    then = openness.with_change(room, what)
    if then.is_closed or await ctx.has_job(one.item, OPEN_JOB):
        return []
    await ctx.schedule(OPEN_JOB, ctx.now + DAY, item=one.item)
    return await handshake.tell_moderators(
        ctx,
        _(
            "The room of link {number} was open to others for a moment: {how}.",
            number=one.item,
            how=openness.describe(then),
        ),
        *await openness.who_changed_it(ctx, one, what.sender),
    )


async def guard_room(
    ctx: Context, one: NetworkLink, by: UserId | None = None
) -> list[Line | Effect]:
    """Stop speaking in a link room while it is open to others, and close it if the bot may. Return
    what to say.

    The moderators are told at most once a day. The others ask later for what was not said.
    """
    room = await outbound.link_room(ctx, one)
    if room is None:
        return []
    mended = openness.closing_events(ctx, room)
    if not room.is_closed or openness.is_mute(ctx, room):
        if await ctx.has_job(one.item, OPEN_JOB):
            return list(mended)
        await ctx.schedule(OPEN_JOB, ctx.now + DAY, item=one.item)
        return [*mended, *await _tell_open(ctx, one, room, by, mended=bool(mended))]
    if not await ctx.has_job(one.item, OPEN_JOB) or await ctx.has_job(one.item, CLOSED_JOB):
        return list(mended)
    await ctx.schedule(CLOSED_JOB, ctx.now + DAY, item=one.item)
    told = await handshake.tell_moderators(
        ctx, _("The room of link {number} is as it was, so I go on there.", number=one.item)
    )
    return [*mended, *await here_messages.send_here(ctx, one), *told]


async def _tell_open(
    ctx: Context, one: NetworkLink, room: Room, by: UserId | None, *, mended: bool
) -> list[Effect]:
    if room.is_closed:
        return await handshake.tell_moderators(
            ctx,
            _("I may not speak in the room of link {number} any more.", number=one.item),
            _link_anew_line(one),
        )
    lines = [
        _(
            "The room of link {number} is open to others: {how}. I say nothing there while it is.",
            number=one.item,
            how=openness.describe(room),
        ),
        *await openness.who_changed_it(ctx, one, by),
    ]
    lines.append(
        _("I am closing it again.")
        if mended
        else _(
            "I may not close it: who made it can. To end the link: `!network disconnect {number}`",
            number=one.item,
        )
    )
    return await handshake.tell_moderators(ctx, *lines)


@feature.runs(OPEN_JOB)
async def guard_open_room(ctx: Context, job: Job) -> Answer:
    """Check again whether a link room is open to others, a day after that was reported. Return what
    to say, if anything."""
    one = await store.get_link(ctx.db, job.item) if job.item else None
    return await guard_room(ctx, one) if one is not None else None


@feature.runs(CLOSED_JOB)
async def allow_next_report(_ctx: Context, _job: Job) -> Answer:
    """Do nothing: as long as this job is scheduled, a reopened link room is not reported again.
    Return what to say, if anything."""
    return None


# --- people who come and go -----------------------------------------------------------------------


@feature.on(MembershipChanged)
async def watch_members(ctx: Context, what: MembershipChanged) -> Answer:
    """Schedule a look at strangers in a link room; end the link with a network that left, or all if
    the bot was removed. Return what to say, if anything."""
    one = await store.link_of_room(ctx.db, what.room)
    if one is None:
        return None
    if what.user == ctx.me:
        return await (
            guard_room(ctx, one) if what.after is Membership.JOIN else _stop_after_removal(ctx, one)
        )
    peer = await store.get_peer(ctx.db, one.item, what.user)
    known = peer is not None and peer.state is not PeerState.GONE
    if not known and what.after in PRESENT_OR_COMING and not await ctx.has_job(one.item, LOOK_JOB):
        room = await outbound.link_room(ctx, one)
        after = (
            ANNOUNCED_WITHIN if room and _may_remove(ctx, room, what.user) else 3 * ANNOUNCED_WITHIN
        )
        await ctx.schedule(LOOK_JOB, ctx.now + after, item=one.item)
    if known and peer is not None and what.after not in PRESENT_OR_COMING:
        return await link_end.end_with_absent(ctx, one, peer)
    return None


async def _stop_after_removal(ctx: Context, one: NetworkLink) -> Answer:
    every = [
        p
        for p in await store.peers_of_link(ctx.db, one.item)
        if p.state not in outbound.STOPPED_STATES
    ]
    if not every:
        return None  # we left of our own will, and said so
    over: list[Line | Effect] = []
    for peer in every:
        await store.change_peer(ctx.db, peer, state=PeerState.STOPPED)
        over += await inbound_shares.end_shares_of(ctx, peer)
    return over + await handshake.tell_moderators(
        ctx,
        _(
            "I am no longer in the room of link {number}, so the link with {names} stopped.",
            number=one.item,
            names=tuple(p.name or p.bot for p in every),
        ),
        _link_anew_line(one),
    )


def _link_anew_line(one: NetworkLink) -> Line:
    return _(
        "Talk to the other network, then link anew: `!network disconnect {number}`", number=one.item
    )


@feature.runs(LOOK_JOB)
async def remove_strangers(ctx: Context, job: Job) -> Answer:
    """Remove people from a link room who were not asked, if the bot may. They get no key; reported
    once a day. Return what to say, if anything.

    The bot does not leave because of them, or one network could part all others by an invitation.
    """
    one = await store.get_link(ctx.db, job.item) if job.item else None
    room = await outbound.link_room(ctx, one) if one is not None else None
    if one is None or room is None:
        return None
    every = await store.peers_of_link(ctx.db, one.item)
    known = {peer.bot for peer in every if peer.state is not PeerState.GONE} | {ctx.me}
    there = await rooms.members(ctx.db, room.room, *PRESENT_OR_COMING)
    others = [user for user in there if user not in known]
    out = [user for user in others if _may_remove(ctx, room, user)]
    removed = [Remove(user, room.room) for user in out]
    if not others or await ctx.has_job(one.item, STRANGERS_JOB):
        return removed
    await ctx.schedule(STRANGERS_JOB, ctx.now + DAY, item=one.item)
    return [*removed, *await _tell_strangers(ctx, one, others, out=out == others)]


async def _tell_strangers(
    ctx: Context, one: NetworkLink, users: list[UserId], *, out: bool
) -> list[Effect]:
    named = tuple(users[:MOST_NAMED])
    if out:
        return await handshake.tell_moderators(
            ctx,
            _(
                "{users} came into the room of link {number}, where only bots talk. I took them"
                " out.",
                users=named,
                number=one.item,
            ),
        )
    return await handshake.tell_moderators(
        ctx,
        _(
            "{users} came into the room of link {number}, where only bots talk. I may not take them"
            " out, but they get no key to what we say.",
            users=named,
            number=one.item,
        ),
        _(
            "Ask the other networks why, by phone or in person. To end the link:"
            " `!network disconnect {number}`",
            number=one.item,
        ),
    )


def _may_remove(ctx: Context, room: Room, user: UserId) -> bool:
    mine = room.power_of(ctx.me)
    return mine >= room.power_to("kick") and mine > room.power_of(user)


@feature.runs(STRANGERS_JOB)
async def remove_strangers_again(ctx: Context, job: Job) -> Answer:
    """Remove strangers from a link room again, a day after they were reported. Return what to say,
    if anything."""
    return await remove_strangers(ctx, job)


# --- replaced rooms -------------------------------------------------------------------------------


@feature.on(RoomUpgraded)
async def schedule_replacement_check(ctx: Context, what: RoomUpgraded) -> Answer:
    """Schedule a check whether the link went on in the room that replaced this one. Return what to
    say, if anything."""
    one = await store.link_of_room(ctx.db, what.room)
    if one is not None and not await ctx.has_job(one.item, REPLACED_JOB):
        await ctx.schedule(REPLACED_JOB, ctx.now + HOUR, item=one.item)
    return None


@feature.runs(REPLACED_JOB)
async def report_replaced_room(ctx: Context, job: Job) -> Answer:
    """Tell the moderators that a link is at a standstill because its room was replaced and the bot
    did not follow. Return what to say, if anything."""
    one = await store.get_link(ctx.db, job.item) if job.item else None
    room = await outbound.link_room(ctx, one) if one is not None else None
    if one is None or room is None or room.successor is None:
        return None
    return await handshake.tell_moderators(
        ctx,
        _(
            "The room of link {number} was replaced by another one that I can't take for the same,"
            " so I did not go on there.",
            number=one.item,
        ),
        _link_anew_line(one),
    )
