"""Files: encrypted before upload, and checked and decrypted in memory after download."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from bot.gateway import Refused, Uploaded
from bot.matrix.fields import as_mapping
from bot.matrix.http import Http, path_segment
from bot.matrix.rooms.attachments import decrypt_attachment, encrypt_attachment
from bot.types import Media

_MXC = re.compile(r"mxc://((?!\.\.?/)[A-Za-z0-9.\-\[\]:]{1,230})/([A-Za-z0-9_\-]{1,255})")


async def upload_file(http: Http, data: bytes) -> Uploaded:
    """Encrypt and store a file (spec §Sending encrypted attachments). Return its address and key.

    The server learns size and time.
    """
    sealed, secret = await asyncio.to_thread(encrypt_attachment, data)
    return Uploaded({**secret, "url": await http.upload(sealed)})


async def download_file(http: Http, media: Media, cap: int) -> bytes:
    """Return the decrypted bytes of a file, kept in memory and never on disk.

    Raises `Refused` if it is larger than `cap` bytes or damaged. Uses authenticated media (v1.11)
    of our own homeserver only.
    """
    found = _MXC.fullmatch(media.url)
    if found is None:
        raise Refused("M_INVALID_PARAM", "no mxc address")
    path = f"/_matrix/client/v1/media/download/{path_segment(found[1])}/{path_segment(found[2])}"
    sealed = await http.download(path, cap)
    if media.secret is None:
        return sealed
    return await asyncio.to_thread(_decrypt_file, sealed, media.secret)


def _decrypt_file(sealed: bytes, secret: Mapping[str, Any]) -> bytes:
    key, digest = (
        as_mapping(secret.get("key")).get("k"),
        as_mapping(secret.get("hashes")).get("sha256"),
    )
    iv = secret.get("iv")
    if not (isinstance(key, str) and isinstance(digest, str) and isinstance(iv, str)):
        raise Refused("M_BAD_FILE", "no key")
    if len(key) > 44 or len(iv) > 24:  # 32 and 16 bytes in base64
        raise Refused("M_BAD_FILE", "no such key")
    try:
        return decrypt_attachment(sealed, key, digest, iv)
    except ValueError:
        raise Refused("M_BAD_FILE", "changed or damaged") from None
