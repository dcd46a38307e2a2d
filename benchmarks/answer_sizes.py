"""Point 7, for members who pay for data: how large an answer is as their app gets it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from benchmarks.figures import Figure
from benchmarks.round_trip import COMMAND
from benchmarks.scene import OURS, Scene
from benchmarks.senders import ROOMS
from tests.real.heard import POLL_START, Heard

POINT = 7
MESSAGE = "m.room.message"
LINES = {
    "!ayuda": MESSAGE,
    "!eventos": MESSAGE,
    "!recordar en 30 días; tarea": MESSAGE,
    "!encuesta ¿Té? Sí, No": POLL_START,
}
"""What ours is asked besides, and the type of the last event that answers it."""


async def measure(scene: Scene) -> list[Figure]:
    """Measure the answer of all bots to one line, and those of ours to others."""
    sizes = {}
    room = ""
    for name in reversed([*scene.bots]):
        room = await scene.room(name)
        sizes[name] = [await _size(scene, name, room, COMMAND, MESSAGE)]
    figures = [Figure(POINT, f"an answer to {COMMAND}", "bytes", sizes)]
    for line, kind in LINES.items():  # in the last room, which is ours
        size = [await _size(scene, OURS, room, line, kind)]
        figures.append(Figure(POINT, f"an answer to {line}", "bytes", {OURS: size}))
    return figures


async def _size(scene: Scene, name: str, room: str, line: str, kind: str) -> float:
    """Return the bytes of all events that answer a line, until the first of this type."""
    bot, ear = scene.bots[name].user, scene.ana.ear
    known = set(ear.events)

    def answers(event: Heard) -> bool:
        new = event.id not in known and event.type == kind
        return new and (kind != MESSAGE or event.reply_to is not None)

    await scene.ana.send(room, line)
    await scene.ana.hears(answers, room=room, sender=bot)
    return await size_of(scene, room, [e.id for e in ear.all(room, bot) if e.id not in known])


async def size_of(scene: Scene, room: str, found: Sequence[str]) -> float:
    """Return the bytes of these events as the homeserver gives them to an app."""
    paths = [f"{ROOMS}/{quote(room)}/event/{quote(event)}" for event in found]
    events = [await scene.watcher.call("GET", path) for path in paths]
    return sum(len(json.dumps(event, separators=(",", ":"))) for event in events)
