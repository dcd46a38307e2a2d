"""Events, as conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from commands.events.tests.days import agenda, in_days
from commands.events.tests.event_lines import later, rehearsal, rehearsals, say, soon, taller

PRESS = RoomId("!prensa:test")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# --- making one -----------------------------------------------------------------------------------


async def test_one_line_makes_an_event_and_the_echo_shows_what_was_understood(plain: Talk) -> None:
    line = f"!evento Taller de radio {soon().weekday} 19h a 21h en la Casa Azul cupo 10"
    assert (await plain.answer("bea", line)).splitlines() == [
        "Evento 1: Taller de radio",
        f"{soon().title(plain)}, 19:00 (Bogotá), dura 2 h · la Casa Azul · 10 cupos",
        "Toca “Voy” o escribe `voy 1` · a tu calendario: `!eventos archivo 1`",
    ]


async def test_the_message_of_an_event_is_said_aloud_and_replies_are_about_it(plain: Talk) -> None:
    await plain.says("bea", taller())
    (post,) = [p for p in await plain.said() if "Evento 1" in p.plain]
    assert post.content["msgtype"] == "m.text"
    assert later().words(plain) in await plain.answer(
        "bea", f"!mover {later().weekday}", reply=post
    )


async def test_a_room_speaks_its_language_and_keeps_its_clock(plain: Talk) -> None:
    await plain.set("language", "pt")
    await plain.set("timezone", "America/Sao_Paulo")
    weekday = soon().words(plain, "pt").partition(",")[0]
    said = await plain.answer("bea", f"!evento Oficina {weekday} 19h vagas: 8 local: Sesc")
    assert f"{soon().title(plain, 'pt', 'America/Sao_Paulo')}, 19:00 (São Paulo)" in said
    assert " · Sesc · 8 vagas" in said


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
    await plain.tells("bea", f"el {soon().weekday} de 18 a 20h")
    posts = {post.room: post.plain for post in await plain.said()}
    assert f"{soon().title(plain)}, 18:00 (Bogotá), dura 2 h" in posts[PRESS]
    assert "El evento 1 quedó en Prensa" in posts[await plain.private("bea")]


async def test_in_private_an_answer_that_is_no_date_is_asked_for_once_more(plain: Talk) -> None:
    await plain.tells("bea", "evento Picnic")
    await plain.hears("Falta la fecha y la hora")
    await plain.tells("bea", "un día de estos")
    await plain.hears("¿Qué fecha es “un día de estos”?")
    await plain.tells("bea", f"{soon().weekday} 12h")
    posts = {post.room: post.plain for post in await plain.said()}
    assert f"{soon().title(plain)}, 12:00 (Bogotá)" in posts[ROOM]


async def test_a_long_message_becomes_the_description_by_a_reply(plain: Talk) -> None:
    letter = await plain.says("carla", "Traer cuaderno, lápiz y ganas.\nHay refrigerio.")
    said = await plain.answer("bea", taller(), reply=letter)
    assert "│ Traer cuaderno, lápiz y ganas.\n│ Hay refrigerio." in said


async def test_the_replied_message_may_itself_say_it_all(plain: Talk) -> None:
    when = f"{soon().weekday} {soon().wall.day}"
    letter = await plain.says("carla", f"Fiesta\n📅 {when} 20h\n📍 Casa Azul\nTraer comida")
    said = await plain.answer("bea", "!evento", reply=letter)
    moment = f"{soon().title(plain)}, 20:00"
    for words in ("Evento 1: Fiesta", moment, "Casa Azul", "Traer comida"):
        assert words in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!evento Taller ayer 19h", "ya pasó"),
        ("!evento Taller 30 de febrero 19h", "¿Qué fecha es “Taller 30 de febrero 19h”?"),
        ("!evento Taller", "Falta la fecha y la hora"),
        ("!evento {day} 19h", "Falta cómo se llama el evento"),
        ("!evento Taller {day} 19h a 18h", "duraría 23 h"),
        ("!evento Taller {day} 19h cupo:0", "¿Cuántos cupos?"),
        ("!evento Taller {day} 19h cupo:-3", "¿Cuántos cupos?"),
        ("!evento Taller {day} 19h dura:mucho", "duración"),
        ("!evento Taller {day} 19h zona:Narnia", "No conozco la zona horaria “Narnia”"),
        ("!evento Taller {day} 19h zona:San José", "Hay varios lugares"),
        ("!evento Taller {day} 19h cada:hora", "una vez al día"),
        ("!evento Taller {day} 19h cada:{other}", "no es uno de los días de “{other}”"),
        (
            "!evento Taller {day} 19h cada:luna llena",
            "No entendí cada cuánto se repite: “luna llena”",
        ),
        ("!evento Taller {day} 19h cada:semana veces:0", "¿Cuántas veces?"),
        ("!evento Taller {day} 19h cada:semana hasta:{yesterday}", "ya pasó"),
        ("!evento Taller {day} 19h hasta:{week}", "Solo lo que se repite"),
        ("!evento Taller {day} 19h cada:semana menos:{eighth}", "no es una fecha de esta serie"),
        ("!evento Taller {day} 19h lugar:Casa precio:5", "no lleva “precio:”"),
        ("!evento Taller {day} 19h enlace:nada", "como enlace"),
        ("!evento Ensayo cada semana 19h", "Falta la fecha y la hora"),
        ("!evento Asamblea lunes y miércoles 18h", "¿Qué fecha es"),
        ("!evento Taller {day} 19h avisa:algún día", "tiempo de aviso"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_made(
    plain: Talk, line: str, said: str
) -> None:
    words = {
        "day": soon().weekday,
        "other": later().weekday,
        "yesterday": f"{in_days(-1).typed}/{in_days(-1).wall.year}",
        "week": soon().plus(7).typed,
        "eighth": soon().plus(8).typed,
    }
    assert said.format(**words) in await plain.answer("bea", line.format(**words))
    assert "Todavía no hay nada" in await plain.answer("bea", "!eventos")


async def test_a_title_of_ten_kilobytes_is_not_taken(plain: Talk) -> None:
    assert "hasta 200 letras" in await plain.answer("bea", f'!evento "{"a" * 9900}" mañana 19h')


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
        "bea", f"!evento Reunión semanal {soon().weekday} 19h"
    )
    assert f"Se repite: cada {soon().weekday}, 19:00." in await plain.answer("bea", "sí")


async def test_what_is_then_already_is_said_before(plain: Talk) -> None:
    await plain.answer("ana", rehearsals("dura:2h"))
    second = f"{rehearsal(1).weekday} {rehearsal(1).typed}"
    said = await plain.answer("bea", f"!evento Cine {second} 20h")
    assert f"A la misma hora: Ensayo (1), {rehearsal(1).words(plain)}, 19:00" in said
    assert "Lo dejé" in await plain.answer("bea", "no")
    assert "Evento 2" in await plain.answer("bea", f"!evento Cine {second} 21h")
    await plain.set("conflicts", "no")
    assert "Evento 3" in await plain.answer("bea", f"!evento Cine {second} 20h")


async def test_who_goes_to_something_else_then_is_counted_before_it_is_moved(plain: Talk) -> None:
    """Of events that one may see, in private where they are another room's; nobody is named."""
    await plain.room(PRESS, "Prensa", ["ana", "bea", "carla"])
    await plain.answer("ana", taller())
    await plain.answer("ana", f"!evento Cierre {later().weekday} 19h", room=PRESS)
    for who in ("bea", "carla"):
        await plain.says(who, "!voy 1")
        await plain.says(who, "!voy 2", room=PRESS)
    await plain.said()
    said = await plain.answer("ana", f"!mover 1 {later().weekday}")
    assert "2 personas que van a este evento también van a Cierre (2)" in said
    assert "Bea" not in said
    await plain.tells("ana", "sí")
    assert any("movió" in post.plain for post in await plain.said(ROOM))


