"""What may be for us waits until we know, and of talk nothing is kept but its place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.run.app import features
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId
from storage.catch_up import undecrypted_events
from storage.catch_up.parked_events import MOST_PER_PERSON
from storage.catch_up.undecrypted_events import UndecryptedEvent

OPENING, POLL = EventId("$bot1"), EventId("$bot2")
"""What the server will make of the first letters."""


async def parked(talk: Talk) -> list[dict[str, Any]]:
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT what FROM parked ORDER BY at, event")
    return [json.loads(row["what"]) for row in rows]


async def test_of_talk_only_its_place_is_kept(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("carla", "mi dirección es Calle 5", reply=EventId("$of-bea"), mentions=["bea"])
    assert [(one["sender"], one["reply_to"]) for one in await parked(talk)] == [
        (user_id("carla"), "$of-bea")
    ]
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in [row["name"] for row in tables]:
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert not any("Calle 5" in repr(tuple(row)) for row in rows), table
    await talk.sent()
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    assert await parked(talk) == []
    await talk.hears_nothing()


async def test_a_reply_to_what_is_on_its_way_counts_through_a_crash(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    at = talk.clock.at
    await talk.says("bea", "2", reply=OPENING)
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    await talk.restart(timedelta(minutes=3))
    assert (await talk.sent())[0].event == OPENING
    talk.gateway.broken = True
    await talk.machine.dispatcher.commit_batch("s2", talk.clock.at)
    talk.gateway.broken = False
    await talk.machine.dispatcher.commit_batch(
        "s3", talk.clock.at
    )  # the homeserver is left alone for a while
    await talk.restart()
    assert len(await parked(talk)) == 1
    await talk.machine.dispatcher.commit_batch("s4", talk.clock.at)
    assert await parked(talk) == []
    await talk.hears("Sur")
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 1")
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT at FROM poll_book_response")
    assert row is not None and row["at"] == at.timestamp(), "it counts when it was said"


async def test_what_cannot_be_read_again_is_let_go(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    gone = await talk.says("bea", "2", reply=OPENING)
    del talk.gateway.said[gone]
    await talk.sent()
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    assert await parked(talk) == []


async def test_nothing_waits_where_no_letter_is_about_anything(talk: Talk) -> None:
    await talk.says("ana", "!ayuda")
    await talk.says("carla", "hola", reply=EventId("$of-bea"))
    await talk.votes("carla", EventId("$theirs"), ("o1",))
    assert await parked(talk) == []


async def test_one_person_fills_no_disk(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    await talk.votes("bea", POLL, ("o1",))
    await talk.votes("carla", POLL, ("x" * 3000,))
    for n in range(MOST_PER_PERSON + 20):
        talk.clock.at += timedelta(seconds=1)
        await talk.says("carla", f"{n}", reply=EventId("$of-bea"))
    waiting = await parked(talk)
    assert [one["sender"] for one in waiting].count(user_id("carla")) == MOST_PER_PERSON
    assert [one["sender"] for one in waiting].count(user_id("bea")) == 1


async def test_a_flood_of_replies_does_not_wait(tmp_path: Path) -> None:
    busy = await Talk.start(tmp_path / "busy.db", features(), commands_per_minute=5)
    await busy.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    for n in range(30):
        await busy.says("carla", f"{n}", reply=EventId("$of-bea"))
    assert len(await parked(busy)) == 5
    await busy.sent()
    await busy.machine.dispatcher.commit_batch("s1", busy.clock.at)
    await busy.hears_nothing()
    await busy.close()


async def test_a_vote_that_its_voter_took_back_while_it_waited_is_not_counted(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    tap = await talk.votes("bea", POLL, ("o1",))
    theirs = await talk.votes("carla", POLL, ("o2",))
    await talk.says("carla", "no sé", reply=OPENING)
    await talk.redacts("bea", tap)
    await talk.redacts("ana", theirs)  # who moderates makes nobody's vote disappear
    await talk.sent()
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    assert await parked(talk) == []
    said = await talk.answer("ana", "!resultados 1")
    assert "Norte: 0" in said
    assert "Sur: 1" in said


async def test_what_waits_for_its_key_is_dropped_when_its_sender_redacts_it(talk: Talk) -> None:
    at = talk.clock.at
    held = [
        UndecryptedEvent(EventId(name), ROOM, user_id(who), "session", {}, at, False, at)
        for name, who in (("$of-bea", "bea"), ("$of-carla", "carla"))
    ]
    async with talk.machine.db.transaction() as tx:
        await undecrypted_events.add(tx, held)
    await talk.redacts("bea", EventId("$of-bea"))
    await talk.redacts("ana", EventId("$of-carla"))
    async with talk.machine.db.reading() as tx:
        left = await undecrypted_events.events_for_session(tx, ROOM, "session")
    assert [one.event for one in left] == ["$of-carla"]


async def test_an_edit_changes_no_parked_vote_after_the_end(talk: Talk) -> None:
    """One that stays counts, and so does one that is edited in time."""
    closes = talk.clock.at + timedelta(minutes=30)
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta en 30 min")
    await talk.says("ana", "1", reply=OPENING)
    in_time = await talk.says("bea", "1", reply=OPENING)
    too_late = await talk.says("carla", "1", reply=OPENING)
    talk.clock.at = closes - timedelta(seconds=1)
    await talk.edits("bea", in_time, "2")
    talk.clock.at = closes + timedelta(minutes=1)  # ends are whole minutes
    await talk.edits("carla", too_late, "2")
    await talk.machine.outbox.deliver_pending()
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    said = [post.plain for post in await talk.sent()]
    assert any("ese voto no cuenta" in one for one in said), said
    shown = await talk.answer("ana", "!resultados 1")
    assert "Norte: 1" in shown
    assert "Sur: 1" in shown
