"""Files and pictures: uploaded once, then sent as messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bot.delivery import event_content
from bot.delivery.effects import FileContent, RenderLine, SendFile
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryDetails, EntryWriter
from bot.delivery.kinds.messages import MESSAGE, may_not_send, send_content
from bot.delivery.payload import MessagePayload
from bot.delivery.subject import Subject, writes
from bot.gateway import FileStore, Sender
from bot.i18n import _
from bot.types import EventId, Media
from storage import outbox_entries


@dataclass(frozen=True, slots=True)
class FilePayload(MessagePayload):
    """A file message. `file` is the spec's EncryptedFile, once it is uploaded."""

    file: Mapping[str, Any] | None = field(default=None)


class FileSender(Sender, FileStore, Protocol):
    """Uploads files and sends messages."""


async def send_file(
    gateway: FileSender, entry: PendingEntry[FilePayload], site: DeliverySite
) -> EventId:
    """Upload the file and send its message, and return the message's id. A retry does not repeat a
    finished upload."""
    file = entry.payload.file or await _upload(gateway, entry, site)
    body = event_content.fill_target(entry.payload.content, entry.row.target)
    return await send_content(gateway, entry, site, {**body, "file": file})


async def _upload(
    gateway: FileSender, entry: PendingEntry[FilePayload], site: DeliverySite
) -> Mapping[str, Any]:
    data = await outbox_entries.get_blob(site.db, entry.row.id)
    mime = entry.payload.content["info"]["mimetype"]
    file = dict((await gateway.upload(data, mime)).file)
    async with site.db.transaction() as tx:
        uploaded = replace(entry.payload, file=file).to_json()
        await outbox_entries.save_payload(tx, entry.row.id, uploaded)
    return file


FILE: EntryKind[FilePayload] = EntryKind(
    "file",
    FilePayload,
    send_file,
    refusal=Refusal(
        lambda payload: _("I could not send the file {name}", name=payload.content["filename"]),
        may_not_send,
    ),
)


async def write_file(writer: EntryWriter, effect: SendFile) -> None:
    """Write the outbox entry of a file message, with the bytes or with a file already on the
    homeserver."""
    relates, ref = await writer.resolve_relation(effect.reply_to, effect.thread, effect.to)
    caption = effect.caption
    words = await writer.texts.render(caption, effect.room, effect.to) if caption else None
    file, blob = None, None
    if isinstance(effect.data, Media):
        file = {**(effect.data.secret or {}), "url": effect.data.url}
        length, size = effect.data.size, effect.size
    else:
        blob, size = await _make_content(writer, effect, effect.data)
        length = len(blob)
    body = event_content.file_content(
        effect.name, effect.mime, length, words, size, relates, effect.mentions
    )
    await writer.put_message(
        FILE,
        FilePayload(MESSAGE, body, file=file),
        await writer.resolve_address(effect.room, effect.to),
        EntryDetails(ref, effect.item, effect.slot, blob),
    )


async def _make_content(
    writer: EntryWriter, effect: SendFile, data: bytes | Callable[[RenderLine], FileContent]
) -> FileContent:
    """Return the file's content, rendered for its reader."""
    if isinstance(data, bytes):
        return FileContent(data, effect.size)
    reader = await writer.texts.reader_of(effect.room, effect.to)
    renderer = writer.texts.renderer
    return data(lambda line: renderer.render_lines((line,), reader).plain)


SUBJECT = Subject(kinds=(FILE,), writers=(writes(SendFile, write_file),))
