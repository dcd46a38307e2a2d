"""The bot is killed between the upload of its keys or its identity and the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.scene import Scene, a_room, call, claim, device_of, replies_to, scene
from tests.real.botprocess import BotProcess
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.proxy import Answer, Call, Dropped, Proxy, Rule
from tests.real.servers import Pair

UPLOADS, IDENTITIES, NEWCOMERS = full_or(20, 2), full_or(10, 1), full_or(5, 1)
IDENTITY = ("device_signing/upload", "signatures/upload")
KEYS = "POST .*/keys/upload"


@dataclass
class Uploads:
    """A fault on uploads: notes the keys that were offered, and kills `bot` at one, if set."""

    bot: BotProcess | None = None
    reaches: bool = True
    pattern: str = ""
    offered: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def __call__(self, call: Call) -> Answer:
        body = json.loads(call.body)
        bot = self.bot if self.pattern in call.path and (self.pattern or _one_time(body)) else None
        if bot is not None:
            self.bot = None
        self.offered.append(body)
        if bot is None or self.reaches:
            self.statuses.append((await call.forward()).status)
        if bot is not None:
            await bot.kill()
            raise Dropped
        return await call.forward()

    def same(self) -> bool:
        """Return whether no key that was offered under one id was ever another one."""
        known: dict[str, Any] = {}
        for body in self.offered:
            for key, value in _one_time(body).items():
                if known.setdefault(key, value["key"]) != value["key"]:
                    return False
        return True


def _one_time(body: dict[str, Any]) -> dict[str, Any]:
    return dict(body.get("one_time_keys", {}))


@pytest.mark.full  # tests/matrix/test_keys.py and test_identity.py show it in make test
async def test_one_time_keys(pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure) -> None:
    figure.mark("no HTTP 400; the same keys offered again 20 of 20; a new device's first line read")
    async with scene(pair, plain, tmp_path) as room:
        uploads = Uploads()
        rule = room.proxy.on(KEYS, uploads)
        again = 0
        for number in range(UPLOADS):
            again += await _crash(room, uploads, rule, reaches=number % 2 == 0)
        read = 0
        for number in range(NEWCOMERS):
            newcomer = await plain(pair.person(f"new{number}", pair.a))
            await room.ana.invite(room.room, newcomer.user)
            await newcomer.accept(room.room)
            read += bool(await room.asks("!pendientes", newcomer))
    bad = uploads.statuses.count(400)
    figure.result(
        f"{bad} HTTP 400 of {len(uploads.statuses)} uploads, {again} of {UPLOADS} the same again,"
        f" {read} of {NEWCOMERS} first lines read",
        passed=not bad and again == UPLOADS and read == NEWCOMERS,
        bad=bad,
        again=again,
    )


async def _crash(room: Scene, uploads: Uploads, rule: Rule, *, reaches: bool) -> bool:
    """Kill the bot as it uploads; return whether it then offers the same keys as before."""
    uploads.offered.clear()
    uploads.bot, uploads.reaches = room.bot, reaches
    await claim(room.ana, room.bot.user, await device_of(room.ana, room.bot.user), 10)
    await room.ana.send(room.room, "a line for nobody")  # wakes the sync, which tells the count
    await room.bot.ends(60)
    offered = set(_one_time(uploads.offered[-1]))
    await room.bot.start()
    if not reaches:
        await rule.hit(rule.hits + 1, 60)
    await room.asks("!pendientes")
    later = [set(_one_time(body)) for body in uploads.offered[1:]]
    return uploads.same() and (reaches or any(offered <= one for one in later))


@pytest.mark.full  # tests/matrix/test_keys.py and test_identity.py show it in make test
async def test_the_identity(pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure) -> None:
    figure.mark("no HTTP 400; 20 of 20 times the same identity; a first line is read")
    ana = await plain(pair.person("ana", pair.a))
    found = Began()
    for what in IDENTITY:
        for number in range(IDENTITIES):
            folder = tmp_path / f"{what.partition('/')[0]}{number}"
            await _begin_twice(pair, ana, folder, what, found)
    bad, begun = found.statuses.count(400), len(IDENTITY) * IDENTITIES
    figure.result(
        f"{bad} HTTP 400 of {len(found.statuses)}, {found.same} of {begun} the same identity,"
        f" {found.signed} devices signed, {found.read} first lines read",
        passed=not bad and found.same == found.signed == found.read == begun,
        bad=bad,
        same=found.same,
    )


@dataclass
class Began:
    """What became of bots that were killed while they made their identity."""

    same: int = 0
    signed: int = 0
    read: int = 0
    statuses: list[int] = field(default_factory=list)


async def _begin_twice(pair: Pair, ana: Member, folder: Path, what: str, found: Began) -> None:
    """Start a new bot, kill it at that upload, start it again, and note its identity."""
    async with Proxy(pair.a.url) as proxy:
        account = pair.person("minga", pair.a)
        bot = BotProcess(folder, account, moderators=[ana.user], homeserver=proxy.url)
        uploads = Uploads(bot, pattern=what)
        proxy.on("POST .*/keys/(device_signing|signatures)/upload", uploads)
        await bot.start()
        await bot.ends(60)
        await bot.start()
        try:
            await bot.ready()
            masters = [body["master_key"] for body in uploads.offered if "master_key" in body]
            there = (await call(ana, "POST", "keys/query", _about(bot.user)))[1]
            masters.append(there["master_keys"][bot.user])
            found.same += all(one["keys"] == masters[0]["keys"] for one in masters)
            (device,) = there["device_keys"][bot.user].values()
            found.signed += len(device["signatures"][bot.user]) == 2
            room = await a_room([ana], bot)
            event = await ana.send(room, "!pendientes")
            found.read += bool(await ana.hears(replies_to(event), room=room))
        finally:
            await bot.kill()
        found.statuses += uploads.statuses


def _about(user: str) -> dict[str, Any]:
    return {"device_keys": {user: []}}
