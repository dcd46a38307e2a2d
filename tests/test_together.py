"""What one capability leaves for another: rules, rights and permissions that meet in one room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId

OTHER = RoomId("!otra:test")
NOW = timedelta(0)


@pytest.mark.parametrize(
    ("language", "lacks"),
    [
        ("es", ("`!expulsar`", "`!vetar`", "`!silenciar`", "cerrar la sala", "`!renombrar`")),
        ("pt", ("`!expulsar`", "`!banir`", "`!silenciar`", "fechar a sala", "`!renomear`")),
    ],
)
async def test_what_moderating_takes_is_among_the_permissions(
    talk: Talk, language: str, lacks: tuple[str, ...]
) -> None:
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 100}, bot_power=0)
    await talk.set("language", language, OTHER)
    heard = await talk.answer("ana", "!permisos", room=OTHER)
    for words in lacks:
        assert words in heard


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("expulsar", "sacar a alguien de la sala"),
        ("silenciar", "silenciar a alguien"),
        ("advertir", "advertir a alguien"),
        ("vetar", "prohibirle la entrada"),
        ("banir", "prohibirle la entrada"),
        ("remove", "sacar a alguien de la sala"),
        ("configurar retencion", "cambiar el ajuste retención"),
    ],
)
async def test_a_rule_is_found_by_the_word_of_its_command_too(
    talk: Talk, typed: str, title: str
) -> None:
    assert title in await talk.answer("ana", f"!gobierno {typed} decisión")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_who_has_something_of_who_is_forgotten_hears_it_once(talk: Talk) -> None:
    await talk.answer("bea", "!presto proyector a @carla hasta el viernes")
    await talk.answer("carla", "!recibido 2")
    await talk.wait(NOW)
    await talk.said()
    await talk.tells("bea", "borrarme")
    (asked,) = await talk.said()
    assert "alguien tiene 1 de ellas" in asked.plain
    await talk.wait(NOW)
    await talk.hears_nothing()  # not before it is done
    await talk.tells("bea", "sí")
    await talk.said()
    await talk.wait(NOW)
    (told,) = await talk.said(await talk.private("carla"))
    assert "El préstamo 2 salió de mi lista" in told.plain
    assert "Bea" not in told.plain and "proyector" not in told.plain
    await talk.wait(timedelta(days=9))
    assert await talk.said(await talk.private("carla")) == []


async def test_what_came_of_an_incident_is_not_said_to_reach_who_is_forgotten(talk: Talk) -> None:
    await talk.tells("bea", "incidente me gritaron")
    await talk.tells("ana", "atender 1")
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí")
    await talk.said()
    await talk.tells("ana", "resolver 1 hablamos")
    (said,) = await talk.said(await talk.private("ana"))
    assert "no lee nada" in said.plain and "en privado" not in said.plain


async def test_who_is_to_be_removed_does_not_escape_by_being_forgotten(talk: Talk) -> None:
    await talk.answer("ana", "!gobierno expulsión decisión")
    await talk.answer("ana", "sí")
    await talk.answer("ana", "!expulsar @carla:test amenazas")
    await talk.tells("ana", "sí")
    await talk.sent()
    await talk.answer("ana", "!votar 2 a favor")
    await talk.answer("bea", "!votar 2 a favor")
    await talk.tells("carla", "borrarme")
    (asked,) = await talk.said()
    assert "tu nombre en 1 cosa que otras personas deciden sobre ti" in asked.plain
    await talk.tells("carla", "sí")
    await talk.sent()
    async with talk.machine.db.reading() as tx:
        kept = [tuple(row) for row in await tx.all("SELECT * FROM governance_wish")]
    assert kept and "carla" not in repr(kept)
    await talk.wait(timedelta(days=3, hours=1))
    posts = await talk.sent()
    assert [post.kind for post in posts if post.kind == "kick"] == ["kick"]
    assert any("aprobada" in post.plain for post in posts)


async def test_who_left_is_not_removed_after_all(talk: Talk) -> None:
    await talk.answer("ana", "!gobierno expulsión decisión")
    await talk.answer("ana", "sí")
    await talk.answer("ana", "!expulsar @carla:test amenazas")
    await talk.tells("ana", "sí")
    await talk.sent()
    for who in ("ana", "bea"):
        await talk.answer(who, "!votar 2 a favor")
    await talk.tells("carla", "borrarme")
    await talk.tells("carla", "sí")
    await talk.moves("carla", Membership.LEAVE)
    await talk.sent()
    await talk.wait(timedelta(days=3, hours=1))
    posts = await talk.sent()
    assert not [post for post in posts if post.kind == "kick"]
    assert any("ya no está" in post.plain for post in posts)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_is_open_is_called_as_it_was_when_it_was_opened(talk: Talk) -> None:
    await talk.says("ana", "!propuesta “Comprar pala” hasta el viernes")
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta el viernes")
    await talk.says("bea", "!propuesta “Comprar pan”")
    await talk.sent()
    heard = await talk.answer("bea", "!pendientes")
    assert "Propuesta 1: Comprar pala (hasta" in heard
    assert "Encuesta 2: ¿Dónde? (hasta" in heard
    assert "Propuesta 3: Comprar pan" in heard
    assert "Encuesta 1" not in heard and "Encuesta 3" not in heard


async def test_nothing_decided_yet_is_not_called_a_search_without_luck(talk: Talk) -> None:
    heard = await talk.answer("bea", "!decisiones")
    assert "todavía no se decidió nada" in heard and "`!decisiones`" not in heard
    assert "ninguna decisión así" in await talk.answer("bea", "!decisiones pala")


async def test_what_nobody_lends_can_be_asked_of_all(talk: Talk) -> None:
    heard = await talk.answer("bea", "!pido taladro")
    assert "`!necesito taladro`" in heard
    await talk.set("language", "pt")
    assert "`!preciso broca`" in await talk.answer("bea", "!peço broca")


async def test_a_role_that_was_made_does_not_sound_like_one_that_was_there(talk: Talk) -> None:
    made = await talk.answer("ana", "!cargo nuevo cuidado")
    assert "Hecho" in made and "ya existe" not in made.casefold()
    assert "ya hay un cargo" in await talk.answer("ana", "!cargo nuevo cuidado")


async def test_a_role_and_a_person_without_a_verb_hear_how_to_give_it(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo cuidado")
    heard = await talk.answer("ana", "!cargo cuidado @bea:test")
    assert "nadie" in heard and "`!cargo dar cuidado @bea:test`" in heard
    assert "dar" not in await talk.answer("ana", "!cargo cuidado")


async def test_needs_are_named_like_the_rest_of_what_is_open(talk: Talk) -> None:
    await talk.says("bea", "!necesito silla")
    await talk.says("bea", "sí")
    await talk.sent()
    assert "Pedido 1: “silla”" in await talk.answer("ana", "!pendientes")


@pytest.mark.parametrize("lifted", [False, True])
async def test_a_silence_that_is_over_does_not_stand_in_the_way_of_undoing(
    talk: Talk, lifted: bool
) -> None:
    await talk.answer("ana", "!renombrar Huerta")
    await talk.answer("ana", "sí")
    await talk.answer("ana", "!silenciar @carla:test 2h ruido")
    assert "silenció a alguien" in await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "no")
    if lifted:
        await talk.answer("ana", "!levantar 1 hablamos")
        await talk.answer("ana", "sí")
    await talk.wait(timedelta(hours=3))
    await talk.sent()
    assert "“Sala” → “Huerta”" in await talk.answer("ana", "!deshacer")


async def test_while_moderators_decide_the_room_does_not_read_about_whom(talk: Talk) -> None:
    await talk.room(
        ROOM, "Sala", ["ana", "bea", "carla", "dani"], {"ana": 50, "dani": 50}, bot_power=100
    )
    await talk.answer("ana", "!gobierno expulsión 2 moderadores")
    await talk.answer("ana", "sí")
    await talk.says("ana", "!expulsar @carla publicidad")
    await talk.tells("ana", "sí")
    posts = await talk.said()
    theirs = await talk.private("dani")
    (letter,) = [post.plain for post in posts if post.room == theirs]
    assert "Carla (@carla:test)" in letter and "apoyar 1" in letter
    await talk.tells("dani", "apoyar 1")
    posts += await talk.sent()
    assert [post.kind for post in posts if post.kind == "kick"]
    room = "\n".join(post.plain for post in posts if post.room == ROOM and post.plain)
    assert "Sacar a alguien de la sala" in room and "arla" not in room and "publicidad" not in room
