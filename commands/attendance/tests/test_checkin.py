"""Who was there, where the room wants that kept; and events on other clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from commands.events.tests.days import moment
from commands.events.tests.making import first_day, get, made, weekly

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def code_of(talk: Talk, number: int) -> str:
    await talk.tells("ana", f"puerta {number}")
    (told,) = await talk.said(await talk.private("ana"))
    return told.plain.split("\n")[0].rsplit(" ", 1)[1]


async def test_by_the_code_at_the_door(talk: Talk) -> None:
    event, opening, _poll = await made(talk)
    await talk.set("presence", "yes")
    assert "anoto quién está desde" in await talk.answer("ana", f"!puerta {event.item}")
    await talk.wait_until(first_day().at(19) - HOUR)
    await talk.sent()
    code = await code_of(talk, event.item)
    assert len(code) == 4
    assert code == await code_of(talk, event.item)
    await talk.tells("bea", f"llegué {event.item} {code}")
    await talk.hears("Anotado: estás en")
    await talk.says("carla", f"!cheguei {code}", reply=opening)  # typed in the room: taken out
    said = await talk.sent()
    assert any("Anotado: estás en" in p.plain for p in said if p.room != ROOM)
    assert not any(code in p.plain for p in said)
    assert any(p.kind == "m.room.redaction" or "redact" in p.kind for p in said)
    await talk.wait(DAY)
    await talk.sent()
    there = await talk.answer("bea", f"!asistentes {event.item}")
    assert "Estuvieron (2): Bea · Carla" in there


async def test_a_code_is_not_found_by_trying(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    await talk.set("presence", "yes")
    await talk.wait_until(first_day().at(19))
    code = await code_of(talk, event.item)
    wrong = "0000" if code != "0000" else "1111"
    for _try in range(5):
        await talk.tells("bea", f"llegué {event.item} {wrong}")
        assert "no es el del evento" in (await talk.said())[-1].plain
    await talk.tells("bea", f"llegué {event.item} {code}")
    assert "5 códigos" in (await talk.said())[-1].plain
    assert "Estuvieron" not in await talk.answer("ana", f"!asistentes {event.item}")


async def test_who_hosts_marks_others_and_nobody_else_does(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, by="bea")
    await talk.set("presence", "yes")
    await talk.wait_until(first_day().at(19) + HOUR)
    await talk.sent()
    await talk.tells("carla", f"llegué {event.item} @bea:test")
    assert "No puedes" in (await talk.said())[-1].plain
    await talk.tells("bea", f"llegué {event.item} @carla:test @dora:test")
    told = (await talk.said())[-1].plain
    assert "Anotado en" in told
    assert "Carla" in told
    assert "No están en la sala de este evento: dora" in told
    assert "Estuvieron (1): Carla" in await talk.answer("ana", f"!asistentes {event.item}")


async def test_a_room_that_did_not_ask_for_it_keeps_nothing(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    await talk.wait_until(first_day().at(19))
    await talk.sent()
    assert "no guarda quién estuvo" in await talk.answer("ana", f"!puerta {event.item}")
    await talk.tells("bea", f"llegué {event.item} 1234")
    assert "no guarda quién estuvo" in (await talk.said())[-1].plain


async def test_of_a_series_the_date_that_is_on(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, rule=weekly())
    await talk.set("presence", "yes")
    second = first_day().plus(7).at(19)
    await talk.wait_until(second)
    await talk.sent()
    code = await code_of(talk, event.item)
    await talk.tells("bea", f"llegué {event.item} {code}")
    await talk.wait(DAY)
    await talk.sent()
    there = await talk.answer("ana", f"!asistentes {event.item}")
    assert f"{moment(talk, second)}\nEstuvieron (1): Bea".casefold() in there.casefold()
    services = talk.machine.registry.features["attendance"].services
    assert {"forget", "export"} <= set(services)
    assert (await get(talk, event.item)).rule


# --- other clocks ---------------------------------------------------------------------------------


@pytest.fixture
async def spread(talk: Talk) -> Talk:
    """Bea lives in São Paulo, Carla in Madrid, Ana where the room is."""
    await talk.tells("bea", "zona São Paulo")
    await talk.tells("carla", "zona Madrid")
    await talk.sent()
    return talk


async def test_in_the_room_its_clock_and_those_of_who_comes(spread: Talk) -> None:
    event, _opening, _poll = await made(spread)
    alone = await spread.answer("ana", f"!hora {event.item}")
    assert alone == f"“Taller de radio” (1), {moment(spread, first_day().at(19))}"
    await spread.says("bea", f"voy {event.item}")
    await spread.says("carla", f"tal vez {event.item}")
    await spread.sent()
    said = await spread.answer("ana", "!mi hora")
    there = moment(spread, first_day().at(19), "Europe/Madrid")
    assert f"21:00 (São Paulo) · {there}" in said
    assert "Bea, para ti: " in await spread.answer("bea", f"!hora {event.item}")


async def test_in_private_ones_own_clock(spread: Talk) -> None:
    event, _opening, _poll = await made(spread)
    await spread.tells("carla", f"hora {event.item}")
    (told,) = await spread.said()
    assert moment(spread, first_day().at(19), "Europe/Madrid") in told.plain
    assert f"Allá: {moment(spread, first_day().at(19))}" in told.plain
    await spread.tells("ana", f"hora {event.item}")
    (told,) = await spread.said()
    assert "Allá" not in told.plain
    assert user_id("ana") not in told.plain
