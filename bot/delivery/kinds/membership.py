"""Membership: inviting and removing people, and the bot's own joining and leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.delivery.effects import Invite, Join, Leave, Remove
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.gateway import Refused, RoomAdmin, TryLater
from bot.i18n import _
from bot.lines import Line, Person
from bot.types import RoomId, UserId
from storage import outbox_entries, rooms
from storage.database import Tx
from storage.membership.room import Room
from storage.outbox_entries import Address, OutboxEntry

INVITATION_SETTLE_TIME = timedelta(minutes=2)
"""How long the inviter's server may refuse us because it has not stored the invitation yet."""

HISTORY_WAIT = timedelta(minutes=10)
"""How long an invitation waits for the keys that go before it, while our server fails."""
log = structlog.get_logger(__name__)


# --- others ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InvitePayload(Payload):
    """An invitation of a person."""

    user: UserId
    reason: str

    @property
    def person(self) -> UserId:
        """The person who is invited."""
        return self.user


async def invite(
    gateway: RoomAdmin, entry: PendingEntry[InvitePayload], site: DeliverySite
) -> None:
    """Invite the person of this outbox entry into its room. Idempotent."""
    await gateway.invite(site.room, entry.payload.user, entry.payload.reason)


def _invitation_queue(row: OutboxEntry, payload: InvitePayload | HistoryPayload) -> str:
    """Return a queue per room and server.

    Servers limit invitations, and a dead server must delay only its own people.
    """
    return f"invite {row.room} {payload.user[payload.user.find(':') :]}"


INVITATION = EntryKind(
    "invite",
    InvitePayload,
    invite,
    refusal=Refusal(
        lambda payload: _("I could not invite {who}", who=Person(payload.user, full=True)),
        lambda _payload, room, me: room.power_of(me) < room.power_to("invite"),
    ),
    queue=_invitation_queue,
    waits_for_servers=True,
)


@dataclass(frozen=True, slots=True)
class HistoryPayload(Payload):
    """The keys of what was said in the entry's room, for a person who is to be invited."""

    user: UserId


async def share_history(
    gateway: RoomAdmin, entry: PendingEntry[HistoryPayload], site: DeliverySite
) -> None:
    """Give the invited person the keys of earlier messages. Idempotent.

    The invitation waits for it, but not for long.
    """
    try:
        await gateway.share_history(site.room, entry.payload.user)
    except TryLater as error:
        if site.now - entry.row.written < HISTORY_WAIT:
            raise
        log.warning("history.not_given", code=error.code)


HISTORY = EntryKind(
    "history", HistoryPayload, share_history, queue=_invitation_queue, waits_for_servers=True
)


async def write_invitation(writer: EntryWriter, effect: Invite) -> None:
    """Write the outbox entry of an invitation, behind one for the keys that the person is to have
    when they accept."""
    where = writer.room_or_here(effect.room)
    if effect.with_history:
        await writer.put_entry(HISTORY, HistoryPayload(effect.user), where)
    why = ""
    if effect.reason is not None:
        why = (await writer.texts.render((effect.reason,), where.room, None)).plain
    payload = InvitePayload(effect.user, why, then=effect.then)
    await writer.put_entry(INVITATION, payload, where)


@dataclass(frozen=True, slots=True)
class RemovalPayload(Payload):
    """A removal: `how` is kick, ban or unban."""

    user: UserId
    reason: str
    how: str

    @property
    def person(self) -> UserId:
        """The person who is removed."""
        return self.user


async def remove(
    gateway: RoomAdmin, entry: PendingEntry[RemovalPayload], site: DeliverySite
) -> None:
    """Kick, ban or unban the person of this outbox entry. Idempotent."""
    payload = entry.payload
    await gateway.remove(site.room, payload.user, payload.reason, payload.how)


def _failed_removal(payload: RemovalPayload) -> Line:
    who = Person(payload.user, full=True)
    if payload.how == "unban":
        return _("I could not let {who} come back", who=who)
    return _("I could not remove {who}", who=who)


