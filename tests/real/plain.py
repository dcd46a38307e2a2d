"""A fast member on plain nio, its device signed by its owner, that fills its own gaps."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import nio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nio.store import SqliteMemoryStore

from tests.real.heard import POLL_RESPONSE, Ear, Heard, What
from tests.real.patience import patient

ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}
FILTER = {
    "presence": {"not_types": ["*"]},
    "room": {"timeline": {"limit": 100}, "ephemeral": {"not_types": ["*"]}},
}
USAGES = ("master", "self_signing", "user_signing")


class PlainError(Exception):
    """The homeserver refused what a plain member asked."""


class Member:
    """One device on plain nio. `async with Member() as ana: await ana.login(…)`."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.memberships: dict[str, str] = {}
        self._client: nio.AsyncClient | None = None
        self._listener: asyncio.Task[None] | None = None
        self._unread: dict[str, nio.MegolmEvent] = {}
        self._identity: dict[str, Ed25519PrivateKey] = {}

    @property
    def client(self) -> nio.AsyncClient:
        assert self._client is not None, "not logged in"
        return self._client

    @property
    def user(self) -> str:
        return str(self.client.user_id)

    @property
    def device(self) -> str:
        return str(self.client.device_id)

    async def __aenter__(self) -> Member:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def login(
        self, url: str, user: str, password: str, *, sign: bool = True, listen: bool = True
    ) -> None:
        """A new device with a random id; returns when it listens."""
        config = nio.AsyncClientConfig(
            encryption_enabled=True, store=SqliteMemoryStore, store_sync_tokens=False
        )
        # nio wants a store path to open a store, also one in memory
        self._client = nio.AsyncClient(url, user, store_path="/nowhere", config=config)
        _kept(await self.client.login(password))
        self.ear.me = self.user
        _kept(await self.client.keys_upload())
        if sign:
            await self.sign()
        if listen:
            await self.look()
            self.resume()

    async def sign(self) -> None:
        """Make an identity and sign this device with it."""
        self._identity = await cross_sign(self.client)

    async def sign_device(self, other: Member) -> None:
        """Sign another device of the same person with the identity that this one made."""
        await sign_device(self.client, other.device, self._identity)

    async def look(self) -> None:
        """Where it is, who is there, and the last of what was said."""
        await self._sync_once(full=True)

    def resume(self) -> None:
        """Listen (again)."""
        self._listener = asyncio.create_task(self._listen())

    async def pause(self) -> None:
        """Stop listening; what is said meanwhile is found after `resume`."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def close(self) -> None:
        await self.pause()
        if self._client is not None:
            await self._client.close()

    # --- listening ---

    async def _listen(self) -> None:
        try:
            while True:
                await self._sync_once()
        except Exception as error:
            self.ear.break_off(error)
            raise

    async def _sync_once(self, *, full: bool = False) -> None:
        wait = 0 if full else 30_000
        answer = await self.client.sync(timeout=wait, sync_filter=FILTER, full_state=full)
        if not isinstance(answer, nio.SyncResponse):
            await asyncio.sleep(0.3)  # the homeserver is away: a pause between two tries
            return
        await self._keep_keys()
        for room, news in answer.rooms.join.items():
            for event in news.state:
                self._take(room, event)
            if news.timeline.limited:
                await self._fill(room, news.timeline.prev_batch)
            for event in news.timeline.events:
                self._take(room, event)
        self._memberships(answer)
        self._read_again()

    async def _keep_keys(self) -> None:
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()

    async def _fill(self, room: str, start: str) -> None:
        """Back until a whole page brings nothing new (without `to`: see docs/decisions/0010)."""
        missed: list[nio.Event] = []
        async for page in self._pages(room, start):
            fresh = [event for event in page if event.event_id not in self.ear.events]
            if not fresh:
                break
            missed.extend(fresh)
        for event in reversed(missed):
            self._take(room, event)

    async def _pages(self, room: str, start: str | None) -> Any:
        while True:
            page = await self.client.room_messages(room, start, limit=100)
            if not isinstance(page, nio.RoomMessagesResponse) or not page.chunk:
                return
            yield page.chunk
            start = page.end
            if start is None:
                return

    def _memberships(self, answer: nio.SyncResponse) -> None:
        known = [(answer.rooms.join, "join"), (answer.rooms.invite, "invite")]
        for rooms, now in [*known, (answer.rooms.leave, "leave")]:
            self.memberships.update(dict.fromkeys(rooms, now))
        self.ear.stir()

    def _take(self, room: str, event: nio.Event) -> None:
        heard, undecrypted = self._hear(room, event)
        if undecrypted is not None:
            self._unread[heard.id] = undecrypted
        self.ear.take_in(heard)

    def _hear(self, room: str, event: nio.Event) -> tuple[Heard, nio.MegolmEvent | None]:
        """Decrypted if its key is here; else also the event, to be tried again."""
        if isinstance(event, nio.MegolmEvent):
            event.room_id = room
            try:
                event = self.client.decrypt_event(event)
            except nio.EncryptionError as error:
                return _heard(room, event, str(error)), event
        # what came by sync nio has decrypted before we see it
        return _heard(room, event, None, encrypted=getattr(event, "decrypted", False)), None

    def _read_again(self) -> None:
        for event in list(self._unread.values()):
            heard, undecrypted = self._hear(event.room_id, event)
            if undecrypted is None:
                del self._unread[heard.id]
                self.ear.take_in(heard)

    async def hears(self, what: What, within: float = 20, **narrow: Any) -> Heard:
        """See `Ear.hears`; narrow by `room` and `sender`."""
        return await self.ear.hears(what, within, **narrow)

    async def timeline(self, room: str) -> list[Heard]:
        """Everything the server has of the room, oldest first, each event once."""
        found: dict[str, Heard] = {}
        async for page in self._pages(room, None):
            for event in page:
                found[event.event_id] = self._hear(room, event)[0]
        return list(reversed(found.values()))

    # --- rooms ---

    async def create_room(self, invite: Iterable[str] = (), version: str | None = None) -> str:
        """An encrypted room."""
        answer = _kept(
            await self.client.room_create(
                invite=list(invite), initial_state=[ENCRYPTION], room_version=version
            )
        )
        await self._entered(answer.room_id)
        return str(answer.room_id)

    async def invite(self, room: str, user: str) -> None:
        _kept(await self.client.room_invite(room, user))

    async def accept(self, room: str) -> None:
        """Wait for the invitation, then join."""
        await self.ear.until(lambda: self.memberships.get(room) == "invite")
        await self._enter(room, 20)

    async def called(self, within: float = 20) -> str:
        """The room to which somebody on another server invites; this member is in it then."""
        await self.ear.until(lambda: "invite" in self.memberships.values(), within)
        room = next(room for room, now in self.memberships.items() if now == "invite")
        await self._enter(room, within)
        return room

    async def _enter(self, room: str, within: float) -> None:
        """Join a room to which they are invited.

        The inviter's server tells ours before it keeps the invitation itself: who joins within
        that moment is refused.
        """
        async with asyncio.timeout(patient(within)):
            while isinstance(await self.client.join(room), nio.ErrorResponse):  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # nothing tells when it is kept
        await self._entered(room)

    async def _entered(self, room: str) -> None:
        await self.ear.until(lambda: self.memberships.get(room) == "join")

    async def joined(self, room: str, user: str, within: float = 30) -> None:
        """Wait until the person is in the room, as far as this member has heard."""

        def holds() -> bool:
            people = self.client.rooms[room].users
            return user in people and not people[user].invited

        await self.ear.until(holds, within)

    # --- talk ---

    async def send(self, room: str, text: str, txn: str | None = None) -> str:
        """Returns the event id. The same `txn` posts once, however often it is tried."""
        content = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        return await self.send_event(room, "m.room.message", content, txn)

    async def send_event(
        self, room: str, kind: str, content: Mapping[str, Any], txn: str | None = None
    ) -> str:
        answer = await self.client.room_send(
            room, kind, dict(content), txn or uuid4().hex, ignore_unverified_devices=True
        )
        return str(_kept(answer).event_id)

    async def edit(self, room: str, event: str, text: str) -> str:
        """Put other words in the place of a message of their own. Return the edit's id."""
        new = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        relates = {"rel_type": "m.replace", "event_id": event}
        content = new | {"body": f"* {text}", "m.new_content": new, "m.relates_to": relates}
        return await self.send_event(room, "m.room.message", content)

    async def redact(self, room: str, event: str) -> str:
        """Take an event away. Return the redaction's id."""
        return str(_kept(await self.client.room_redact(room, event)).event_id)

    async def send_all(self, room: str, texts: Iterable[str]) -> list[str]:
        """One after the other, as fast as the homeserver takes them."""
        return [await self.send(room, text) for text in texts]

    async def vote(self, room: str, poll: Heard, *labels: str) -> str:
        """Tap answers of a native poll; none takes the vote back."""
        content = {
            "m.relates_to": {"rel_type": "m.reference", "event_id": poll.id},
            POLL_RESPONSE: {"answers": [poll.answers[label] for label in labels]},
        }
        return await self.send_event(room, POLL_RESPONSE, content)


