"""A gateway without a homeserver for tests; `tests/real/test_contract.py` compares the two."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any

from bot.gateway import INVITE_BLOCKED, BanRules, OwnMessages, Refused, TryLater, Uploaded
from bot.signing.canonical_json import canonical_json
from bot.signing.signer import Signer
from bot.testing.fake_account_office import FakeAccountData, FakeAccountOffice
from bot.testing.fake_delayed_events import FakeDelayedEvents
from bot.testing.posted_event import PostedEvent
from bot.testing.state_events import is_closed
from bot.types import Devices, EventId, Media, MemberPoll, Message, RoomId, UserId
from storage.membership.room import SHARED_HISTORY
from storage.rooms import LINK_ROOM_TYPE, PUBLIC_ROOM

BOT = UserId("@minga:test")
OWN_PAGE = 5
"""Page size of `own_messages`, small so that tests turn pages."""


@dataclass(slots=True)
class FakeGateway(FakeAccountData):
    """Implements `Gateway` in memory: each transaction id is posted once.

    The bot is in every room that it did not leave. `state` holds what it set itself, `others` what
    others set, `said` people's messages and `polls` their polls.
    """

    me: UserId = BOT
    device: str = "FAKE"
    now: Callable[[], datetime] = field(kw_only=True)
    posted: dict[str, PostedEvent] = field(default_factory=dict)
    made: list[tuple[RoomId, UserId]] = field(default_factory=list)
    opened: dict[RoomId, str] = field(default_factory=dict)
    histories: list[tuple[RoomId, UserId]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    state: dict[tuple[RoomId, str, str], Mapping[str, Any]] = field(default_factory=dict)
    others: dict[tuple[RoomId, str, str], Mapping[str, Any]] = field(default_factory=dict)
    said: dict[EventId, Message] = field(default_factory=dict)
    polls: dict[tuple[RoomId, EventId], MemberPoll] = field(default_factory=dict)
    aliases: dict[str, RoomId] = field(default_factory=dict)
    left: set[RoomId] = field(default_factory=set)
    stamps: dict[EventId, datetime] = field(default_factory=dict)
    keys_forgotten: dict[RoomId, datetime] = field(default_factory=dict)
    broken: bool = False
    lose_responses: bool = False
    refuse: str | None = None
    uninvitable: dict[UserId, str] = field(default_factory=dict)
    unconfirmed: set[UserId] = field(default_factory=set)
    unsigned: dict[UserId, tuple[str, ...]] = field(default_factory=dict)
    masters: dict[UserId, str] = field(default_factory=dict)
    signing_keys: dict[UserId, dict[str, str]] = field(default_factory=dict)
    zones: dict[UserId, str] = field(default_factory=dict)
    zones_read: list[UserId] = field(default_factory=list)
    accepted: list[tuple[UserId, str]] = field(default_factory=list)
    delayed: FakeDelayedEvents = field(init=False)
    accounts: FakeAccountOffice = field(default_factory=FakeAccountOffice)
    _count: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.delayed = FakeDelayedEvents(self.require_inside, self.post, self.now)

    def vouch(self, thing: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `thing` signed by the account's master key, as `MatrixGateway` does."""
        master = Signer.from_seed(self.me, self.me.encode()[:32].ljust(32, b"\0"), dict)
        signature = master.sign(canonical_json(dict(thing)))
        return {**thing, "signatures": {self.me: {f"ed25519:{master.public}": signature}}}

    async def send(
        self,
        room: RoomId,
        kind: str,
        content: Mapping[str, Any],
        txn: str,
        *,
        alone: UserId | None = None,
        readers: Collection[UserId] | None = None,
    ) -> EventId:
        self._inside(room)
        if kind == LINK_ROOM_TYPE and not is_closed(self.others | self.state, room):
            raise Refused("M_FORBIDDEN", "open to others")
        self.require_inside(room, alone)
        event = self.post(room, kind, content, txn)
        if readers is not None:
            self.posted[txn] = replace(self.posted[txn], readers=frozenset(readers))
        return event

    async def send_to_devices(
        self,
        user: UserId,
        devices: Collection[str],
        kind: str,
        content: Mapping[str, Any],
        txn: str,
    ) -> None:
        """Record an event for a person's devices as one without a room, whose content names
        them."""
        self.post(
            RoomId(""), kind, {"to": user, "devices": sorted(devices), "content": content}, txn
        )

    async def redact(self, room: RoomId, event: EventId, reason: str, txn: str) -> EventId:
        self._inside(room)
        return self.post(room, "redact", {"redacts": event, "reason": reason}, txn)

    async def set_state(
        self, room: RoomId, kind: str, key: str, content: Mapping[str, Any]
    ) -> EventId:
        self._inside(room)
        self.state[room, kind, key] = json.loads(json.dumps(content))
        return self._act(room, kind, {"state_key": key, **content})

    async def get_state(self, room: RoomId, kind: str, key: str) -> Mapping[str, Any] | None:
        self._inside(room)
        return self.state.get((room, kind, key), self.others.get((room, kind, key)))

    async def invite(self, room: RoomId, user: UserId, reason: str) -> None:
        self._inside(room)
        if user in self.uninvitable:
            raise Refused(self.uninvitable[user])
        self._member(room, user, "invite")
        self._act(room, "invite", {"user": user, "reason": reason})

    async def share_history(self, room: RoomId, user: UserId) -> bool:
        self._inside(room)
        known = self.others | self.state
        seen = known.get((room, "m.room.history_visibility", ""), {}).get("history_visibility")
        there = known.get((room, "m.room.member", user), {}).get("membership", "leave")
        may = (room, "m.room.encryption", "") in known and seen in SHARED_HISTORY
        given = may and there in ("leave", "knock") and user not in self.unconfirmed
        if given:
            self.histories.append((room, user))
        return given

    async def remove(self, room: RoomId, user: UserId, reason: str, how: str) -> None:
        self._inside(room)
        self._member(room, user, "ban" if how == "ban" else "leave")
        self._act(room, how, {"user": user, "reason": reason})

    async def join(self, room: RoomId) -> None:
        self._fail()
        self.left.discard(room)
        self._act(room, "join", {})

    async def leave(self, room: RoomId, reason: str = "") -> None:
        self._fail()
        if room not in self.left:
            self.left.add(room)
            self._act(room, "leave", {"reason": reason} if reason else {})

    async def make_private_room(self, user: UserId, alias: str) -> RoomId:
        self._fail()
        room = RoomId(f"!private-{alias}:test")
        if room in self.left:
            raise Refused("M_ROOM_IN_USE")
        self.state[room, "m.room.encryption", ""] = {"algorithm": "m.megolm.v1.aes-sha2"}
        blocked = self.uninvitable.get(user) == INVITE_BLOCKED
        if (room, user) not in self.made and not blocked:
            self.made.append((room, user))
            self._member(room, user, "invite")
        return room

    async def make_room(
        self, alias: str, name: str, topic: str, invite: list[UserId], kind: str = ""
    ) -> RoomId:
        self._fail()
        room = RoomId(f"!{alias}:test")
        if room in self.left:
            raise Refused("M_ROOM_IN_USE")
        if room not in self.opened:
            self.opened[room] = name
            self.state[room, "m.room.create", ""] = {"type": kind} if kind else {}
            self.state[room, "m.room.encryption", ""] = {"algorithm": "m.megolm.v1.aes-sha2"}
            self.state[room, "m.room.topic", ""] = {"topic": topic}
            for user in invite:
                if user not in self.uninvitable:
                    self._member(room, user, "invite")
        if self.lose_responses:
            raise TryLater("lost")
        return room

    async def make_public_room(self, alias: str, name: str, topic: str) -> RoomId:
        self._fail()
        room = RoomId(f"!{alias}:test")
        if room in self.left or self.opened.setdefault(room, name) != name:
            raise Refused("M_ROOM_IN_USE")
        self.state[room, "m.room.create", ""] = {PUBLIC_ROOM: True}
        return room

    async def accept_identity(self, user: UserId, key: str) -> None:
        self._fail()
        self.accepted.append((user, key))

    async def devices(self, user: UserId) -> Devices:
        self._fail()
        known = ("PHONE",) if user not in self.unconfirmed else ()
        others = tuple(self.unsigned.get(user, () if known else ("PHONE",)))
        if user == self.me:
            keys = {self.device: self.signing_keys.get(user, {}).get(self.device, "")}
            return Devices((self.device,), (), self.masters.get(user), keys)
        return Devices(known, others, self.masters.get(user), self.signing_keys.get(user, {}))

    async def profile_zone(self, user: UserId) -> str | None:
        self._fail()
        self.zones_read.append(user)
        return self.zones.get(user)

    async def lacks_signed_device(self, user: UserId) -> bool:
        self._fail()
        return user in self.unconfirmed

    async def upload(self, data: bytes, mime: str) -> Uploaded:
        self._fail()
        url = f"mxc://test/{len(self.files)}"
        self.files[url] = data
        return Uploaded({"url": url, "v": "v2"})

    async def download(self, media: Media, cap: int) -> bytes:
        self._fail()
        data = self.files.get(media.url)
        if data is None:
            raise Refused("M_NOT_FOUND")
        if len(data) > cap:
            raise Refused("M_TOO_LARGE")
        return data

    async def message(self, room: RoomId, event: EventId) -> Message | None:
        self._there(room, event)
        said = self.said.get(event)
        forgotten = self.keys_forgotten.get(room)
        return said if said and (forgotten is None or said.at >= forgotten) else None

    async def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        self._there(room, event)
        return self.polls.get((room, event))

    async def ban_rules(self, place: str) -> BanRules:
        self._fail()
        room = self.aliases.get(place, RoomId(place))
        found = [
            (kind.rpartition(".")[2], key, content)
            for (where, kind, key), content in self.state.items()
            if where == room and kind.startswith("m.policy.rule.")
        ]
        if not any(where == room for where, _kind, _key in self.state):
            raise Refused("M_NOT_FOUND")
        return room, found

    async def find_sent(self, room: RoomId, txn: str, since: datetime) -> EventId | None:
        self._inside(room)
        found = self.posted.get(txn)
        return found.event if found and found.room == room else None

    async def writers(self, room: RoomId, since: datetime) -> frozenset[UserId] | None:
        self._inside(room)
        return frozenset(p.sender for p in self.said.values() if p.room == room and p.at >= since)

    async def own_messages(self, room: RoomId, start: str | None) -> OwnMessages:
        self._inside(room)
        gone = {p.content["redacts"] for p in self.posted.values() if p.kind == "redact"}
        left = [
            (p.event, self.stamps[p.event])
            for txn, p in reversed(self.posted.items())
            if p.room == room and p.kind != "redact" and txn[:4] != "act-" and p.event not in gone
        ]
        after = (first := int(start or 0)) + OWN_PAGE
        return left[first:after], str(after) if after < len(left) else None

    async def is_redacted(self, room: RoomId, event: EventId) -> bool:
        self._there(room, event)
        return any(p.content.get("redacts") == event for p in self.posted.values())

    async def forget_keys(self, room: RoomId, before: datetime) -> None:
        self._inside(room)
        self.keys_forgotten[room] = before

    def _act(self, room: RoomId, kind: str, content: Mapping[str, Any]) -> EventId:
        return self.post(room, kind, content, f"act-{next(self._count)}")

    def post(self, room: RoomId, kind: str, content: Mapping[str, Any], txn: str) -> EventId:
        """Record a sent event, once for each transaction id, and return its id."""
        self._fail()
        if txn not in self.posted:
            event = EventId(f"$bot{next(self._count)}")
            self.posted[txn] = PostedEvent(room, kind, json.loads(json.dumps(content)), event)
            self.stamps[event] = self.now()
        if self.lose_responses:
            raise TryLater("lost")
        return self.posted[txn].event

    def _member(self, room: RoomId, user: UserId, now: str) -> None:
        self.state[room, "m.room.member", user] = {"membership": now}

    def _there(self, room: RoomId, event: EventId) -> None:
        self._inside(room)
        here = {(one.room, one.event) for one in self.posted.values()} | self.polls.keys()
        if (room, event) not in here and (event not in self.said or self.said[event].room != room):
            raise Refused("M_NOT_FOUND")

    def require_inside(self, room: RoomId, alone: UserId | None) -> None:
        """Raise `TryLater` while anybody but this person is in the room, or the server is away."""
        self._inside(room)
        for (where, kind, who), content in self.state.items():
            joined = (where, kind) == (room, "m.room.member") and content["membership"] == "join"
            if joined and alone is not None and who not in (self.me, alone):
                raise TryLater("not_alone")

    def _inside(self, room: RoomId) -> None:
        self._fail()
        if room in self.left:
            raise Refused("M_FORBIDDEN", "not in the room")

    def _fail(self) -> None:
        if self.broken:
            raise TryLater("away")
        if self.refuse:
            raise Refused(self.refuse)


def signer_of(gateway: FakeGateway) -> Signer:
    """Return the bot's signing key, derived from its user id."""
    seed = bytes(range(32)) if gateway.me == BOT else sha256(gateway.me.encode()).digest()
    return Signer.from_seed(gateway.me, seed, gateway.vouch)
