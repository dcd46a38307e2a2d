"""How many things are kept where is counted as they come, change and go."""

from __future__ import annotations

from bot.testing.talk import ROOM, Talk
from bot.types import EventId, RoomId, RoomUpgraded


async def counts(talk: Talk) -> dict[str, int]:
    """Return the kept counts, after holding them against the things themselves."""
    async with talk.machine.db.reading() as tx:
        kept = {r["place"]: r["things"] for r in await tx.all("SELECT * FROM library_places")}
        found = await tx.all("SELECT place, count(*) AS n FROM library_resource GROUP BY place")
    assert kept == {r["place"]: r["n"] for r in found}
    return kept


async def test_each_change_of_place_is_counted(talk: Talk) -> None:
    for name in ("guía", "nota", "lista"):
        await talk.answer("ana", f"!guardar {name} Algo que sirve")
    assert await counts(talk) == {ROOM: 3}
    await talk.answer("ana", "!actualizar guía visible:red")
    assert await counts(talk) == {ROOM: 2, "": 1}
    assert "3" in await talk.answer("bea", "!recursos")
    await talk.answer("ana", "!actualizar guía visible:sala")
    assert await counts(talk) == {ROOM: 3}
    await talk.says("ana", "!cancelar 2")
    await talk.answer("ana", "sí")
    assert await counts(talk) == {ROOM: 2}
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "bea", "carla"], {"ana": 50})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$u"), talk.gateway.me, at, new, True, True))
    assert await counts(talk) == {new: 2}