# --- changing one ---------------------------------------------------------------------------------


async def test_a_move_keeps_the_hour_or_the_day_that_is_not_said(plain: Talk) -> None:
    await plain.answer("bea", taller())
    said = await plain.answer("bea", f"!mover 1 {later().weekday}")
    assert f"{soon().words(plain)}, 19:00 → {later().words(plain)}, 19:00 (Bogotá)" in said
    said = await plain.answer("bea", "!mover 1 20:30")
    assert f"→ {later().words(plain)}, 20:30 (Bogotá)" in said
    assert f"{later().title(plain)}: 20:30 Taller (1)" in await plain.answer("bea", "!eventos")


async def test_one_date_of_a_series_is_moved_or_cancelled_without_the_rest(plain: Talk) -> None:
    await plain.answer("bea", rehearsals())
    second, third = rehearsal(1), rehearsal(2)
    line = f"!mover 1 {second.typed} {second.plus(1).weekday} {second.plus(1).typed} 20h"
    assert second.words(plain) in await plain.answer("bea", line)
    assert third.words(plain) in await say(plain, "bea", f"!cancelar 1 {third.typed}", "sí")
    assert (await agenda(plain, "Ensayo", rehearsal(4)))[:4] == [
        f"{rehearsal().title(plain)}: 19:00 Ensayo (1)",
        f"{second.plus(1).title(plain)}: 20:00 Ensayo (1)",
        f"{rehearsal(3).title(plain)}: 19:00 Ensayo (1)",
        f"{rehearsal(4).title(plain)}: 19:00 Ensayo (1)",
    ]


