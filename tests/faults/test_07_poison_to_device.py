"""Broken Olm events and hostile lists of devices come between fifty real commands."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.figures import Figure, at_share
from tests.faults.poison import broken_olm
from tests.faults.scene import TASK, Scene, call, scene
from tests.matrix.test_keys import hostile
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.proxy import SYNC, changed
from tests.real.servers import Pair

COMMANDS, LISTS = 50, 10


@pytest.mark.full  # tests/matrix/test_guard.py and test_keys.py show it in make test
async def test_every_command_is_answered(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("it never ends: 0 restarts, 50 of 50 commands answered, in ≤ 5 s (p95)")
    async with scene(pair, plain, tmp_path, members=2) as room:
        mal = room.members[1]
        poison = broken_olm(*await _sealed(mal, room.bot.user))
        shown = (await call(mal, "POST", "keys/query", _about(mal.user)))[1]
        lies = hostile(shown["device_keys"][mal.user][mal.device])[:LISTS]
        took, reached = [], 0
        for number in range(COMMANDS):
            if poison:
                reached += await _give(room, mal, poison.pop())
            if number % (COMMANDS // LISTS) == 0:
                await _lie(room, mal, lies.pop())
            began = time.monotonic()
            await room.asks(TASK.format(number))
            took.append(time.monotonic() - began)
        once = sum(many == 1 for many in (await room.all_replies()).values())
        restarts = room.bot.starts - 1 if room.bot.running else -1
    p95 = at_share(took, 0.95)
    figure.result(
        f"{restarts} restarts, {once} of {COMMANDS} answered once, {p95:.2f} s (p95);"
        f" {reached} of the 40 by Mal's own hand, the others as a server could forge them",
        passed=restarts == 0 and once == COMMANDS and p95 <= 5 and not poison and not lies,
        once=once,
        p95=p95,
    )


def _about(user: str) -> dict[str, Any]:
    return {"device_keys": {user: []}}


async def _sealed(mal: Member, bot: str) -> tuple[str, dict[str, Any]]:
    """Return the bot's key, and an intact Olm message of Mal's to it."""
    client, olm = mal.client, mal.client.olm
    assert olm is not None
    olm.users_for_key_query.add(bot)
    await client.keys_query()
    (device,) = olm.device_store.active_user_devices(bot)
    await client.keys_claim({bot: [device.id]})
    session = olm.session_store.get(device.curve25519)
    sealed: dict[str, Any] = olm._olm_encrypt(session, device, "m.dummy", {})
    return device.curve25519, sealed


async def _give(room: Scene, mal: Member, event: dict[str, Any]) -> bool:
    """Have Mal send the event, or the server forge it where it takes none such from a person."""
    content = event.get("content")
    if event.get("type") == "m.room.encrypted" and isinstance(content, dict):
        path = f"sendToDevice/m.room.encrypted/{uuid4().hex}"
        body = {"messages": {room.bot.user: {"*": content}}}
        json.dumps(body)
        if (await call(mal, "PUT", path, body))[0] == 200:
            return True
    room.proxy.on(SYNC, changed(lambda sync: _with(sync, event)), times=1)
    return False


def _with(sync: Any, event: dict[str, Any]) -> None:
    sync.setdefault("to_device", {}).setdefault("events", []).append(event)


async def _lie(room: Scene, mal: Member, lie: Any) -> None:
    """Make `lie` the next list of Mal's devices, and tell the bot to ask for it."""

    def change(body: Any) -> None:
        if mal.user in body.get("device_keys", {}):
            body["device_keys"][mal.user] = {mal.device: lie}

    def news(sync: Any) -> None:
        sync.setdefault("device_lists", {}).setdefault("changed", []).append(mal.user)

    rule = room.proxy.on("POST .*/keys/query", changed(change), times=1)
    room.proxy.on(SYNC, changed(news), times=1)
    await room.ana.send(room.room, "a line for nobody")
    await rule.hit()
