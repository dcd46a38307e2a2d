"""Events, as conversations. It is Wednesday 25 November 2026, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId

pytestmark = pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
PRESS = RoomId("!prensa:test")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def say(talk: Talk, who: str, *lines: str) -> str:
    """What the bot answers to the last of these lines."""
    heard = ""
    for line in lines:
        heard = await talk.answer(who, line)
    return heard


# --- making one -----------------------------------------------------------------------------------


async def test_one_line_makes_an_event_and_the_echo_shows_what_was_understood(plain: Talk) -> None:
    line = "!evento Taller de radio jueves 19h a 21h en la Casa Azul cupo 10"
    assert (await plain.answer("bea", line)).splitlines() == [
        "Evento 1: Taller de radio",
        "Jueves 26 de noviembre, 19:00 (Bogotá), dura 2 h",
        "Lugar: la Casa Azul",
        "Cupo: 10",
        "Para ir: `voy 1`",
    ]


async def test_the_message_of_an_event_is_said_aloud_and_replies_are_about_it(plain: Talk) -> None:
    await plain.says("bea", "!evento Taller jueves 19h")
    (post,) = [p for p in await plain.said() if "Evento 1" in p.plain]
    assert post.content["msgtype"] == "m.text"
    assert "sábado 28" in (await plain.answer("bea", "!mover sábado", reply=post))


async def test_a_room_speaks_its_language_and_keeps_its_clock(plain: Talk) -> None:
    await plain.set("language", "pt")
    await plain.set("timezone", "America/Sao_Paulo")
    said = await plain.answer("bea", "!evento Oficina quinta 19h vagas: 8 local: Sesc")
    assert "Quinta-feira, 26 de novembro, 19:00 (São Paulo)" in said
    assert "Vagas: 8" in said and "Local: Sesc" in said


async def test_a_link_in_the_title_is_the_link(plain: Talk) -> None:
    said = await plain.answer("bea", "!evento Reunión por https://meet.jit.si/radio mañana 8:00am")
    assert "Evento 1: Reunión por" in said and "Enlace: https://meet.jit.si/radio" in said


async def test_in_private_what_is_missing_is_asked_and_the_event_stands_in_the_room(
    plain: Talk,
) -> None:
    await plain.room(PRESS, "Prensa", ["bea"])
    await plain.set("calendar files", "no", PRESS)
    await plain.tells("bea", "evento Asamblea")
    await plain.hears("¿Para qué sala?")
    await plain.tells("bea", "Prensa")
    await plain.hears("Falta la fecha y la hora")
    await plain.tells("bea", "el viernes de 18 a 20h")
    posts = {post.room: post.plain for post in await plain.said()}
    assert "Viernes 27 de noviembre, 18:00 (Bogotá), dura 2 h" in posts[PRESS]
    assert "El evento 1 quedó en Prensa" in posts[await plain.private("bea")]


async def test_in_private_an_answer_that_is_no_date_is_asked_for_once_more(plain: Talk) -> None:
    await plain.tells("bea", "evento Picnic")
    await plain.hears("Falta la fecha y la hora")
    await plain.tells("bea", "un día de estos")
    await plain.hears("¿Qué fecha es en “un día de estos”?")
    await plain.tells("bea", "domingo 12h")
    posts = {post.room: post.plain for post in await plain.said()}
    assert "Domingo 29 de noviembre, 12:00 (Bogotá)" in posts[ROOM]


async def test_a_long_message_becomes_the_description_by_a_reply(plain: Talk) -> None:
    letter = await plain.says("carla", "Traer cuaderno, lápiz y ganas.\nHay refrigerio.")
    said = await plain.answer("bea", "!evento Taller jueves 19h", reply=letter)
    assert "│ Traer cuaderno, lápiz y ganas.\n│ Hay refrigerio." in said


async def test_the_replied_message_may_itself_say_it_all(plain: Talk) -> None:
    letter = await plain.says("carla", "Fiesta\n📅 sábado 28 20h\n📍 Casa Azul\nTraer comida")
    said = await plain.answer("bea", "!evento", reply=letter)
    for words in ("Evento 1: Fiesta", "Sábado 28 de noviembre, 20:00", "Casa Azul", "Traer comida"):
        assert words in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!evento Taller ayer 19h", "ya pasó"),
        ("!evento Taller 30 de febrero 19h", "¿Qué fecha es en “Taller 30 de febrero 19h”?"),
        ("!evento Taller", "Falta la fecha y la hora"),
        ("!evento jueves 19h", "Falta cómo se llama el evento"),
        ("!evento Taller jueves 19h a 18h", "duraría 23 h"),
        ("!evento Taller jueves 19h cupo:0", "¿Cuántos cupos?"),
        ("!evento Taller jueves 19h cupo:-3", "¿Cuántos cupos?"),
        ("!evento Taller jueves 19h dura:mucho", "duración"),
        ("!evento Taller jueves 19h zona:Narnia", "No conozco la zona horaria “Narnia”"),
        ("!evento Taller jueves 19h zona:San José", "Hay varios lugares"),
        ("!evento Taller jueves 19h cada:hora", "una vez al día"),
        ("!evento Taller jueves 19h cada:martes", "no entra en “martes”"),
        ("!evento Taller jueves 19h cada:luna llena", "No entendí “luna llena”"),
        ("!evento Taller jueves 19h cada:semana veces:0", "¿Cuántas veces?"),
        ("!evento Taller jueves 19h cada:semana hasta:24/11/2026", "ya pasó"),
        ("!evento Taller jueves 19h hasta:20/12", "Solo lo que se repite"),
        ("!evento Taller jueves 19h cada:semana menos:4/12", "no es una fecha de esta serie"),
        ("!evento Taller jueves 19h lugar:Casa precio:5", "no lleva “precio:”"),
        ("!evento Taller jueves 19h enlace:nada", "como enlace"),
        ("!evento Ensayo cada semana 19h", "Falta la fecha y la hora"),
        ("!evento Asamblea lunes y miércoles 18h", "¿Qué fecha es"),
        ("!evento Taller jueves 19h avisa:algún día", "tiempo de aviso"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_made(
    plain: Talk, line: str, said: str
) -> None:
    heard = await plain.answer("bea", line)
    assert said in heard
    assert "Todavía no hay nada" in await plain.answer("bea", "!eventos")


async def test_a_title_of_ten_kilobytes_is_not_taken(plain: Talk) -> None:
    assert "hasta 200 letras" in await plain.answer("bea", f'!evento "{"a" * 9900}" jueves 19h')


@pytest.mark.parametrize(
    ("zone", "at", "line", "said"),
    [
        ("America/New_York", "2027-03-01", "14/03/2027 2:30", "¿Cuál de estas fechas?"),
        ("America/New_York", "2026-10-01", "1/11/2026 01:30", "viene dos veces: es la primera"),
        ("Australia/Lord_Howe", "2027-03-01", "4/4/2027 01:45", "viene dos veces"),
    ],
)
async def test_an_hour_that_the_clocks_skip_is_asked_and_one_that_comes_twice_is_said(
    plain: Talk, zone: str, at: str, line: str, said: str
) -> None:
    await plain.set("timezone", zone)
    plain.clock.at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert said in await plain.answer("bea", f"!evento Taller {line}")


async def test_a_word_like_weekly_in_the_title_is_asked_about(plain: Talk) -> None:
    assert "¿Se repite (“semanal”)?" in await plain.answer(
        "bea", "!evento Reunión semanal lunes 19h"
    )
    assert "Se repite: cada lunes, 19:00." in await plain.answer("bea", "sí")


async def test_what_is_then_already_is_said_before(plain: Talk) -> None:
    await plain.answer("ana", "!evento Ensayo cada martes 19h dura:2h")
    said = await plain.answer("bea", "!evento Cine martes 8/12 20h")
    assert "A la misma hora: Ensayo (1), martes 8 de diciembre, 19:00" in said
    assert "Lo dejé" in await plain.answer("bea", "no")
    assert "Evento 2" in await plain.answer("bea", "!evento Cine martes 8/12 21h")
    await plain.set("conflicts", "no")
    assert "Evento 3" in await plain.answer("bea", "!evento Cine martes 8/12 20h")


async def test_who_goes_to_something_else_then_is_counted_before_it_is_moved(plain: Talk) -> None:
    """Of events that one may see; nobody is named."""
    await plain.room(PRESS, "Prensa", ["ana", "bea", "carla"])
    await plain.answer("ana", "!evento Taller jueves 19h")
    await plain.answer("ana", "!evento Cierre viernes 19h", room=PRESS)
    for who in ("bea", "carla"):
        await plain.says(who, "!voy 1")
        await plain.says(who, "!voy 2", room=PRESS)
    await plain.said()
    said = await plain.answer("ana", "!mover 1 viernes")
    assert "2 personas que cuentan con esto cuentan también con Cierre (2)" in said
    assert "Bea" not in said
    assert "movió" in await plain.answer("ana", "sí")


# --- changing one ---------------------------------------------------------------------------------


async def test_a_move_keeps_the_hour_or_the_day_that_is_not_said(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller jueves 19h")
    said = await plain.answer("bea", "!mover 1 sábado")
    assert "jueves 26 de noviembre, 19:00 → sábado 28 de noviembre, 19:00 (Bogotá)" in said
    said = await plain.answer("bea", "!mover 1 20:30")
    assert "→ sábado 28 de noviembre, 20:30 (Bogotá)" in said
    assert "Sábado 28 de noviembre: 20:30 Taller (1)" in await plain.answer("bea", "!eventos")


async def test_one_date_of_a_series_is_moved_or_cancelled_without_the_rest(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h")
    assert "martes 8" in await plain.answer("bea", "!mover 1 8/12 miércoles 9/12 20h")
    assert "15" in await say(plain, "bea", "!cancelar 1 15/12", "sí")
    assert (await plain.answer("bea", "!eventos diciembre")).splitlines()[:4] == [
        "Martes 1 de diciembre: 19:00 Ensayo (1)",
        "Miércoles 9 de diciembre: 20:00 Ensayo (1)",
        "Martes 22 de diciembre: 19:00 Ensayo (1)",
        "Martes 29 de diciembre: 19:00 Ensayo (1)",
    ]


async def test_of_a_series_it_is_asked_which_dates(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h hasta 20/12")
    assert "¿Qué fechas?" in await plain.answer("bea", "!mover 1 20h")
    assert "→ martes 1 de diciembre, 20:00" in await plain.answer("bea", "2")
    lines = (await plain.answer("bea", "!eventos diciembre")).splitlines()
    assert [line for line in lines if "Ensayo" in line] == [
        f"Martes {day} de diciembre: 20:00 Ensayo (1)" for day in (1, 8, 15)
    ]
    assert "¿Qué fechas?" in await plain.answer("bea", "!cancelar 1")
    assert "una fecha" in await say(plain, "bea", "1", "sí")
    assert "canceló el evento 1" in await say(plain, "bea", "!cancelar 1", "2", "sí")
    assert "Todavía no hay nada previsto" in await plain.answer("bea", "!eventos")


async def test_a_date_that_is_named_with_its_new_hour_is_that_one_or_all_are_moved(
    plain: Talk,
) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h 4 veces")
    assert "1) martes 15 de diciembre, 19:00" in await plain.answer("bea", "!mover 1 15/12 20h")
    await plain.answer("bea", "1")
    await say(plain, "bea", "!mover 1 8/12 18h", "2")
    lines = (await plain.answer("bea", "!eventos diciembre")).splitlines()
    assert [line for line in lines if "Ensayo" in line] == [
        "Martes 1 de diciembre: 18:00 Ensayo (1)",
        "Martes 8 de diciembre: 18:00 Ensayo (1)",
        "Martes 15 de diciembre: 20:00 Ensayo (1)",
        "Martes 22 de diciembre: 18:00 Ensayo (1)",
    ]


async def test_a_day_that_is_none_of_the_series_is_said(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h")
    said = await plain.answer("bea", "!mover 1 2/12 jueves 3/12 20h")
    assert "“2/12” no es una fecha por venir del evento 1" in said
    assert "“3/12” no es una fecha" in await plain.answer("bea", "!cancelar 1 3/12")


async def test_a_place_with_coordinates_is_shown_on_the_map_too(plain: Talk) -> None:
    await plain.says("bea", "!evento Taller jueves 19h lugar: Casa Azul 4.6097, -74.0817")
    pins = [p for p in await plain.sent() if p.content.get("msgtype") == "m.location"]
    assert [pin.content["geo_uri"] for pin in pins] == ["geo:4.6097,-74.0817"]
    await plain.says("bea", "!cambiar 1 cupo: 5")
    assert not [p for p in await plain.sent() if p.content.get("msgtype") == "m.location"]
    link = "https://www.openstreetmap.org/?mlat=4.7&mlon=-74.1#map=17/4.7/-74.1"
    await plain.says("bea", f"!cambiar 1 lugar: Casa Roja {link}")
    pins = [p for p in await plain.sent() if p.content.get("msgtype") == "m.location"]
    assert [pin.content["geo_uri"] for pin in pins] == ["geo:4.7,-74.1"]


async def test_a_series_goes_to_another_day_of_the_week_with_all_its_dates(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h 3 veces")
    assert "cada jueves" in await plain.answer("bea", "!mover 1 todas jueves 3/12")
    lines = (await plain.answer("bea", "!eventos diciembre")).splitlines()
    assert [line.split(":")[0] for line in lines if "Ensayo" in line] == [
        "Jueves 3 de diciembre",
        "Jueves 10 de diciembre",
        "Jueves 17 de diciembre",
    ]


async def test_only_its_author_and_the_moderators_change_an_event(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller jueves 19h")
    assert "No puedes cambiar el evento 1" in await plain.answer("carla", "!mover 1 viernes")
    assert "No puedes" in await plain.answer("carla", "!cambiar 1 lugar: Casa")
    assert "No puedes" in await plain.answer("carla", "!cancelar 1")
    assert "Ana movió" in await plain.answer("ana", "!mover 1 viernes")
    assert "movió el evento 1" in await plain.answer("carla", "!historial")


async def test_what_it_says_is_changed_by_name_and_in_a_reply(plain: Talk) -> None:
    await plain.says("bea", "!evento Taller jueves 19h lugar: Casa Azul")
    (post,) = [p for p in await plain.said() if "Evento 1" in p.plain]
    said = await plain.answer("bea", "!cambiar 1 lugar: Casa Roja cupo: 5 título: Taller de voz")
    assert "lugar: Casa Roja" in said and "Evento 1: Taller de voz" in said
    said = await plain.answer("bea", "descripción: traer agua", reply=post)
    assert "traer agua" in said
    assert await plain.answer("bea", "qué bueno que se hace", reply=post) == ""
    shown = await plain.answer("carla", "!evento 1")
    for words in ("Taller de voz", "Casa Roja", "Cupo: 5", "traer agua"):
        assert words in shown


async def test_changes_are_taken_back_until_something_else_was_changed(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h")
    await say(plain, "bea", "!cancelar 1", "2", "sí")
    assert "vuelve a ser como antes" in await say(plain, "ana", "!deshacer", "sí")
    assert "Martes 1 de diciembre: 19:00" in await plain.answer("bea", "!eventos")
    await plain.answer("bea", "!mover 1 todas 20h")
    assert "Martes 1 de diciembre: 20:00" in await plain.answer("bea", "!eventos")
    await say(plain, "ana", "!deshacer", "sí")
    assert "Martes 1 de diciembre: 19:00" in await plain.answer("bea", "!eventos")


async def test_what_is_over_or_cancelled_is_not_changed(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller jueves 19h")
    await plain.wait(2 * DAY)
    await plain.sent()
    assert "ya pasó" in await plain.answer("bea", "!mover 1 viernes 20h")
    assert "Todavía no hay nada previsto" in await plain.answer("bea", "!eventos")
    await plain.answer("bea", "!evento Taller lunes 19h")
    await say(plain, "bea", "!cancelar 2", "sí")
    assert "se canceló" in await plain.answer("bea", "!mover 2 martes")


# --- the agenda -----------------------------------------------------------------------------------


async def test_the_agenda_is_by_day_with_pages_and_periods(plain: Talk) -> None:
    await plain.set("conflicts", "no")
    for number in range(12):
        await plain.answer(
            "bea", f'!evento "Taller {number}" {number // 4 + 1}/12 {9 + number:02}:00'
        )
    first = (await plain.answer("bea", "!eventos")).splitlines()
    assert first[0] == (
        "Martes 1 de diciembre: 09:00 Taller 0 (1) · 10:00 Taller 1 (2) · 11:00 Taller 2 (3)"
    )
    assert first[1] == "· 12:00 Taller 3 (4)"
    assert first[-1] == "Más: `!eventos 2`"
    second = await plain.answer("bea", "!eventos 2")
    assert "Taller 10 (11) · 20:00 Taller 11 (12)" in second and "Taller 9" not in second
    assert "Taller 4 (5)" in await plain.answer("bea", "!eventos 2/12")
    assert "No hay nada previsto" in await plain.answer("bea", "!eventos esta semana")
    assert "Taller 0" in await plain.answer("bea", "!eventos próxima semana")
    assert "No entendí “pronto”" in await plain.answer("bea", "!eventos pronto")


async def test_in_private_it_is_of_all_ones_rooms_on_ones_own_clock(plain: Talk) -> None:
    await plain.room(PRESS, "Prensa", ["bea"])
    await plain.set("calendar files", "no", PRESS)
    await plain.answer("bea", "!evento Taller jueves 19h")
    await plain.answer("bea", "!evento Cierre jueves 23h", room=PRESS)
    await plain.tells("bea", "zona Lisboa")
    await plain.sent()
    await plain.tells("bea", "eventos")
    (said,) = [post.plain for post in await plain.said()]
    assert "Viernes 27 de noviembre: 00:00 Taller (1, Sala) · 04:00 Cierre (2, Prensa)" in said
    assert "Las horas son las de Lisboa." in said
    await plain.tells("carla", "eventos")
    (other,) = [post.plain for post in await plain.said()]
    assert "Cierre" not in other


async def test_a_series_goes_on_through_restarts(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h 3 veces dura:2h")
    await plain.restart(7 * DAY)
    await plain.wait(HOUR)
    assert "Martes 8 de diciembre" in await plain.answer("bea", "!eventos")
    await plain.restart(14 * DAY)
    await plain.wait(HOUR)
    assert "Todavía no hay nada previsto" in await plain.answer("bea", "!eventos")


async def test_the_message_of_a_series_shows_the_date_that_comes(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h dura:2h")
    await plain.wait(7 * DAY)
    (post,) = await plain.said()
    assert "Martes 8 de diciembre, 19:00 (Bogotá), dura 2 h" in post.plain
    assert post.content["m.relates_to"]["rel_type"] == "m.replace"


# --- for others -----------------------------------------------------------------------------------


async def test_a_date_that_was_picked_becomes_an_event(plain: Talk) -> None:
    await plain.answer("ana", '!cuando "Reunión" vie 18h, sáb 10h')
    said = await plain.answer("ana", "!elegir 1 2")
    assert "Evento 2: Reunión" in said and "Sábado 28 de noviembre, 10:00 (Bogotá)" in said
    await plain.answer("ana", '!cuando "Feria" 5/12, 6/12')
    assert "Sábado 5 de diciembre, todo el día" in await plain.answer("ana", "!elegir 3 1")


async def test_who_goes_hears_of_a_change_once(plain: Talk) -> None:
    """One line in the room that means them; who changed it need not hear it."""
    await plain.answer("ana", "!evento Taller jueves 19h")
    for who in ("ana", "bea", "carla"):
        await plain.says(who, "!voy 1" if who != "carla" else "!no voy 1")
    await plain.sent()
    for line in ("!mover 1 viernes", "!cambiar 1 lugar: Casa Azul"):
        await plain.says("ana", line)
        told = [p for p in await plain.said() if "Ana" in p.plain and "* " not in p.plain]
        assert len(told) == 1 and told[0].room == ROOM
        assert told[0].content["m.mentions"] == {"user_ids": [user_id("bea")]}
        assert told[0].content["msgtype"] == "m.text"
    await plain.says("ana", "!cambiar 1 descripción: traer agua")
    told = [p for p in await plain.said() if "Ana" in p.plain and "* " not in p.plain]
    assert [p.content["m.mentions"] for p in told] == [{}]


async def test_what_comes_stands_among_what_is_open(plain: Talk) -> None:
    await plain.answer("ana", "!evento Taller jueves 19h")
    said = await plain.answer("ana", "!pendientes")
    assert "Evento 1: jueves 26 de noviembre, 19:00, Taller" in said