def _kept(answer: Any) -> Any:
    """nio returns its errors; here they are raised."""
    if isinstance(answer, nio.ErrorResponse):
        raise PlainError(str(answer))
    return answer


def _heard(room: str, event: nio.Event, failure: str | None, *, encrypted: bool = True) -> Heard:
    source = event.source
    return Heard(
        id=event.event_id,
        room=room,
        sender=event.sender,
        type=source["type"],
        content=source.get("content", {}),
        at=event.server_timestamp,
        state_key=source.get("state_key"),
        relation=source.get("content", {}).get("m.relates_to"),
        encrypted=encrypted,
        failure=failure,
        session=getattr(event, "session_id", None),
    )


# --- cross-signing ---


def unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


def canonical(thing: Mapping[str, Any]) -> bytes:
    bare = {key: part for key, part in thing.items() if key not in ("signatures", "unsigned")}
    return json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def public(key: Ed25519PrivateKey) -> str:
    return unpadded(key.public_key().public_bytes_raw())


def add_signature(
    thing: dict[str, Any], user: str, key: Ed25519PrivateKey, name: str
) -> dict[str, Any]:
    signatures = thing.setdefault("signatures", {}).setdefault(user, {})
    signatures[f"ed25519:{name}"] = unpadded(key.sign(canonical(thing)))
    return thing


