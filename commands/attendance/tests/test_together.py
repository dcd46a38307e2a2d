"""What the parts of an event do together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import RoomId
from commands.events.tests.days import agenda, in_days
from commands.events.tests.making import first_day, made, weekly


async def test_fewer_seats_than_have_a_place_are_refused_and_nobody_loses_one(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, f"!evento Taller {first_day().long} 19h cupo: 5")
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"voy {event.item}")
    await talk.sent()
    said = await talk.answer("ana", f"!cambiar {event.item} cupo: 2")
    assert "Ya 3 personas tienen cupo" in said
    assert "`cupo:3`" in said
    assert "5 cupos" in await talk.answer("ana", f"!evento {event.item}")
    assert "cupo: 3" in await talk.answer("ana", f"!cambiar {event.item} cupo: 3")
    assert "Van (3): Ana · Bea · Carla" in await talk.answer("ana", f"!asistentes {event.item}")


async def test_more_seats_let_in_who_waited(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, f"!evento Taller {first_day().long} 19h cupo: 1")
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"voy {event.item}")
    await talk.sent()
    await talk.says("ana", f"!cambiar {event.item} cupo: 2")
    letters = [p for p in await talk.said() if "Hay lugar" in p.plain]
    assert [p.room for p in letters] == [await talk.private("bea")]


def about(posts: list[PostedEvent], word: str) -> list[PostedEvent]:
    """What was said anew of it: a message that is written again rings nowhere."""
    return [p for p in posts if word in p.plain and "m.new_content" not in p.content]


@pytest.mark.parametrize("line", ["!cancelar {n} {second}", "!cancelar {n} todas"])
async def test_who_goes_hears_once_that_it_is_cancelled_though_the_bot_is_killed(
    talk: Talk, line: str
) -> None:
    event, _opening, _poll = await made(talk, rule=weekly())
    await talk.says("bea", f"voy {event.item}")
    await talk.says("carla", f"no voy {event.item}")
    await talk.says("ana", line.format(n=event.item, second=first_day().plus(7).typed))
    await talk.sent()
    talk.gateway.broken = True
    await talk.says("ana", "sí", event="$yes")
    await talk.restart(timedelta(minutes=1))
    await talk.says("ana", "sí", event="$yes")  # read again after the kill
    talk.gateway.broken = False
    await talk.wait(timedelta(minutes=1))
    told = {p.room: p for p in about(await talk.said(), "Ana canceló")}
    assert set(told) == {ROOM, await talk.private("bea")}
    assert told[ROOM].content["m.mentions"] == {}
    await talk.restart(timedelta(minutes=1))
    assert about(await talk.said(), "Ana canceló") == []


async def test_it_is_at_a_place_and_on_a_link_too(plain: Talk) -> None:
    said = await plain.answer(
        "bea", "!evento Asamblea en 2 días 19h lugar: Casa Azul enlace: https://meet.example/radio"
    )
    assert said.splitlines()[1].endswith(" · Casa Azul")
    assert "Enlace: https://meet.example/radio" in said.splitlines()


async def test_a_series_leaves_out_the_dates_that_are_named_and_ends(plain: Talk) -> None:
    first, second, third, fourth = (in_days(n) for n in (6, 13, 20, 27))
    but = f"hasta {fourth.plus(1).typed} menos {third.typed}"
    said = await plain.answer("bea", f"!evento Ensayo cada {first.weekday} 19h {but}")
    assert third.words(plain) in said
    assert f"Se repite: cada {first.weekday}, 19:00" in said
    assert [line.split(":")[0] for line in await agenda(plain, "Ensayo", fourth)] == [
        day.title(plain) for day in (first, second, fourth)
    ]


async def test_a_tap_is_about_every_date_and_a_line_about_one_of_them(talk: Talk) -> None:
    days = [in_days(n) for n in (6, 13, 20)]
    event, _opening, poll = await made(talk, f"!evento Ensayo cada {days[0].weekday} 19h")
    assert poll is not None
    assert poll.content["org.matrix.msc3381.poll.start"]["answers"][0][
        "org.matrix.msc1767.text"
    ].startswith("Voy")
    await talk.taps("bea", poll, 1)
    assert "no vas" in await talk.answer("bea", f"no voy {event.item} {days[1].typed}")
    for day, comes in zip(days, (True, False, True), strict=True):
        there = await talk.answer("ana", f"!asistentes {event.item} {day.typed}")
        assert ("Bea" in there) == comes, day


async def test_a_line_in_private_is_read_on_the_clock_of_the_room_it_is_for(plain: Talk) -> None:
    await plain.tells("bea", "zona Madrid")
    await plain.sent()
    await plain.tells("bea", f"evento Taller {in_days(2).weekday} 19h")
    posts = {post.room: post.plain for post in await plain.said()}
    assert f"{in_days(2).title(plain)}, 19:00 (Bogotá)" in posts[ROOM]


async def test_what_goes_on_in_a_room_one_is_not_in_is_told_by_no_warning(plain: Talk) -> None:
    """Bea goes to both; Ana may not know of the other one."""
    other = await plain.room(RoomId("!prensa:test"), "Prensa", ["bea", "carla"])
    await plain.set("calendar files", "no", other)
    await plain.answer("ana", f"!evento Taller {in_days(2).weekday} 19h")
    await plain.answer("carla", f"!evento Cierre {in_days(3).weekday} 19h", room=other)
    await plain.says("bea", "!voy 1")
    await plain.says("bea", "!voy 2", room=other)
    await plain.sent()
    said = await plain.answer("ana", f"!mover 1 {in_days(3).weekday}")
    assert "Ana movió el evento 1" in said, "nothing is asked"
    assert "Cierre" not in said
