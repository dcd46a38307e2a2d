"""The server shows what Mal encrypted as said by a moderator, and as an edit of hers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.scene import refused, scene
from tests.real.fixtures import EnterPlain
from tests.real.proxy import SYNC, changed
from tests.real.servers import Pair

SPOOFED, EDITED = full_or(80, 4), full_or(20, 2)
EDIT = "!recordar en 30 días; editada {}"


@pytest.mark.full
async def test_none_of_it_is_done(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("0 of 100 executed; 100 counted as not what they are shown as")
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
        counted = refused(room.bot)
        said = [one.text for one in ana.ear.all(sender=room.bot.user)]
    executed = sum("Recordatorio" in text or "Tok" in text for text in said)
    figure.result(
        f"{executed} of {len(set(shown))} executed; counted: {dict(counted)}",
        passed=not executed and len(set(shown)) == SPOOFED + EDITED <= counted.total(),
        executed=executed,
        counted=counted.total(),
    )


def _edit(of: str, text: str) -> dict[str, Any]:
    new = {"msgtype": "m.text", "body": text}
    relates = {"rel_type": "m.replace", "event_id": of}
    return new | {"m.new_content": new, "m.relates_to": relates}
