"""A person in the demo: an account that uses our own encryption and a small sync loop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.delivery.event_content import POLL_TYPE, TEXT_TYPE
from bot.gateway import TryLater
from bot.matrix.crypto.bot_identity import establish_identity
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.crypto.guard import BadCipher, NoKey
from bot.matrix.http import Http, path_segment
from bot.matrix.login import Account, sign_in
from bot.run.machine import migrate_database
from bot.types import RoomId, UserId
from storage.database import Database
from storage.encryption.keys import DATABASE, KEY_STORE, Keys
from storage.membership.room import Room

V3 = "/_matrix/client/v3"
ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}
POLL_SECONDS = 20
INVITATION = "invitation"
"""Our own event kind for an invitation. Of its room only the name is known."""


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One decrypted event of a room."""

    event: str
    room: RoomId
    sender: UserId
    kind: str
    content: Mapping[str, Any]

    @property
    def is_edit(self) -> bool:
        """Whether the event replaces an earlier message."""
        return isinstance(self.content.get("m.new_content"), dict)

    @property
    def text(self) -> str:
        """The text that a person reads: of an edit the new text, of a poll the question too."""
        new = self.content.get("m.new_content")
        body = (new if isinstance(new, dict) else self.content).get("body")
        return body if isinstance(body, str) else ""

    @property
    def options(self) -> dict[str, str]:
        """The answers of a poll, as ids by label."""
        answers = self.content.get(f"{POLL_TYPE}.start", {}).get("answers", [])
        return {str(one.get(TEXT_TYPE)): str(one.get("id")) for one in answers}

    @property
    def invites_to(self) -> str:
        """The name of the room to which this event invites, or None if it is no invitation."""
        return str(self.content.get("name", "")) if self.kind == INVITATION else ""

    @property
    def target(self) -> str | None:
        """The id of the event that this one refers to, or None."""
        relates = self.content.get("m.relates_to")
        return relates.get("event_id") if isinstance(relates, dict) else None


