"""The demo's stage: a homeserver's accounts, the bot, and people in an encrypted room."""

from __future__ import annotations

import asyncio
import fcntl
import json
import secrets
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.demo.loopback import write_secret
from bot.demo.member import INVITATION, DemoMember, RoomEvent
from bot.demo.synapse import Homeserver
from bot.i18n import verbatim
from bot.matrix.login import Account
from bot.operate import config
from bot.operate.operator_errors import Stop
from bot.run import app
from bot.types import RoomId, UserId
from storage.encryption.root_key import unlock

MARKER_FILE = ".minga-demo"
LOG = "minga.log"
NAMES = ("ana", "bea", "celia")
OUTSIDE = "eva"
"""Who is in no room, and knocks."""
NETWORK = "Red de prueba"
ROOM = "Sala de prueba"
PUBLIC_FOLDER = "public"
WAIT_SECONDS = 30.0
"""Seconds to wait for an expected answer."""
START_SECONDS = 90.0
"""Seconds to wait for the bot's start, on a slow or busy machine."""


class DemoError(Exception):
    """Something expected did not come. The message says what."""


@dataclass
class Stage:
    """What a chat or a tour plays on."""

    folder: Path
    server: Homeserver
    passwords: dict[str, str]
    people: Mapping[str, DemoMember]
    minga: UserId
    room: RoomId
    privates: dict[str, RoomId] = field(default_factory=dict)
    public: RoomId | None = None
    """The room that everybody can read, once somebody of the tour is in it."""

    @property
    def public_folder(self) -> Path:
        """The folder of what the network makes public."""
        return self.folder / PUBLIC_FOLDER

    @property
    def lead(self) -> str:
        """The name of the person who created the room and moderates it."""
        return next(iter(self.people))

    @property
    def ana(self) -> DemoMember:
        """The member who created the room."""
        return self.people[self.lead]

    def name(self, user: str) -> str:
        """Return the localpart of a user id."""
        return user[1:].partition(":")[0]

    async def set_up(self) -> None:
        """Let the other members join the room, and wait for the bot's greeting. Raises
        `DemoError`."""
        for person in self.people.values():
            if person is not self.ana and person is not self.people.get(OUTSIDE):
                await person.join(self.room)
        await self.expect(
            self.room, lambda said: "!" in said.text, "el saludo del bot", within=START_SECONDS
        )

    async def private_room(self, name: str = "") -> RoomId:
        """Return a person's private room with the bot, created at the first call."""
        name = name or self.lead
        if name not in self.privates:
            person = self.people[name]
            start = len(person.events)
            asked = name in (self.lead, OUTSIDE)
            room = await (self._opened_room(name) if asked else self._make_private(person))
            self.privates[name] = room
            greets = "el saludo del bot en privado"
            await self.expect(room, lambda said: bool(said.text), greets, start, by=name)
        return self.privates[name]

    async def _make_private(self, person: DemoMember) -> RoomId:
        return await person.make_room("", [self.minga], direct=True)

    async def _opened_room(self, name: str) -> RoomId:
        """Enter the private room that the bot has opened to ask this person something."""
        invited = await self.expect_event(
            lambda said: said.kind == INVITATION and said.sender == self.minga,
            "la invitación del bot a su sala privada",
            by=name,
        )
        await self.people[name].join(invited.room)
        return invited.room

    async def expect(
        self,
        room: RoomId,
        wanted: Any,
        what: str,
        since: int = 0,
        within: float = WAIT_SECONDS,
        by: str = "",
    ) -> RoomEvent:
        """Return the bot's next fitting message in a room, as the member `by` sees it. Raises
        `DemoError`."""

        def fits(said: RoomEvent) -> bool:
            return said.room == room and said.sender == self.minga and bool(wanted(said))

        return await self.expect_event(fits, what, since, within, by)

    async def expect_event(
        self, wanted: Any, what: str, since: int = 0, within: float = WAIT_SECONDS, by: str = ""
    ) -> RoomEvent:
        """Return the next fitting event by anybody, as the member `by` sees it. Raises
        `DemoError`."""
        try:
            return await self.people[by or self.lead].wait_for(wanted, within, since)
        except TimeoutError:
            words = f"No llegó en {within:.0f} s: {what}. Lo que pasó está en {self.folder / LOG}"
            raise DemoError(words) from None


