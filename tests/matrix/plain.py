"""The canary: matrix-nio 0.26.0 as it comes, on the same fake server. It fails; we must not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nio import (
    AsyncClient,
    AsyncClientConfig,
    ErrorResponse,
    MatrixRoom,
    RoomMessageText,
    SyncResponse,
    ToDeviceError,
)
from nio.crypto import Olm, OlmDevice, Session
from nio.events import Event, MegolmEvent, ToDeviceEvent
from nio.responses import KeysClaimResponse, KeysQueryResponse, KeysUploadResponse
from nio.store import SqliteStore

from bot.types import UserId
from tests.matrix.homeserver import ME
from tests.matrix.keyserver import KeyServer, Line
from tests.matrix.people import ROOM, Person

_V3 = "/_matrix/client/v3"
PLAIN = "NIO"
"""The device of nio's client beside ours, and its access token (`tests/matrix/beside.py`)."""


class PlainBot:
    """A device that runs nothing but nio's own objects."""

    def __init__(self, server: KeyServer, folder: Path, name: str, device: str = "NIO") -> None:
        self.server, self.folder = server, folder
        self.user, self.device = UserId(f"@{name}:one.example"), device
        self.restart()

    def restart(self) -> None:
        store = SqliteStore(self.user, self.device, str(self.folder))
        self.olm = Olm(self.user, self.device, store)

    @property
    def http(self) -> Line:
        return self.server.http(self.user, self.device)

    async def upload(self) -> None:
        answer = await self.http.call("POST", f"{_V3}/keys/upload", self.olm.share_keys())
        self.olm.handle_response(KeysUploadResponse.from_dict(answer))

    async def query(self, users: Sequence[str]) -> None:
        body: dict[str, Any] = {"device_keys": {u: [] for u in users}}
        answer = await self.http.call("POST", f"{_V3}/keys/query", body)
        self.olm.handle_response(KeysQueryResponse.from_dict(answer))

    async def claim(self, users: list[str]) -> None:
        missing = self.olm.get_missing_sessions(users)
        wanted = {u: dict.fromkeys(ds, "signed_curve25519") for u, ds in missing.items()}
        answer = await self.http.call("POST", f"{_V3}/keys/claim", {"one_time_keys": wanted})
        self.olm.handle_response(KeysClaimResponse.from_dict(answer, ROOM))

    def to_device(self, events: Sequence[Mapping[str, Any]]) -> list[Any]:
        parsed = [ToDeviceEvent.parse_event(dict(e)) for e in events]
        return [self.olm.handle_to_device_event(e) for e in parsed]

    def sync(self) -> None:
        self.to_device(self.server.take(self.user, self.device))

    def parse(self, said: Mapping[str, Any]) -> Any:
        return Event.parse_encrypted_event(dict(said))

    def hear(self, said: Mapping[str, Any]) -> Any:
        megolm = self.parse(said)
        assert isinstance(megolm, MegolmEvent)
        return self.olm.decrypt_megolm_event(megolm, ROOM)


async def plain_bot(
    server: KeyServer, folder: Path, name: str = "nio", device: str = "NIO"
) -> PlainBot:
    bot = PlainBot(server, folder, name, device)
    await bot.upload()
    return bot


class PlainClient:
    """A bot as nio's examples write it: `sync_forever`, callbacks, nio keeps the sync token.

    `handle` is its handler of messages. `heard` is what was handed to it, `errors` how many
    answers were errors.
    """

    def __init__(
        self, url: str, folder: Path, handle: Callable[[Any], Awaitable[None]] | None = None
    ) -> None:
        self.heard: list[Any] = []
        self.errors = 0
        self._handle = handle
        config = AsyncClientConfig(store=SqliteStore, store_sync_tokens=True)
        self.client = AsyncClient(url, ME, PLAIN, store_path=str(folder), config=config)
        self.client.restore_login(ME, PLAIN, PLAIN)
        self.client.add_event_callback(self._hear, (RoomMessageText, MegolmEvent))
        self.client.add_response_callback(self._answered, (SyncResponse, ErrorResponse))

    async def _hear(self, _: MatrixRoom, event: Any) -> None:
        self.heard.append(event)
        if self._handle is not None:
            await self._handle(event)

    async def _answered(self, answer: Any) -> None:
        self.errors += isinstance(answer, ErrorResponse)
        if isinstance(answer, SyncResponse) and not (answer.to_device_events or answer.rooms.join):
            self.client.stop_sync_forever()

    async def catch_up(self) -> None:
        """nio's own loop until the server has nothing more to tell."""
        await self.client.sync_forever(timeout=0)

    @property
    def texts(self) -> list[str]:
        return [e.body for e in self.heard if isinstance(e, RoomMessageText)]


def _client(folder: Path, device: str) -> Any:
    client = AsyncClient(
        "http://one.example",
        "@nio:one.example",
        device_id=device,
        store_path=str(folder),
        config=AsyncClientConfig(store=SqliteStore),
    )
    client.user_id, client.access_token = "@nio:one.example", "t"
    client.load_store()
    return client


async def shares_once_and_never_again(folder: Path, someone: Person) -> bool:
    """A plain client's request to hand out a key fails. Does it call the session shared?"""
    client = _client(folder, "SHARE")
    device = OlmDevice(someone.user, "PHONE", {"ed25519": "e", "curve25519": "c"})
    client.olm.device_store.add(device)
    client.olm.store.save_device_keys({someone.user: {"PHONE": device}})
    client.olm.session_store.add("c", Session())
    client.olm._olm_encrypt = lambda *_: {}
    client.rooms[ROOM] = MatrixRoom(ROOM, client.user_id, encrypted=True)
    client.rooms[ROOM].add_member(someone.user, "", None)
    sent = []

    async def fail(*request: Any, **_: Any) -> Any:
        sent.append(request)
        return ToDeviceError("refused")

    client._send = fail
    client.get_missing_sessions = lambda _: {}
    await client.share_group_session(ROOM, ignore_unverified_devices=True)
    return len(sent) == 1 and not client.olm.should_share_group_session(ROOM)


def should_upload_after(folder: Path, counts: Mapping[str, int]) -> bool:
    """Would a plain client upload keys after a sync with these counts?"""
    client = _client(folder, "COUNTS")
    client.olm.account.shared = True
    sync = {"next_batch": "s", "device_one_time_keys_count": dict(counts)}
    client._handle_olm_events(SyncResponse.from_dict(sync))
    return bool(client.should_upload_keys)
