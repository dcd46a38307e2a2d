"""Encrypt what is sent for those who are in the room when it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from bot.gateway import Refused, TryLater
from bot.matrix.http import Http
from bot.matrix.sync.state_mirror import Mirror
from bot.types import RoomId, UserId
from storage import help_rooms, settings
from storage.database import Database
from storage.membership.room import Room

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import CryptoMachine

MOST_ENCRYPTIONS = 3
"""How often one message is encrypted anew because people came or went meanwhile."""


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
        shared = alone is None and readers is None and await self._is_shared(room)
        for _ in range(MOST_ENCRYPTIONS):
            version = self._db.changes
            now, helped = await self.find_members(room, kind, alone)
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
                everyone=helped is not None,
                shared=helped is None and shared,
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
        members, helped = await self.find_members(where, "m.room.message", None)
        if helped is None:
            rules, shared = where.encryption or {}, await self._is_shared(where)
            await self._machine.sharer.prepare(self._http, room, rules, members, shared=shared)

    async def _is_shared(self, room: Room) -> bool:
        """Return whether newcomers may have what we say there: the room shows it and wants it."""
        if not room.shares_history:
            return False
        async with self._db.reading() as tx:
            return await settings.gives_history(tx, room.room)

    async def find_members(
        self, room: Room, kind: str, alone: UserId | None
    ) -> tuple[list[UserId], UserId | None]:
        """Return the room's members and, of a help room, the person whom it helps.

        Raises `TryLater` or `Refused` if somebody is there who must not read this.
        """
        members = await self._mirror.members(room.room)
        if alone is not None and not set(members) <= {self._me, alone}:
            raise TryLater("not_alone")
        helped = await self._person_helped(room, kind)
        if helped is not None and not set(members) <= {self._me, helped}:
            raise Refused("M_FORBIDDEN", "a help room is for two")
        return members, helped

    async def _person_helped(self, room: Room, kind: str) -> UserId | None:
        """Return whom a help room helps, or None.

        Only there unsigned devices can read, and only texts are sent. Raises `Refused` for anything
        else.
        """
        async with self._db.reading() as tx:
            helped = await help_rooms.person_of(tx, room.room)
        if helped is not None and not (room.is_encrypted and kind == "m.room.message"):
            raise Refused("M_FORBIDDEN", "not for a help room")
        return helped
