"""A room closes a week after it was said, with what it keeps in another room's library."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from commands.teams.tests.test_teams import opened, room_of

NORTH = RoomId("!norte:test")
DAY = timedelta(days=1)


async def north(talk: Talk) -> RoomId:
    """A room of Ana's, with Bea and Carla in it."""
    await talk.wait(timedelta(minutes=1))
    await talk.room(NORTH, "Norte", ["ana", "bea", "carla"], {"ana": 100})
    return NORTH


async def announced(talk: Talk, line: str = "!cerrar sala guardar: Sala") -> str:
    await talk.answer("ana", line, room=NORTH)
    return await talk.answer("ana", "sí", room=NORTH)


async def told(talk: Talk, room: RoomId) -> str:
    return "\n".join(post.plain for post in await talk.said(room))


def has_left(talk: Talk, room: RoomId) -> bool:
    return any(post.kind == "leave" and post.room == room for post in talk.gateway.posted.values())


async def test_what_it_keeps_comes_into_the_other_library_and_the_bot_leaves(talk: Talk) -> None:
    await north(talk)
    await talk.answer("bea", "!guardar guia Cómo se hace una radio #radio", room=NORTH)
    await talk.answer("ana", "!encuesta ¿Seguimos? sí, no", room=NORTH)
    await talk.answer("bea", "!votar 2 1", room=NORTH)
    await talk.answer("ana", "!cerrar 2", room=NORTH)
    shown = await talk.answer("ana", "!cerrar sala guardar: Sala", room=NORTH)
    assert "1 cosa de su biblioteca van a “Sala”" in shown and "lo pueden leer 3 personas" in shown
    await talk.says("ana", "sí", room=NORTH)
    assert "Lo que guarda llega a la biblioteca de aquí" in await told(talk, ROOM)
    await talk.wait(6 * DAY)
    assert "Esta sala se cierra el" in await told(talk, NORTH)
    assert not has_left(talk, NORTH)
    await talk.wait(DAY)
    said = await talk.said()
    last = [post.plain for post in said if post.room == NORTH]
    assert "Esta sala está cerrada" in last[-1] and "biblioteca de “Sala”" in last[-1]
    (file,) = [p for p in await _files(talk) if p.endswith(b"\n")]
    assert "“¿Seguimos?”: gana sí" in file.decode()
    assert has_left(talk, NORTH)
    assert "Cómo se hace una radio" in await talk.answer("carla", "#guia")
    assert "gana sí" in await talk.answer("carla", "#acta-norte")
    assert "#guia" in await talk.answer("carla", "#radio")


async def _files(talk: Talk) -> list[bytes]:
    return list(talk.gateway.files.values())


async def test_a_name_that_is_used_there_gets_a_number(talk: Talk) -> None:
    await north(talk)
    await talk.answer("bea", "!guardar guia La de antes")
    await talk.answer("bea", "!guardar guia La del norte", room=NORTH)
    await announced(talk)
    await talk.wait(8 * DAY)
    await talk.sent()
    assert "La de antes" in await talk.answer("carla", "#guia")
    assert "La del norte" in await talk.answer("carla", "#guia-2")


async def test_who_moderates_takes_it_back_and_nobody_else(talk: Talk) -> None:
    await north(talk)
    assert "No puedes" in await talk.answer("bea", "!cerrar sala", room=NORTH)
    await announced(talk)
    assert "No puedes" in await talk.answer("bea", "!cerrar sala no", room=NORTH)
    assert "Esta sala se cierra" in await talk.answer("bea", "!pendientes", room=NORTH)
    assert "ya se cierra" in await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "Esta sala sigue" in await talk.answer("ana", "!cerrar sala no", room=NORTH)
    await talk.wait(9 * DAY)
    assert not has_left(talk, NORTH)
    assert "no está por cerrarse" in await talk.answer("ana", "!cerrar sala no", room=NORTH)


async def test_the_room_can_object_and_its_vote_is_waited_for(talk: Talk) -> None:
    await north(talk)
    await announced(talk)
    await talk.wait(6 * DAY)
    await talk.sent()
    line = await talk.answer("bea", "!cuestionar", room=NORTH)
    number = line.rsplit("\n", 1)[-1].split(":")[0].strip()
    await talk.answer("bea", f"!cuestionar {number}", room=NORTH)
    await talk.says("bea", "sí", room=NORTH)
    said = await told(talk, NORTH)
    poll = said.split("ropuesta ", 1)[1].split(":")[0].split(" ")[0]
    for who in ("bea", "carla"):
        await talk.says(who, f"!votar {poll} a favor", room=NORTH)
    await talk.wait(DAY)
    assert "sigue hasta que se decida" in await told(talk, NORTH)
    await talk.wait(5 * DAY)
    assert "Esta sala sigue: no se cierra" in await told(talk, NORTH)
    assert not has_left(talk, NORTH)


