"""A room of people on plain nio and the bot, with a proxy between the bot and its homeserver."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import sqlcipher3

from storage.encryption.keys import DATABASE, KEY_STORE
from storage.encryption.root_key import unlock
from tests.real.botprocess import BotProcess
from tests.real.fixtures import EnterPlain
from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.proxy import Proxy
from tests.real.servers import Pair

PATIENT = 120.0
TASK = "!recordar en 30 días; tarea {}"
"""A command whose answer has a number of its own and says the task."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The bot, people and a room, all on one homeserver; the first person moderates the network."""

    bot: BotProcess
    proxy: Proxy
    members: list[Member]
    room: str

    @property
    def ana(self) -> Member:
        return self.members[0]

    def replies(self, room: str = "") -> Counter[str]:
        """Return how many answers Ana has heard to each event."""
        heard = self.ana.ear.all(room or self.room, self.bot.user)
        return Counter(one.reply_to for one in heard if one.reply_to)

    async def answered(
        self, events: Iterable[str], within: float = PATIENT, room: str = ""
    ) -> None:
        """Wait until Ana has heard an answer to each of these."""
        wanted = set(events)
        await self.ana.ear.until(lambda: wanted <= set(self.replies(room)), within)

    async def asks(self, text: str, member: Member | None = None, room: str = "") -> str:
        """Send a line, wait for the reply, and return its text."""
        event = await (member or self.ana).send(room or self.room, text)
        await self.answered([event], room=room)
        heard = self.ana.ear.all(room or self.room, self.bot.user)
        return next(one.text for one in heard if one.reply_to == event)

    async def asks_for(self, text: str, answer: str) -> None:
        """Send a line and wait for words of the bot that need not be a reply to it."""
        await self.ana.send(self.room, text)
        await self.ana.hears(answer, PATIENT, room=self.room, sender=self.bot.user)

    async def all_replies(self, room: str = "") -> Counter[str]:
        """Return how many answers the room holds to each event, as the server has it."""
        heard = await self.ana.timeline(room or self.room)
        ours = [one for one in heard if one.sender == self.bot.user]
        return Counter(one.reply_to for one in ours if one.reply_to)


@asynccontextmanager
async def scene(
    pair: Pair,
    plain: EnterPlain,
    folder: Path,
    members: int = 1,
    *,
    moderators: int = 1,
    **options: Any,
) -> AsyncIterator[Scene]:
    """Open a room with the bot in it; `options` are those of `BotProcess`."""
    people = [await plain(pair.person(f"m{number}", pair.a)) for number in range(members)]
    account, hosts = pair.person("minga", pair.a), [one.user for one in people[:moderators]]
    async with Proxy(pair.a.url) as proxy:
        options = {"homeserver": proxy.url} | options
        async with BotProcess(folder, account, moderators=hosts, **options) as bot:
            room = await a_room(people, bot)
            yield Scene(bot, proxy, people, room)


async def a_room(
    people: list[Member], bot: BotProcess, version: str | None = None, host: int = 0
) -> str:
    """Open an encrypted room of these people and the bot, and return its id.

    The first of them makes it; the one at `host`, who moderates the network, invites the bot.
    Returns once its first words were heard.
    """
    first, *others = people
    room = await first.create_room([one.user for one in others], version)
    for one in others:
        await one.accept(room)
    inviter = people[host]
    await inviter.invite(room, bot.user)
    for one in people:
        await one.joined(room, bot.user)
    await inviter.hears(lambda heard: heard.type == "m.room.message", room=room, sender=bot.user)
    return room


def replies_to(event: str) -> Callable[[Heard], bool]:
    """Return a predicate that is true for replies to this event."""
    return lambda heard: heard.reply_to == event


# --- what a hostile member or server does --------------------------------------------------------


async def call(member: Member, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Ask the homeserver as this member; return the status and the answer."""
    headers = {"Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {member.client.access_token}"
    data = None if body is None else json.dumps(body)
    answer = await member.client.send(method, f"/_matrix/client/v3/{path}", data, headers)
    return answer.status, await answer.json()


async def put(member: Member, room: str, kind: str, content: Any) -> str:
    """Send any event as it is; return its id."""
    path = f"rooms/{quote(room, safe='')}/send/{kind}/{uuid4().hex}"
    status, said = await call(member, "PUT", path, content)
    assert status == 200, said
    return str(said["event_id"])


async def share(member: Member, room: str) -> None:
    """Give everybody in the room the key of what this member sends next."""
    client = member.client
    if client.olm is not None and client.olm.should_share_group_session(room):
        await client.share_group_session(room, ignore_unverified_devices=True)


def seal(member: Member, room: str, payload: bytes) -> dict[str, Any]:
    """Return the content of an encrypted event with any bytes inside, after `share`."""
    olm = member.client.olm
    assert olm is not None
    session = olm.outbound_group_sessions[room]
    return {
        "algorithm": "m.megolm.v1.aes-sha2",
        "sender_key": olm.account.identity_keys["curve25519"],
        "ciphertext": session._session.encrypt(payload).to_base64(),
        "session_id": session.id,
        "device_id": member.device,
    }


async def device_of(member: Member, user: str) -> str:
    """Return the one device of a person, as the server lists it."""
    _, said = await call(member, "POST", "keys/query", {"device_keys": {user: []}})
    (device,) = said["device_keys"][user]
    return str(device)


async def claim(member: Member, user: str, device: str, times: int) -> int:
    """Claim one-time keys one after the other; return how many claims were served."""
    wanted = {"one_time_keys": {user: {device: "signed_curve25519"}}}
    served = 0
    for _ in range(times):
        _, said = await call(member, "POST", "keys/claim", wanted)
        served += bool(said["one_time_keys"].get(user, {}).get(device))
    return served


def refused(bot: BotProcess) -> Counter[str]:
    """Return how many events the bot's log counts as refused, by code."""
    found: Counter[str] = Counter()
    for line in bot.log.read_text("utf-8").splitlines():
        if '"refused"' in line and line.startswith("{"):
            said = json.loads(line)
            if said["event"] == "refused":
                found[said["code"]] += said["count"]
    return found


async def refusals(bot: BotProcess, code: str, count: int) -> int:
    """Wait until the bot's log, which we read behind it, counts so many; return how many it is."""
    async with asyncio.timeout(PATIENT):
        while refused(bot)[code] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # its lines come through a pipe
    return refused(bot)[code]


# --- what is left on the disk --------------------------------------------------------------------


def is_sound(bot: BotProcess) -> bool:
    """Return whether copies of both databases pass their integrity check. The bot must not run."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    with TemporaryDirectory() as place:
        for path in bot.data.iterdir():
            if path.name.startswith((DATABASE, KEY_STORE)):
                shutil.copy2(path, Path(place) / path.name)
        return all(
            _integrity(Path(place) / name, key) == "ok"
            for name, key in ((DATABASE, keys.db), (KEY_STORE, keys.niodb))
        )


def _integrity(path: Path, key: bytes) -> str:
    db = sqlcipher3.connect(str(path))
    try:
        db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        db.close()
