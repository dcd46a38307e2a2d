"""Bundles of room keys for whoever is invited (MSC4268, Matrix 1.19): what is in, and who gets it.

The bot gives them and takes none in (docs/decisions/0035): `ToDeviceReceiver` drops them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.matrix.crypto.devices import DeviceRegistry
from bot.matrix.crypto.key_requests import DEVICES_PER_REQUEST, KeyExchange
from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.outbound_sessions import in_order
from bot.matrix.crypto.shareable_sessions import ShareableSession, read_sessions
from bot.matrix.crypto.wire import MEGOLM, JsonHttp
from bot.matrix.parcels import parcels_of
from bot.types import RoomId, UserId

ROOM_KEY_BUNDLE = "io.element.msc4268.room_key_bundle"
"""The type's name as all apps read it, also those from before Matrix 1.19."""
MOST_SESSIONS = 2_000
"""Limit of keys in a bundle, the newest. The others are named in it as not available."""
MOST_WITHHELD = 2_000
"""Limit of sessions that are named as withheld."""
_SLICE = 50
"""Sessions that are exported before other work has its turn."""


@dataclass(frozen=True, slots=True)
class KeyBundle:
    """A bundle in clear: `data` is to be uploaded encrypted. `sessions` and `withheld` count."""

    data: bytes
    sessions: int
    withheld: int


class HistoryBundles:
    """Builds bundles from our key store, and gives them to people's signed devices."""

    def __init__(self, store: KeyStore, book: DeviceRegistry, keys: KeyExchange) -> None:
        self._store, self._book, self._keys = store, book, keys

    async def build(self, room: RoomId) -> KeyBundle | None:
        """Return the bundle of the room's keys for a newcomer, or None if newcomers may have none
        of them.

        In it are only sessions that the bot could read itself and whose owner marked them as
        shareable.
        """
        found = read_sessions(self._store, room, self._store.megolm.hash_user(self._store.user_id))
        given = [one for one in found if one.shared]
        if not given:
            return None
        entries: list[dict[str, Any]] = []
        for number, one in enumerate(given[:MOST_SESSIONS]):
            entries.append(self._export(room, one))
            if number % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
        withheld = [_withheld(room, one, "m.unavailable") for one in given[MOST_SESSIONS:]]
        withheld += [
            _withheld(room, one, "m.history_not_shared") for one in found if not one.shared
        ]
        withheld = withheld[:MOST_WITHHELD]
        data = json.dumps({"room_keys": entries, "withheld": withheld}, separators=(",", ":"))
        return KeyBundle(data.encode(), len(entries), len(withheld))

    def _export(self, room: RoomId, one: ShareableSession) -> dict[str, Any]:
        session = one.unpickle(room, self._store.pickle_key)
        return {
            "algorithm": MEGOLM,
            "room_id": room,
            "sender_claimed_keys": {"ed25519": one.ed25519},
            "sender_key": one.sender_key,
            "session_id": one.session_id,
            "session_key": session.export_at(session.first_known_index),
        }

    async def has_readers(self, http: JsonHttp, user: UserId) -> bool:
        """Query the person's devices, and return whether any is signed by its owner."""
        learnt = await self._keys.query_devices(http, [user])
        if user not in learnt and user not in self._book.fresh:
            return False  # an old list may hold a device that has gone since
        return any(d.signed for d in self._book.devices_of(user))

    async def give(
        self,
        http: JsonHttp,
        room: RoomId,
        user: UserId,
        file: Mapping[str, Any],
        signed_keys: Mapping[str, Any],
    ) -> int:
        """Send a person's devices the address of the encrypted bundle and its key. Return how many
        devices get it.

        Only devices signed by their owner do, and none of a replaced identity. `signed_keys`: our
        device's keys, signed by our identity. Raises `TryLater`.
        """
        devices = {d for d in self._book.devices_of(user) if d.signed}
        await self._keys.start_sessions(http, devices)
        content = {"room_id": room, "file": file}
        count = 0
        for chunk in parcels_of(in_order(devices), DEVICES_PER_REQUEST):
            sealed = self._keys.encrypt_for(chunk, ROOM_KEY_BUNDLE, content, signed_keys)
            await self._keys.send_to_devices(http, "m.room.encrypted", sealed)
            count += len(sealed)
        return count


def _withheld(room: RoomId, one: ShareableSession, code: str) -> dict[str, Any]:
    return {
        "algorithm": MEGOLM,
        "code": code,
        "room_id": room,
        "sender_key": one.sender_key,
        "session_id": one.session_id,
    }
