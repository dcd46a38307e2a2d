"""Adds a live salt to old databases, so that a backup's header and the key no longer open them.

If interrupted, it is finished at the next start (docs/decisions/0028).
"""

from __future__ import annotations

from pathlib import Path

from storage import keys as keyring
from storage.database import Database, WrongKey
from storage.keys import DATABASE, KEY_STORE, LIVE, MOVING, Keys


async def give(data: Path, keys: Keys) -> Keys:
    """Return the keys for the databases in `data`, after making sure they use a live salt.

    No other process may have them open. Raises `WrongKey`.
    """
    header = keyring.read_header(data)
    if header is None or (LIVE in header and MOVING not in header):
        return keys
    if LIVE not in header:
        header |= {LIVE: keyring.new_live_salt(), MOVING: True}
        keyring.replace_header(data, header)
    live = keys.with_live_salt(header[LIVE])
    await _move(data / DATABASE, live.bare_db, live.db)
    await _move(data / KEY_STORE, live.bare_niodb, live.niodb)
    keyring.replace_header(data, {n: v for n, v in header.items() if n != MOVING})
    return live


async def _move(path: Path, before: bytes, after: bytes) -> None:
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
