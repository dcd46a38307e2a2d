"""Fetch and decrypt single events of a room on demand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.gateway import BanRules, OwnMessages
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.crypto.guard import BadCipher, DecryptedEvent, NoKey
from bot.matrix.fields import as_mapping, clean_text, is_event_id, is_user_id, sent_at, stamp_time
from bot.matrix.http import Http, path_segment
from bot.matrix.sync import state_events, translation
from bot.matrix.sync.translation import CheckedEvent
from bot.types import (
    EditedMessage,
    EventId,
    MemberPoll,
    Message,
    PollEnd,
    PollVote,
    RoomId,
    Trust,
    UserId,
)
from storage.membership.room import Room

PAGE_EVENTS = 100
MOST_PAGES = 50
"""Limit of pages with a poll's responses: at most 5,000 are read."""
MOST_SKIPPED = 50
"""How many people who were seen already the server leaves out of further pages."""
POLL_START = "org.matrix.msc3381.poll.start"
DISCLOSED_KINDS = ("m.disclosed", "org.matrix.msc3381.poll.disclosed")
"""Poll kinds that show counts before the end; all others do not (MSC3381)."""


def _has_sender(event: object) -> bool:
    return isinstance(event, dict) and is_user_id(event.get("sender"))


def _is_redacted(message: Mapping[str, Any]) -> bool:
    """Return whether a message is redacted: its content is empty then (spec, redactions)."""
    told = as_mapping(message.get("unsigned"))
    return "redacted_because" in told or not message.get("content")


