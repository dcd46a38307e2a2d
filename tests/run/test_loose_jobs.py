"""What was asked for from a device that only its room lets count stays in that room, later too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Context, Feature, Job, Line, Say, Topic, UserError, _, words
from bot.capability.authority.access import Reach
from bot.capability.feature import Answer
from bot.job_kind import JobKind
from bot.run.job_work import GIVE_UP_AT_FAILURE
from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import RoomId, Trust

LOOSE = {"trust": Trust.UNSIGNED}
OTHER = RoomId("!otra:test")

probe = Feature("probe", Path(__file__).parent / "probe")


@probe.command(
    words("sonda", "sonda-pt", "probe"),
    help=_("What a room gets"),
    example=_("What a room gets"),
    topic=Topic("probe", words("sondas", "sondas-pt", "probes"), _("What a room gets")),
    reach=Reach.ROOM,
)
async def start(ctx: Context, name: str) -> Line:
    room = OTHER if name == "elsewhere" else None
    person = ctx.who if name in ("fails", "refused", "mine") else None
    await ctx.schedule(
        JobKind("probe", name), ctx.said_at + timedelta(hours=1), person=person, room=room
    )
    return Line("begun")


@probe.runs(probe.job("both"))
@probe.runs(probe.job("elsewhere"))
@probe.runs(probe.job("mine"))
async def both(ctx: Context, job: Job) -> Answer:
    if not job.payload.get("again"):
        await ctx.schedule(JobKind("probe", job.name), ctx.said_at + timedelta(hours=1), again=True)
    return [
        Say((Line("for the room"),), loud=True),
        Say((Line("for bea"),), to=user_id("bea"), loud=True),
        Say((Line("for another room"),), room=OTHER, loud=True),
    ]


@probe.runs(probe.job("beyond"))
async def beyond(ctx: Context, job: Job) -> Answer:
    await ctx.add_item("probe", "elsewhere", OTHER)
    return Line("never said")


@probe.runs(probe.job("fails"))
async def fails(ctx: Context, job: Job) -> Answer:
    raise RuntimeError


@probe.runs(probe.job("refused"))
async def refused(ctx: Context, job: Job) -> Answer:
    raise UserError(Line("only for bea"))


@pytest.fixture
async def loose(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "minga.db", [probe])
    await talk.room(OTHER, "Otra", ["ana", "bea"], {"ana": 50})
    await talk.set("unsigned", "yes")
    yield talk
    await talk.close()


def rooms(posts: list[PostedEvent]) -> set[str]:
    return {post.room for post in posts}


async def test_a_job_keeps_to_its_room_and_so_does_what_it_begins(loose: Talk) -> None:
    await loose.answer("bea", "!probe both", **LOOSE)
    await loose.restart()
    for _time in range(2):
        await loose.wait(timedelta(hours=1))
        (post,) = await loose.hears("for the room")
        assert post.room == ROOM


async def test_the_same_job_from_a_signed_device_reaches_whom_it_names(loose: Talk) -> None:
    await loose.answer("bea", "!probe both")
    for _time in range(2):
        await loose.wait(timedelta(hours=1))
        assert sorted(post.plain for post in await loose.said()) == [
            "for another room",
            "for bea",
            "for the room",
        ]


async def test_nothing_falls_due_in_another_room(loose: Talk) -> None:
    assert "confirmado" in await loose.answer("bea", "!probe elsewhere", **LOOSE)
    await loose.wait(timedelta(hours=1))
    await loose.hears_nothing()


async def test_a_job_that_would_go_beyond_is_over_and_alarms_nobody(loose: Talk) -> None:
    await loose.answer("bea", "!probe beyond", **LOOSE)
    await loose.wait(timedelta(hours=1))
    await loose.hears_nothing()
    await loose.answer("bea", "!probe refused", **LOOSE)
    await loose.wait(timedelta(hours=1))
    await loose.hears_nothing()
    async with loose.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM job WHERE feature = 'probe'") == []


async def test_a_bug_is_told_in_the_room(loose: Talk) -> None:
    await loose.answer("bea", "!probe fails", **LOOSE)
    heard: list[PostedEvent] = []
    for _time in range(GIVE_UP_AT_FAILURE):
        await loose.wait(timedelta(days=1))
        heard += await loose.said()
    assert len(heard) == 2
    assert rooms(heard) == {ROOM}


# --- what capabilities promise ------------------------------------------------------------------


@pytest.fixture
async def room(talk: Talk) -> Talk:
    await talk.set("unsigned", "yes")
    return talk


async def over_days(talk: Talk, days: int) -> list[PostedEvent]:
    """All that is said in these days."""
    heard: list[PostedEvent] = []
    for _hour in range(days * 24):
        await talk.wait(timedelta(hours=1))
        heard += await talk.said()
    return heard


async def test_a_reminder_in_the_room_still_rings_there(room: Talk) -> None:
    await room.answer("bea", "!recordar en 2 días; pan", **LOOSE)
    await room.answer("bea", "!recordar cada 2 días; agua", **LOOSE)
    heard = await over_days(room, 6)
    assert rooms(heard) == {ROOM}
    assert any("pan" in post.plain for post in heard)
    assert sum("agua" in post.plain for post in heard) >= 2


async def test_a_tasks_reminder_in_private_is_left_out_until_a_signed_device_dates_it(
    room: Talk,
) -> None:
    await room.answer("bea", "!tarea Comprar pan; en 3 días @carla", **LOOSE)
    assert rooms(await over_days(room, 4)) <= {ROOM}
    await room.answer("bea", "!tarea Comprar agua; en 3 días @carla", **LOOSE)
    await room.answer("bea", "!tarea 2 en 4 días")
    assert any("Comprar agua" in p.plain and p.room != ROOM for p in await over_days(room, 5))


async def test_a_polls_closing_is_complete(room: Talk) -> None:
    await room.answer("bea", "!encuesta ¿Dónde? Norte, Sur hasta en 2 días", **LOOSE)
    await room.answer("carla", "!votar 1 2", **LOOSE)
    await room.wait(timedelta(days=3))
    posts = await room.sent()
    assert rooms(posts) == {ROOM}
    result = next(p for p in posts if "Sur: 1" in p.plain)
    assert "Norte: 0" in result.plain
    assert any(p.kind == "redact" for p in posts), "the native poll goes"
    assert "Sur: 1" in await room.answer("ana", "!resultados 1")


async def test_an_events_reminders_are_private_so_they_wait_for_a_signed_device(
    room: Talk,
) -> None:
    await room.answer("bea", "!evento Asamblea en 3 días 18:00", **LOOSE)
    await room.answer("carla", "voy 1")
    assert rooms(await over_days(room, 4)) <= {ROOM}
    await room.answer("bea", "!evento Minga en 3 días 18:00", **LOOSE)
    await room.answer("carla", "voy 2")
    await room.answer("bea", "!mover 2 en 4 días 18:00")
    assert any("Minga" in p.plain and p.room != ROOM for p in await over_days(room, 5))
