"""Fetches what a handler needs from the homeserver, between two runs of the handler.

A download may take long, and an open transaction keeps everybody else from writing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import batched
from typing import Any, Literal, Protocol, TypeVar

import structlog

from bot import dates
from bot.capability.errors import UserError
from bot.gateway import (
    AccountOffice,
    AccountTrouble,
    DelayedSender,
    DelayLimits,
    DeviceDirectory,
    FileStore,
    History,
    OwnAccount,
    OwnMessages,
    Profiles,
    Refused,
    SignedOut,
    TryLater,
)
from bot.i18n import _
from bot.lines import Line
from bot.own_thread import OwnThread
from bot.types import Devices, EventId, Media, MemberPoll, Message, RoomId, UserId

log = structlog.get_logger(__name__)

FileReader = Callable[[bytes], object]
"""Reads a file's bytes. It runs in a thread and may raise `UserError`."""
Made = TypeVar("Made")
MOST_PAGES = 1_000
"""Pages of our messages that are looked through."""
EVENTS_TOGETHER = 20
"""Events that one fetch asks for."""
PATIENCE = 30.0
"""Seconds that a fetch may take."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A request for a file, message, poll, a person's devices or zone, or a ban list's rules.

    `name` is the URI, event id, user id, or room id or alias; for `delays`, what the homeserver
    keeps of delayed messages, and `accounts`, whether it gives accounts, there is none. For
    `writers` it is since when, for `own`, which are messages of ours, where the page starts, for
    `redacted` the event ids, with blanks between. `made` is nothing of the homeserver's: what
    `read` makes in a thread, under a name of its own. `thread`: which one, if none of those that
    all share.
    """

    what: Literal[
        "file",
        "message",
        "poll",
        "devices",
        "rules",
        "delays",
        "accounts",
        "zone",
        "writers",
        "own",
        "redacted",
        "made",
    ]
    room: RoomId
    name: str
    most: int = 0  # bytes of a file
    media: Media | None = field(default=None, compare=False)
    read: FileReader = field(default=bytes, compare=False)
    thread: OwnThread | None = field(default=None, compare=False)


class FetchNeeded(Exception):
    """The handler needs something first. It is rolled back and runs again with it."""

    def __init__(self, wanted: FetchRequest) -> None:
        super().__init__(wanted.what)
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class FetchFault:
    """A bug that a fetch met. It is raised in the handler, so that it is reported as its own."""

    error: Exception


class FetchedData:
    """What was fetched for a handler so far. Every method raises `FetchNeeded` for anything
    else.
    """

    def __init__(self) -> None:
        self._found: dict[FetchRequest, object] = {}

    def store(self, wanted: FetchRequest, found: object) -> None:
        """Store the result of a fetch: the thing, None if there is none, or the exception to be
        raised."""
        self._found[wanted] = found

    def file(
        self,
        room: RoomId,
        media: Media | None,
        most: int,
        read: FileReader = bytes,
        *,
        encrypted: bool,
    ) -> Any:
        """Return what `read` makes of the fetched file, which may have at most `most` bytes.

        Raises `UserError` if there is none, if it can't be read, or if it is unencrypted in an
        encrypted room.
        """
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
        return self._get(FetchRequest("file", room, media.url, most, media, read))

    def media(self, room: RoomId, event: EventId | None) -> Media | None:
        """Return the fetched file of a message, or None if it has none."""
        found: Message | None = self._get(FetchRequest("message", room, event)) if event else None
        return found.media if found else None

    def message(self, room: RoomId, event: EventId) -> Message:
        """Return a fetched message. Raises `UserError` if it can't be read."""
        found: Message | None = self._get(FetchRequest("message", room, event))
        if found is None:
            raise UserError(
                _("I can't read that message: it was sent before I came, or without its key."),
                _("Please send it again."),
            )
        return found

    def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        """Return a fetched native poll, or None if the event is no poll or can't be read."""
        found: MemberPoll | None = self._get(FetchRequest("poll", room, event))
        return found

    def devices(self, person: UserId) -> Devices:
        """Return the person's devices, or an empty list if they can't be listed."""
        found: Devices | None = self._get(FetchRequest("devices", RoomId(""), person))
        return found or Devices((), ())

    def rules(self, place: str) -> tuple[RoomId, list[tuple[str, str, Mapping[str, Any]]]] | None:
        """Return the room of a ban list, asked for by id or alias, and its current rules; or
        None."""
        found: Any = self._get(FetchRequest("rules", RoomId(""), place))
        return found  # type: ignore[no-any-return]

    def delay_limits(self) -> DelayLimits | Literal["away"] | None:
        """Return the homeserver's limits for delayed messages, or None if it delays none.

        `away`: whether it could not be asked just now.
        """
        wanted = FetchRequest("delays", RoomId(""), "")
        if isinstance(self._found.get(wanted), UserError):
            return "away"
        found: DelayLimits | None = self._get(wanted)
        return found

    def account_trouble(self) -> AccountTrouble | None:
        """Return why the bot can create no accounts on the homeserver, or None if it can."""
        wanted = FetchRequest("accounts", RoomId(""), "")
        if isinstance(self._found.get(wanted), UserError):
            return "away"
        found: AccountTrouble | None = self._get(wanted)
        return found

    def writers(self, room: RoomId, since: datetime) -> frozenset[UserId] | None:
        """Return who sent anything in the room since an instant (UTC), or None if that can't be
        found out."""
        found: frozenset[UserId] | None = self._get(
            FetchRequest("writers", room, since.isoformat())
        )
        return found

    def own_messages(self, room: RoomId) -> list[EventId] | None:
        """Return our messages in the room that are not redacted; None if we can't read them all.

        Raises `UserError` while the homeserver does not answer.
        """
        events: list[EventId] = []
        start = ""
        for _page in range(MOST_PAGES):
            page: OwnMessages | None = self._get(FetchRequest("own", room, start))
            if page is None:
                return None
            events += [event for event, _at in page[0]]
            if page[1] is None:
                return events
            start = page[1]
        return None

    def are_redacted(self, room: RoomId, events: Sequence[EventId]) -> dict[EventId, bool | None]:
        """Return of each of these messages whether it was redacted; None if the homeserver has it
        no more.

        Raises `UserError` while the homeserver does not answer.
        """
        found: dict[EventId, bool | None] = {}
        for some in batched(events, EVENTS_TOGETHER, strict=False):
            found |= self._get(FetchRequest("redacted", room, " ".join(some)))
        return found

    def zone(self, person: UserId) -> str | None:
        """Return the time zone in the person's profile, or None if they give none that we know."""
        named: str | None = self._get(FetchRequest("zone", RoomId(""), person))
        found = dates.find_zone(named) if named and dates.is_zone(named) else None
        return found if isinstance(found, str) else None

    def made(self, name: str, make: Callable[[], Made], *, thread: OwnThread | None = None) -> Made:
        """Return the result of `make`, which runs in a thread, outside of the transaction, once for
        each name that a handler gives: equal content has an equal name. `thread`: for what may
        hang.

        Raises `UserError` after `PATIENCE` seconds, and its child `StillOut` while `thread` is
        taken.
        """
        wanted = FetchRequest("made", RoomId(""), name, read=lambda _nothing: make(), thread=thread)
        found: Made = self._get(wanted)
        return found

    def _get(self, wanted: FetchRequest) -> Any:
        if wanted not in self._found:
            raise FetchNeeded(wanted)
        found = self._found[wanted]
        if isinstance(found, UserError):
            raise found
        if isinstance(found, FetchFault):
            raise found.error
        return found


