"""What comes, once a week and as a picture. It is Wednesday 25 November 2026, 10:00 in Bogotá."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image

from bot.api import UnfitValue, WeeklyTime
from bot.testing.talk import ROOM, START_TIME, Talk

pytestmark = pytest.mark.begins("2026-11-25T10:00", "it names dates in words")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime.fromisoformat("2026-11-30T14:00:00+00:00")
"""9:00 in Bogotá."""
KIND = WeeklyTime()


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("lunes 9:00", "MO 09:00"),
        ("cada lunes a las 9 am", "MO 09:00"),
        ("segunda 9h", "MO 09:00"),
        ("toda sexta às 18h", "FR 18:00"),
        ("every Sunday 20:30", "SU 20:30"),
        ("domingo", "SU 09:00"),
        ("no", "no"),
        ("Não", "no"),
    ],
)
def test_a_day_and_an_hour_are_read_in_three_languages(typed: str, kept: str) -> None:
    assert KIND.read(typed) == kept


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize("typed", ["", "lunes a las 7", "cada día 9h", "9h", "mañana", "x" * 500])
def test_what_is_none_is_said_with_an_example(typed: str) -> None:
    with pytest.raises(UnfitValue):
        KIND.read(typed)


async def configured(talk: Talk, *words: str) -> None:
    await talk.answer("ana", " ".join(("!configurar", *words)))
    assert "!deshacer" in await talk.answer("ana", "sí")


async def waited(talk: Talk, until: datetime) -> list[str]:
    await talk.wait_until(until)
    return [post.plain for post in await talk.said() if post.room == ROOM]


async def test_it_comes_at_the_day_and_hour_of_the_room_and_again_a_week_later(
    plain: Talk,
) -> None:
    await configured(plain, "resumen-semanal lunes 9h")
    await plain.answer("bea", "!evento Taller martes 1 de diciembre 19h")
    await plain.answer("bea", "!evento Asamblea jueves 10 de diciembre 18h")
    assert await waited(plain, MONDAY - HOUR) == []
    [said] = await waited(plain, MONDAY)
    assert said.splitlines() == [
        "Lo que viene en los próximos siete días:",
        "Martes 1 de diciembre: 19:00 Taller (1)",
        "Todo sobre uno: `!evento 1`",
    ]
    await plain.restart()
    later = await waited(plain, MONDAY + 7 * DAY)
    assert any("Asamblea (2)" in line and "siete días" in line for line in later)


async def test_nothing_is_said_where_nothing_comes_or_nobody_asked_for_it(plain: Talk) -> None:
    await plain.answer("bea", "!evento Asamblea miércoles 16 de diciembre 18h")
    assert await waited(plain, MONDAY + HOUR) == []
    await configured(plain, "resumen-semanal lunes 9h")
    assert await waited(plain, MONDAY + 7 * DAY) == []


async def test_a_room_that_changes_its_mind_reads_it_once(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller martes 1 de diciembre 19h")
    for value in ("lunes 9h", "viernes 18h", "lunes 9h"):
        await configured(plain, "resumen-semanal", value)
    assert await waited(plain, MONDAY - 2 * DAY) == []
    assert len(await waited(plain, MONDAY)) == 1
    await configured(plain, "resumen-semanal no")
    assert await waited(plain, MONDAY + 7 * DAY) == []


@pytest.mark.parametrize(("late", "heard"), [(3 * HOUR, 1), (25 * HOUR, 0)])
async def test_after_an_outage_it_says_how_late_or_waits_for_the_next_week(
    plain: Talk, late: timedelta, heard: int
) -> None:
    await configured(plain, "resumen-semanal lunes 9h")
    await plain.answer("bea", "!evento Taller viernes 4 de diciembre 19h")
    await plain.restart(after=MONDAY + late - START_TIME.at)
    said = await waited(plain, MONDAY + late)
    assert len(said) == heard
    assert all("3 h" in one and "retraso" in one for one in said)


async def test_the_clock_of_the_room_is_what_counts(plain: Talk) -> None:
    await configured(plain, "resumen-semanal lunes 9h")
    await configured(plain, "zona Madrid")
    await plain.answer("bea", "!evento Taller martes 1 de diciembre 19h")
    assert len(await waited(plain, MONDAY - 6 * HOUR)) == 1
    assert await waited(plain, MONDAY) == []


async def test_the_month_is_a_picture_with_the_same_in_words(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller martes 1 de diciembre 19h")
    await plain.answer("bea", '!evento "Fiesta 🎉 de fin de año" 31 de diciembre')
    await plain.says("bea", "!eventos imagen diciembre")
    [post] = await plain.said()
    assert post.content["msgtype"] == "m.image"
    assert post.content["filename"] == "mes-2026-12.png"
    assert "Martes 1 de diciembre: 19:00 Taller (1)" in post.plain
    assert "fin de año (2)" in post.plain
    image = Image.open(io.BytesIO(plain.gateway.files[post.content["file"]["url"]]))
    size = post.content["info"]
    assert (image.format, image.size) == ("PNG", (size["w"], size["h"]))
    assert size["size"] < 40_000


async def test_the_picture_follows_the_digest_only_where_it_is_wanted(plain: Talk) -> None:
    await configured(plain, "resumen-semanal lunes 9h")
    await configured(plain, "imagen-del-mes sí")
    await plain.answer("bea", "!evento Taller martes 1 de diciembre 19h")
    await plain.wait_until(MONDAY)
    kinds = [post.content["msgtype"] for post in await plain.said()]
    assert kinds == ["m.notice", "m.image"]


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize("text", ["!eventos imagen xyz", "!eventos imagen 99/99"])
async def test_a_month_that_is_none_is_told(plain: Talk, text: str) -> None:
    assert "diciembre" in await plain.answer("bea", text)
