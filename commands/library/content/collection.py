"""Collect the content to save: typed words and the message or file replied to, once checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.api import (
    Context,
    EventId,
    Media,
    Message,
    MissingArgument,
    Trust,
    UserError,
    _,
    strip_hidden,
)
from commands.library import store
from commands.library.content import file_kinds, web_links
from commands.library.content.web_links import WebLink
from commands.library.declaration import LARGEST_FILE, LONGEST_TEXT, MEGABYTE
from commands.library.store import File
from commands.library.version_store import Source, Version


@dataclass(frozen=True, slots=True)
class Content:
    """The content to save. `source` is the saved message, or the command that typed it."""

    text: str
    links: tuple[WebLink, ...]
    file: File | None
    source: Source

    @property
    def kind(self) -> str:
        """The kind of content: `file`, `link` or `text`."""
        if self.file is not None:
            return "file"
        return "link" if len(self.links) == 1 else "text"

    def with_earlier_file(self, before: Version) -> Content:
        """Return the content unchanged if it has a file, else with the file and source of an
        earlier version. So the file is still removed when the message that it came from is
        redacted."""
        return self if self.file else replace(self, file=before.file, source=before.source)


async def collect_content(ctx: Context, typed: str, message: Message | None) -> Content:
    """Return the typed words with those of the message replied to below them.

    Raises `UserError` for too much text or an unaccepted file, and `MissingArgument` for nothing at
    all.
    """
    if message is not None:
        _check_device(ctx, message)
    replied = strip_hidden(message.text).strip() if message else ""
    words = "\n".join(filter(None, (typed, replied)))
    if len(words) > LONGEST_TEXT:
        raise UserError(
            _("That is too long to keep: {most} letters at most.", most=LONGEST_TEXT),
            _("Send it as a file, and reply to that with `!save name`."),
        )
    text, found = web_links.clean_links(words)
    media = message.media if message else ctx.origin.media
    if media is None and not text:
        raise MissingArgument("what", _("what to keep"))
    file = await _check_media(ctx, media) if media else None
    if message is None:
        return Content(text, found, file, Source(EventId(ctx.answers["event"]), ctx.room))
    return Content(text, found, file, Source(message.event, message.room, message.sender, typed))


def _check_device(ctx: Context, message: Message) -> None:
    """Raise `UserError` for a message that a server may have forged.

    The bot must not repeat it in its own name.
    """
    loosened = ctx.policy.values.get("unsigned") == "yes"
    unsigned = message.trust is Trust.UNSIGNED and not loosened
    if unsigned or message.trust is Trust.REPLACED:
        raise UserError(
            _("That message came from a device that nobody confirmed, so I don't keep it."),
            _("Its author can send it again from a confirmed device."),
        )


def content_of_version(version: Version) -> Content:
    """Return the content of an earlier version."""
    return Content(
        version.text, web_links.clean_links(version.text)[1], version.file, version.source
    )


async def _check_media(ctx: Context, media: Media) -> File:
    """Check the file in memory. Only its address and key are stored. Raises `UserError`."""
    if media.secret is None:
        raise UserError(
            _("That file came without encryption, and I keep only encrypted ones."),
            _("Send it in an encrypted room, or to me in private, and save it there."),
        )
    room = ctx.place
    most = int(await ctx.setting_value(LARGEST_FILE, room)) * MEGABYTE
    key = await store.mark_key(ctx.db)
    looked: file_kinds.CheckedFile = ctx.attached_file(
        most, partial(file_kinds.check_file, key=key)
    )
    name = file_kinds.safe_file_name(media.name, looked.kind)
    secret = key_only(media.secret)
    return File(Media(media.url, name, looked.kind.mime, looked.size, secret), looked.mark)


def key_only(secret: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key of an encrypted file as the spec has it (EncryptedFile), without other fields.

    The sender could put anything there. The key was just used, or was read strictly.
    """
    key = secret.get("key")
    return {
        "v": "v2",
        "key": {
            "kty": "oct",
            "alg": "A256CTR",
            "ext": True,
            "key_ops": ["encrypt", "decrypt"],
            "k": key.get("k") if isinstance(key, Mapping) else None,
        },
        "iv": secret.get("iv"),
        "hashes": {"sha256": _digest(secret.get("hashes"))},
    }


def _digest(hashes: object) -> object:
    return hashes.get("sha256") if isinstance(hashes, Mapping) else None