async def test_of_a_series_it_is_asked_which_dates(plain: Talk) -> None:
    await plain.answer("bea", rehearsals(f"hasta {rehearsal(2).plus(1).typed}"))
    assert "¿Qué fechas?" in await plain.answer("bea", "!mover 1 20h")
    assert f"→ {rehearsal().words(plain)}, 20:00" in await plain.answer("bea", "2")
    assert await agenda(plain, "Ensayo", rehearsal(4)) == [
        f"{rehearsal(n).title(plain)}: 20:00 Ensayo (1)" for n in range(3)
    ]
    assert "¿Qué fechas?" in await plain.answer("bea", "!cancelar 1")
    assert "una fecha" in await say(plain, "bea", "1", "sí")
    assert "canceló el evento 1" in await say(plain, "bea", "!cancelar 1", "2", "sí")
    assert "Todavía no hay nada previsto" in await plain.answer("bea", "!eventos")


async def test_a_date_that_is_named_with_its_new_hour_is_that_one_or_all_are_moved(
    plain: Talk,
) -> None:
    await plain.answer("bea", rehearsals("4 veces"))
    third = await plain.answer("bea", f"!mover 1 {rehearsal(2).typed} 20h")
    assert f"1) {rehearsal(2).words(plain)}, 19:00" in third
    await plain.answer("bea", "1")
    await say(plain, "bea", f"!mover 1 {rehearsal(1).typed} 18h", "2")
    assert await agenda(plain, "Ensayo", rehearsal(4)) == [
        f"{rehearsal(n).title(plain)}: {hour}:00 Ensayo (1)"
        for n, hour in enumerate((18, 18, 20, 18))
    ]


async def test_a_day_that_is_none_of_the_series_is_said(plain: Talk) -> None:
    await plain.answer("bea", rehearsals())
    other, new = rehearsal().plus(1), rehearsal().plus(2)
    said = await plain.answer("bea", f"!mover 1 {other.typed} {new.weekday} {new.typed} 20h")
    assert f"“{other.typed}” no está entre las próximas fechas del evento 1" in said
    said = await plain.answer("bea", f"!cancelar 1 {new.typed}")
    assert f"“{new.typed}” no está entre las próximas fechas" in said


