"""A network's public room: opened by who moderates the network, with what is public in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import RoomId
from commands.decisions.tests.test_export import decided
from commands.publishing.places import room_store
from commands.publishing.places.tests.folder_world import (
    ADDRESS,
    NOW,
    publish,
)

PUBLIC = RoomId("!publico:test")


async def open_room(talk: Talk, line: str = "!publicar sala #publico") -> str:
    """Open the public room, and return what is said of it."""
    said = await talk.answer("ana", line)
    said += "\n" + await talk.answer("ana", "sí")
    await talk.wait(NOW)
    return said + "\n" + "\n".join(post.plain for post in await talk.said())


async def posts(talk: Talk) -> list[str]:
    """Let everything be written and posted, and return what the public room read."""
    found: list[str] = []
    for _round in range(4):
        await talk.wait(NOW)
        found += [post.plain for post in await talk.said(PUBLIC)]
    return found


@pytest.mark.parametrize(
    "line",
    [
        "!publicar sala #publico",
        "!publicar sala publico",
        "!publicar sala pública #publico",
        "!publicar en una sala #Publico",
        "!publicar canal publico",
        "!publique numa sala #publico",
        "!publicar sala pública #publico:test",
        "!publish room #publico",
        "!publish in a room: publico",
        "!publish channel #publico",
    ],
)
async def test_lines_of_people_in_a_hurry(talk: Talk, line: str) -> None:
    said = await open_room(talk, line)
    assert "No va cifrada" in said and "mejor que la lea sin entrar" in said
    assert "#publico:test está abierta" in said, said


async def test_only_who_moderates_the_network_opens_it(talk: Talk) -> None:
    assert "No puedes" in await talk.answer("bea", "!publicar sala #publico")
    assert "No hay sala pública" in await talk.answer("ana", "!publicar sala")


@pytest.mark.parametrize("name", ["#", "../etc", "minga-abc", "mi sala", "ñandú", "x:otro.org"])
async def test_an_address_that_cannot_be_is_refused(talk: Talk, name: str) -> None:
    said = await talk.answer("ana", f"!publicar sala {name}")
    assert "Ejemplo" in said and "¿Sigo?" not in said, said


async def test_an_address_that_somebody_has_is_told(talk: Talk) -> None:
    talk.gateway.refuse = "M_ROOM_IN_USE"
    await talk.says("ana", "!publicar sala #publico")
    talk.gateway.refuse = None
    await talk.sent()
    await talk.says("ana", "!publicar sala #publico")
    await talk.says("ana", "sí")
    talk.gateway.refuse = "M_ROOM_IN_USE"
    await talk.sent()
    talk.gateway.refuse = None
    await talk.wait(NOW)
    assert "prueba otra" in "\n".join(post.plain for post in await talk.said())
    assert "No hay sala pública" in await talk.answer("ana", "!publicar sala")


async def test_what_becomes_public_is_posted_with_its_link_and_changes_with_it(talk: Talk) -> None:
    await open_room(talk)
    await publish(talk, 1, "Marcha")
    (said,) = await posts(talk)
    assert "Marcha" in said and "Plaza" in said and f"{ADDRESS}es/event-1.html" in said
    assert "#publico:test" in await talk.answer("bea", "!publicar")
    await talk.says("ana", "!evento cancelar 1")
    await talk.says("ana", "sí")
    await talk.sent()
    await talk.wait(timedelta(minutes=1))
    changed = await posts(talk)
    assert len(changed) <= 1


async def test_a_decision_is_posted_with_what_came_out(talk: Talk) -> None:
    await open_room(talk)
    number = await decided(talk, '!encuesta "¿Dónde?" "Norte" "Sur" "Zoom"', ana="1", bea="1")
    await talk.wait(timedelta(days=1, minutes=5))
    await talk.says("ana", f"!publicar {number}")
    await talk.says("ana", "sí")
    await talk.sent()
    (said,) = await posts(talk)
    title, outcome, counts, turnout, rule, when, left, link = said.splitlines()
    assert title == f"decisión {number}: “¿Dónde?”"
    assert outcome.startswith("resultado: ") and "gana Norte" in outcome
    assert counts == "Norte: 2 (100%) · Sur: 0 (0%) · Zoom: 0 (0%)"
    assert turnout == "votaron: 2 de 3"
    assert rule == "regla: una opción, gana la más votada"
    assert when.startswith("decidida: ")
    assert left == "y 4 líneas más"
    assert link == f"{ADDRESS}es/decision-{number}.html"


async def test_each_language_of_the_network_reads_it(talk: Talk) -> None:
    await talk.set("language", "pt")
    await open_room(talk)
    await publish(talk, 1, "Marcha")
    (said,) = await posts(talk)
    assert "es/event-1.html" in said and "pt/event-1.html" in said


async def test_many_at_once_stand_in_one_post(talk: Talk) -> None:
    await open_room(talk)
    for number in range(1, 5):
        await publish(talk, number, f"Taller de cosas {number * 11}", room_says=False)
    (said,) = await posts(talk)
    assert all(f"event-{number}.html" in said for number in range(1, 5))


async def test_what_is_withdrawn_is_taken_away_and_the_rest_posted_anew(talk: Talk) -> None:
    await open_room(talk)
    for number in (1, 2):
        await publish(talk, number, f"Taller de cosas {number * 11}", room_says=False)
    await posts(talk)
    await talk.says("ana", "!retirar 1")
    await talk.sent()
    gone, said = [], []
    for _round in range(4):
        await talk.wait(NOW)
        for post in await talk.sent():
            gone += [post.content["redacts"]] if post.kind == "redact" else []
            said += [post.plain] if post.room == PUBLIC and post.kind == "m.room.message" else []
    assert len(gone) == 1
    (again,) = said
    assert "event-2.html" in again and "event-1.html" not in again


async def test_it_is_ended_and_what_is_withdrawn_then_still_goes(talk: Talk) -> None:
    await open_room(talk)
    await publish(talk, 1, "Marcha")
    await posts(talk)
    await talk.says("ana", "!publicar sala no")
    assert "ya no se publica" in await talk.answer("ana", "sí")
    await publish(talk, 2, "Taller")
    assert await posts(talk) == []
    await talk.says("ana", "!retirar 1")
    await talk.sent()
    await talk.wait(NOW)
    await talk.wait(NOW)
    assert [post.kind for post in await talk.sent() if post.room == PUBLIC] == ["redact"]
    assert "está abierta" in await open_room(talk)


async def test_what_was_withdrawn_before_it_is_ended_goes_too(talk: Talk) -> None:
    await open_room(talk)
    await publish(talk, 1, "Marcha")
    await posts(talk)
    await publish(talk, 2, "Taller", room_says=False)
    async with talk.machine.db.transaction() as tx:  # as where more wait than one round takes
        await room_store.note_to_post(tx, [1])
        await room_store.end_room(tx, "#publico:test", talk.clock.now())
        assert await room_store.to_post(tx, 10) == [1]


async def test_a_post_that_is_refused_is_told_and_holds_up_no_other(talk: Talk) -> None:
    await open_room(talk)
    await publish(talk, 1, "Marcha", room_says=False)
    talk.gateway.refuse = "M_TOO_LARGE"
    await talk.wait(NOW)
    await talk.sent()
    talk.gateway.refuse = None
    await talk.wait(NOW)
    assert "M_TOO_LARGE" in "\n".join(post.plain for post in await talk.said())
    await publish(talk, 2, "Taller")
    (said,) = await posts(talk)
    assert "Taller" in said
