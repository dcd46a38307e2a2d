"""What a member has heard, whatever client it runs on, and how a test waits for it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from tests.real.patience import PATIENCE, patient

POLL_START = "org.matrix.msc3381.poll.start"
POLL_RESPONSE = "org.matrix.msc3381.poll.response"
POLL_END = "org.matrix.msc3381.poll.end"

T = TypeVar("T")


class Silence(AssertionError):
    """What a member should have heard did not come; lists what came instead."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as a member sees it. `shield` is 0 for none; None where nothing was encrypted."""

    id: str
    room: str
    sender: str
    type: str
    content: Mapping[str, Any]
    at: int  # origin_server_ts, ms
    state_key: str | None = None
    relation: Mapping[str, Any] | None = None  # as it stands outside the ciphertext
    encrypted: bool = False
    failure: str | None = None  # why it could not be decrypted
    shield: int | None = None
    reason: int | None = None
    session: str | None = None  # the Megolm session, where encrypted

    @property
    def text(self) -> str:
        """What it says: the body of a message, the question and answers of a poll."""
        if self.type == POLL_START:
            poll = self.content.get(POLL_START, {})
            labels = [poll.get("question", {}), *poll.get("answers", [])]
            return "\n".join(str(label.get("org.matrix.msc1767.text", "")) for label in labels)
        return str(self.content.get("body", ""))

    @property
    def reply_to(self) -> str | None:
        """The event it answers (`m.in_reply_to`)."""
        relation = self.relation or self.content.get("m.relates_to") or {}
        target = relation.get("m.in_reply_to", {}).get("event_id")
        return str(target) if target else None

    @property
    def answers(self) -> dict[str, str]:
        """A poll's answers: label to id."""
        options = self.content.get(POLL_START, {}).get("answers", [])
        return {str(one.get("org.matrix.msc1767.text")): str(one["id"]) for one in options}


class Reader(Protocol):
    """A member who can read a room anew."""

    async def timeline(self, room: str) -> list[Heard]: ...


async def all_read(member: Reader, room: str, sender: str) -> list[Heard]:
    """Everything somebody said in a room, once the member can read it: the key of what came last
    may be on its way still. What stays unreadable is returned too."""
    until = time.monotonic() + PATIENCE
    while True:
        said = [one for one in await member.timeline(room) if one.sender == sender]
        if all(one.failure is None for one in said) or time.monotonic() > until:
            return said
        await asyncio.sleep(0.2)  # nothing tells when a key has come


What = str | re.Pattern[str] | Callable[[Heard], bool]


def matches(what: What, heard: Heard) -> bool:
    """A text is looked for in what was said, a pattern searched, a function asked."""
    if isinstance(what, str):
        return heard.failure is None and what in heard.text
    if isinstance(what, re.Pattern):
        return heard.failure is None and bool(what.search(heard.text))
    return bool(what(heard))


@dataclass
class Ear:
    """Collects what one member hears, in the order of arrival, each event once."""

    me: str = ""
    events: dict[str, Heard] = field(default_factory=dict)
    _taken: set[tuple[str, str | None]] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: BaseException | None = None

    def take_in(self, heard: Heard) -> None:
        """A later version (decrypted, redacted) takes the place of an earlier one."""
        known = self.events.get(heard.id)
        if known is not None and known.failure is None and heard.failure is not None:
            return
        self.events[heard.id] = heard
        self._news.set()

    def stir(self) -> None:
        """Something changed that is no event; whoever waits looks again."""
        self._news.set()

    def break_off(self, error: BaseException) -> None:
        """Whoever waits is told why nothing more will come."""
        self._trouble = error
        self._news.set()

    def all(
        self, room: str | None = None, sender: str | None = None, kind: str | None = None
    ) -> list[Heard]:
        """What was heard so far, narrowed down."""
        return [
            heard
            for heard in self.events.values()
            if room in (None, heard.room)
            and sender in (None, heard.sender)
            and kind in (None, heard.type)
        ]

    def forget(self) -> None:
        """What was heard until now does not count for `hears`."""
        self._taken.update((one.id, one.failure) for one in self.events.values())

    async def hears(
        self,
        what: What,
        within: float = 20,
        *,
        room: str | None = None,
        sender: str | None = None,
    ) -> Heard:
        """The first event of somebody else that matches and no earlier `hears` returned."""

        def find() -> Heard | None:
            for heard in self.all(room, sender):
                other = sender is not None or heard.sender != self.me
                version = (heard.id, heard.failure)  # once its key came it counts as new
                if other and version not in self._taken and matches(what, heard):
                    self._taken.add(version)
                    return heard
            return None

        return await self._await(find, what, within)

    async def until(self, holds: Callable[[], bool], within: float = 20) -> None:
        """Waits until `holds()`, asked again whenever something is heard."""
        await self._await(lambda: True if holds() else None, holds, within)

    async def _await(self, find: Callable[[], T | None], what: object, within: float) -> T:
        try:
            async with asyncio.timeout(patient(within)):
                while True:
                    self._news.clear()
                    found = find()
                    if found is not None:
                        return found
                    if self._trouble is not None:
                        raise self._trouble
                    await self._news.wait()
        except TimeoutError:
            raise Silence(f"{self.me} waited {within} s for {what!r}\n{self.told()}") from None

    def told(self) -> str:
        """The last things heard, for a failing test."""
        lines = [
            f"  {heard.sender} {heard.type} {heard.failure or heard.text[:200]!r}"
            for heard in list(self.events.values())[-25:]
        ]
        return "heard:\n" + "\n".join(lines)