async def cross_sign(client: nio.AsyncClient) -> dict[str, Ed25519PrivateKey]:
    """Publish new cross-signing keys of the account and sign this device with them."""
    user, device = str(client.user_id), str(client.device_id)
    keys = {usage: Ed25519PrivateKey.generate() for usage in USAGES}
    upload = {f"{usage}_key": _key_object(user, usage, keys[usage]) for usage in USAGES}
    for usage in ("self_signing", "user_signing"):
        add_signature(upload[f"{usage}_key"], user, keys["master"], public(keys["master"]))
    await post(client, "keys/device_signing/upload", upload)
    await sign_device(client, device, keys)
    return keys


async def sign_device(
    client: nio.AsyncClient, device: str, keys: Mapping[str, Ed25519PrivateKey]
) -> None:
    """Sign a device of the account with its cross-signing keys."""
    user = str(client.user_id)
    answer = await post(client, "keys/query", {"device_keys": {user: [device]}})
    own = answer["device_keys"][user][device]
    own.pop("unsigned", None)
    add_signature(own, user, keys["self_signing"], public(keys["self_signing"]))
    failures = await post(client, "keys/signatures/upload", {user: {device: own}})
    if failures["failures"]:
        raise PlainError(f"signing the device: {failures}")


def _key_object(user: str, usage: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    return {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public(key)}": public(key)}}


async def post(client: nio.AsyncClient, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST to the client API, and return the answer. Raises `PlainError`."""
    headers = {"Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {client.access_token}"
    answer = await client.send("POST", f"/_matrix/client/v3/{path}", json.dumps(body), headers)
    said: dict[str, Any] = await answer.json()
    if answer.status != 200:
        raise PlainError(f"{path}: {answer.status} {said}")
    return said
