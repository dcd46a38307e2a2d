"""The header `key.json`, which says how the root key is made. It is no secret, but for its salts.

Without it neither key file nor passphrase opens anything. While a key is changed it holds the
header of the new key too (`key_change.py`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.i18n import _
from storage.encryption.secret_files import (
    SecretError,
    make_private_folder,
    replace_file,
    write_secret,
)

HEADER = "key.json"
LIVE_SALT, MOVING_SALT = "live", "moving"
"""Header keys of the live salt, and of the mark that not all databases use it yet."""
NEXT = "next"
"""Header key of the header that replaces this one (storage/encryption/key_change.py)."""
SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_MAKES_THE_KEY = ("version", "kdf", "salt", *SCRYPT, "id", "check")
"""What a header needs to tell of its key; the rest concerns one data folder."""


def new_header(kdf: str) -> dict[str, Any]:
    """Return the header of a new key of this kind (`file`, `scrypt`), with new salts."""
    more = SCRYPT if kdf == "scrypt" else {}
    salt = secrets.token_hex(16 if kdf == "scrypt" else 32)
    return {"kdf": kdf, "salt": salt, LIVE_SALT: new_live_salt(), **more}


def read_header(data: Path) -> dict[str, Any] | None:
    """Return the key header of the folder `data`, or None. Raises `SecretError` if it is
    malformed."""
    path = data / HEADER
    if not path.exists():
        return None
    return parse_header(path.read_bytes(), str(path))


def parse_header(raw: bytes, name: str) -> dict[str, Any]:
    """Return the key header that the bytes `raw` hold. Raises `SecretError` if it is malformed."""
    try:
        header: dict[str, Any] = json.loads(raw)
        known = header["version"] == 1 and header["kdf"] in ("file", "scrypt")
        bytes.fromhex(header.get(LIVE_SALT, ""))
        wanted = ("id", "check", *(("salt", *SCRYPT) if header["kdf"] == "scrypt" else ()))
        if known and all(name in header for name in wanted):
            return header
    except (ValueError, KeyError, TypeError):
        pass
    raise SecretError(
        _(
            "{name} is damaged, or of a newer version. Without it the key opens"
            " nothing: move its folder away and bring the last backup back: minga"
            " restore",
            name=name,
        )
    )


def new_live_salt() -> str:
    """Return a new random live salt: the part of the keys that no backup holds."""
    return secrets.token_hex(32)


def backup_header(header: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key header without the parts that must not leave the machine."""
    return {name: value for name, value in header.items() if name in _MAKES_THE_KEY}


def write_header(data: Path, header: Mapping[str, Any]) -> None:
    """Write the key header of a folder that has none."""
    make_private_folder(data)
    write_secret(data / HEADER, json.dumps(header, indent=1).encode() + b"\n")


def replace_header(data: Path, header: Mapping[str, Any]) -> None:
    """Replace the key header in `data` at once: after a crash it is the old or the new one.

    The file keeps its owner and mode, so that the bot can read it even if root replaces it.
    """
    file = data / HEADER
    replace_file(file, json.dumps(header, indent=1).encode() + b"\n", like=file.stat())
