"""A room keeps what the bot wrote as long as it chose; the network, what is over."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId, RoomUpgraded
from storage import items, log
from storage.files import restores

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def choose(talk: Talk, what: str) -> str:
    """A setting, shown and confirmed; what was shown."""
    shown = await talk.answer("ana", f"!configurar {what}")
    await talk.says("ana", "sí")
    await talk.sent()
    return shown


async def taken(talk: Talk, for_how_long: timedelta, step: timedelta = HOUR) -> list[str]:
    """What is redacted meanwhile, in the order in which it goes."""
    gone = []
    for _ in range(int(for_how_long / step)):
        await talk.wait(step)
        gone += [p.content["redacts"] for p in await talk.sent() if p.kind == "redact"]
    return gone


async def said(talk: Talk, *lines: str) -> list[str]:
    """The events with which the bot answers, but for what it takes away at once."""
    for line in lines:
        await talk.says("carla", line)
        talk.clock.at += timedelta(seconds=2)
    posts = [p for p in await talk.sent() if p.room == ROOM]
    gone = {p.content["redacts"] for p in posts if p.kind == "redact"}
    return [p.event for p in posts if p.kind != "redact" and p.event not in gone]


async def test_what_is_older_goes_what_is_newer_or_open_stays(talk: Talk) -> None:
    poll = await said(talk, "!encuesta ¿Dónde? Norte, Sur")
    ended = await said(talk, "!encuesta ¿Quién? Uno, Dos", "!cerrar 2")
    before = await said(talk, "!ayuda", "!estado")
    talk.clock.at += DAY
    shown = await choose(talk, "retencion 3 días")
    assert "siempre → después, 3 días" in shown
    gone = await taken(talk, timedelta(days=1, hours=23), timedelta(hours=4))
    assert gone == [], "nothing is three days old"
    later = await said(talk, "!pendientes")
    gone = await taken(talk, 6 * HOUR)
    assert set(before) <= set(gone), "what was said before the choice was looked up"
    assert set(ended) <= set(gone), "what is over goes, its votes to tap too"
    assert not set(gone) & {*poll, *later}
    assert len(gone) == len(set(gone)), "each once"
    await talk.says("ana", "!cerrar 1")
    assert set(poll) <= set(await taken(talk, 3 * HOUR)), "now it is over"
    assert set(later) <= set(await taken(talk, 3 * DAY, 4 * HOUR))
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT event FROM posted")
        listed = await tx.all("SELECT at FROM sent")
    assert not {row["event"] for row in rows} & set(gone)
    assert all(row["at"] > (talk.clock.at - 3 * DAY).timestamp() for row in listed)
    assert talk.gateway.keys_forgotten[ROOM] >= talk.clock.at - 4 * DAY


async def test_much_goes_little_by_little_and_once_through_restarts(talk: Talk) -> None:
    before: list[str] = []
    for _ in range(30):
        before += await said(talk, "!ayuda", "!estado")
    talk.clock.at += 2 * DAY
    await choose(talk, "retencion 1 día")
    gone: list[str] = []
    for turn in range(8):
        if turn % 3 == 2:
            await talk.restart()
        found = await taken(talk, MINUTE, MINUTE)
        assert len(found) <= 60, "at most twenty at a time"
        gone += found
    assert sorted(gone) == sorted(before)


async def test_the_list_is_looked_up_once_though_the_server_is_away(talk: Talk) -> None:
    before = await said(talk, "!ayuda", "!estado", "!ayuda", "!pendientes", "!historial", "!ayuda")
    talk.clock.at += 2 * DAY
    await choose(talk, "retencion 1 día")
    talk.gateway.broken = True
    await talk.machine.outbox.deliver_pending()
    await talk.restart()
    talk.gateway.broken = False
    assert sorted(await taken(talk, 2 * HOUR)) == sorted(before)


async def test_what_was_said_after_the_copy_is_looked_up_after_a_restore(talk: Talk) -> None:
    await choose(talk, "retencion 2 días")
    await taken(talk, 2 * HOUR)
    lost = await said(talk, "!ayuda", "!estado")
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM sent")
        await restores.note_restore(tx, talk.clock.at - HOUR)
    await talk.restart()
    assert set(lost) <= set(await taken(talk, 52 * HOUR, 4 * HOUR))


async def test_with_always_again_the_list_goes(talk: Talk) -> None:
    await said(talk, "!ayuda")
    await choose(talk, "retencion 1 día")
    await talk.wait(HOUR)
    await talk.sent()
    await choose(talk, "retencion siempre")
    assert await taken(talk, 3 * DAY, 4 * HOUR) == []
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM sent_in UNION SELECT room, event FROM sent") == []
    await said(talk, "!ayuda")
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM sent") == [], "nothing is listed without it"


async def test_what_nobody_would_understand_gets_the_nearest(talk: Talk) -> None:
    cases = {
        "retencion 2 horas": "retención 1 d",
        "retencion 20 años": "retención 3653 d",
        "retencion un tiempo": "30 días",
        "retencion 6 meses": "180 días",
        "retencion 1 año": "365 días",
        "retencion 2 weeks": "14 días",
    }
    for typed, expected in cases.items():
        assert expected in await talk.answer("ana", f"!configurar {typed}"), typed
        await talk.answer("ana", "no")


async def test_it_goes_on_when_the_room_is_replaced(talk: Talk) -> None:
    before = await said(talk, "!ayuda", "!estado")
    talk.clock.at += DAY
    await choose(talk, "retencion 2 días")
    new = RoomId("!nueva:test")
    await talk.room(new, "Sala", ["ana", "bea", "carla"], {"ana": 50})
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", ROOM, new)
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", new, ROOM)
    await talk.happens(
        RoomUpgraded(
            ROOM, talk._event(), user_id("ana"), talk.clock.at, new, authentic=True, powered=True
        )
    )
    await talk.says("carla", "!ayuda", room=new)
    here = [p.event for p in await talk.sent() if p.room == new]
    gone = await taken(talk, 30 * HOUR, 2 * HOUR)
    assert set(before) <= set(gone), "what stands in the old room"
    assert set(here) <= set(await taken(talk, 2 * DAY, 4 * HOUR))


async def test_what_is_over_is_kept_as_long_as_the_network_says(talk: Talk) -> None:
    await talk.says("bea", "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("bea", "!encuesta ¿Quién? Uno, Dos")
    await talk.says("bea", "!tarea @carla:test pan")
    for line in ("!cerrar 1", "!hecho 3"):
        await talk.says("bea", line)
    await talk.sent()
    for line in ("guardar-encuestas 30 días", "guardar-tareas 1 año"):
        assert "toda la red" in await choose(talk, line)
    told = await talk.answer("carla", "!que-ves")
    assert "guardar-encuestas: 30 días · guardar-tareas: 365 días" in told
    await _days(talk, 28)
    await talk.says("bea", "!cerrar 2")
    await _days(talk, 4)
    assert await _left(talk) == {2, 3}, "that which ended a month ago is gone"
    assert "No existe" in await talk.answer("bea", "!resultados 1")
    await _days(talk, 30)
    assert await _left(talk) == {3}
    async with talk.machine.db.reading() as tx:
        for table in ("poll_book_poll", "poll_book_voter", "poll_book_ballot", "over"):
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert len(rows) == (1 if table == "over" else 0), table


async def _days(talk: Talk, days: int) -> None:
    for _ in range(days):
        await talk.wait(DAY)
    await talk.sent()


async def _left(talk: Talk) -> set[int]:
    async with talk.machine.db.reading() as tx:
        return {row["number"] for row in await tx.all("SELECT number FROM item")}


async def test_a_log_that_was_kept_long_enough_still_checks(talk: Talk) -> None:
    await choose(talk, "doce-horas sí")
    checked = await talk.answer("carla", "!historial comprobar")
    mark = re.search(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}\b", checked)
    assert mark is not None
    talk.clock.at += 40 * DAY
    await choose(talk, "doce-horas no")
    await choose(talk, "guardar-historial 30 días")
    await _days(talk, 1)
    noted = await talk.answer("carla", f"!historial comprobar {mark[0]}")
    assert "Puede ser de una línea vieja, ya borrada" in noted
    told = await talk.answer("carla", "!historial")
    assert "doce-horas: sí → no" in told
    assert "doce-horas: no → sí" not in told
    assert "Cuidado" not in told
    await choose(talk, "doce-horas sí")
    async with talk.machine.db.transaction() as tx:
        assert await log.is_whole(tx, ROOM)
        await tx.run("DELETE FROM log WHERE id = (SELECT min(id) FROM log)")
        assert not await log.is_whole(tx, ROOM), "a line that somebody took away shows"


async def test_what_was_taken_up_again_is_not_over(talk: Talk) -> None:
    await talk.says("bea", "!recordar en 1 hora; agua")
    await talk.sent()
    async with talk.machine.db.transaction() as tx:
        await items.close(tx, 1)  # type: ignore[arg-type]
        await items.mark_over(tx, talk.clock.at)
        await items.reopen(tx, 1)  # type: ignore[arg-type]
        await items.mark_over(tx, talk.clock.at + DAY)
        assert await tx.all("SELECT * FROM over") == []
