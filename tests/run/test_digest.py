"""A room that hears once a day what can wait. It is 10:00 in Bogotá."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, Job, Person, Say, Topic, _, words
from bot.run.duties import daily_digest
from bot.run.scheduler import delete_expired
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import RoomId
from storage import rooms
from storage.membership import removals
from storage.rows import people, room_moves

HOUR, NEXT = timedelta(hours=1), RoomId("!next:test")


def crier(folder: Path) -> Feature:
    """Says a line by itself an hour after it is told to: `!pregona texto`, urgent with a `!`."""
    feature = Feature("crier", folder)
    cry_job = feature.job("cry")

    @feature.command(
        words("pregona", "apregoa", "cry"),
        help=_("for this test"),
        example=_("for this test"),
        topic=Topic("crier", words("pregones", "pregões", "cries"), _("for this test")),
    )
    async def cry(ctx: Context, *, text: str) -> Answer:
        await ctx.schedule(cry_job, ctx.said_at + HOUR, text=text, by=ctx.who)
        return _("{text}", text="Va en una hora.")

    @feature.runs(cry_job)
    async def cried(ctx: Context, job: Job) -> Answer:
        text = job.payload["text"]
        line = _("{who}: {text}", who=Person(job.payload["by"]), text=text)
        return Say((line,), loud=text.endswith("!"))

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, crier(tmp_path / "crier")]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.set("daily", "20:00")
    return talk


async def cries(talk: Talk, *texts: str, who: str = "ana") -> None:
    for text in texts:
        await talk.says(who, f"!pregona {text}")
    await talk.hears(*["Va en una hora."] * len(texts))  # an answer comes at once
    await talk.wait(HOUR)


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_what_can_wait_comes_once_a_day_in_one_message(talk: Talk) -> None:
    await cries(talk, "uno", "dos")
    await talk.hears_nothing()
    await cries(talk, "tres", who="bea")
    await talk.hears_nothing()
    await talk.wait_until(START_TIME.at + 10 * HOUR)
    (said,) = await talk.said()
    assert said.plain.splitlines() == [
        "Novedades desde la última vez: 3",
        "11:00 Ana: uno",
        "11:00 Ana: dos",
        "12:00 Bea: tres",
    ]
    await talk.wait(timedelta(days=1))
    await talk.hears_nothing()


async def test_what_is_urgent_does_not_wait(talk: Talk) -> None:
    await cries(talk, "¡Ya!")
    await talk.hears("Ana: ¡Ya!")


async def test_elsewhere_nothing_waits(talk: Talk) -> None:
    await talk.set("daily", "")
    await cries(talk, "uno")
    await talk.hears("Ana: uno")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_it_stays_under_two_kilobytes_and_the_rest_can_be_read(talk: Talk) -> None:
    await cries(talk, *[f"{n} {'ñandú ' * 60}" for n in range(12)])
    await talk.wait_until(START_TIME.at + 10 * HOUR)
    (said,) = await talk.said()
    assert len(said.plain.encode()) < 2_000
    assert said.plain.splitlines()[-1].startswith("Y ")
    assert "`!novedades`" in said.plain
    await talk.says("bea", "!novedades")
    (page,) = await talk.said()
    assert "11 ñandú" in page.plain and "`!novedades 2`" in page.plain
    await talk.says("bea", "!novedades 2")
    assert "0 ñandú" in (await talk.said())[0].plain


async def test_where_nothing_waited_the_hour_is_said_or_how_to_set_one(talk: Talk) -> None:
    said = await talk.answer("bea", "!novedades")
    assert "una vez al día" in said and "20:00" in said and "!configurar" not in said
    await talk.set("daily", "")
    assert "`!configurar resumen-diario 20:00`" in await talk.answer("bea", "!novedades")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_restarts_outages_and_upgrades_lose_nothing(talk: Talk) -> None:
    await cries(talk, "uno")
    async with talk.machine.db.transaction() as tx:
        await room_moves.move_room(tx, ROOM, NEXT)
    await talk.room(NEXT, "Sala", ["ana", "bea"])
    await talk.restart(after=20 * HOUR)
    await talk.wait(timedelta(0))
    (said,) = await talk.said()
    assert (said.room, said.plain.splitlines()[1:]) == (NEXT, ["11:00 Ana: uno"])


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_who_is_forgotten_is_named_no_more_and_a_week_is_enough(talk: Talk) -> None:
    await cries(talk, "uno")
    await cries(talk, "dos", who="bea")
    async with talk.machine.db.transaction() as tx:
        await people.forget_person(tx, user_id("ana"))
    await talk.wait_until(START_TIME.at + 10 * HOUR)
    (said,) = await talk.said()
    assert "dos" in said.plain and "uno" not in said.plain
    await talk.wait(timedelta(days=8))
    await delete_expired(talk.machine.db, talk.clock.at)
    await talk.says("bea", "!novedades")
    await talk.hears("Aquí no hay novedades en espera")


async def test_the_hour_is_set_by_chat(talk: Talk) -> None:
    for typed, answer in (("25:00", "una hora"), ("8:30 pm", "20:30"), ("no", "no")):
        await talk.says("ana", f"!configurar resumen-diario {typed}")
        assert answer in "\n".join(post.plain for post in await talk.said())
        await talk.says("ana", "sí")
        await talk.sent()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25T15:00+00:00", "2026-11-26T01:00+00:00"),
        ("2026-11-26T01:00+00:00", "2026-11-27T01:00+00:00"),
    ],
)
def test_the_next_hour_is_after_now(now: str, expected: str) -> None:
    at = datetime.fromisoformat(now)
    hour = datetime.fromisoformat("2026-01-01T20:00").time()
    assert daily_digest.next_digest(at, hour, "America/Bogota") == datetime.fromisoformat(expected)


async def test_who_took_the_bot_out_of_a_room_is_forgotten_after_a_time(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await removals.note(tx, ROOM, talk.clock.at)
        await rooms.mark_left(tx, ROOM)
    for passed, kept in ((removals.KEPT_FOR - timedelta(days=1), 1), (timedelta(days=2), 0)):
        talk.clock.at += passed
        await delete_expired(talk.machine.db, talk.clock.at)
        async with talk.machine.db.reading() as tx:
            assert len(await removals.all_removals(tx)) == kept