async def test_a_place_with_coordinates_is_shown_on_the_map_too(plain: Talk) -> None:
    await plain.says("bea", taller("lugar: Casa Azul 4.6097, -74.0817"))
    pins = [p for p in await plain.sent() if p.content.get("msgtype") == "m.location"]
    assert [pin.content["geo_uri"] for pin in pins] == ["geo:4.6097,-74.0817"]
    await plain.says("bea", "!cambiar 1 cupo: 5")
    assert not [p for p in await plain.sent() if p.content.get("msgtype") == "m.location"]
    link = "https://www.openstreetmap.org/?mlat=4.7&mlon=-74.1#map=17/4.7/-74.1"
    await plain.says("bea", f"!cambiar 1 lugar: Casa Roja {link}")
    pins = [p for p in await plain.sent() if p.content.get("msgtype") == "m.location"]
    assert [pin.content["geo_uri"] for pin in pins] == ["geo:4.7,-74.1"]


async def test_a_series_goes_to_another_day_of_the_week_with_all_its_dates(plain: Talk) -> None:
    await plain.answer("bea", rehearsals("3 veces"))
    new = rehearsal().plus(2)
    said = await plain.answer("bea", f"!mover 1 todas {new.weekday} {new.typed}")
    assert f"cada {new.weekday}" in said
    lines = await agenda(plain, "Ensayo", rehearsal(4))
    assert [line.split(":")[0] for line in lines] == [
        new.plus(7 * n).title(plain) for n in range(3)
    ]


async def test_only_its_author_and_the_moderators_change_an_event(plain: Talk) -> None:
    await plain.answer("bea", taller())
    assert "No puedes cambiar el evento 1" in await plain.answer(
        "carla", f"!mover 1 {later().weekday}"
    )
    assert "No puedes" in await plain.answer("carla", "!cambiar 1 lugar: Casa")
    assert "No puedes" in await plain.answer("carla", "!cancelar 1")
    assert "Ana movió" in await plain.answer("ana", f"!mover 1 {later().weekday}")
    assert "movió el evento 1" in await plain.answer("carla", "!historial")


async def test_what_it_says_is_changed_by_name_and_in_a_reply(plain: Talk) -> None:
    await plain.says("bea", taller("lugar: Casa Azul"))
    (post,) = [p for p in await plain.said() if "Evento 1" in p.plain]
    said = await plain.answer("bea", "!cambiar 1 lugar: Casa Roja cupo: 5 título: Taller de voz")
    assert "lugar: Casa Roja" in said and "Evento 1: Taller de voz" in said
    said = await plain.answer("bea", "descripción: traer agua", reply=post)
    assert "traer agua" in said
    assert await plain.answer("bea", "qué bueno que se hace", reply=post) == ""
    shown = await plain.answer("carla", "!evento 1")
    for words in ("Taller de voz", "Casa Roja", "5 cupos", "traer agua"):
        assert words in shown


async def test_changes_are_taken_back_until_something_else_was_changed(plain: Talk) -> None:
    await plain.answer("bea", rehearsals())
    await say(plain, "bea", "!cancelar 1", "2", "sí")
    assert "vuelve a ser como antes" in await say(plain, "ana", "!deshacer", "sí")
    assert f"{rehearsal().title(plain)}: 19:00" in await plain.answer("bea", "!eventos")
    await plain.answer("bea", "!mover 1 todas 20h")
    assert f"{rehearsal().title(plain)}: 20:00" in await plain.answer("bea", "!eventos")
    await say(plain, "ana", "!deshacer", "sí")
    assert f"{rehearsal().title(plain)}: 19:00" in await plain.answer("bea", "!eventos")


async def test_what_is_over_or_cancelled_is_not_changed(plain: Talk) -> None:
    await plain.answer("bea", taller())
    await plain.wait_until(soon().at(22))
    await plain.sent()
    assert "ya pasó" in await plain.answer("bea", f"!mover 1 {later().weekday} 20h")
    assert "Todavía no hay nada previsto" in await plain.answer("bea", "!eventos")
    await plain.answer("bea", f"!evento Taller {in_days(5).weekday} 19h")
    await say(plain, "bea", "!cancelar 2", "sí")
    assert "se canceló" in await plain.answer("bea", f"!mover 2 {in_days(6).weekday}")
