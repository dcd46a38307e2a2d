"""`MatrixGateway`: everything that `bot/gateway.py` promises, on a homeserver."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Clock, SystemClock
from bot.gateway import AccountOffice, BanRules, Inbox, OwnMessages, Refused, SignedOut, Uploaded
from bot.i18n import _
from bot.lines import Line
from bot.matrix import login, login_renewal
from bot.matrix.account_claim import AccountClaim
from bot.matrix.account_data import AccountData
from bot.matrix.accounts.no_accounts import NoAccounts
from bot.matrix.crypto.bot_identity import (
    Identity,
    establish_identity,
    replace_identity,
    require_no_keys,
)
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.device_removal import sign_out_devices, sign_out_former
from bot.matrix.http import Http, path_segment
from bot.matrix.login import Account, begin_as_restored, sign_in
from bot.matrix.profile import read_zone, update_profile
from bot.matrix.rooms import media as files
from bot.matrix.rooms.delayed_events import DelayedEvents
from bot.matrix.rooms.history_lookup import Lookup
from bot.matrix.rooms.history_sharing import HistorySharing
from bot.matrix.rooms.keys_ahead import KeysAhead
from bot.matrix.rooms.member_encryption import MemberEncryption
from bot.matrix.rooms.membership import ROOMS_API, RoomMembership
from bot.matrix.rooms.sent_event_search import TRANSACTION_FIELD, find_sent, sent_event
from bot.matrix.rooms.upgrades import RoomUpgrades
from bot.matrix.sync.batches import BatchIntake
from bot.matrix.sync.inbound_events import EventReader
from bot.matrix.sync.state_mirror import Mirror
from bot.matrix.sync.sync_loop import SyncLoop
from bot.types import Devices, EventId, Media, MemberPoll, Message, RoomId, UserId
from storage import identities
from storage.database import Database
from storage.encryption.keys import KEY_STORE, Keys
from storage.membership.room import Room
from storage.rooms import LINK_ROOM_TYPE, present_people

API = "/_matrix/client/v3"


def _do_nothing() -> None: ...


class MatrixGateway(AccountData):
    """One account and device on its homeserver. Create it with `connect`.

    `on_keys_given` is called each time all rooms that wanted keys for the next message have them.
    """

    def __init__(
        self,
        http: Http,
        db: Database,
        machine: CryptoMachine,
        clock: Clock | None = None,
        identity: Identity | None = None,
        claim: AccountClaim | None = None,
        on_keys_given: Callable[[], None] = _do_nothing,
    ) -> None:
        now = (clock or SystemClock()).now
        self.machine, self.identity = machine, identity
        self._http, self._db, self._claim = http, db, claim
        self._me = me = machine.user
        self._mirror = Mirror(http, db, me)
        hints: dict[RoomId, str] = {}  # the server through which a room can be joined
        self.reader = EventReader(db, machine, RoomUpgrades(http, self._mirror, hints), me, now)
        delivery = BatchIntake(http, db, self._mirror, self.reader, hints, me, now)
        self._lookup = Lookup(http, machine)
        self._rooms = RoomMembership(http, self._mirror, me, hints)
        self._encryption = MemberEncryption(http, db, machine, self._mirror, me)
        ahead = KeysAhead(machine, self._encryption, on_keys_given)
        parts = self._mirror, self.reader, delivery, ahead
        self.sync = SyncLoop(http, db, machine, *parts, now, claim)
        self._history = HistorySharing(http, db, machine, self._mirror, self._rooms, now)
        self._turns: defaultdict[RoomId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.accounts: AccountOffice = NoAccounts()
        self.delayed = DelayedEvents(http, self._encryption, self._turns, self._sendable_room)

    @classmethod
    async def connect(
        cls,
        account: Account,
        db: Database,
        folder: Path,
        keys: Keys,
        clock: Clock | None = None,
        *,
        new_identity: bool = False,
        take_over: bool = False,
        report: Callable[[Line], None] = lambda _line: None,
        on_keys_given: Callable[[], None] = _do_nothing,
    ) -> MatrixGateway:
        """Sign in, claim the account, open the key store in `folder`, and publish our identity, and
        return the gateway.

        The caller holds the lock of `folder` (`storage/files/lock.py`): two processes on one key
        store would fork its ratchets. The device is the same after every restart. `new_identity`
        replaces the account's identity. `report` tells why it takes long. Raises `UnusableAccount`
        if account, homeserver or data do not fit, `SignedOut` if the device is gone, the identity
        is not ours, or another bot works for the account (unless `take_over`), and `TryLater` while
        the homeserver is away.
        """
        http = Http(account.homeserver)
        claim = AccountClaim(http, db, account.user, folder, report)
        machine = known = None
        try:
            await claim.refuse_superseded(take_over=take_over)
            known = await login.session_device(db, keys.xsign, account.user)
            device = await cls._sign_in(http, db, keys, account, folder, take_over=take_over)
            if known is not None and not (folder / KEY_STORE).exists():
                await require_no_keys(http, account.user, device)
            await claim.stake(device, take_over=take_over)
            if claim.is_stale:
                await begin_as_restored(db, folder / KEY_STORE, account)
                device = await sign_in(http, db, keys.xsign, account)
                await claim.finish_new_start(device)
            machine = CryptoMachine.open(
                folder / KEY_STORE,
                account.user,
                device,
                db_key=keys.niodb,
                pickle_key=keys.nio_pickle,
            )
            async with db.reading() as tx:
                machine.quarantine.add_pins(await identities.pins(tx))
            await machine.maintain(http)
            if new_identity:
                await replace_identity(http, db, keys.xsign, machine, account.password)
            identity = await establish_identity(http, db, keys.xsign, machine, account.password)
            await sign_out_former(http, account, claim)
        except BaseException as error:
            if known is None and machine is not None and isinstance(error, SignedOut):
                await login.undo_sign_in(http, db, account)
            if machine is not None:
                machine.close()
            await claim.give_up()
            await http.close()
            if isinstance(error, Refused):
                why = _("The homeserver refused to let the bot in ({code}).", code=error.code)
                raise login.UnusableAccount(why) from None
            raise
        login_renewal.keep_logged_in(http, db, keys.xsign, account)
        gateway = cls(http, db, machine, clock, identity, claim, on_keys_given)
        gateway.sync.rollback.can_begin_anew = account.password is not None
        await gateway._mirror.load()
        return gateway

    @staticmethod
    async def _sign_in(
        http: Http, db: Database, keys: Keys, account: Account, folder: Path, *, take_over: bool
    ) -> str:
        """Return the device; a new one if `take_over` is set and the other bot has signed ours
        out."""
        try:
            return await sign_in(http, db, keys.xsign, account)
        except SignedOut:
            if not take_over or account.password is None:
                raise
        await begin_as_restored(db, folder / KEY_STORE, account)
        return await sign_in(http, db, keys.xsign, account)

    async def sign_out(self) -> None:
        """Delete the bot's device at the homeserver."""
        await self._http.call("POST", "/_matrix/client/v3/logout", {}, timeout=10)

    async def drop_devices(self, account: Account) -> int:
        """Sign out the account's other devices. Return how many were signed out."""
        return await sign_out_devices(self._http, account, self.device)

    async def close(self) -> None:
        if self._claim is not None:
            await self._claim.give_up()
        await self._http.close()
        self.machine.close()

    @property
    def me(self) -> UserId:
        return self._me

    @property
    def device(self) -> str:
        return self.machine.device

    def vouch(self, thing: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `thing` with a signature of the account's master key, for people who verified the
        bot."""
        if self.identity is None:
            raise RuntimeError("only a connected gateway has an identity")
        return self.identity.vouch(thing)

    async def run(self, inbox: Inbox) -> None:
        """Pass inbound events to the bot until cancelled. Raises only `SignedOut`."""
        await self.sync.run(inbox)

    async def introduce(self, name: str) -> None:
        """Set the bot's display name, and the bot's picture if the account has none."""
        await update_profile(self._http, self._me, name)

    # --- events -----------------------------------------------------------------------------------

    async def send(
        self,
        room: RoomId,
        kind: str,
        content: Mapping[str, Any],
        txn: str,
        *,
        alone: UserId | None = None,
        readers: Collection[UserId] | None = None,
    ) -> EventId:
        async with self._turns[room]:
            where = await self._sendable_room(room)
            if kind == LINK_ROOM_TYPE and not where.is_closed:
                raise Refused("M_FORBIDDEN", "open to others")
            body: Mapping[str, Any] = {**content, TRANSACTION_FIELD: txn}
            if kind.startswith("m.key.verification."):
                body = content  # apps commit to it as it is
            if where.is_encrypted and kind != "m.reaction":
                body = await self._encryption.encrypt(where, kind, body, alone, readers)
                kind = "m.room.encrypted"
            else:
                await self._encryption.find_readers(where, kind, alone)
            path = f"{ROOMS_API}/{path_segment(room)}/send/{path_segment(kind)}/{path_segment(txn)}"
            sent = await self._put(path, body)
            self.sync.pause.prolong()
            return sent

    async def send_to_devices(
        self,
        user: UserId,
        devices: Collection[str],
        kind: str,
        content: Mapping[str, Any],
        txn: str,
    ) -> None:
        path = f"{API}/sendToDevice/{path_segment(kind)}/{path_segment(txn)}"
        messages = {user: dict.fromkeys(devices, content)}
        await self._http.call("PUT", path, {"messages": messages}, timeout=60)

    async def redact(self, room: RoomId, event: EventId, reason: str, txn: str) -> EventId:
        """Redact an event and return the redaction's id. In a room of two the bot also deletes its
        keys to the event.

        Nobody else refers to that event there, and other servers may keep redacted events.
        """
        if await self._mirror.get_room(room) and len(await self._mirror.members(room)) <= 2:
            self.machine.forget_event(room, event)
        path = f"{ROOMS_API}/{path_segment(room)}/redact/{path_segment(event)}/{path_segment(txn)}"
        return await self._put(path, {"reason": reason} if reason else {})

    async def message(self, room: RoomId, event: EventId) -> Message | None:
        return await self._lookup.message(await self._sendable_room(room), event)

    async def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        return await self._lookup.poll(await self._sendable_room(room), event)

    async def ban_rules(self, place: str) -> BanRules:
        return await self._lookup.ban_rules(place)

    async def find_sent(self, room: RoomId, txn: str, since: datetime) -> EventId | None:
        return await find_sent(self._http, self.machine, room, txn, since)

    async def writers(self, room: RoomId, since: datetime) -> frozenset[UserId] | None:
        return await self._lookup.writers((await self._joined_room(room)).room, since)

    async def own_messages(self, room: RoomId, start: str | None) -> OwnMessages:
        return await self._lookup.own_messages((await self._joined_room(room)).room, start)

    async def is_redacted(self, room: RoomId, event: EventId) -> bool:
        return await self._lookup.is_redacted((await self._joined_room(room)).room, event)

    async def forget_keys(self, room: RoomId, before: datetime) -> None:
        self.machine.forget_before(room, before)

    async def drop_absent(self) -> int:
        """Drop devices and keys of people who share no room with us. Return how many people."""
        async with self._db.reading() as tx:
            return self.machine.drop_absent(await present_people(tx))

    async def _sendable_room(self, room: RoomId) -> Room:
        """Return the room to send to.

        An unencrypted one is checked again: plain text cannot be unsaid.
        """
        if (known := await self._joined_room(room)).is_encrypted:
            return known
        if await self.get_state(room, "m.room.encryption", ""):
            await self._mirror.fetch_state(room)
        return await self._joined_room(room)

    async def _joined_room(self, room: RoomId) -> Room:
        """Return a room that we are in. Raises `Refused`, also where the server still shows it."""
        if (known := await self._mirror.get_room(room)) is None:
            raise Refused("M_FORBIDDEN", "not in the room")
        return known

    async def _put(self, path: str, body: Mapping[str, Any]) -> EventId:
        return sent_event(await self._http.call("PUT", path, body))

    # --- state and membership ---------------------------------------------------------------------

    async def set_state(
        self, room: RoomId, kind: str, key: str, content: Mapping[str, Any]
    ) -> EventId:
        path = f"{ROOMS_API}/{path_segment(room)}/state/{path_segment(kind)}/{path_segment(key)}"
        return await self._put(path, content)

    async def get_state(self, room: RoomId, kind: str, key: str) -> Mapping[str, Any] | None:
        return await self._rooms.get_state(room, kind, key)

    async def invite(self, room: RoomId, user: UserId, reason: str) -> None:
        await self._rooms.invite(room, user, reason)

    async def share_history(self, room: RoomId, user: UserId) -> bool:
        if self.identity is None:
            raise RuntimeError("only a connected gateway has an identity")
        signed_keys = self.identity.sign_device(self.machine.device_keys())
        return await self._history.share(room, user, signed_keys)

    async def remove(self, room: RoomId, user: UserId, reason: str, how: str) -> None:
        await self._rooms.remove(room, user, reason, how)

    async def join(self, room: RoomId) -> None:
        await self._rooms.join(room)

    async def leave(self, room: RoomId, reason: str = "") -> None:
        await self._rooms.leave(room, reason)

    async def make_private_room(self, user: UserId, alias: str) -> RoomId:
        return await self._rooms.make_private_room(user, alias)

    async def make_room(
        self, alias: str, name: str, topic: str, invite: list[UserId], kind: str = ""
    ) -> RoomId:
        return await self._rooms.make_room(alias, name, topic, invite, kind)

    async def make_public_room(self, alias: str, name: str, topic: str) -> RoomId:
        return await self._rooms.make_public_room(alias, name, topic)

    async def accept_identity(self, user: UserId, key: str) -> None:
        self.machine.accept_identity(user, key)

    async def devices(self, user: UserId) -> Devices:
        if user == self.me:  # our own we know ourselves, whatever the server shows
            keys = {self.device: self.machine.signing_key}
            own = self.identity.master_key if self.identity else None
            return Devices((self.device,), (), own, keys)
        await self.machine.query_devices(self._http, [user])
        return self.machine.list_devices(user)

    async def profile_zone(self, user: UserId) -> str | None:
        return await read_zone(self._http, user)

    async def lacks_signed_device(self, user: UserId) -> bool:
        if not self.machine.signed_devices(user) and not self.machine.has_current_devices(user):
            await self.machine.query_devices(self._http, [user])
        return not self.machine.signed_devices(user) and bool(self.machine.unsigned_devices(user))

    # --- files ------------------------------------------------------------------------------------

    async def upload(self, data: bytes, mime: str) -> Uploaded:
        return await files.upload_file(self._http, data)

    async def download(self, media: Media, cap: int) -> bytes:
        return await files.download_file(self._http, media, cap)
