"""Adds a live salt to old databases, so that a backup's header and the key no longer open them.

If interrupted, it is finished at the next start (docs/decisions/0028).
"""

from __future__ import annotations

from pathlib import Path

from storage.database import Database, WrongKey
from storage.encryption import key_header
from storage.encryption.key_header import LIVE_SALT, MOVING_SALT
from storage.encryption.keys import DATABASE, KEY_STORE, Keys


async def ensure_live_salt(data: Path, keys: Keys) -> Keys:
    """Return the keys that open the databases in `data` from now on.

    A live salt is one that no backup holds, so that a backup's key opens no database that is in
    use. Databases without one are encrypted anew; the keys given do not open them any more. No
    other process may have them open. Raises `WrongKey` if these keys do not open them.
    """
    header = key_header.read_header(data)
    if header is None or (LIVE_SALT in header and MOVING_SALT not in header):
        return keys
    if LIVE_SALT not in header:
        header |= {LIVE_SALT: key_header.new_live_salt(), MOVING_SALT: True}
        key_header.replace_header(data, header)
    live = keys.with_live_salt(header[LIVE_SALT])
    await _rekey(data / DATABASE, live.bare_db, live.db)
    await _rekey(data / KEY_STORE, live.bare_niodb, live.niodb)
    key_header.replace_header(data, {n: v for n, v in header.items() if n != MOVING_SALT})
    return live


async def _rekey(path: Path, before: bytes, after: bytes) -> None:
    if not path.exists():
        return
    try:
        db = await Database.open(path, after, create=False)
    except WrongKey:
        db = await Database.open(path, before, create=False)
        try:
            await db.rekey(after)
        finally:
            await db.close()
    else:
        await db.close()