@contextmanager
def emptied_folder(folder: Path) -> Iterator[Path]:
    """Empty the demo's folder and return a lock on it, for one demo at a time.

    Raises `Stop` if it holds anything else, so that no foreign file is deleted.
    """
    folder = folder.absolute()
    mark = folder / MARKER_FILE
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        why = f"{folder} no es de la demostración: no borro nada ahí. Otra: --folder CARPETA"
        raise Stop(verbatim(why))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with mark.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(verbatim(f"Otra demostración está usando {folder}.")) from None
        for old in folder.iterdir():
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            elif old != mark:
                old.unlink()
        yield folder


@asynccontextmanager
async def open_stage(
    folder: Path, server: Homeserver, network: str = NETWORK, names: Sequence[str] = NAMES
) -> AsyncIterator[Stage]:
    """Start the bot and the members, and yield them as a stage; when the context ends, stop
    them."""
    passwords = {name: secrets.token_hex(6) for name in ("minga", *names)}
    users = {
        n: UserId(await asyncio.to_thread(server.register, n, w)) for n, w in passwords.items()
    }
    async with AsyncExitStack() as stack:
        path = write_config(folder / "bot", server, users, passwords["minga"], network)
        people: dict[str, DemoMember] = {}
        for name in names:
            account = Account(server.url, users[name], passwords[name])
            people[name] = await DemoMember.log_in(account, folder / name)
            stack.push_async_callback(people[name].close)
        listening = [person.listen() for person in people.values()]
        await stack.enter_async_context(_running_beside(run_bot(path), *listening))
        minga, ana = users["minga"], people[names[0]]
        inside = [users[name] for name in users if name not in (names[0], OUTSIDE)]
        room = await ana.make_room(ROOM, inside)
        yield Stage(folder, server, passwords, people, minga, room)


def write_config(
    folder: Path, server: Homeserver, users: dict[str, UserId], password: str, name: str
) -> Path:
    """Write the bot's `config.toml` and secrets, as an operator would. Return the path."""
    kept = folder / "secrets"
    kept.mkdir(mode=0o700, parents=True)
    write_secret(kept / "password", password)
    write_secret(kept / "key", secrets.token_hex(32))
    public = folder.parent / PUBLIC_FOLDER
    public.mkdir()
    lead = next(user for person, user in users.items() if person != "minga")
    account = {"homeserver": server.url, "user_id": users["minga"]}
    network = {"name": name, "language": "es", "timezone": "America/Bogota"}
    sections: dict[str, dict[str, Any]] = {
        "matrix": account | {"password_file": "secrets/password"},
        "network": network | {"moderators": [lead]},
        "publishing": {"folder": str(public)},
        "storage": {"data_dir": "data", "key_file": "secrets/key"},
        "limits": {"commands_per_minute": 600},  # the tour types for one person, as fast as it can
    }
    lines: list[str] = []
    for name, values in sections.items():  # JSON strings and lists are valid TOML
        lines += [f"[{name}]", *(f"{k} = {json.dumps(v)}" for k, v in values.items()), ""]
    write_secret(folder / "config.toml", "\n".join(lines))
    return folder / "config.toml"


async def run_bot(path: Path) -> None:
    """Run the bot in this process, as `minga run` does."""
    read = config.load_config(path)
    keys = unlock(read.storage.data_dir, key_file=read.storage.key_file)
    await app.run(read, keys)


@asynccontextmanager
async def _running_beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run works beside the body. If one fails, everything ends with its error."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
