"""Drafts, amendments, the vote and the library, as conversations."""

from __future__ import annotations

import re

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Media, RoomId, RoomUpgraded
from commands.drafts.tests.drafting import NOW, begun


async def test_an_amendment_shows_the_difference_and_its_acceptance_makes_a_version(
    talk: Talk,
) -> None:
    await begun(talk)
    assert "Borrador 1, “carta”, versión 1" in await talk.answer("bea", "!pendientes")
    shown = await talk.answer("carla", "!enmienda carta 2: Nadie paga más del 50 % de los gastos")
    assert "después de “paga más del”\nquita: 30\npone: 50" in shown
    assert "eso le toca a quien empezó" in await talk.answer("carla", "!acepto 2")
    assert "“carta” es ahora la versión 2" in await talk.answer("bea", "!acepto 2")
    assert "2. Nadie paga más del 50 % de los gastos" in await talk.answer("ana", "!borrador carta")
    versions = await talk.answer("ana", "!borrador carta versiones")
    assert "enmienda 2 de Carla" in versions
    assert "quita: 30\npone: 50" in await talk.answer("ana", "!borrador carta diferencia 1 2")


async def test_a_reply_accepts_turns_down_and_comments_and_talk_is_left_alone(talk: Talk) -> None:
    await begun(talk)
    await talk.says("carla", "!enmienda carta quitar 3")
    (shown,) = await talk.said()
    await talk.says("ana", "no me convence", reply=shown.event)
    await talk.hears_nothing()
    assert "Anotado como comentario" in await talk.answer(
        "ana", "comentario: sin reuniones no hay red", reply=shown.event
    )
    assert "sin reuniones no hay red" in await talk.answer("bea", "!borrador carta comentarios")
    assert "no aceptada" in await talk.answer("bea", "no acepto", reply=shown.event)
    await talk.says("carla", "!enmienda carta 1: Agua para todas")
    (shown,) = await talk.said()
    assert "versión 2" in await talk.answer("bea", "acepto", reply=shown.event)


async def test_conflicts_are_told_when_proposed_when_accepted_and_a_merge_is_offered(
    talk: Talk,
) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta 2: Nadie paga más del 50 % de los gastos")
    shown = await talk.answer(
        "ana", "!enmienda carta 2: Nadie jamás paga más del 30 % de los gastos"
    )
    assert "El párrafo 2 también lo cambian: 2." in shown
    await talk.answer("ana", "!enmienda carta 2: Nadie paga más del 10 % de los gastos")
    said = await talk.answer("bea", "!acepto 2")
    assert "ya no encajan, porque cambió su párrafo: 3 · 4" in said
    said = await talk.answer("bea", "!acepto 4")
    assert "cambió después de escribirse la enmienda 4" in said
    assert "Ahora dice: Nadie paga más del 50 % de los gastos" in said
    assert "Diría: Nadie jamás paga más del 50 %" in await talk.answer("bea", "!acepto 3")
    assert "versión 3" in await talk.answer("bea", "sí")
    assert "quita: 50\npone: 10" in await talk.answer(
        "ana", "!enmienda 4: Nadie jamás paga más del 10 % de los gastos"
    )
    assert "versión 4" in await talk.answer("bea", "!acepto 4")


