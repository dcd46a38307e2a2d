"""The bot's own membership: which invitations it accepts, and which rooms are private."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.capability.context import Context, Origin
from bot.capability.feature import Answer
from bot.capability.services import EXPECTS_PERSON, INVITATION, ROOM_ENTERED, ROOM_REENTERED
from bot.delivery.effects import Effect, Join, Leave, Say
from bot.i18n import _
from bot.lines import Line, Moment, Person
from bot.run.duties import room_moves
from bot.types import BotInvited, Membership, MembershipChanged, RoomId, UserId
from storage import dialogues, jobs, outbox_entries, questions, rooms
from storage.encryption import own_identity
from storage.jobs import Job
from storage.membership import invitations, private_room_attempts, removals
from storage.membership.room import Room

NOT_BROUGHT = _("Only who moderates the network can bring me into a room.")
"""Why the bot declines or leaves; it is read in the room's history and in a private room."""
ENOUGH_ROOMS = _("We have several private rooms already: please write to me in one of them.")
"""Why the bot declines; as `NOT_BROUGHT`."""
TOO_OFTEN = _("That is many invitations at once: please invite me again in a while.")
"""Why the bot declines; as `NOT_BROUGHT`."""
JOB = "@invitation"
JOINS_ARRIVE = timedelta(seconds=10)
"""Time in which it is learnt that who invites the bot is a member: an invitation comes from the
inviter's homeserver at once, and the news that they joined a room by way of others."""
MOST_PENDING = 3
"""Most rooms per inviter that the bot tries to join at a time; their servers may be down."""
MOST_ROOMS = 5
"""Most private rooms with one person: else a single member fills the bot with rooms."""


async def answer_invitation(ctx: Context, what: BotInvited, *, last: bool = False) -> Answer:
    """Join the room that the bot was invited to, or decline: who brought it into enough rooms is
    declined, and who may not bring it. With these it decides once more after `JOINS_ARRIVE`, and
    that is the `last` time. Return what to say, if anything."""
    for offer in ctx.registry.offers(INVITATION):
        if (answer := await offer(ctx, what)) is not None:
            return answer
    pending = await invitations.count_pending(ctx.db, what.sender)
    if what.sender not in ctx.defaults.moderators and pending >= MOST_PENDING:
        return Leave(what.room, TOO_OFTEN)
    if not await _may_invite(ctx, what.sender):
        if last:
            return Leave(what.room, NOT_BROUGHT)
        await _decide_later(ctx, what)
        return None
    if await _has_enough_rooms(ctx, what.sender):
        return Leave(what.room, ENOUGH_ROOMS)
    await invitations.save(ctx.db, what.room, what.sender, direct=what.direct)
    return Join(what.room)


def origin_of(what: BotInvited) -> Origin:
    """Return where the inviter reads what becomes of an invitation: in private."""
    return Origin(what.room, what.event, requester=what.sender, tells_in_private=True)


async def _decide_later(ctx: Context, what: BotInvited) -> None:
    """Schedule the decision about a stranger's invitation."""
    said = {"event": what.event, "kind": what.kind}
    flags = {"direct": what.direct, "encrypted": what.encrypted}
    due = ctx.now + JOINS_ARRIVE
    await jobs.add(ctx.db, "", JOB, what.room, due, person=what.sender, payload={**said, **flags})
    ctx.has_scheduled = True


async def decide_invitation(ctx: Context, job: Job) -> Answer:
    """Join or decline, for good, where a stranger invited the bot some seconds ago. Return what to
    say, if anything."""
    room = await rooms.get(ctx.db, job.room)
    is_in = room is not None and room.joined
    if is_in or job.person is None or await invitations.is_followed(ctx.db, job.room):
        return None
    what = BotInvited(room=job.room, sender=job.person, at=ctx.now, **job.payload)
    ctx.origin = origin_of(what)
    return await answer_invitation(ctx, what, last=True)


async def _may_invite(ctx: Context, inviter: UserId) -> bool:
    if inviter in ctx.defaults.moderators:
        return True
    if await rooms.shares_chat_room(ctx.db, inviter):
        return True
    for awaits in ctx.registry.offers(EXPECTS_PERSON):
        if await awaits(ctx, inviter, ctx.room):
            return True
    return False


async def _has_enough_rooms(ctx: Context, inviter: UserId) -> bool:
    """Return whether this person may only write in the private rooms that there are."""
    if inviter in ctx.defaults.moderators:
        return False
    private = await rooms.private_rooms(ctx.db, inviter)
    return len(private) + await invitations.count_pending(ctx.db, inviter) >= MOST_ROOMS