def _may_not_remove(payload: RemovalPayload, room: Room, me: UserId) -> bool:
    mine = room.power_of(me)
    outranked = payload.how != "unban" and mine <= room.power_of(payload.user)
    return outranked or mine < room.power_to("kick" if payload.how == "kick" else "ban")


REMOVAL = EntryKind(
    "remove", RemovalPayload, remove, refusal=Refusal(_failed_removal, _may_not_remove)
)


async def write_removal(writer: EntryWriter, effect: Remove) -> None:
    """Write the outbox entry of a kick, a ban or the end of a ban."""
    payload = RemovalPayload(effect.user, effect.reason, effect.how)
    await writer.put_entry(REMOVAL, payload, writer.room_or_here(effect.room))


# --- our own --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JoinPayload(Payload):
    """Our joining of the entry's room."""


async def join(gateway: RoomAdmin, entry: PendingEntry[JoinPayload], site: DeliverySite) -> None:
    """Join the room of this outbox entry. Idempotent."""
    try:
        await gateway.join(site.room)
    except Refused as error:
        # The inviter's server may announce an invitation before it has stored it, and
        # refuses to let anybody join in that moment.
        if site.now - entry.row.written < INVITATION_SETTLE_TIME:
            raise TryLater(error.code) from None
        raise


async def decline_invitation(tx: Tx, row: OutboxEntry, device: str, now: datetime) -> None:
    """Write an outbox entry that leaves the room of a join that was given up, so that the bot can
    be invited there again. `row` is the outbox entry of the join."""
    payload = LeavePayload().to_json()
    await outbox_entries.add(
        tx, room=row.room, person=None, kind=LEAVING.name, payload=payload, device=device, at=now
    )


JOINING = EntryKind(
    "join",
    JoinPayload,
    join,
    refusal=Refusal(
        lambda _payload: _("I could not enter the room that you invited me to"),
        reason=(_("I was not let in"), _("Please invite me again.")),
    ),
    queue=lambda row, _payload: f"join:{row.room}",  # what is to be said there waits for it
    waits_for_servers=True,
    is_for_awaited_room=True,
    given_up=decline_invitation,
)


async def write_joining(writer: EntryWriter, effect: Join) -> None:
    """Write the outbox entry by which the bot joins a room."""
    await writer.put_entry(JOINING, JoinPayload(), Address(effect.room, None))


@dataclass(frozen=True, slots=True)
class LeavePayload(Payload):
    """Our leaving of the entry's room."""

    reason: str = ""


async def leave(gateway: RoomAdmin, entry: PendingEntry[LeavePayload], site: DeliverySite) -> None:
    """Leave the room of this outbox entry. Idempotent."""
    await gateway.leave(site.room, entry.payload.reason)


async def mark_left(tx: Tx, row: OutboxEntry, _refused: str | None) -> None:
    """Note that the bot is no longer in the room."""
    await rooms.mark_left(tx, RoomId(row.room or ""))


LEAVING = EntryKind(
    "leave",
    LeavePayload,
    leave,
    waits_for_servers=True,
    is_given_up=False,
    is_for_any_room=True,
    is_for_awaited_room=True,
    finished=mark_left,
)


async def write_leaving(writer: EntryWriter, effect: Leave) -> None:
    """Write the outbox entry by which the bot leaves a room."""
    why = (effect.reason,) if effect.reason is not None else ()
    words = await writer.texts.render(why, effect.room, None)
    await writer.put_entry(LEAVING, LeavePayload(words.plain), Address(effect.room, None))


SUBJECT = Subject(
    kinds=(HISTORY, INVITATION, REMOVAL, JOINING, LEAVING),
    writers=(
        writes(Invite, write_invitation),
        writes(Remove, write_removal),
        writes(Join, write_joining),
        writes(Leave, write_leaving),
    ),
)
