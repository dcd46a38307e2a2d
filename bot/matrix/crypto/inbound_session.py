"""One inbound Megolm session, as a device announced it."""

from __future__ import annotations

from dataclasses import dataclass

import vodozemac

from bot.types import RoomId


@dataclass(frozen=True, slots=True)
class InboundSession:
    """A Megolm session with the room that it is for, and the keys of the device that claims it."""

    session: vodozemac.InboundGroupSession
    ed25519: str
    sender_key: str
    room: RoomId

    @classmethod
    def begin(cls, key: str, ed25519: str, sender_key: str, room: RoomId) -> InboundSession:
        """Return the session of an `m.room_key`. Raises `ValueError` for what is no key."""
        made = vodozemac.InboundGroupSession(vodozemac.SessionKey(key))
        return cls(made, ed25519, sender_key, room)

    @classmethod
    def unpickle(
        cls, pickle: bytes, secret: bytes, ed25519: str, sender_key: str, room: RoomId
    ) -> InboundSession:
        """Return a session as `pickle` wrote it. Raises `ValueError`."""
        made = vodozemac.InboundGroupSession.from_pickle(bytes(pickle).decode(), secret)
        return cls(made, ed25519, sender_key, room)

    def pickle(self, secret: bytes) -> bytes:
        """Return the session, encrypted with a key of 32 bytes."""
        return str(self.session.pickle(secret)).encode()

    @property
    def id(self) -> str:
        """The name of the session, which all claims to it share."""
        return str(self.session.session_id)

    @property
    def first_known_index(self) -> int:
        """The index of the first message that it opens."""
        return int(self.session.first_known_index)

    def export_at(self, index: int) -> str:
        """Return the key of the session from a message on, as it is given to others."""
        exported = self.session.export_at(index)
        assert exported is not None, "the session begins later"
        return str(exported.to_base64())

    def advance(self, index: int) -> InboundSession:
        """Return the session from a message on: what was said before it does not open."""
        key = vodozemac.ExportedSessionKey(self.export_at(index))
        made = vodozemac.InboundGroupSession.import_session(key)
        return InboundSession(made, self.ed25519, self.sender_key, self.room)
