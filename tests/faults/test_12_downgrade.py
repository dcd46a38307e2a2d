"""Commands without encryption, a server that hides that a room is encrypted, a room that is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.scene import PATIENT, TASK, Scene, call, put, refused, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SYNC, Answer, Call, without_state
from tests.real.servers import Pair

PLAIN, HIDDEN, PRIVATE = full_or(50, 5), full_or(10, 2), full_or(10, 2)
SENT = r"^PUT \S*/rooms/([^/]+)/send/([^/]+)/"


class Sent:
    """A fault that changes nothing and notes what the bot sends: room, type, and body."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, str]] = []

    async def __call__(self, call: Call) -> Answer:
        found = re.search(SENT, f"{call.method} {call.path}")
        assert found
        body = json.loads(call.body).get("body", "")
        self.events.append((found[1], found[2], body))
        return await call.forward()

    def plain(self, room: str) -> int:
        """Return how many messages went to a room without encryption."""
        name = quote(room, safe="")
        return sum(kind == "m.room.message" and where == name for where, kind, _ in self.events)


async def no_encryption(call: Call) -> Answer:
    """The room's state is told without its encryption."""
    answer = await call.forward()
    if answer.status != 200 or not isinstance(answer.json, list):
        return answer
    state = [event for event in answer.json if event["type"] != "m.room.encryption"]
    return Answer.of(200, state)


@pytest.mark.full
async def test_nothing_plain_is_done_and_nothing_private_said_plainly(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("0 of 50 executed; 0 private texts sent unencrypted")
    async with scene(pair, plain, tmp_path) as room:
        sent = Sent()
        room.proxy.on(SENT, sent)
        for number in range(PLAIN):
            content = {"msgtype": "m.text", "body": TASK.format(number)}
            await put(room.ana, room.room, "m.room.message", content)
        await room.asks("!pendientes")
        executed = sum("Recordatorio" in one.text for one in room.ana.ear.all(sender=room.bot.user))
        counted = refused(room.bot)["plain"]
        hidden = await _hidden(room, sent)
        private, marks = await _in_a_plain_room(room, sent)
    figure.result(
        f"{executed} of {PLAIN} executed, {counted} counted; {hidden} of {HIDDEN} answers plain"
        f" where the server hides encryption; {private} of {marks} private texts plain",
        passed=(executed, hidden, private) == (0, 0, 0) and counted >= PLAIN and marks >= PRIVATE,
        executed=executed,
        hidden=hidden,
        private=private,
    )


async def _hidden(room: Scene, sent: Sent) -> int:
    """The server no longer shows that the room is encrypted, also to a bot that starts again."""
    rules = [
        room.proxy.on(SYNC, without_state("m.room.encryption")),
        room.proxy.on(r"^GET \S*/state(\?|$)", no_encryption),
    ]
    await room.bot.restart()
    for _ in range(HIDDEN):
        await room.asks("!pendientes")
    for rule in rules:
        room.proxy.off(rule)
    return sent.plain(room.room)


async def _in_a_plain_room(room: Scene, sent: Sent) -> tuple[int, int]:
    """Ask in a room without encryption for what is answered in private.

    Return how many of the answers were sent without encryption, and how many there were.
    """
    ana, bot = room.ana, room.bot.user
    made: dict[str, Any] = {"invite": [bot], "preset": "private_chat"}
    status, said = await call(ana, "POST", "createRoom", made)
    assert status == 200, said
    open_room = said["room_id"]
    await ana.ear.until(lambda: ana.memberships.get(open_room) == "join")
    await ana.joined(open_room, bot)
    await _line(room, open_room, 0)
    own = await ana.called(PATIENT)
    for number in range(1, PRIVATE):
        await _line(room, open_room, number)

    def answers() -> list[str]:
        return [one.text for one in ana.ear.all(own, bot) if one.type == "m.room.message"]

    await ana.ear.until(lambda: len(answers()) >= PRIVATE, PATIENT)
    bodies = {body for _, kind, body in sent.events if kind == "m.room.message"}
    return sum(text in bodies for text in answers()), len(answers())


async def _line(room: Scene, where: str, number: int) -> None:
    content = {"msgtype": "m.text", "body": f"!regreso en {number + 2} horas"}
    await put(room.ana, where, "m.room.message", content)
