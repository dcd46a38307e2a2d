"""The agenda of events, and what others read of them, as conversations."""

from __future__ import annotations

from datetime import timedelta

from bot import dates
from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from commands.events.tests.days import Day, in_days
from commands.events.tests.event_lines import later, rehearsal, rehearsals, soon, taller

PRESS = RoomId("!prensa:test")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_the_agenda_is_by_day_with_pages_and_periods(plain: Talk) -> None:
    await plain.set("conflicts", "no")
    monday = in_days(7 - in_days(0).wall.weekday())
    days = [monday.plus(n) for n in (1, 2, 3)]
    for number in range(12):
        await plain.answer(
            "bea", f'!evento "Taller {number}" {days[number // 4].typed} {9 + number:02}:00'
        )
    first = (await plain.answer("bea", "!eventos")).splitlines()
    assert first[0] == (
        f"{days[0].title(plain)}: 09:00 Taller 0 (1) · 10:00 Taller 1 (2) · 11:00 Taller 2 (3)"
    )
    assert first[1] == "· 12:00 Taller 3 (4)"
    assert first[-1] == "Más: `!eventos 2`"
    second = await plain.answer("bea", "!eventos 2")
    assert "Taller 10 (11) · 20:00 Taller 11 (12)" in second and "Taller 9" not in second
    assert "Taller 4 (5)" in await plain.answer("bea", f"!eventos {days[1].typed}")
    assert "No hay nada previsto" in await plain.answer("bea", "!eventos esta semana")
    assert "Taller 0" in await plain.answer("bea", "!eventos próxima semana")
    assert "No entendí “pronto”" in await plain.answer("bea", "!eventos pronto")


async def test_in_private_it_is_of_all_ones_rooms_on_ones_own_clock(plain: Talk) -> None:
    await plain.room(PRESS, "Prensa", ["bea"])
    await plain.set("calendar files", "no", PRESS)
    await plain.answer("bea", taller())
    await plain.answer("bea", f"!evento Cierre {soon().weekday} 23h", room=PRESS)
    await plain.tells("bea", "zona Lisboa")
    await plain.sent()
    await plain.tells("bea", "eventos")
    (said,) = [post.plain for post in await plain.said()]
    first, second = (dates.to_wall(soon().at(hour), "Europe/Lisbon") for hour in (19, 23))
    day = Day(first.date()).title(plain, zone="Europe/Lisbon")
    assert f"{day}: {first:%H:%M} Taller (1, Sala) · {second:%H:%M} Cierre (2, Prensa)" in said
    assert "Las horas son las de Lisboa." in said
    await plain.tells("carla", "eventos")
    (other,) = [post.plain for post in await plain.said()]
    assert "Cierre" not in other


async def test_a_series_goes_on_through_restarts(plain: Talk) -> None:
    await plain.answer("bea", rehearsals("3 veces dura:2h"))
    await plain.restart(7 * DAY)
    await plain.wait(HOUR)
    assert rehearsal(1).title(plain) in await plain.answer("bea", "!eventos")
    await plain.restart(14 * DAY)
    await plain.wait(HOUR)
    assert "Todavía no hay nada previsto" in await plain.answer("bea", "!eventos")


async def test_the_message_of_a_series_shows_the_date_that_comes(plain: Talk) -> None:
    await plain.answer("bea", rehearsals("dura:2h"))
    await plain.wait(7 * DAY)
    (post,) = await plain.said()
    assert f"{rehearsal(1).title(plain)}, 19:00 (Bogotá), dura 2 h" in post.plain
    assert post.content["m.relates_to"]["rel_type"] == "m.replace"


# --- for others -----------------------------------------------------------------------------------


async def test_a_date_that_was_picked_becomes_an_event(plain: Talk) -> None:
    options = f"{soon().weekday[:3]} 18h, {later().weekday[:3]} 10h"
    await plain.answer("ana", f'!cuando "Reunión" {options}')
    said = await plain.answer("ana", "!elegir 1 2")
    assert "Evento 2: Reunión" in said and f"{later().title(plain)}, 10:00 (Bogotá)" in said
    fair = in_days(10)
    await plain.answer("ana", f'!cuando "Feria" {fair.typed}, {fair.plus(1).typed}')
    assert f"{fair.title(plain)}, todo el día" in await plain.answer("ana", "!elegir 3 1")


async def test_who_goes_hears_of_a_change_once(plain: Talk) -> None:
    """In private; the room reads one line that rings nobody. Who changed it need not hear it."""
    await plain.answer("ana", taller())
    for who in ("ana", "bea", "carla"):
        await plain.says(who, "!voy 1" if who != "carla" else "!no voy 1")
    await plain.sent()
    for line in (f"!mover 1 {later().weekday}", "!cambiar 1 lugar: Casa Azul"):
        await plain.says("ana", line)
        told = [p for p in await plain.said() if "Ana" in p.plain and "* " not in p.plain]
        assert [p.room for p in told] == [ROOM, await plain.private("bea")]
        assert {p.content["msgtype"] for p in told} == {"m.text"}
        assert told[0].content["m.mentions"] == {}
        assert told[1].plain.splitlines()[-1] == "Para tu calendario: `eventos archivo 1`"
    await plain.says("ana", "!cambiar 1 descripción: traer agua")
    told = [p for p in await plain.said() if "Ana" in p.plain and "* " not in p.plain]
    assert [p.content["m.mentions"] for p in told] == [{}]


async def test_what_comes_stands_among_what_is_open(plain: Talk) -> None:
    await plain.answer("ana", taller())
    said = await plain.answer("ana", "!pendientes")
    assert f"Evento 1: {soon().words(plain)}, 19:00, Taller" in said


async def test_a_change_is_one_line_and_the_edited_message_in_the_room(plain: Talk) -> None:
    await plain.set("tap_poll", "no")
    await plain.says("ana", taller())
    await plain.sent()
    await plain.says("ana", "!mover 1 20h")
    line, edit = await plain.sent()
    assert "Ana movió el evento 1" in line.plain
    assert "20:00 (Bogotá)" in edit.plain.splitlines()[1]
    await plain.answer("ana", "!cancelar 1")
    await plain.says("ana", "sí")
    line, edit = await plain.sent()
    assert "Ana canceló el evento 1" in line.plain
    assert edit.plain.splitlines() == ["* Evento 1: Taller", "Se canceló."]
