"""The server shows what Mal encrypted as said by a moderator, and as an edit of hers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from storage.catch_up import undecrypted_events
from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from tests.faults.figures import Figure, full_or
from tests.faults.scene import Scene, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SYNC, changed
from tests.real.servers import Pair

SPOOFED, EDITED = full_or(80, 4), full_or(20, 2)
UNREAD = re.compile("No pude leer")
EDIT = "!recordar en 30 días; editada {}"


@pytest.mark.full  # tests/matrix/test_guard.py shows it in make test
async def test_none_of_it_is_done(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("0 of 100 executed; 100 held as unreadable, of which the room is told")
    async with scene(pair, plain, tmp_path, members=2) as room:
        ana, mal = room.members
        shown: list[str] = []

        def spoof(sync: Any) -> None:
            for here in sync.get("rooms", {}).get("join", {}).values():
                for event in here.get("timeline", {}).get("events", []):
                    if event["sender"] == mal.user and event["type"] == "m.room.encrypted":
                        event["sender"] = ana.user
                        event["content"] |= {"device_id": ana.device}
                        shown.append(event["event_id"])

        room.proxy.on(SYNC, changed(spoof))
        for number in range(SPOOFED):
            await mal.send(room.room, f"!configurar zona Tokio razón: {number}")
        for number in range(EDITED):
            typed = await ana.send(room.room, f"!recodar en 30 días; editada {number}")
            await room.answered([typed])
            await mal.send_event(room.room, "m.room.message", _edit(typed, EDIT.format(number)))
        await room.asks("!pendientes")
        ana.ear.forget()
        room.bot.later(minutes=2)
        await ana.hears(UNREAD, sender=room.bot.user)
        await room.bot.kill()
        held = await _waiting(room)
        said = [one.text for one in ana.ear.all(sender=room.bot.user)]
    executed = sum("Recordatorio" in text or "Tok" in text for text in said)
    figure.result(
        f"{executed} of {len(set(shown))} executed, {held} held as unreadable and told",
        passed=not executed and len(set(shown)) == SPOOFED + EDITED == held,
        executed=executed,
        held=held,
    )


async def _waiting(room: Scene) -> int:
    """Return how many events of Ana's the stopped bot holds as unreadable."""
    keys = unlock(room.bot.data, key_file=room.bot.folder / "secrets/key")
    db = await Database.open(room.bot.data / DATABASE, keys.db)
    try:
        async with db.reading() as tx:
            sessions = await undecrypted_events.all_sessions(tx)
            held = [
                event
                for where, session in sessions
                for event in await undecrypted_events.events_for_session(tx, where, session)
            ]
    finally:
        await db.close()
    return sum(event.sender == room.ana.user for event in held)


def _edit(of: str, text: str) -> dict[str, Any]:
    new = {"msgtype": "m.text", "body": text}
    relates = {"rel_type": "m.replace", "event_id": of}
    return new | {"m.new_content": new, "m.relates_to": relates}
