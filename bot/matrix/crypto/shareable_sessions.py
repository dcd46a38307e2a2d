"""The Megolm sessions of a room, and which of them whoever is invited may have (MSC3061)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.matrix.crypto.ratchets import InboundSession, SessionFile
from bot.types import RoomId


@dataclass(frozen=True, slots=True)
class ShareableSession:
    """One session with the keys of its owner's device. `shared`: newcomers may have it."""

    session_id: str
    sender_key: str
    ed25519: str
    shared: bool
    pickle: bytes

    def unpickle(self, room: RoomId, secret: bytes) -> InboundSession:
        """Return the session from the earliest message that the bot can read itself."""
        return InboundSession.unpickle(self.pickle, secret, self.ed25519, self.sender_key, room)


def read_sessions(store: SessionFile, room: RoomId, own: str) -> list[ShareableSession]:
    """Return the room's sessions that newcomers may be given, newest first.

    Among them are the bot's own, and those under which somebody sent what it read. `own` is the
    hash of ourselves (`MegolmSessions.hash_user`): our own words we don't decrypt.

    Several people may claim one session (docs/decisions/0025). It is theirs whose messages it
    opened; where that is not one person alone, or any claim is without the mark, newcomers do not
    get it. So nobody can have another's session shared by claiming it. What strangers announced and
    nothing was said under is not among them.
    """
    rows = store.run(
        "SELECT session_id, sender_key, fp_key, session,"
        " min(seen + CASE WHEN EXISTS (SELECT 1 FROM minga_device d WHERE d.curve25519 = sender_key"
        "  AND d.ed25519 = fp_key) THEN 0 ELSE 1 << 40 END),"
        " (SELECT min(shared) FROM minga_megolm a"
        "  WHERE a.session_id = m.session_id AND a.room = m.room) AND count(DISTINCT who) = 1"
        " FROM minga_megolm m WHERE room = ? AND home = '' AND (who = ? OR EXISTS (SELECT 1"
        "  FROM minga_used u WHERE u.session_id = m.session_id AND u.who = m.who))"
        " GROUP BY session_id ORDER BY min(seen) DESC, m.rowid DESC",
        room,
        own,
    ).fetchall()
    return [ShareableSession(row[0], row[1], row[2], bool(row[5]), bytes(row[3])) for row in rows]
