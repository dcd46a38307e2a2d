"""Commands without encryption, a server that hides that a room is encrypted, a room that is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.faults.figures import Figure, full_or
from tests.faults.scene import TASK, Scene, call, put, refusals, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SYNC, Answer, Call, without_state
from tests.real.servers import Pair

PLAIN, HIDDEN, UNENCRYPTED = full_or(50, 5), full_or(10, 2), full_or(10, 2)
WONT = re.compile("no está cifrada")
SENT = r"^PUT \S*/rooms/([^/]+)/send/([^/]+)/"


class Sent:
    """A fault that changes nothing and notes each event that the bot sent: room, type, body."""

    def __init__(self) -> None:
        self.events: dict[str, tuple[str, str, str]] = {}

    async def __call__(self, call: Call) -> Answer:
        found = re.search(SENT, f"{call.method} {call.path}")
        assert found
        body = json.loads(call.body).get("body", "")
        self.events[call.path] = (found[1], found[2], body)  # sent once more where nobody answered
        return await call.forward()

    def plain(self, room: str) -> int:
        """Return how many messages went to a room without encryption."""
        name = quote(room, safe="")
        return sum(
            kind == "m.room.message" and where == name for where, kind, _ in self.events.values()
        )


async def no_encryption(call: Call) -> Answer:
    """Answer with the room's state, without the event that says that it is encrypted."""
    answer = await call.forward()
    if answer.status != 200 or not isinstance(answer.json, list):
        return answer
    state = [event for event in answer.json if event["type"] != "m.room.encryption"]
    return Answer.of(200, state)


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
        counted = await refusals(room.bot, "plain", PLAIN)
        hidden = await _hidden(room, sent)
        said = await _in_a_plain_room(room, sent)
    figure.result(
        f"{executed} of {PLAIN} executed, {counted} counted; {hidden} of {HIDDEN} answers plain"
        f" where the server hides encryption; {said} said in a room without it, but that it does"
        " nothing there",
        passed=(executed, hidden, said) == (0, 0, 0) and counted >= PLAIN,
        executed=executed,
        hidden=hidden,
        said=said,
    )


async def _hidden(room: Scene, sent: Sent) -> int:
    """Hide from the bot that the room is encrypted, also after a restart.

    Return how many messages it then sent without encryption.
    """
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


async def _in_a_plain_room(room: Scene, sent: Sent) -> int:
    """Command it in a room without encryption; return how much it says there but that it won't."""
    ana, bot = room.ana, room.bot.user
    made: dict[str, Any] = {"invite": [bot], "preset": "private_chat"}
    status, said = await call(ana, "POST", "createRoom", made)
    assert status == 200, said
    open_room = said["room_id"]
    await ana.ear.until(lambda: ana.memberships.get(open_room) == "join")
    await ana.joined(open_room, bot)
    for number in range(UNENCRYPTED):
        content = {"msgtype": "m.text", "body": f"!recordar en {number + 2} horas; agua"}
        await put(ana, open_room, "m.room.message", content)
    await ana.hears(WONT, room=open_room, sender=bot)
    await room.asks("!pendientes")

    def texts() -> list[str]:
        return [one.text for one in ana.ear.all(open_room, bot, "m.room.message")]

    await ana.ear.until(lambda: len(texts()) == sent.plain(open_room))
    return sum(not WONT.search(text) for text in texts())