class DemoMember:
    """One account and device. `log_in` creates it; `listen` runs until cancelled."""

    def __init__(self, http: Http, db: Database, machine: CryptoMachine) -> None:
        self.events: list[RoomEvent] = []
        self._http, self._db, self._machine = http, db, machine
        self._sealed: list[tuple[RoomId, Mapping[str, Any]]] = []
        self._news = asyncio.Event()
        self._token = ""

    @classmethod
    async def log_in(cls, account: Account, folder: Path) -> DemoMember:
        """Log in as a new signed device, whose data is stored encrypted in `folder`, and return the
        member."""
        folder.mkdir(mode=0o700, parents=True)
        keys, http = Keys.from_root(secrets.token_bytes(32)), Http(account.homeserver)
        db = await Database.open(folder / DATABASE, keys.db)
        try:
            await migrate_database(db, [])
            device = await sign_in(http, db, keys.xsign, account)
            path, pickle = folder / KEY_STORE, keys.nio_pickle
            machine = CryptoMachine.open(
                path, account.user, device, db_key=keys.niodb, pickle_key=pickle
            )
            await machine.maintain(http)
            await establish_identity(http, db, keys.xsign, machine, account.password)
        except BaseException:
            await http.close()
            await db.close()
            raise
        return cls(http, db, machine)

    async def close(self) -> None:
        """Close the connection and the databases."""
        await self._http.close()
        self._machine.close()
        await self._db.close()

    @property
    def user(self) -> UserId:
        """The member's user id on the demo's homeserver."""
        return self._machine.user

    # --- hearing ------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Sync until cancelled: first the keys, then the events."""
        while True:
            try:
                await self._sync_once()
            except TryLater:
                await asyncio.sleep(1)

    async def wait_for(
        self, wanted: Callable[[RoomEvent], Any], within: float, since: int = 0
    ) -> RoomEvent:
        """Return the first event, from index `since` on, for which `wanted` is true. Raises
        `TimeoutError`."""
        async with asyncio.timeout(within):
            while True:
                self._news.clear()
                for said in self.events[since:]:
                    if wanted(said):
                        return said
                    since += 1
                await self._news.wait()

    async def _sync_once(self) -> None:
        query = {"timeout": str(POLL_SECONDS * 1000)}
        if self._token:
            query["since"] = self._token
        answer = await self._http.call("GET", f"{V3}/sync", query=query, timeout=POLL_SECONDS + 20)
        await self._take_keys(answer)
        for room, section in answer.get("rooms", {}).get("join", {}).items():
            for event in section.get("timeline", {}).get("events", []):
                self._add_event(RoomId(room), event)
        for room, section in answer.get("rooms", {}).get("invite", {}).items():
            self._add_invitation(RoomId(room), section.get("invite_state", {}).get("events", []))
        self._token = str(answer["next_batch"])

    def _add_invitation(self, room: RoomId, state: list[Mapping[str, Any]]) -> None:
        mine = [one for one in state if one.get("state_key") == self.user]
        names = [one["content"] for one in state if one.get("type") == "m.room.name"]
        sender = UserId(str(mine[0].get("sender"))) if mine else self.user
        self.events.append(RoomEvent("", room, sender, INVITATION, names[0] if names else {}))
        self._news.set()

    async def _take_keys(self, answer: Mapping[str, Any]) -> None:
        lists = answer.get("device_lists", {})
        self._machine.note_device_lists(lists.get("changed", []), lists.get("left", []))
        self._machine.receive_to_device(answer.get("to_device", {}).get("events", []))
        counts = answer.get("device_one_time_keys_count", {})
        self._machine.note_key_counts(counts, answer.get("device_unused_fallback_key_types"))
        await self._machine.maintain(self._http)
        sealed, self._sealed = self._sealed, []
        for room, event in sealed:
            self._add_event(room, event)

    def _add_event(self, room: RoomId, event: Mapping[str, Any]) -> None:
        kind, content = str(event.get("type")), event.get("content", {})
        if kind == "m.room.encrypted":
            try:
                plain = self._machine.decrypt(room, event)
            except NoKey:
                self._sealed.append((room, event))
                return
            except BadCipher:
                return
            kind, content = plain.type, plain.content
        sender = UserId(str(event.get("sender")))
        self.events.append(RoomEvent(str(event.get("event_id")), room, sender, kind, content))
        self._news.set()

    # --- saying -------------------------------------------------------------------------------

    async def make_room(self, name: str, invite: Sequence[str], *, direct: bool = False) -> RoomId:
        """Create an encrypted room of version 12, and return its id."""
        body = {
            "preset": "trusted_private_chat" if direct else "private_chat",
            "room_version": "12",
            "invite": list(invite),
            "is_direct": direct,
            "initial_state": [
                {"type": "m.room.encryption", "state_key": "", "content": ENCRYPTION}
            ],
        } | ({"name": name} if name else {})
        answer = await self._http.call("POST", f"{V3}/createRoom", body)
        return RoomId(str(answer["room_id"]))

    async def join(self, room: str) -> RoomId:
        """Join the room with this id or address, and return its id."""
        answer = await self._http.call("POST", f"{V3}/join/{path_segment(room)}", {})
        return RoomId(str(answer["room_id"]))

    async def knock(self, room: RoomId) -> None:
        """Knock at a room."""
        await self._http.call("POST", f"{V3}/knock/{path_segment(room)}", {})

    async def make_door(self, room: RoomId) -> None:
        """Make the member's room one at which people can knock."""
        where = f"{V3}/rooms/{path_segment(room)}/state/m.room.join_rules"
        await self._http.call("PUT", where, {"join_rule": "knock"})

    async def say(self, room: RoomId, text: str) -> str:
        """Send a message and return its event id."""
        return await self.send(room, "m.room.message", {"msgtype": "m.text", "body": text})

    async def vote(self, poll: RoomEvent, option: str) -> str:
        """Vote for an option of a native poll, and return the event id."""
        content = {
            "m.relates_to": {"rel_type": "m.reference", "event_id": poll.event},
            f"{POLL_TYPE}.response": {"answers": [poll.options[option]]},
        }
        return await self.send(poll.room, f"{POLL_TYPE}.response", content)

    async def send(self, room: RoomId, kind: str, content: Mapping[str, Any]) -> str:
        """Send an event, encrypted for those joined at the moment. Return its event id."""
        where = f"{V3}/rooms/{path_segment(room)}"
        joined = (await self._http.call("GET", f"{where}/joined_members"))["joined"]
        people = [UserId(user) for user in joined]
        sealed = await self._machine.encrypt(self._http, _as_room(room), people, kind, content)
        path = f"{where}/send/m.room.encrypted/{secrets.token_hex(8)}"
        return str((await self._http.call("PUT", path, sealed))["event_id"])


def _as_room(room: RoomId) -> Room:
    """Return what encryption needs to know of a room that we created."""
    now = datetime.now(UTC)
    return Room(
        *(room, "12", frozenset(), {}, ENCRYPTION, "", "invite", "shared", "", None, None),
        joined=True,
        entered=now,
        private_of=None,
    )