async def answer_own_join(ctx: Context, inviter: UserId, *, direct: bool) -> Answer:
    """Answer the bot's own joining: greet a private room or one of the network, leave any other.
    Return what to say, if anything."""
    room = await rooms.get(ctx.db, ctx.room)
    if room is None or room.private_of is not None or room.kind == rooms.LINK_ROOM_TYPE:
        return None
    if inviter == ctx.me and await own_identity.has_lost_rooms(ctx.db):
        return await _keep_lost_room(ctx, room)
    if inviter == ctx.me and ctx.me in room.creators:
        return None  # our own room, whose outbox entry knows its purpose
    if await room_moves.is_expected_successor(ctx, room):
        return None  # `RoomUpgraded` follows and verifies it
    if inviter == ctx.me:
        return Leave(ctx.room)  # the replacement belongs to somebody else
    others = await _others(ctx, room)
    if _is_private(ctx, room, others, inviter, direct=direct):
        await rooms.set_private(ctx.db, ctx.room, others[0])
        await rooms.note_private_room(ctx.db, others[0], ctx.room)
        return Say(
            (
                _("Hello. This is our private room: here no `!` is needed."),
                _("What can be done: `!help`. What I read and keep: `!privacy`"),
            )
        )
    if inviter not in ctx.defaults.moderators:
        return _decline(ctx, inviter)
    if room.kind == "m.space":
        return None  # nobody reads there
    if not room.is_encrypted:
        return Say(
            (
                _("This room is not encrypted, so I keep quiet here."),
                _("Turn encryption on in the room's settings and I am ready."),
            )
        )
    lines = [_("Hello, I am here. What can be done: `!help`. What I read and keep: `!privacy`")]
    since = await removals.take(ctx.db, ctx.room)
    if since is not None:
        return [Say((*lines, _missed_line(since))), *await _resume_in_room(ctx, since)]
    for offer in ctx.registry.offers(ROOM_ENTERED):
        lines += await offer(ctx, ctx.room, inviter)
    return Say(tuple(lines))


def _missed_line(since: datetime) -> Line:
    return _(
        "I was out of this room since {moment}: what was written or tapped here meanwhile, I have"
        " not read.",
        moment=Moment(since),
    )


async def _resume_in_room(ctx: Context, since: datetime) -> list[Effect]:
    """Return what capabilities send after the bot was out of the room."""
    effects: list[Effect] = []
    for offer in ctx.registry.offers(ROOM_REENTERED):
        effects += await offer(ctx, ctx.room, since)
    return effects


def _decline(ctx: Context, inviter: UserId) -> Answer:
    """Leave a room whose inviter may not bring the bot in, and tell them in private who can."""
    who = [Person(one, full=True) for one in sorted(ctx.defaults.moderators)]
    lines = (
        NOT_BROUGHT,
        _("Who can: {people}. What is only for you, you can write to me here.", people=who),
    )
    return [Say(lines, to=inviter, loud=True), Leave(ctx.room, NOT_BROUGHT)]


async def _keep_lost_room(ctx: Context, room: Room) -> Answer:
    """Decide whether to stay in a room that is known no more because the data was lost.

    The greeting follows after the catch-up (`bot.run.duties.new_identity`, `recovery_notice`).
    """
    others = await _others(ctx, room)
    if _is_private(ctx, room, others, ctx.me, direct=False):
        await rooms.set_private(ctx.db, ctx.room, others[0])
        return None
    return None if ctx.defaults.moderators.intersection(others) else Leave(ctx.room)


async def answer_membership(ctx: Context, what: MembershipChanged) -> Answer:
    """Answer a change of somebody's membership: leave a private room that a third person joins.
    Return what to say, if anything.

    The bot's own removal is handled too.
    """
    if what.user == ctx.me:
        if what.after in (Membership.LEAVE, Membership.BAN):
            await outbox_entries.delete_room(ctx.db, what.room)
            await invitations.take(ctx.db, what.room)
        elif what.after is Membership.JOIN:
            inviter, direct = await invitations.take(ctx.db, what.room)
            followed = inviter if inviter and what.sender == ctx.me else what.sender
            return await answer_own_join(ctx, followed, direct=direct)
        return None
    room = await rooms.get(ctx.db, what.room)
    if room is None or room.private_of is None:
        return None
    if what.user != room.private_of and what.after in (Membership.JOIN, Membership.INVITE):
        await rooms.set_private(ctx.db, what.room, None)
        await questions.delete(ctx.db, RoomId(room.private_of), "", room.private_of)
        if await dialogues.schedule_next(ctx.db, room.private_of, ctx.now):
            ctx.has_scheduled = True
        # A new room may be created at once, for the entries that wait for this one.
        await private_room_attempts.forget_attempts(ctx.db, room.private_of)
        return [
            Say(
                (_("Somebody else comes into our private room, so I leave it. Write to me anew."),)
            ),
            Leave(what.room),
        ]
    if what.user == room.private_of and what.after in (Membership.LEAVE, Membership.BAN):
        await rooms.set_private(ctx.db, what.room, None)
        return Leave(what.room)
    return None


async def _others(ctx: Context, room: Room) -> list[UserId]:
    present = await rooms.members(ctx.db, room.room, Membership.JOIN, Membership.INVITE)
    return [user for user in present if user != ctx.me]


def _is_private(
    ctx: Context, room: Room, others: list[UserId], inviter: UserId, *, direct: bool
) -> bool:
    """Return whether the room is private: encrypted, for two, and direct or unnamed.

    An unnamed room by a network moderator is not.
    """
    if len(others) != 1 or not room.is_encrypted or room.kind == "m.space":
        return False
    return direct or (not room.name and inviter not in ctx.defaults.moderators)
