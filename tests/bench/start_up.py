"""Start with 360 rooms and 2,000 members, first without any data and then again; then idle.

The homeserver answers from memory, so that what is measured is the bot's own: seconds from its
first sync's answer until it is ready, processor time, memory, and what it does when nobody speaks.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import unquote

import click
from aiohttp import web

from bot.demo.loopback import write_secret
from bot.demo.synapse import Homeserver as Synapse
from tests.bench.crowds import signed_device
from tests.matrix.homeserver import ME, Homeserver, Json
from tests.matrix.keyserver import KeyServer
from tests.real.botprocess import MINGA, BotProcess
from tests.real.servers import Person

ROOMS, PEOPLE, ROOMS_OF_EACH = 360, 2_000, 2
SETTLED = 5.0
"""Seconds after which a started bot has done what a start makes it do."""
IDLE = 60.0
MOST_MEMORY = 120
"""Goal in MB."""
MEGABYTE = 2**20
_MODERATOR = "@person0:one.example"


@dataclass
class FullHomeserver(Homeserver):
    """A homeserver in memory with all these rooms, whose members have signed devices."""

    keys: KeyServer = field(default_factory=KeyServer)
    synced: float | None = None
    """When the bot's first sync was answered."""

    def fill(self) -> None:
        """Create rooms and people."""
        chance = random.Random(1)  # noqa: S311
        for number in range(ROOMS):
            self.make_room(_room(number), joined=False)
        for number in range(PEOPLE):
            user = f"@person{number}:one.example"
            made = signed_device(user, f"PHONE{number}")
            self.keys.devices[user][f"PHONE{number}"] = made.signed
            self.keys.one_time[user, f"PHONE{number}"] = made.one_time
            self.keys.masters[user] = made.identity["master_key"]
            self.keys.signing[user] = made.identity["self_signing_key"]
            for where in chance.sample(range(ROOMS), ROOMS_OF_EACH):
                self.member(user, "join", room=_room(where))
            self.lists[user] = self.position
        for number in range(ROOMS):
            self.rooms[_room(number)].membership = "join"
            self.member(ME, "join", "invite", _room(number))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = [unquote(part) for part in request.path.split("/")[4:]]
        if path[:1] in (["keys"], ["sendToDevice"]):
            line = self.keys.http(ME, self.device)
            body = json.loads(await request.read())
            full = "/_matrix/client/v3/" + "/".join(path)
            return web.json_response(await line.call(request.method, full, body))
        answer = await super()._answer(request)
        if path == ["sync"] and self.synced is None:
            self.synced = time.perf_counter()
        return answer

    def _rest(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        match path:
            case ["login"] if request.method == "GET":
                return {"flows": [{"type": "m.login.password"}]}
            case ["login"]:
                self.device = json.loads(raw).get("device_id") or "LOOKED"
                return {"access_token": self.next_token, "device_id": self.device, "user_id": ME}
            case ["logout"]:
                return {}
        return super()._rest(request, path, raw)


def _room(number: int) -> str:
    return f"!room{number}:one.example"


@dataclass
class Watched:
    """A running bot's process, seen from outside."""

    pid: int

    def seconds(self) -> float:
        """Return the processor time that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def status(self, name: str) -> int:
        """Return a number of /proc/PID/status."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name + ":")).split()[1])

    def wakes(self) -> int:
        """Return how often its main thread has waited for something."""
        return self.status("voluntary_ctxt_switches")


async def start(server: FullHomeserver, folder: Path, *, idle: bool) -> Json:
    """Start `minga run` in a fresh process, stop it, and return what it cost."""
    server.synced = None
    command = (str(MINGA), "run", "--config", str(folder / "config.toml"))
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    while b'"ready"' not in (line := await process.stdout.readline()):
        if not line:
            raise RuntimeError("the bot ended")
    ready, watched = time.perf_counter(), Watched(process.pid)
    assert server.synced is not None
    found: Json = {
        "seconds_to_ready": round(ready - began, 2),
        "of_them_after_first_sync": round(ready - server.synced, 2),
        "processor_seconds": watched.seconds(),
    }
    await asyncio.sleep(SETTLED)
    found["processor_seconds_settled"] = watched.seconds()
    found["memory_mb"] = watched.status("VmHWM") * 1024 // MEGABYTE
    found["requests"] = len(server.requests)
    if idle:
        before = watched.seconds(), watched.wakes(), len(server.requests)
        await asyncio.sleep(IDLE)
        found["idle_processor_ms"] = round((watched.seconds() - before[0]) * 1000)
        found["idle_wakes"] = watched.wakes() - before[1]
        found["idle_requests"] = len(server.requests) - before[2]
    process.terminate()
    await process.communicate()
    server.requests.clear()
    return found


async def measure(folder: Path) -> tuple[Json, Json]:
    """Return what the first start costs, and the second one with an idle minute."""
    server = FullHomeserver(msc4222=True)
    server.fill()
    await server.start()
    person = Person(ME, "minga", "a long password", cast(Synapse, server))
    BotProcess(folder, person, moderators=[_MODERATOR])  # writes the configuration
    write_secret(folder / "secrets" / "password", person.password)
    try:
        return await start(server, folder, idle=False), await start(server, folder, idle=True)
    finally:
        await server.stop()


def main() -> None:
    """Measure, tell, and fail where more memory is needed than the goal."""
    with TemporaryDirectory() as place:
        first, again = asyncio.run(measure(Path(place)))
    for name, found in (("first", first), ("again", again)):
        click.echo(f"{name}: " + ", ".join(f"{what} {much}" for what, much in found.items()))
    sys.exit(again["memory_mb"] > MOST_MEMORY)


if __name__ == "__main__":
    main()
