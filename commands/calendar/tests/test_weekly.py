"""What comes, once a week and as a picture."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image

from bot.api import UnfitValue, WeeklyTime, dates
from bot.testing.talk import ROOM, START_TIME, Talk
from commands.events.tests.days import Day, in_days

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KIND = WeeklyTime()


def digest_day() -> Day:
    """The day of the week on which the room reads its digest."""
    return in_days(5)


def digest() -> datetime:
    """When it comes, for the first time."""
    return digest_day().at(9)


def weekly_at_nine() -> str:
    """The setting, as people type it."""
    return f"resumen-semanal {digest_day().weekday} 9h"


def taller() -> str:
    """A line that makes an event of the day after."""
    return f"!evento Taller {digest_day().plus(1).long} 19h"


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
    await configured(plain, weekly_at_nine())
    await plain.answer("bea", taller())
    await plain.answer("bea", f"!evento Asamblea {digest_day().plus(10).long} 18h")
    assert await waited(plain, digest() - HOUR) == []
    [said] = await waited(plain, digest())
    assert said.splitlines() == [
        "Lo que viene en los próximos siete días:",
        f"{digest_day().plus(1).title(plain)}: 19:00 Taller (1)",
        "Todo sobre uno: `!evento 1`",
    ]
    await plain.restart()
    later = await waited(plain, digest() + 7 * DAY)
    assert any("Asamblea (2)" in line and "siete días" in line for line in later)


async def test_nothing_is_said_where_nothing_comes_or_nobody_asked_for_it(plain: Talk) -> None:
    await plain.answer("bea", f"!evento Asamblea {digest_day().plus(16).long} 18h")
    assert await waited(plain, digest() + HOUR) == []
    await configured(plain, weekly_at_nine())
    assert await waited(plain, digest() + 7 * DAY) == []


async def test_a_room_that_changes_its_mind_reads_it_once(plain: Talk) -> None:
    await plain.answer("bea", taller())
    one = f"{digest_day().weekday} 9h"
    for value in (one, f"{digest_day().plus(-3).weekday} 18h", one):
        await configured(plain, "resumen-semanal", value)
    assert await waited(plain, digest() - 2 * DAY) == []
    assert len(await waited(plain, digest())) == 1
    await configured(plain, "resumen-semanal no")
    assert await waited(plain, digest() + 7 * DAY) == []


@pytest.mark.parametrize(("late", "heard"), [(3 * HOUR, 1), (25 * HOUR, 0)])
async def test_after_an_outage_it_says_how_late_or_waits_for_the_next_week(
    plain: Talk, late: timedelta, heard: int
) -> None:
    await configured(plain, weekly_at_nine())
    await plain.answer("bea", f"!evento Taller {digest_day().plus(4).long} 19h")
    await plain.restart(after=digest() + late - START_TIME.at)
    said = await waited(plain, digest() + late)
    assert len(said) == heard
    assert all("3 h" in one and "retraso" in one for one in said)


async def test_the_clock_of_the_room_is_what_counts(plain: Talk) -> None:
    await configured(plain, weekly_at_nine())
    await configured(plain, "zona Madrid")
    await plain.answer("bea", taller())
    at = dates.to_utc(digest_day().on_clock(9), "Europe/Madrid")
    assert len(await waited(plain, at)) == 1
    assert await waited(plain, digest()) == []


async def test_the_month_is_a_picture_with_the_same_in_words(plain: Talk) -> None:
    today = in_days(0)
    first = today.plus(40 - today.wall.day)  # some day of next month
    first = first.plus(1 - first.wall.day)
    tenth, last = first.plus(9), first.plus(27)
    await plain.answer("bea", f"!evento Taller {tenth.long} 19h")
    title = "Fiesta 🎉 de fin de año"
    await plain.answer("bea", f'!evento "{title}" {last.wall.day} de {last.month}')
    await plain.says("bea", f"!eventos imagen {first.month}")
    [post] = await plain.said()
    assert post.content["msgtype"] == "m.image"
    assert post.content["filename"] == f"mes-{first.wall:%Y-%m}.png"
    assert f"{tenth.title(plain)}: 19:00 Taller (1)" in post.plain
    assert "fin de año (2)" in post.plain
    image = Image.open(io.BytesIO(plain.gateway.files[post.content["file"]["url"]]))
    size = post.content["info"]
    assert (image.format, image.size) == ("PNG", (size["w"], size["h"]))
    assert size["size"] < 40_000


async def test_the_picture_follows_the_digest_only_where_it_is_wanted(plain: Talk) -> None:
    await configured(plain, weekly_at_nine())
    await configured(plain, "imagen-del-mes sí")
    await plain.answer("bea", taller())
    await plain.wait_until(digest())
    kinds = [post.content["msgtype"] for post in await plain.said()]
    assert kinds == ["m.notice", "m.image"]


@pytest.mark.parametrize("text", ["!eventos imagen xyz", "!eventos imagen 99/99"])
async def test_a_month_that_is_none_is_told(plain: Talk, text: str) -> None:
    assert "diciembre" in await plain.answer("bea", text)
