"""Files as people send them, for the tests of the library."""

from __future__ import annotations

from bot.testing.talk import Talk
from bot.types import EventId, Media

PDF = b"%PDF-1.7\n1 0 obj << /Title (Acta) >> endobj\n%%EOF\n"
SECRET = {
    "v": "v2",
    "key": {"kty": "oct", "alg": "A256CTR", "ext": True, "k": "a" * 43, "key_ops": ["decrypt"]},
    "iv": "b" * 22,
    "hashes": {"sha256": "c" * 43},
    "made_by": "an app that writes more than it must",
}


async def media(
    talk: Talk, data: bytes = PDF, name: str = "acta.pdf", *, said: int | None = None
) -> Media:
    """A file on the server; `said` is the size that its sender tells."""
    up = await talk.gateway.upload(data, "application/octet-stream")
    size = len(data) if said is None else said
    return Media(str(up.file["url"]), name, "text/html", size, SECRET)


async def sends(
    talk: Talk, who: str = "bea", data: bytes = PDF, name: str = "acta.pdf", text: str = ""
) -> EventId:
    """Somebody sends a file into the room."""
    return await talk.says(who, text, media=await media(talk, data, name))
