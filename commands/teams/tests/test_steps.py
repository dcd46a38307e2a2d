"""The steps of the teams, and who sees and marks them."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk, day_in_words
from bot.types import Membership, RoomId
from commands.teams.tests.test_teams import PAUSE, in_team, opened, room_of


async def test_the_steps_of_each_team_are_seen_in_words(talk: Talk) -> None:
    await opened(talk)
    said = await talk.answer("ana", '!equipos pasos “Lectura” "Ensayo" Entrega')
    assert "1 Lectura · 2 Ensayo · 3 Entrega" in said
    assert "Norte: paso 2, Ensayo, listo." in await talk.answer("ana", "!paso 2 2")
    assert "ya está listo" in await talk.answer("ana", "!passo 2 ensayo")
    said = await talk.answer("ana", "!equipos")
    assert "2 Norte: 1 de 3, sigue: Lectura; llegaron 0 de 3" in said
    assert "3 Sur: 0 de 3, sigue: Lectura" in said and "0 equipos hicieron todo" in said
    for step in ("1", "3"):
        said = await talk.answer("ana", f"!step 2 {step}")
    assert "Eran los 3 pasos. ¡Gracias!" in said
    said = await talk.answer("ana", "!equipos 1")
    assert "2 Norte: hizo los 3 pasos" in said and "1 equipo hizo todo" in said
    assert "falta otra vez" in await talk.answer("ana", "!paso 2 3 no")
    assert "no estaba marcado" in await talk.answer("ana", "!paso 2 não 3")
    assert "hizo los" not in await talk.answer("ana", "!equipos 1")


async def test_nobody_reads_in_the_room_which_team_is_behind(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Lectura, Ensayo")
    await talk.answer("ana", "!paso 2 1")
    await talk.said()
    own = await talk.private("ana")
    for line in ("!equipos", "!equipos 1", "!equipos 3"):
        await talk.says("ana", line)
        posts = await talk.said()
        assert "Sur" not in "".join(post.plain for post in posts if post.room == ROOM), line
        assert "Sur" in "".join(post.plain for post in posts if post.room == own)
    said = await talk.answer("bea", "!equipos 1")
    assert "0 equipos hicieron todo" in said and "quien los acompaña lo lee en privado" in said
    assert "Sur" not in said


async def test_in_its_own_room_a_team_needs_no_number(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Lectura, Ensayo")
    north = await in_team(talk, "eva")
    for line, said in (
        ("!paso", "¿Qué paso?"),
        ("!paso 9", "¿Qué paso?"),
        ("!paso 2", "paso 2, Ensayo, listo"),
        ("!paso 2 no", "falta otra vez"),
        ("!paso lectura", "paso 1, Lectura, listo"),
        ("!paso 2 2", "paso 2, Ensayo, listo"),
        ("!equipos", f"1 Lectura: listo el {day_in_words()}"),
        ("!paso 3 1", "No existe el número 3"),
    ):
        assert said in await talk.answer("eva", line, room=north), line
    await talk.says("ana", "!paso 2 1 no")
    here, there = await talk.said()
    assert (here.room, there.room) == (ROOM, north)
    assert "Lo marcó @ana:test." in there.plain


async def test_strangers_to_a_team_neither_see_nor_mark_it(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Lectura, Ensayo")
    await in_team(talk, "eva")
    await talk.room(RoomId("!otra:test"), "Otra", ["eva", "dora"], {"dora": 50})
    for who, line in (
        ("dora", "!paso 2 1"),
        ("dora", "!equipos 2"),
        ("eva", "!paso 3 1"),
        ("dora", "!equipos 1"),
        ("eva", "!equipos pasos 1 A, B"),
    ):
        said = await talk.answer(who, line, room=RoomId("!otra:test"))
        assert "No existe el número" in said, (line, said)
    assert "No existe el número" in await talk.answer("bea", "!paso 2 1")
    assert "No puedes hacer eso" in await talk.answer("bea", '!equipos pasos "A" "B"')


async def test_changed_steps_keep_what_was_marked_of_them(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Lectura, Ensayo")
    for step in (1, 2):
        await talk.answer("ana", f"!paso 2 {step}")
    said = await talk.answer("ana", '!equipos pasos 1 "Repaso" "ensayo"')
    assert "Voy a quitar estos pasos" in said and "Lectura" in said
    await talk.answer("ana", "sí")
    assert "1 de 2, sigue: Repaso" in await talk.answer("ana", "!equipos")
    assert "1 Repaso · 2 ensayo" in await talk.answer("bea", "!equipos pasos")
    assert "definió 2 pasos" in await talk.answer("bea", "!historial")


async def test_steps_that_nobody_set_are_explained(talk: Talk) -> None:
    await opened(talk)
    assert "todavía no tienen pasos" in await talk.answer("ana", "!paso 2 1")
    assert "todavía no tienen pasos" in await talk.answer("ana", "!equipos pasos")
    many = ", ".join(f"Paso {n}" for n in range(21))
    assert "hasta 20" in await talk.answer("ana", f"!equipos pasos {many}")
    assert "hasta 60 letras" in await talk.answer("ana", f'!equipos pasos "{"x" * 61}" "b"')


async def test_who_arrives_reads_what_the_room_is_for(talk: Talk) -> None:
    """Once for who comes together; nobody reads what was said before."""
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Lectura, Ensayo")
    north = room_of(talk, "Norte")
    for name in ("eva", "@luz:far.org"):
        await talk.moves(name, Membership.JOIN, north)
        await talk.hears_nothing()
    await talk.wait(timedelta(minutes=1))
    (said,) = await talk.hears("Equipo 2, Norte, de “Escuela”")
    assert said.room == north and "`!paso 2 1`" in said.plain
    await talk.moves("bea", Membership.JOIN, north)
    await talk.restart(timedelta(minutes=2))
    await talk.wait(PAUSE)
    await talk.hears("Equipo 2")
    assert "llegaron 2 de 3" in await talk.answer("ana", "!equipos")


async def test_a_step_may_begin_with_a_word_that_takes_back_elsewhere(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Abrir la sala, Cerrar")
    assert "Abrir la sala, listo" in await talk.answer("ana", "!paso 2 abrir la sala")
    assert "falta otra vez" in await talk.answer("ana", "!paso 2 quitar abrir la sala")