async def test_an_amendment_to_a_paragraph_that_is_gone_has_a_way_out(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta quitar 3")
    await talk.answer("ana", "!enmienda carta 3: Nos reunimos cada semana")
    assert "se quedaron sin párrafo, porque ya no está: 3" in await talk.answer("bea", "!acepto 2")
    for line in ("!acepto 3", "!propuesta 3"):
        said = await talk.answer("bea", line)
        assert "ya no está" in said
        assert "`!enmienda carta agregar" in said
    assert "no tiene párrafo 3: tiene del 1 al 2" in await talk.answer(
        "ana", "!enmienda carta 3: x"
    )


async def test_a_draft_is_made_of_the_library_and_of_a_file(talk: Talk) -> None:
    await talk.answer("ana", "!guardar estatutos Uno.\nDos.")
    assert "1. Uno.\n2. Dos." in await talk.answer("bea", "!borrador nuevos desde #estatutos")
    assert "ya hay #estatutos" in await talk.answer("bea", "!borrador estatutos: otro")
    assert "No hay #nada" in await talk.answer("bea", "!borrador otros desde #nada")
    for data, told in ((b"Primero\n\nSegundo", "2. Segundo"), (b"%PDF-1.4 x", "Solo leo texto")):
        url = f"mxc://test/{len(data)}"
        secret = {"v": "v2"}
        talk.gateway.files[url] = data
        media = Media(url, "carta.txt", "text/plain", len(data), secret)
        assert told in await talk.answer("bea", f"!borrador f{len(data)}", media=media)


async def test_paragraph_by_paragraph_and_others_text_becomes_an_amendment(talk: Talk) -> None:
    await talk.answer("bea", "!borrador acta: Primero")
    assert "tiene ahora 2 párrafos, versión 2" in await talk.answer(
        "bea", "!borrador acta: Segundo"
    )
    assert "tiene ahora 3 párrafos" in await talk.answer("bea", "!borrador acta: 3. Tercero")
    assert "Enmienda 2 a “acta”" in await talk.answer("carla", "!borrador acta: Cuarto")
    assert "`!enmienda acta 2: otro`" in await talk.answer("bea", "!borrador acta: 2: otro")
    assert "No entendí “versioness”" in await talk.answer("bea", "!borrador acta versioness")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("!enmienda carta 1: \u202e\u2066", "No entendí"),
        ("!enmienda carta 1: ...", "No entendí"),
        ("!enmienda carta 1:", "No entendí"),
        ("!enmienda carta 1: " + "a" * 2001, "más de 2000 letras"),
        ("!enmienda carta 0: x", "no tiene párrafo 0"),
        ("!enmienda carta 999: x", "no tiene párrafo 999"),
        ("!enmienda carta 1: Queremos agua limpia", "ya dice eso"),
        ('!enmienda carta: "agua limpia" por "agua limpia"', "ya dice eso"),
        ('!enmienda carta: "e" por "a"', "están ahí"),
        ("!enmienda cartas 1: x", "ningún borrador"),
        ("!enmienda", "Falta"),
        ("!enmienda 99: x", "ningún borrador"),
        ("!borrador 99", "No existe el número 99"),
        ("!borrador nuevo", "Falta"),
        ("!borrador nuevo: ", "Falta"),
        ("!borrador nuevo: " + "a" * 2001, "más de 2000 letras"),
        ("!borrador nuevo\n" + "\n".join(["b"] * 101), "30000 letras"),
        ("!borrador " + "n" * 60 + ": x", "muy largo"),
        ("!borrador carta diferencia 1 9", "tiene las versiones 1 a 1"),
        ("!propuesta carta tipo:puntos", "a favor o en contra"),
    ],
)
async def test_bad_input_has_a_defined_end(talk: Talk, line: str, told: str) -> None:
    await begun(talk)
    before = await talk.answer("bea", "!borrador carta")
    assert told in await talk.answer("bea", line)
    assert await talk.answer("bea", "!borrador carta") == before


async def test_hidden_marks_never_get_into_the_text(talk: Talk) -> None:
    await begun(talk)
    shown = await talk.answer("carla", "!enmienda carta 1: Queremos \u202eagua\u202c y \u2067luz")
    assert "pone: y luz" in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)


async def test_another_room_sees_nothing_of_a_draft(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta 1: Queremos agua")
    other = await talk.room(RoomId("!otra:test"), "Otra", ["dora", "bea"])
    for line in ("!borrador carta versiones", "!enmienda carta 1: x", "!borrador 1", "!enmienda 2"):
        said = await talk.answer("dora", line, room=other)
        assert "agua" not in said
        assert "ningún borrador" in said or "No existe" in said
    assert "otra sala" in await talk.answer("bea", "!propuesta 2", room=other)


async def test_taking_back_a_draft_ends_its_votes(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta 1: Queremos agua")
    await talk.answer("carla", "!propuesta 2")
    assert "No puedes" in await talk.answer("carla", "!cancelar 1")
    await talk.answer("bea", "!cancelar 1")
    said = await talk.answer("bea", "sí")
    assert "fue retirado" in said
    assert "termina sin resultado" in said
    assert "No existe el número 2" in await talk.answer("carla", "!acepto 2")


async def test_who_is_forgotten_leaves_the_text_without_their_name(talk: Talk) -> None:
    await begun(talk)
    await talk.says("carla", "!enmienda carta 1: Queremos agua")
    (post,) = await talk.said()
    await talk.answer("carla", "comentario: porque sí", reply=post.event)
    await talk.tells("carla", "borrarme")
    await talk.tells("carla", "sí")
    await talk.wait(NOW)
    await talk.said()
    assert "porque sí" not in await talk.answer("ana", "!borrador carta comentarios")
    assert "1. Queremos agua limpia" in await talk.answer("ana", "!borrador carta")


async def test_a_room_that_moves_takes_its_drafts_along(talk: Talk) -> None:
    await begun(talk)
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "bea", "carla"], {"ana": 50})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), at, new, True, True))
    await talk.said()
    assert "versión 1" in await talk.answer("bea", "!borrador carta", room=new)