class FetchSource(OwnAccount, History, DeviceDirectory, Profiles, FileStore, Protocol):
    """Where things are fetched from."""

    @property
    def delayed(self) -> DelayedSender:
        """The messages that the homeserver keeps to send later for the bot."""

    @property
    def accounts(self) -> AccountOffice:
        """The object that creates accounts of the homeserver."""


async def fetch(gateway: FetchSource, wanted: FetchRequest) -> object:
    """Return the thing that a handler requested, None if there is none, or a `UserError` to tell
    the person."""
    try:
        async with asyncio.timeout(PATIENCE):
            if wanted.media is not None:
                found = await _file(gateway, wanted.media, wanted.most)
                return await _read(found, wanted.read)
            if wanted.what == "made":
                return await _read(b"", wanted.read, wanted.thread)
            if wanted.what == "rules":
                return await gateway.ban_rules(wanted.name)
            if wanted.what == "delays":
                return await gateway.delayed.limits()
            if wanted.what == "accounts":
                return await gateway.accounts.trouble()
            if wanted.what == "devices":
                return await gateway.devices(UserId(wanted.name))
            if wanted.what == "zone":
                return await gateway.profile_zone(UserId(wanted.name))
            if wanted.what == "writers":
                return await gateway.writers(wanted.room, datetime.fromisoformat(wanted.name))
            if wanted.what == "own":
                return await gateway.own_messages(wanted.room, wanted.name or None)
            if wanted.what == "redacted":
                events = [EventId(one) for one in wanted.name.split()]
                return {one: await _is_redacted(gateway, wanted.room, one) for one in events}
            event = EventId(wanted.name)
            if wanted.what == "poll":
                return await gateway.poll(wanted.room, event)
            return await gateway.message(wanted.room, event)
    except Refused as refused:
        log.info("fetch.refused", what=wanted.what, code=refused.code)
        return None
    except (TimeoutError, TryLater, SignedOut) as error:
        log.info("fetch.away", what=wanted.what, error=type(error).__name__)
        if wanted.what == "zone":
            return None
        if wanted.media is not None:
            return UserError(_("I can't get that file now."), _("Please send it again in a while."))
        return UserError(_("I can't look that up now."), _("Please ask again in a while."))


async def _is_redacted(gateway: History, room: RoomId, event: EventId) -> bool | None:
    try:
        return await gateway.is_redacted(room, event)
    except Refused:
        return None


async def _file(gateway: FileStore, media: Media, most: int) -> bytes | UserError:
    if media.size > most:
        return UserError(*_too_large_lines(most))
    try:
        return await gateway.download(media, most)
    except Refused as refused:
        log.info("fetch.refused", what="file", code=refused.code)
        if refused.code == "M_TOO_LARGE":
            return UserError(*_too_large_lines(most))
        return UserError(_("I can't open that file."), _("Please send it again."))


async def _read(
    found: bytes | UserError, read: FileReader, thread: OwnThread | None = None
) -> object:
    if isinstance(found, UserError):
        return found
    try:
        if thread is not None:
            return await thread.run(partial(read, found))
        return await asyncio.to_thread(read, found)
    except UserError as told:
        return told


def _too_large_lines(most: int) -> tuple[Line, Line]:
    size = f"{most / 1_000_000:.0f} MB" if most >= 1_000_000 else f"{most / 1000:.0f} kB"
    return (
        _("That file is too large for me: I take {size} at most.", size=size),
        _("Please send a smaller one."),
    )
