"""What Ana said comes again under new ids, from the server and from Mal who calls it his."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import Figure, full_or
from tests.faults.scene import TASK, Scene, put, scene, share
from tests.real.fixtures import EnterPlain
from tests.real.plain import Member
from tests.real.proxy import SYNC, Rule, changed
from tests.real.servers import Pair
from tests.real.test_claims import announce

SAID, BALLOTS = full_or(100, 6), full_or(10, 2)


class Captured:
    """Each ciphertext of Ana's, once, and how they are shown again."""

    def __init__(self, room: Scene) -> None:
        self.room = room
        self.events: dict[str, dict[str, Any]] = {}
        self.again: list[str] = []
        room.proxy.on(SYNC, changed(self._note))

    def _note(self, sync: Any) -> None:
        for event in _timeline(sync, self.room.room):
            hers = (event["sender"], event["type"]) == (self.room.ana.user, "m.room.encrypted")
            if hers and event["event_id"] not in self.again:
                self.events[event["event_id"]] = event

    def show_again(self, salt: str, events: list[str]) -> Rule:
        """With the next answer of a sync, these come as other events of the same sender."""
        twins = [self.events[one] | {"event_id": _made_up(salt + one)} for one in events]
        self.again += [twin["event_id"] for twin in twins]

        def change(sync: Any) -> None:
            rooms = sync.setdefault("rooms", {}).setdefault("join", {})
            here = rooms.setdefault(self.room.room, {}).setdefault("timeline", {})
            here.setdefault("events", []).extend(twins)

        return self.room.proxy.on(SYNC, changed(change), times=1)


@pytest.mark.full  # tests/matrix/test_guard.py and tests/real/test_claims.py show it
async def test_nothing_of_it_happens_again(
    pair: Pair, plain: EnterPlain, tmp_path: Path, figure: Figure
) -> None:
    figure.mark(
        "0 of 200 done again (100 before a restart, 100 after); no vote of Ana's counts again (Mal,"
        " who repeats her words with her session, says them as his own vote: decision 0025)"
    )
    async with scene(pair, plain, tmp_path, members=2) as room:
        await room.asks_for("!encuesta ¿Dónde? Norte, Sur", "Encuesta 1:")
        captured = Captured(room)
        said = [await room.ana.send(room.room, TASK.format(n)) for n in range(SAID)]
        await room.answered(said)
        replayed = await _replay(room, captured, "before", said)
        await room.bot.restart()
        replayed += await _replay(room, captured, "after", said)
        copied = await _copy_ballots(room, room.members[1], captured)
        replies = await room.all_replies()
    effects = sum(replies[event] for event in captured.again)
    effects += sum(replies[event] != 1 for event in said)
    figure.result(
        f"{effects} of {replayed} done again, {copied} votes too many",
        passed=not effects and not copied and replayed == 2 * SAID,
        effects=effects,
        copied=copied,
    )


async def _replay(room: Scene, captured: Captured, salt: str, said: list[str]) -> int:
    rule = captured.show_again(salt, said)
    await room.ana.send(room.room, "a line for nobody")  # wakes the sync
    await rule.hit()
    await room.asks("!pendientes")
    return len(said)


async def _copy_ballots(room: Scene, mal: Member, captured: Captured) -> int:
    """Mal announces the session of Ana's votes as his, and says what she said under his name.

    Whoever repeats another's words so says them in their own name, once (decision 0025): Mal has a
    vote too. Return how many votes there are beyond hers, which she changed since, and his.
    """
    room.ana.client.invalidate_outbound_session(room.room)
    await share(room.ana, room.room)
    olm = room.ana.client.olm
    assert olm is not None
    session = olm.outbound_group_sessions[room.room]
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": room.room,
        "session_id": session.id,
        "session_key": session.session_key,
    }
    votes = [await room.ana.send(room.room, "!votar 1 2") for _ in range(BALLOTS)]
    await room.answered(votes)
    await room.asks("!votar 1 1")
    await announce(mal, room.bot.user, content)
    for event in votes:
        await put(mal, room.room, "m.room.encrypted", captured.events[event]["content"])
    shown = await room.asks("!resultados 1")
    counts = re.search(r"Norte: (\d+)\nSur: (\d+)", shown)
    assert counts, shown
    hers, his = int(counts[1]), int(counts[2])
    return abs(hers - 1) + max(0, his - 1)


def _timeline(sync: Any, room: str) -> list[dict[str, Any]]:
    joined = sync.get("rooms", {}).get("join", {}).get(room, {})
    found: list[dict[str, Any]] = joined.get("timeline", {}).get("events", [])
    return found


def _made_up(of: str) -> str:
    """Return an id as servers make them (room versions 4 and later)."""
    return "$" + base64.urlsafe_b64encode(sha256(of.encode()).digest()).decode().rstrip("=")
