"""Give whoever is invited the keys of what was said before, where the room shares its history."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import structlog

from bot.matrix.http import Http
from bot.matrix.rooms.media import upload_file
from bot.matrix.rooms.membership import RoomMembership
from bot.matrix.sync.state_mirror import Mirror
from bot.types import Membership, RoomId, UserId
from storage import settings
from storage.database import Database

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import CryptoMachine

UPLOAD_REUSED_FOR = timedelta(hours=1)
"""How long one encrypted file serves everybody who is invited, while its keys stay the same."""
MOST_UPLOADS = 64
"""Limit of rooms whose file is remembered."""
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class UploadedBundle:
    """An encrypted bundle on the homeserver: which keys are in it, where, and since when."""

    digest: bytes
    file: Mapping[str, Any]
    at: datetime


class HistorySharing:
    """Sends bundles of room keys (MSC4268, Matrix 1.19 §Sharing keys between users)."""

    def __init__(
        self,
        http: Http,
        db: Database,
        machine: CryptoMachine,
        mirror: Mirror,
        membership: RoomMembership,
        now: Callable[[], datetime],
    ) -> None:
        self._http, self._db, self._machine, self._mirror = http, db, machine, mirror
        self._membership = membership
        self._now = now
        self._uploads: OrderedDict[RoomId, UploadedBundle] = OrderedDict()

    async def share(self, room: RoomId, user: UserId, signed_keys: Mapping[str, Any]) -> bool:
        """Give the person the keys that newcomers to the room may have. Return whether any device
        got them.

        Nobody gets them in a room that doesn't show its history or doesn't want that or where we
        may not invite, while they are banned, or when they were invited already. `signed_keys`: our
        device's keys, signed by our identity.
        """
        devices, why = 0, await self._obstacle(room, user)
        if not why:
            file = await self._upload(room)
            why = "nothing" if file is None else ""
            if file is not None:
                give = self._machine.history.give
                devices = await give(self._http, room, user, file, signed_keys)
        _log.info("history.given", devices=devices, why=why)
        return devices > 0

    async def _obstacle(self, room: RoomId, user: UserId) -> str:
        """Return why the person gets nothing, as a fixed word, or an empty text."""
        known = await self._mirror.get_room(room)
        if known is None or not known.shares_history:
            return "visibility"
        if known.power_of(self._machine.user) < known.power_to("invite"):
            return "right"  # no invitation would follow
        async with self._db.reading() as tx:
            if not await settings.gives_history(tx, room):
                return "setting"
        if await self._membership.get_membership(room, user) not in _COMES_NEW:
            return "membership"
        has_readers = await self._machine.history.has_readers(self._http, user)
        return "" if has_readers else "devices"

    async def _upload(self, room: RoomId) -> Mapping[str, Any] | None:
        """Return the file with the room's keys, uploaded anew if they changed, or None if empty."""
        bundle = await self._machine.history.build(room)
        if bundle is None:
            return None
        digest, before = sha256(bundle.data).digest(), self._uploads.get(room)
        if before and before.digest == digest and self._now() - before.at < UPLOAD_REUSED_FOR:
            return before.file
        file = (await upload_file(self._http, bundle.data)).file
        _log.info("history.uploaded", sessions=bundle.sessions, withheld=bundle.withheld)
        self._uploads[room] = UploadedBundle(digest, file, self._now())
        self._uploads.move_to_end(room)
        if len(self._uploads) > MOST_UPLOADS:
            self._uploads.popitem(last=False)
        return file


_COMES_NEW = (Membership.LEAVE, Membership.KNOCK)
