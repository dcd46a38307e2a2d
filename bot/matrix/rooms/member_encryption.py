"""Encrypt what is sent for those who are in the room when it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.gateway import Refused, TryLater
from bot.matrix.http import Http
from bot.matrix.sync.state_mirror import Mirror
from bot.types import RoomId, UserId
from storage import help_rooms, rooms, settings
from storage.database import Database
from storage.membership.room import Room

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import CryptoMachine

MOST_ENCRYPTIONS = 3
"""How often one message is encrypted anew because people came or went meanwhile."""


class Readers(NamedTuple):
    """Who reads what is sent to a room. `helped` is the person whom a help room helps.

    `is_shared`: newcomers may have it, too, because the room shows its history and wants that.
    """

    members: list[UserId]
    helped: UserId | None
    is_shared: bool


class MemberEncryption:
    """Finds out who is to read a message, and encrypts it for them."""

    def __init__(
        self, http: Http, db: Database, machine: CryptoMachine, mirror: Mirror, me: UserId
    ) -> None:
        self._http = http
        self._db = db
        self._machine = machine
        self._mirror = mirror
        self._me = me

    async def encrypt(
        self,
        room: Room,
        kind: str,
        content: Mapping[str, Any],
        alone: UserId | None,
        readers: Collection[UserId] | None,
    ) -> Mapping[str, Any]:
        """Return `content`, encrypted for the room's members, or for those of them among `readers`.

        Fetching their keys may take seconds. Who comes in meanwhile gets them too. Whoever is
        invited later may be given the key only where it is for all members, and the room wants it.
        """
        sealed: Mapping[str, Any] = {}
        members: list[UserId] | None = None
        for _ in range(MOST_ENCRYPTIONS):
            version = self._db.changes
            found = await self.find_readers(room, kind, alone)
            now = found.members
            if readers is not None:
                now = [m for m in now if m == self._me or m in readers]
            if now == members:
                break
            members = now
            sealed = await self._machine.encrypt(
                self._http,
                room,
                members,
                kind,
                content,
                everyone=found.helped is not None,
                shared=found.is_shared and alone is None and readers is None,
            )
            if self._db.changes == version:
                break  # so nobody came or went
        return sealed

    async def prepare(self, room: RoomId) -> None:
        """Give the members the key of the bot's next message there, which all of them may read.

        Not in help rooms and unencrypted ones. Raises `TryLater` or `Refused`, as `encrypt` does.
        """
        where = await self._mirror.get_room(room)
        if where is None or not where.is_encrypted:
            return
        found = await self.find_readers(where, "m.room.message", None)
        if found.helped is None:
            await self._machine.sharer.prepare(
                self._http, room, where.encryption or {}, found.members, shared=found.is_shared
            )

    async def find_readers(self, room: Room, kind: str, alone: UserId | None) -> Readers:
        """Return who would read an event of this type in the room.

        Raises `TryLater` or `Refused` if somebody is there who must not read this. In help rooms
        unsigned devices can read, so only texts are sent there.
        """
        async with self._db.reading() as tx:
            members = await rooms.members(tx, room.room)
            helped = await help_rooms.person_of(tx, room.room)
            shown = room.shares_history and helped is None
            is_shared = shown and await settings.gives_history(tx, room.room)
        if alone is not None and not set(members) <= {self._me, alone}:
            raise TryLater("not_alone")
        if helped is not None and not (room.is_encrypted and kind == "m.room.message"):
            raise Refused("M_FORBIDDEN", "not for a help room")
        if helped is not None and not set(members) <= {self._me, helped}:
            raise Refused("M_FORBIDDEN", "a help room is for two")
        return Readers(members, helped, is_shared)