class Lookup:
    """Asks the server for single events. Raises `Refused` if it has none that we may see."""

    def __init__(self, http: Http, machine: CryptoMachine) -> None:
        self._http = http
        self._machine = machine
        self._ours = json.dumps({"senders": [machine.user], "not_types": ["m.room.redaction"]})

    async def ban_rules(self, place: str) -> BanRules:
        """Return the room of an id or alias, and the ban rules in it: kind, state key, content."""
        room = place
        if place.startswith("#"):
            found = await self._http.call(
                "GET", f"/_matrix/client/v3/directory/room/{path_segment(place)}"
            )
            room = clean_text(found.get("room_id"), 255)
        state = await self._http.get_list(f"/_matrix/client/v3/rooms/{path_segment(room)}/state")
        rules = [
            (
                state_events.RULE_KINDS[kind],
                str(event["state_key"]),
                as_mapping(event.get("content")),
            )
            for event in state
            if (kind := event.get("type")) in state_events.RULE_KINDS
            and isinstance(event.get("state_key"), str)
        ]
        return RoomId(room), rules

    async def message(self, room: Room, event: EventId) -> Message | None:
        """Return a message with its latest edit, and its file; None if it is no message or cannot
        be read."""
        raw = await self._event(room.room, event)
        await self._query_senders([raw])
        heard, plain = self._decrypt(room, raw)
        if heard is None or plain is None:
            return None
        found = translation.read_event(heard, plain.type, plain.content, plain.trust)
        return self._with_last_edit(room, heard, found) if isinstance(found, Message) else None

    def _with_last_edit(self, room: Room, heard: CheckedEvent, found: Message) -> Message:
        """Return the message with its last edit, which the server bundles (spec v1.4)."""
        told = as_mapping(heard.unsigned.get("m.relations")).get("m.replace")
        later, plain = self._decrypt(room, told) if isinstance(told, Mapping) else (None, None)
        if later is None or plain is None or later.sender != found.sender:
            return found
        edit = translation.read_event(later, plain.type, plain.content, plain.trust)
        if not isinstance(edit, EditedMessage) or edit.target != found.event:
            return found
        return replace(
            found,
            text=edit.text,
            mentions=edit.mentions,
            trust=edit.trust,
            edited_at=edit.at,
        )

    async def poll(self, room: Room, event: EventId) -> MemberPoll | None:
        """Return a native poll with its responses; None if it is none or cannot be read now.

        An end counts if it is from the author or from somebody who may redact; the first one
        (MSC3381).
        """
        raw = await self._event(room.room, event)
        await self._query_senders([raw])
        heard, plain = self._decrypt(room, raw)
        if heard is None or plain is None or plain.type not in ("m.poll.start", POLL_START):
            return None
        start = as_mapping(plain.content.get(POLL_START)) or as_mapping(plain.content.get("m.poll"))
        answers = _poll_answers(start.get("answers"))
        votes: list[PollVote] = []
        ends: list[tuple[bool, int, Trust]] = []
        unread = 0
        responses = [raw async for raw in self._responses(room.room, event)]
        whole = None not in responses
        found = [raw for raw in responses if raw is not None]
        await self._query_senders(found)
        for raw in found:
            response, opened = self._decrypt(room, raw)
            if response is None:
                continue
            if opened is None:
                unread += 1
                continue
            said = translation.read_event(response, opened.type, opened.content, opened.trust)
            if getattr(said, "trust", None) is Trust.REPLACED:
                continue
            if isinstance(said, PollVote) and said.poll == event:
                votes.append(said)
            elif isinstance(said, PollEnd) and said.poll == event:
                may = said.sender == heard.sender
                if may or room.power_of(said.sender) >= room.power_to("redact"):
                    ends.append((said.trust is not Trust.SIGNED, response.stamp, said.trust))
        most = start.get("max_selections")
        end = min(ends, default=None)  # one from a signed device before any other
        return MemberPoll(
            event,
            heard.sender,
            _poll_text(as_mapping(start.get("question"))),
            answers,
            min(max(most, 1), max(len(answers), 1)) if isinstance(most, int) else 1,
            tuple(votes),
            end[1] if end else None,
            unread,
            whole,
            start.get("kind") in DISCLOSED_KINDS,
            end[2] if end else Trust.SIGNED,
        )

    async def own_messages(self, room: RoomId, start: str | None) -> OwnMessages:
        """Return a page of the bot's messages, as `Gateway.own_messages` promises. The server
        filters by sender."""
        query = {"dir": "b", "limit": str(PAGE_EVENTS), "filter": self._ours}
        if start is not None:
            query["from"] = start
        path = f"/_matrix/client/v3/rooms/{path_segment(room)}/messages"
        page = await self._http.call("GET", path, query=query)
        chunk = page.get("chunk")
        found = [
            (EventId(str(event["event_id"])), sent_at(event))
            for event in (chunk if isinstance(chunk, list) else [])
            if isinstance(event, dict) and self._is_ours(event)
        ]
        end = page.get("end")
        return found, end if isinstance(end, str) else None

    async def is_redacted(self, room: RoomId, event: EventId) -> bool:
        """Return whether a message was redacted, as `Gateway.is_redacted` promises."""
        return _is_redacted(await self._event(room, event))

    async def writers(self, room: RoomId, since: datetime) -> frozenset[UserId] | None:
        """Return who sent any event in the room since then, as `Gateway.writers` promises.

        Each further page leaves out the people seen most often so far (`MOST_SKIPPED`), so that few
        pages are enough in a busy room.
        """
        counted: Counter[UserId] = Counter()
        start: str | None = None
        for _page in range(MOST_PAGES):
            seen = [who for who, _count in counted.most_common(MOST_SKIPPED)]
            query = {
                "dir": "b",
                "limit": str(PAGE_EVENTS),
                "filter": json.dumps({"not_senders": seen, "lazy_load_members": True}),
            } | ({"from": start} if start is not None else {})
            path = f"/_matrix/client/v3/rooms/{path_segment(room)}/messages"
            page = await self._http.call("GET", path, query=query)
            chunk, end = page.get("chunk"), page.get("end")
            events = [one for one in (chunk if isinstance(chunk, list) else []) if _has_sender(one)]
            counted.update(UserId(one["sender"]) for one in events if sent_at(one) >= since)
            is_over = bool(events) and all(sent_at(one) < since for one in events)
            if is_over or not isinstance(end, str):
                return frozenset(counted)
            start = end
        return None

    def _is_ours(self, event: Mapping[str, Any]) -> bool:
        """Return whether we sent it and it still exists.

        State is not included: it is not redacted.
        """
        if event.get("sender") != self._machine.user or "state_key" in event:
            return False
        return is_event_id(event.get("event_id")) and not _is_redacted(event)

    async def _event(self, room: RoomId, event: EventId) -> Mapping[str, Any]:
        path = f"/_matrix/client/v3/rooms/{path_segment(room)}/event/{path_segment(event)}"
        return await self._http.call("GET", path)

    async def _responses(
        self, room: RoomId, event: EventId
    ) -> AsyncIterator[Mapping[str, Any] | None]:
        """Yield all events that refer to the event; None at the end if there are more than are
        read."""
        related = f"{path_segment(room)}/relations/{path_segment(event)}"
        path = f"/_matrix/client/v1/rooms/{related}/m.reference"
        query = {"dir": "b", "limit": str(PAGE_EVENTS)}
        for _ in range(MOST_PAGES):
            page = await self._http.call("GET", path, query=query)
            chunk = page.get("chunk")
            for raw in chunk if isinstance(chunk, list) else []:
                if isinstance(raw, dict):
                    yield raw
            after = page.get("next_batch")
            if not isinstance(after, str):
                return
            query["from"] = after
        yield None

    async def _query_senders(self, found: Sequence[Mapping[str, Any]]) -> None:
        """Query the devices of senders whom we do not know any more."""
        sealed = [raw for raw in found if raw.get("type") == "m.room.encrypted"]
        senders = {UserId(raw["sender"]) for raw in sealed if is_user_id(raw.get("sender"))}
        await self._machine.query_unknown(self._http, senders)

    def _decrypt(
        self, room: Room, raw: Mapping[str, Any]
    ) -> tuple[CheckedEvent | None, DecryptedEvent | None]:
        """Return the checked event and its decrypted content, or None without a key or trust."""
        heard = translation.check_event(room.room, raw, stamp_time, late=True)
        if heard is None or heard.state_key is not None or "redacted_because" in heard.unsigned:
            return None, None
        if heard.kind != "m.room.encrypted":
            plain = DecryptedEvent(heard.kind, dict(heard.content), Trust.PLAIN, "", "")
            return (None, None) if room.is_encrypted else (heard, plain)
        try:
            return heard, self._machine.decrypt(room.room, raw)
        except (NoKey, BadCipher):
            return heard, None


def _poll_answers(given: Any) -> tuple[tuple[str, str], ...]:
    """Return id and label of at most twenty answers. An answer without an id cannot be voted
    for."""
    found = [as_mapping(a) for a in (given if isinstance(given, list) else [])]
    named = [(a.get("id", a.get("m.id")), _poll_text(a)) for a in found[: translation.MOST_ANSWERS]]
    return tuple((clean_text(key, 255), label) for key, label in named if isinstance(key, str))


def _poll_text(given: Mapping[str, Any]) -> str:
    """Return the text in any of the forms that clients send."""
    plain = given.get("org.matrix.msc1767.text", given.get("body"))
    if isinstance(plain, str):
        return clean_text(plain, 500)
    parts = given.get("m.text")
    bodies = [as_mapping(p).get("body") for p in parts] if isinstance(parts, list) else [parts]
    return next((clean_text(body, 500) for body in bodies if isinstance(body, str)), "")
