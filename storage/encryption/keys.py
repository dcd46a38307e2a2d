"""The root key and all keys derived from it. They are never shown or logged.

The header `key.json` beside the database says how the root key is made and has a check value, so
that a wrong key is refused before it is used. It also has the live salt, which the databases beside
it need and no backup contains: without it nothing opens them.
"""

from __future__ import annotations

import ctypes
import hmac
import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.encryption.key_header import HEADER as HEADER
from storage.encryption.key_header import LIVE_SALT as LIVE_SALT
from storage.encryption.key_header import backup_header as backup_header
from storage.encryption.key_header import new_live_salt as new_live_salt
from storage.encryption.key_header import parse_header as parse_header
from storage.encryption.key_header import read_header as read_header
from storage.encryption.key_header import write_header as write_header
from storage.encryption.secret_files import SecretError as SecretError

DATABASE = "minga.db"
KEY_STORE = "matrix.db"
_PR_SET_DUMPABLE = 4


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys derived from the root key, 32 bytes each; `id` identifies it without revealing it.

    `bare_db` and `bare_niodb` lack the live salt: for backups and for databases without it. `root`
    itself goes into each backup, which may have a key of its own.
    """

    db: bytes
    niodb: bytes
    bare_db: bytes
    bare_niodb: bytes
    nio_pickle: bytes
    xsign: bytes
    ballots: bytes
    backup: bytes
    root: bytes
    id: str

    @classmethod
    def from_root(cls, root: bytes, live: str | None = None) -> Keys:
        """Return all keys of a 32-byte root key, with the live salt (hexadecimal) if given."""
        names = [f.name for f in fields(cls) if f.name not in ("id", "root")]
        derived = {n: derive_key(root, n.removeprefix("bare_").replace("_", "-")) for n in names}
        keys = cls(**derived, root=root, id=key_id(root))
        return keys if live is None else keys.with_live_salt(live)

    def with_live_salt(self, live: str) -> Keys:
        """Return the same keys, with the database keys derived with this live salt."""
        salt = bytes.fromhex(live)
        return replace(
            self, db=_with_salt(self.bare_db, salt), niodb=_with_salt(self.bare_niodb, salt)
        )

    def __repr__(self) -> str:
        return f"Keys({self.id})"


def derive_key(root: bytes, label: str) -> bytes:
    """Return the 32-byte key for one use (HKDF-SHA256, RFC 5869)."""
    if len(root) != 32:
        raise ValueError("a root key has 32 bytes")
    return HKDF(SHA256(), 32, salt=b"org.minga", info=label.encode()).derive(root)


def _with_salt(key: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=b"org.minga live").derive(key)


def key_id(root: bytes) -> str:
    """Return the public id of a root key."""
    return derive_key(root, "id")[:6].hex()


# --- where the root key comes from -----------------------------------------------------------


# --- the header --------------------------------------------------------------------------------


def seal_header(root: bytes, how: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the public key header: how the key is made, its id, and a check value."""
    made = dict(how) if how else {"kdf": "file"}
    return {"version": 1, **made, "id": key_id(root), "check": derive_key(root, "check").hex()}


def is_key_of(root: bytes, header: Mapping[str, Any]) -> bool:
    """Return whether the header of a data folder (`key.json`) was made with this root key."""
    return hmac.compare_digest(derive_key(root, "check").hex(), str(header["check"]))


def has_database(data: Path) -> bool:
    """Return whether any of our databases is in `data`."""
    return any((data / name).exists() for name in (DATABASE, KEY_STORE))


def harden() -> None:
    """Keep secrets of this process off the disk and from others: no core dumps, no debugger, umask
    077."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
