"""The directory and letters to it, as conversations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from commands.directory import letters, list_me

OTHER = RoomId("!otra:test")
DAY = timedelta(days=1)
RADIO = "!figurar Radio Sur, periodistas de agua #prensa #agua lugar: Cali"
NOW = timedelta(0)


async def lists(talk: Talk, who: str, line: str, **more: RoomId) -> str:
    await talk.answer(who, line, **more)
    return await talk.answer(who, "sí", **more)


async def told(talk: Talk, who: str, *lines: str) -> str:
    """What this person reads in private in answer to the last line."""
    for line in lines:
        await talk.said()
        await talk.tells(who, line)
    await talk.wait(NOW)
    home = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == home)


async def reads(talk: Talk, who: str) -> str:
    await talk.wait(NOW)
    home = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == home)


async def test_nobody_is_listed_without_having_read_what_is_shown_and_to_whom(talk: Talk) -> None:
    asked = await talk.answer("bea", RADIO)
    for part in (
        "Radio Sur, periodistas de agua · #prensa · #agua · Cali",
        "comparta una sala",
        "Tu dirección no se muestra",
    ):
        assert part in asked
    assert "Todavía no hay nadie" in await talk.answer("ana", "!directorio")
    await talk.answer("bea", "no")
    assert "Todavía no hay nadie" in await talk.answer("ana", "!directorio")
    assert "Ya apareces en el directorio, contacto 1" in await lists(talk, "bea", RADIO)
    found = await talk.answer("ana", "!directorio #prensa cali")
    assert "1: Radio Sur" in found
    assert "Bea" not in found
    assert "@bea" not in found


async def test_found_by_theme_place_words_accents_and_number(talk: Talk) -> None:
    await lists(talk, "bea", RADIO)
    await lists(talk, "carla", "!figurar Dra. Inés, salud mental #salud lugar: Pasto tipo: persona")
    for line, radio, ines in (
        ("!directorio", True, True),
        ("!contatos #Prensa", True, False),
        ("!directory periodista", True, False),
        ("!directorio lugar: pasto", False, True),
        ("!directorio ines", False, True),
        ("!directorio 1", True, False),
        ("!directorio #salud", False, True),
    ):
        found = await talk.answer("ana", line)
        assert ("Radio Sur" in found, "Dra. Inés" in found) == (radio, ines), line
    assert "No encontré a nadie" in await talk.answer("ana", "!directorio #cocina")


async def test_an_address_is_shown_only_if_it_was_given_and_then_letters_go_there(
    talk: Talk,
) -> None:
    await lists(talk, "bea", "!figurar Radio Sur #prensa muestra: radio@sur.example")
    assert "radio@sur.example" in await talk.answer("ana", "!directorio")
    assert "escríbele allí: radio@sur.example" in await told(talk, "ana", "escribir 1 hola")


async def test_only_this_room_means_only_its_members(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["ana", "dora"])
    await lists(talk, "dora", "!figurar Abogada Dora #derecho solo esta sala", room=OTHER)
    assert "Abogada" in await told(talk, "ana", "directorio")
    assert "Abogada" not in await talk.answer("ana", "!directorio"), "the room is another one"
    assert "Abogada" not in await told(talk, "bea", "directorio")
    assert "No existe aquí" in await told(talk, "bea", "escribir 1 hola")
    await talk.moves("ana", Membership.LEAVE, OTHER)
    assert "Abogada" not in await told(talk, "ana", "directorio")


async def test_whoever_left_every_room_finds_nobody(talk: Talk) -> None:
    await lists(talk, "bea", RADIO)
    assert "periodistas de agua" in await told(talk, "carla", "directorio")
    await talk.moves("carla", Membership.LEAVE)
    for line in ("directorio", "directorio 1", "escribir 1 hola", "buscar radio"):
        assert "periodistas de agua" not in await told(talk, "carla", line), line


async def test_whoever_leaves_is_found_no_more(talk: Talk) -> None:
    await lists(talk, "bea", RADIO)
    await talk.moves("bea", Membership.LEAVE)
    assert "Todavía no hay nadie" in await talk.answer("ana", "!directorio")
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM directory_entry") == []


async def test_a_letter_is_passed_on_once_with_consent_and_answered_without_an_address(
    talk: Talk,
) -> None:
    await lists(talk, "bea", RADIO)
    asked = await told(talk, "ana", "escribir A 1 ¿Me ayudas con el río?")
    assert "Voy a pasarle esto a 1" in asked
    assert "Ana (@ana:test)" in asked
    assert await reads(talk, "bea") == "", "nothing before the yes"
    await talk.tells("ana", "sí")
    letter = await reads(talk, "bea")
    assert "Ana (@ana:test) te escribe por tu ficha 1" in letter
    assert "¿Me ayudas con el río?" in letter
    assert "Paso uno a la vez" in await told(talk, "ana", "escribir 1 ¿y?")
    for who in ("ana", "bea"):
        said = await told(talk, who, "visible 2")
        assert "solo las dos personas que se escriben" in said and "sala" not in said
    await told(talk, "bea", "escribir 2 claro que sí")
    await talk.tells("bea", "sí")
    answer = await reads(talk, "ana")
    assert "“Radio Sur, periodistas de agua” te responde: “claro que sí”" in answer
    assert "bea" not in answer.lower()
    assert "Ya te respondieron" in await told(talk, "ana", "escribir 1 gracias")
    await told(talk, "ana", "escribir 2 gracias")
    await talk.tells("ana", "sí")
    assert "Ana (@ana:test) te responde" in await reads(talk, "bea")


async def test_a_reply_in_private_is_passed_on_only_after_a_yes(talk: Talk) -> None:
    await lists(talk, "bea", RADIO)
    await told(talk, "ana", "escribir 1 hola")
    await talk.tells("ana", "sí")
    home = await talk.private("bea")
    letter = next(post for post in await talk.said() if post.room == home)
    await talk.tells("bea", "qué pesada", reply=letter)
    assert "¿Lo hago?" in await reads(talk, "bea")
    assert "No pasé nada" in await told(talk, "bea", "no")
    assert await reads(talk, "ana") == ""


async def test_a_letter_typed_in_the_room_is_not_repeated_there(talk: Talk) -> None:
    await lists(talk, "bea", RADIO)
    event = await talk.says("ana", "!escribir 1 tengo pruebas del vertido")
    posts = await talk.sent()
    assert all("pruebas" not in post.plain for post in posts if post.room == ROOM)
    assert event in [post.content.get("redacts") for post in posts]


async def test_whoever_is_blocked_reaches_them_no_more_and_is_told_nothing_of_it(
    talk: Talk,
) -> None:
    await lists(talk, "bea", RADIO)
    await told(talk, "carla", "escribir 1 hola")
    await talk.tells("carla", "sí")
    await reads(talk, "bea")
    assert "Ya no te paso nada de: Carla" in await told(talk, "bea", "bloquear 2")
    assert await reads(talk, "carla") == ""
    assert "No puedo pasarle nada" in await told(talk, "carla", "escribir 1 hola otra vez")
    assert "No puedo pasarle nada" in await told(talk, "carla", "escribir 2 hola otra vez")
    assert "Bloqueas: Carla (@carla:test)" in await told(talk, "bea", "bloquear")
    assert "Te vuelvo a pasar mensajes de: " in await told(talk, "bea", "bloquear 2 no")
    assert "No bloqueas a nadie" in await told(talk, "bea", "bloquear")
    assert "No existe un mensaje 2" in await told(talk, "ana", "bloquear 2")
    await told(talk, "bea", "escribir 2 no, gracias", "sí")
    assert "contacto 1" in await told(talk, "carla", "bloquear 2")
    shown = await told(talk, "carla", "bloquear")
    assert "Bea" not in shown
    assert "1" in shown


async def test_so_many_letters_a_day_and_no_more(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "MOST_A_DAY", 1)
    await lists(talk, "bea", RADIO)
    await lists(talk, "bea", "!figurar Coop Sur #agua")
    await told(talk, "ana", "escribir 1 hola", "sí")
    assert "Van 1 mensajes en un día" in await told(talk, "ana", "escribir 2 hola")
    await talk.wait(DAY + timedelta(minutes=1))
    assert "Voy a pasarle esto a 2" in await told(talk, "ana", "escribir 2 hola")


async def test_it_is_changed_and_taken_out_by_whose_it_is_or_by_the_moderation(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lists(talk, "bea", RADIO)
    asked = await talk.answer("bea", "!figurar 1 Radio Norte #prensa")
    assert "Antes: Radio Sur" in asked
    await talk.answer("bea", "sí")
    found = await talk.answer("ana", "!directorio")
    assert ("Radio Norte" in found, "Radio Sur" in found) == (True, False)
    assert "No puedes" in await talk.answer("carla", "!cancelar 1")
    assert "Salió del directorio" in await talk.answer("ana", "!cancelar 1")
    assert "sacó del directorio el contacto 1" in await talk.answer("bea", "!historial")
    monkeypatch.setattr(list_me, "MOST_ENTRIES", 0)
    assert "que es el máximo" in await talk.answer("bea", RADIO)


async def test_half_a_year_on_it_is_asked_and_no_answer_is_no_consent(talk: Talk) -> None:
    await lists(talk, "bea", RADIO)
    await lists(talk, "carla", "!figurar Carla #agua")
    await talk.restart(after=200 * DAY)
    await talk.wait(NOW)
    assert "¿Está bien así? ¿Lo dejo?" in await reads(talk, "bea")
    assert "Se queda" in await told(talk, "bea", "sí")
    await talk.wait(22 * DAY)
    assert "Salió del directorio: 2, Carla" in await reads(talk, "carla")
    assert "Radio Sur" in await talk.answer("ana", "!directorio")


async def test_who_shows_a_theme_in_their_profile_is_told_in_private_only(talk: Talk) -> None:
    await told(talk, "bea", "perfil temas agua", "perfil mostrar temas red")
    assert "Lo muestran en su perfil: Bea (@bea:test)" in await told(
        talk, "ana", "directorio #agua"
    )
    assert "Bea" not in await talk.answer("ana", "!directorio #agua")


WRONG = (
    ("figurar", "Falta quién eres"),
    ("figurar #prensa", "Falta quién eres"),
    ("figurar " + "x" * 300, "200 letras"),
    ("figurar Radio tipo: raro", "No conozco el tipo"),
    ("escribir hola", "Falta el número"),
    ("escribir 9 hola", "No existe aquí"),
    ("bloquear x", "Falta el número"),
    ("bloquear 9", "No existe un mensaje"),
)


async def test_what_cannot_be_understood_says_what_to_do(talk: Talk) -> None:
    for line, answer in WRONG:
        assert answer in await told(talk, "bea", line), line
        await told(talk, "bea", "cancelar")


async def test_links_and_hidden_letters_are_shown_as_words(talk: Talk) -> None:
    asked = await talk.answer("bea", "!figurar Radio\u202e Sur <b>x</b> muestra: http://x.example")
    assert "\u202e" not in asked
    await talk.says("bea", "sí")
    posts = await talk.said()
    assert "<b>x</b>" not in posts[-1].content["formatted_body"]
