"""`!buscar`: only what may be seen, only where it may be read, best first, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.feature import Feature
from bot.testing.talk import ROOM, Talk, dated, day_in_words, month_in_words
from bot.types import Membership, RoomId, Trust
from commands.finding import feature
from commands.finding.tests.shelf import keep, shelf

KITCHEN = RoomId("!cocina:test")


@pytest.fixture
def capabilities(tmp_path: Path) -> Sequence[Feature]:
    return [feature, shelf(tmp_path / "shelf")]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"])
    return talk


async def asks(talk: Talk, who: str, line: str) -> str:
    """In private."""
    return await talk.answer(who, line, room=await talk.private(who))


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_what_is_found_says_how_it_is_opened(talk: Talk) -> None:
    await keep(talk, "protocolo", "Protocolo para marchas", themes=("seguridad",))
    await keep(
        talk, "guardia", "Guardia legal", "teléfonos en las marchas", unreviewed=True, by="bea"
    )
    said = await talk.answer("carla", "!buscar MARCHA")
    assert said == (
        "2 cosas que puedes ver:\n"
        "`#protocolo` Protocolo para marchas: cuaderno · #seguridad"
        f" · {day_in_words()} · Ana\n"
        f"`#guardia` Guardia legal: cuaderno · {day_in_words()} · Bea · sin revisar\n"
        "Para abrir una: `#protocolo`"
    )


async def test_one_finds_what_ones_rooms_keep_and_loses_it_on_leaving(talk: Talk) -> None:
    await keep(talk, "pan", "Receta de pan", room=KITCHEN)
    await keep(talk, "canto", "Letra del canto")
    assert "#pan" in await asks(talk, "bea", "buscar recetas")
    assert "No encuentro" in await talk.answer(
        "carla", "buscar recetas", room=await talk.private("carla")
    )
    both = await asks(talk, "bea", "buscar canto pan")
    assert "Ninguna cosa" in both and "#pan" in both and "Cocina" in both and "#canto" in both
    await talk.moves("bea", Membership.LEAVE, KITCHEN)
    assert "No encuentro" in await talk.answer(
        "bea", "buscar recetas", room=await talk.private("bea")
    )
    await talk.moves("bea", Membership.LEAVE, ROOM)
    assert "#canto" not in await asks(talk, "bea", "buscar canto")


async def test_in_a_room_only_that_is_said_which_all_of_it_may_see(talk: Talk) -> None:
    await keep(talk, "pan", "Pan de masa madre", room=KITCHEN)
    await keep(talk, "venta", "Venta de pan")
    await keep(talk, "horno", "Horno comunitario", room=KITCHEN, network=True)
    await talk.private("bea")
    await talk.says("bea", "!buscar pan")
    posts = await talk.said()
    here = "\n".join(post.plain for post in posts if post.room == ROOM)
    alone = "\n".join(post.plain for post in posts if post.room != ROOM)
    assert "#venta" in here and "en privado" in here and "#pan" not in here
    assert "#pan" in alone and "#venta" not in alone
    await talk.says("bea", "!buscar masa madre")
    posts = await talk.said()
    assert [post.plain for post in posts if post.room == ROOM] == [
        "Lo que no todas las personas de aquí pueden ver te lo escribí en privado."
    ]
    assert "#pan" in "\n".join(post.plain for post in posts if post.room != ROOM)
    await talk.says("carla", "!buscar hornos")
    (post,) = await talk.said()
    assert post.room == ROOM and "#horno" in post.plain


async def test_filters_stand_anywhere_and_in_three_languages(talk: Talk) -> None:
    await keep(talk, "uno", "Guía de salud", themes=("Salud Mental", "cuidado"))
    month, before = (month_in_words(months) for months in (0, -1))
    talk.clock.at += timedelta(days=40)
    await keep(talk, "dos", "Guía de salud", by="bea", kind="mug")
    for line, expected in {
        "!buscar #salud-mental": "uno",
        "!buscar guías #cuidados-no": "",
        "!buscar salud tipo:libretas": "uno",
        "!find salud kind:mugs": "dos",
        "!buscar salud tipo: xícara": "dos",
        "!buscar tipo:taza": "dos",
        "!buscar tipo:cuaderno #cuidado": "uno",
        "!buscar tipo:taza salud desde {before}": "dos",
        "!buscar tipo:cuaderno salud de:ana #cuidado desde {before}": "uno",
        "!buscar desde {before} #cuidado": "uno",
        "!buscar desde: {before} #cuidado": "uno",
        "!buscar de:ana salud": "uno",
        "!buscar de:@ana:test salud": "uno",
        "!buscar salud de: Bea": "dos",
        "!buscar salud de:nadie": "",
        "!buscar salud desde ayer": "dos",
        "!buscar salud hasta el {+5}": "uno",
        "!buscar salud desde: {+6} hasta: hoy": "dos",
        "!buscar desde {before}": "dos uno",
        "!buscar “guía de salud” desde 2025 hasta {month}": "uno",
    }.items():
        said = await talk.answer("ana", dated(line).format(month=month, before=before))
        names = {"`#uno`": "uno", "`!shelf": "dos"}
        found = [names[w] for row in said.split("\n") for w in row.split()[:1] if w in names]
        assert found == expected.split(), (line, said)
        assert bool(found) is not ("No encuentro" in said), (line, said)
    assert "cuaderno · taza" in await talk.answer("ana", "!buscar salud tipo:barco")
    assert "fecha" in await talk.answer("ana", "!buscar salud desde: nunca jamás")
    assert "Falta" in await talk.answer("ana", "!buscar")


async def test_pages_go_on_and_end(talk: Talk) -> None:
    for n in range(19):
        await keep(talk, f"acta{n}", f"Acta {n} de la asamblea")
    first = await talk.answer("ana", "!buscar actas")
    assert "19 cosas" in first and "#acta18`" in first and "#acta10`" not in first
    assert "!buscar actas página:2" in first
    third = await talk.answer("ana", "!buscar actas página:3")
    assert "#acta2`" in third and "#acta0`" in third and "página" not in third
    assert "No hay página 4" in await talk.answer("ana", "!buscar actas página:4")
    for n in range(300):
        await keep(talk, f"mas{n}", f"Más actas {n}")
    assert "Más de 300 cosas" in await talk.answer("ana", "!buscar actas")


async def test_where_nothing_fits_what_is_near_is_shown_if_it_may_be_seen(talk: Talk) -> None:
    await keep(talk, "pan", "Transporte para la marcha")
    await keep(talk, "otro", "Semillas", room=KITCHEN)
    said = await talk.answer("carla", "!buscar trasporte")
    assert "Lo que se le acerca" in said and "#pan" in said
    assert "No encuentro" in await talk.answer("carla", "!buscar semilas")
    assert "#pan" in await talk.answer("carla", "!buscar tranzporte")
    await talk.private("bea")
    await talk.says("bea", "!buscar semillas de transporte")
    posts = await talk.said()
    assert "#pan" in "\n".join(post.plain for post in posts if post.room == ROOM)
    assert "#otro" not in "\n".join(post.plain for post in posts if post.room == ROOM)


async def test_a_device_in_doubt_finds_only_what_its_room_keeps(talk: Talk) -> None:
    await keep(talk, "pan", "Pan de masa madre", room=KITCHEN)
    await keep(talk, "venta", "Venta de pan")
    await talk.set("unsigned", "yes")
    await talk.says("bea", "!buscar pan", trust=Trust.UNSIGNED)
    said = "\n".join(post.plain for post in await talk.said())
    assert "#venta" in said and "#pan" not in said


async def test_a_room_that_its_server_reads_hears_only_what_it_keeps_itself(talk: Talk) -> None:
    square = await talk.room(RoomId("!plaza:test"), "Plaza", ["bea"], encrypted=False)
    await keep(talk, "propio", "Pan de la plaza", room=square)
    await keep(talk, "red", "Pan de la red", room=KITCHEN, network=True)
    await talk.private("bea")
    await talk.says("bea", "!buscar pan", room=square)
    posts = await talk.said()
    here = "\n".join(post.plain for post in posts if post.room == square)
    assert "#propio" in here and "#red" not in here
    assert "#red" in "\n".join(post.plain for post in posts if post.room != square)


async def test_what_people_wrote_is_only_text(talk: Talk) -> None:
    await keep(talk, "x", "<b>Uno</b>\n# {dos} `tres` " + "x" * 300, themes=("<i>", "a{b}"))
    await talk.says("ana", '!buscar "uno {dos}" <b>')
    (post,) = await talk.said()
    assert "<b>Uno" not in post.html and "{dos}" in post.plain
    assert max(map(len, post.plain.split("\n"))) < 240


async def test_a_question_for_what_was_kept_is_a_search(talk: Talk) -> None:
    await keep(talk, "telefono-del-plomero", "3115559999")
    await keep(talk, "telefone-do-julio", "3115551234")
    for line, kept in {
        "cual era el telefono del plomero": "3115559999",
        "¿cuál es el teléfono del plomero?": "3115559999",
        "qual era o telefone do julio": "3115551234",
        "cual era el correo de luz": "No encuentro",
        "cuál es el teléfono del plomero, por favor": "3115559999",
        "cual es el telefono del plomero de la esquina": "Lo que se le acerca",
    }.items():
        assert kept in await asks(talk, "bea", line), line
    await talk.says("bea", "Minga, ¿cuál era el teléfono del plomero?")
    assert any("3115559999" in post.plain for post in await talk.said())
