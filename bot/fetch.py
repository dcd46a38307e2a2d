"""What a handler needs from the homeserver: fetched between two runs of it, never during one.

A download may take long, and a transaction keeps everybody else from writing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from bot.errors import UserError
from bot.gateway import Gateway, Refused, SignedOut, TryLater
from bot.i18n import _
from bot.types import Devices, EventId, Line, Media, MemberPoll, Message, RoomId, UserId

log = structlog.get_logger(__name__)

Read = Callable[[bytes], object]
"""What is made of a file: in a thread, as it may take seconds. `UserError` tells why nothing is."""
PATIENCE = 30.0
"""Seconds that a room waits for what another server, or ours, holds back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file by its address, what a room says by its event, a person's devices, a ban list."""

    what: Literal["file", "message", "poll", "devices", "rules"]
    room: RoomId
    name: str
    most: int = 0  # bytes of a file
    media: Media | None = field(default=None, compare=False)
    read: Read = field(default=bytes, compare=False)


class Fetching(Exception):
    """The command needs something first. It is undone, and runs again with it."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted.what)
        self.wanted = wanted


class Fetched:
    """What was fetched for a handler so far. Asking for anything else is a `Fetching`."""

    def __init__(self) -> None:
        self._found: dict[Wanted, object] = {}

    def keep(self, wanted: Wanted, found: object) -> None:
        """`found`: the thing, None if there is none, or what the person is told instead."""
        self._found[wanted] = found

    def file(
        self, room: RoomId, media: Media | None, most: int, read: Read = bytes, *, encrypted: bool
    ) -> Any:
        """What is read of the file, at most `most` bytes; in an encrypted room it must be too."""
        if media is None:
            raise UserError(
                _("There is no file here."),
                _("Send me the file with the command as its text, or reply to the file with it."),
            )
        if media.secret is None and encrypted:
            raise UserError(
                _("That file came without encryption, so others could have changed it."),
                _("Please send it from an app that encrypts files."),
            )
        return self._get(Wanted("file", room, media.url, most, media, read))

    def media(self, room: RoomId, event: EventId | None) -> Media | None:
        """The file of a message, if it has one."""
        found: Message | None = self._get(Wanted("message", room, event)) if event else None
        return found.media if found else None

    def message(self, room: RoomId, event: EventId) -> Message:
        """What stands there. Raises `UserError` if it can't be read."""
        found: Message | None = self._get(Wanted("message", room, event))
        if found is None:
            raise UserError(
                _("I can't read that message: it was sent before I came, or without its key."),
                _("Please send it again."),
            )
        return found

    def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        found: MemberPoll | None = self._get(Wanted("poll", room, event))
        return found

    def devices(self, person: UserId) -> Devices:
        found: Devices | None = self._get(Wanted("devices", RoomId(""), person))
        return found or Devices((), ())

    def rules(self, place: str) -> tuple[RoomId, list[tuple[str, str, Mapping[str, Any]]]] | None:
        """A shared ban list by id or alias, as it stands now; None if it can't be read."""
        found: Any = self._get(Wanted("rules", RoomId(""), place))
        return found  # type: ignore[no-any-return]

    def _get(self, wanted: Wanted) -> Any:
        if wanted not in self._found:
            raise Fetching(wanted)
        found = self._found[wanted]
        if isinstance(found, UserError):
            raise found
        return found


async def fetch(gateway: Gateway, wanted: Wanted) -> object:
    """The thing, None if there is none, or (`UserError`) what the person is told instead."""
    try:
        async with asyncio.timeout(PATIENCE):
            if wanted.media is not None:
                found = await _file(gateway, wanted.media, wanted.most)
                return await _read(found, wanted.read)
            if wanted.what == "rules":
                return await gateway.rules(wanted.name)
            if wanted.what == "devices":
                return await gateway.devices(UserId(wanted.name))
            event = EventId(wanted.name)
            if wanted.what == "poll":
                return await gateway.poll(wanted.room, event)
            return await gateway.message(wanted.room, event)
    except Refused as refused:
        log.info("fetch.refused", what=wanted.what, code=refused.code)
        return None
    except (TimeoutError, TryLater, SignedOut) as error:
        log.info("fetch.away", what=wanted.what, error=type(error).__name__)
        if wanted.media is not None:
            return UserError(_("I can't get that file now."), _("Please send it again in a while."))
        return UserError(_("I can't look that up now."), _("Please ask again in a while."))


async def _file(gateway: Gateway, media: Media, most: int) -> bytes | UserError:
    if media.size > most:
        return UserError(*_too_large(most))
    try:
        return await gateway.download(media, most)
    except Refused as refused:
        log.info("fetch.refused", what="file", code=refused.code)
        if refused.code == "M_TOO_LARGE":
            return UserError(*_too_large(most))
        return UserError(_("I can't open that file."), _("Please send it again."))


async def _read(found: bytes | UserError, read: Read) -> object:
    if isinstance(found, UserError):
        return found
    try:
        return await asyncio.to_thread(read, found)
    except UserError as told:
        return told


def _too_large(most: int) -> tuple[Line, Line]:
    size = f"{most / 1_000_000:.0f} MB" if most >= 1_000_000 else f"{most / 1000:.0f} kB"
    return (
        _("That file is too large for me: I take {size} at most.", size=size),
        _("Please send a smaller one."),
    )
