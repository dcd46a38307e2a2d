"""State inside ciphertexts, a creator who is in no list, a demotion by removal, the bot put out."""

from __future__ import annotations

import asyncio
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.faults.figures import Figure, full_or
from tests.faults.scene import PATIENT, Scene, a_room, call, put, scene, seal, share
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.servers import Pair

MESSAGES, POLLS = full_or(20, 2), full_or(10, 1)
NUMBER = re.compile(r"Encuesta (\d+): ")


async def test_only_the_rooms_own_state_gives_power(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark(
        "0 privilege gained; an outsider gets 0 keys in 20 messages; creator accepted 10 of 10;"
        " demoted refused 10 of 10; nothing sent after the bot is put out"
    )
    async with scene(pair, plain, tmp_path, members=4) as room:
        spy = await plain(pair.person("spy", pair.a))
        await spy.pause()
        gained = await _hidden_state(room, spy)
        keys = await _keys_in(room, spy)
        creator = await _as_creator(room)
        demoted = await _as_demoted(room)
        after = await _put_out(room)
    figure.result(
        f"{gained} gained, {keys} keys for the outsider in {MESSAGES} messages, creator accepted"
        f" {creator} of {POLLS}, demoted refused {demoted} of {POLLS}, {after} sent after the end",
        passed=(gained, keys, creator, demoted, after) == (0, 0, POLLS, POLLS, 0),
        gained=gained,
        keys=keys,
    )


async def _hidden_state(room: Scene, spy: Member) -> int:
    """Mal encrypts state; return how many of his commands then passed as a moderator's."""
    mal = room.members[1]
    hidden: list[tuple[str, str, dict[str, Any]]] = [
        ("m.room.power_levels", "", {"users": {mal.user: 100}, "users_default": 100}),
        ("m.room.member", spy.user, {"membership": "join"}),
        ("m.room.member", room.ana.user, {"membership": "leave"}),
        ("m.room.tombstone", "", {"replacement_room": "!elsewhere:one.example", "body": "gone"}),
        ("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_ms": 1}),
    ]
    gained = 0
    for kind, key, content in hidden:
        await share(mal, room.room)  # plain nio believes what it says itself, and begins anew
        payload = {"type": kind, "state_key": key, "content": content, "room_id": room.room}
        await put(mal, room.room, "m.room.encrypted", seal(mal, room.room, _bytes(payload)))
        gained += "es para la moderación" not in await room.asks("!configurar zona Tokio", mal)
    return gained


async def _keys_in(room: Scene, spy: Member) -> int:
    """Return how many to-device messages the bot sent the spy while it answered."""
    for _ in range(MESSAGES):
        await room.asks("!pendientes")
    _, said = await call(spy, "GET", "sync?timeout=0")
    events = said.get("to_device", {}).get("events", [])
    return sum(event["sender"] == room.bot.user for event in events)


async def _polls(room: str, bea: Member, bot: str) -> list[int]:
    found = []
    for number in range(POLLS):
        await bea.send(room, f"!encuesta ¿Cuál {number}? Norte, Sur")
        heard = await bea.hears(
            re.compile(rf"^Encuesta \d+: ¿Cuál {number}\?"),
            PATIENT,
            room=room,
            sender=bot,
        )
        found.append(int(NUMBER.findall(heard.text)[0]))
    return found


async def _closed(room: str, who: Member, other: Member, bot: str, polls: list[int]) -> int:
    """Let `who` close polls of `other`; return how many are closed then."""
    closed = 0
    for number in polls:
        await who.send(room, f"!cerrar {number}")
        await other.send(room, f"!resultados {number}")
        heard = await other.hears(
            re.compile(rf"Encuesta {number}\b.*(Queda abierta|Votó|votó|Cerró)", re.DOTALL),
            PATIENT,
            room=room,
            sender=bot,
        )
        closed += "Queda abierta" not in heard.text
    return closed


async def _as_creator(room: Scene) -> int:
    """Let the creator of a room of version 12 close polls; return how many.

    They are in no list of powers, and above them all.
    """
    ana, bea, _, cora = room.members
    made = await a_room([cora, bea, ana], room.bot, "12", host=2)
    _, levels = await call(cora, "GET", f"rooms/{quote(made)}/state/m.room.power_levels")
    assert cora.user not in levels.get("users", {})
    polls = await _polls(made, bea, room.bot.user)
    return await _closed(made, cora, bea, room.bot.user, polls)


async def _as_demoted(room: Scene) -> int:
    """Let Dan close polls after his entry was taken out of the list of powers.

    Return how many stayed open.
    """
    ana, bea, dan, _ = room.members
    made = await a_room([ana, bea, dan], room.bot, "11")
    path = f"rooms/{quote(made)}/state/m.room.power_levels"
    _, levels = await call(ana, "GET", path)
    bot = room.bot.user
    with_dan = levels | {"users": levels["users"] | {dan.user: 50}}
    assert (await call(ana, "PUT", path, with_dan))[0] == 200
    assert await _closed(made, dan, bea, bot, (await _polls(made, bea, bot))[:1]) == 1
    assert (await call(ana, "PUT", path, levels))[0] == 200
    polls = await _polls(made, bea, bot)
    return len(polls) - await _closed(made, dan, bea, bot, polls)


async def _put_out(room: Scene) -> int:
    """Return what the bot tried to send to a room after it was put out, with a job due there."""
    bot, ana = room.bot, room.ana
    made = await a_room([ana], bot)
    for one in (made, room.room):
        await room.asks("!recordar en 2 horas; agua", room=one)
    kick = {"user_id": bot.user, "reason": "enough"}
    assert (await call(ana, "POST", f"rooms/{quote(made)}/kick", kick))[0] == 200
    await room.asks("!pendientes")
    since = time.monotonic()
    ana.ear.forget()
    bot.later(hours=3)
    await ana.hears("agua", PATIENT, room=room.room, sender=bot.user)
    await asyncio.sleep(2)  # nothing tells that nothing comes
    return room.proxy.count(rf"^PUT .*/rooms/{re.escape(quote(made, safe=''))}/send/", since)


def _bytes(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload).encode()