async def test_without_a_room_that_keeps_it_what_is_lost_is_said(talk: Talk) -> None:
    await north(talk)
    await talk.answer("bea", "!guardar guia Cómo se hace una radio", room=NORTH)
    shown = await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "Se pierde con ella 1 cosa" in shown and "`!cerrar-sala guardar: Plenaria`" in shown
    await talk.answer("ana", "no", room=NORTH)
    assert "No sé qué sala es “Otra”" in await talk.answer(
        "ana", "!cerrar sala guardar: Otra", room=NORTH
    )


async def test_where_it_keeps_what_it_has_can_be_said_after_it_was_announced(talk: Talk) -> None:
    await north(talk)
    await talk.answer("bea", "!guardar guia Cómo se hace una radio", room=NORTH)
    await talk.answer("ana", "!cerrar sala", room=NORTH)
    await talk.answer("ana", "sí", room=NORTH)
    await talk.sent()
    assert "No puedes" in await talk.answer("bea", "!cerrar sala guardar: Sala", room=NORTH)
    said = await talk.answer("ana", "!cerrar sala guardar: Sala", room=NORTH)
    assert "1 cosa de su biblioteca" in said and "“Sala”" in said
    await talk.wait(8 * DAY)
    await talk.sent()
    assert "Cómo se hace una radio" in await talk.answer("ana", "!recursos guia")


async def test_words_that_mean_nothing_here_are_named(talk: Talk) -> None:
    await north(talk)
    said = await talk.answer("ana", "!cerrar-sala ya no la usamos", room=NORTH)
    assert "“ya no la usamos”" in said and "`!cerrar-sala`" in said
    assert "en la sala misma" in await talk.answer("ana", "!cerrar-sala Norte")


async def test_a_room_to_which_news_come_is_not_closed(talk: Talk) -> None:
    await north(talk)
    await talk.set("moderation", "yes", NORTH)
    assert "llegan los avisos" in await talk.answer("ana", "!cerrar sala", room=NORTH)


async def test_a_kill_on_the_day_closes_it_once(talk: Talk) -> None:
    await north(talk)
    await talk.answer("bea", "!guardar guia Cómo se hace una radio", room=NORTH)
    await announced(talk)
    await talk.restart(8 * DAY)
    await talk.wait(DAY)
    said = [post.plain for post in await talk.said() if "Esta sala está cerrada" in post.plain]
    assert len(said) == 1 and has_left(talk, NORTH)


async def test_all_teams_of_a_cohort_are_closed_at_once(talk: Talk) -> None:
    await opened(talk)
    await talk.moves("ana", Membership.JOIN, room_of(talk, "Norte"))
    assert "no moderas: Sur" in await talk.answer("ana", "!equipos cerrar 1")
    await talk.answer("ana", "no")
    await talk.moves("ana", Membership.JOIN, room_of(talk, "Sur"))
    await talk.sent()
    shown = await talk.answer("ana", "!equipos cerrar 1")
    assert "Se cierran 2 salas de los equipos 1" in shown and "van a “Sala”" in shown
    await talk.says("ana", "sí")
    assert "Avisé a 2 salas" in await told(talk, ROOM)
    await talk.wait(8 * DAY)
    assert (await told(talk, ROOM)).count("quedaron cerradas") == 1
    assert all(has_left(talk, room_of(talk, name)) for name in ("Norte", "Sur"))
    assert "todavía no hay equipos" in await talk.answer("ana", "!equipos")
    assert "2 Norte: su sala está cerrada" in await talk.answer("ana", "!equipos 1")
    assert "No existe" in await talk.answer("bea", "!equipos cerrar 9")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "!cerrar sala"),
        ("es", "!cerrar esta sala guardar: Sala"),
        ("es", "!archivar sala"),
        ("es", "!cerrar la sala y guardar en: Sala"),
        ("pt", "!encerrar sala guardar: Sala"),
        ("pt", "!fechar a sala"),
        ("pt", "!arquivar sala"),
        ("en", "!close room keep: Sala"),
        ("en", "!close this room"),
        ("en", "!archive room"),
    ],
)
async def test_as_people_type_it(talk: Talk, language: str, line: str) -> None:
    await north(talk)
    await talk.set("language", language, NORTH)
    said = await talk.answer("ana", line, room=NORTH)
    assert "“Norte”" in said and said.rstrip().endswith(("no`", "não`")), said
