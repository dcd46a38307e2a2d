"""Announcements in many rooms: seen before, said once in each, and answered with `leído`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, find_number, user_id
from bot.types import RoomId

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")
LINE = "!avisar La clase se mueve al martes en: Cocina, Huerta leído"


async def announced(talk: Talk, line: str = LINE) -> tuple[int, dict[str, str]]:
    """Announce in three rooms after a yes; return the number and what each room heard."""
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await talk.room(GARDEN, "Huerta", ["ana", "elsa"], {"ana": 50})
    await talk.says("ana", line)
    await talk.sent()
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    posts = await talk.said()
    number = next((find_number(p) for p in posts if "leíste" in p.plain), 0)
    return number, {p.room: p.plain for p in posts}


async def test_it_is_shown_first_and_said_once_in_each_room(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    shown = await talk.answer("ana", "!avisar Mañana no hay agua en: Cocina")
    assert "Aviso: Mañana no hay agua" in shown and "en 1 sala más: Cocina" in shown
    assert "En todas estas salas juntas hay 3 personas." in shown
    assert "recordatorio" not in shown
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    posts = await talk.said()
    assert sorted(p.room for p in posts) == sorted([ROOM, KITCHEN])
    assert all(": Mañana no hay agua" in p.plain for p in posts)
    assert all("¿Lo leíste?" not in p.plain for p in posts)


async def test_rooms_that_have_not_answered_are_named(talk: Talk) -> None:
    number, heard = await announced(talk)
    assert set(heard) == {ROOM, KITCHEN, GARDEN}
    assert f"leído {number}" in heard[GARDEN]
    assert f"leíste {number}" in await talk.answer("dora", f"leído {number}", room=KITCHEN)
    await talk.answer("dora", f"!leido {number}", room=KITCHEN)  # once
    told = await talk.answer("ana", f"!avisos {number}")
    assert "Lo leyó 1 persona, en 1 de 3 salas." in told
    assert "Sala · Huerta" in told
    assert "Cocina" not in told


async def test_a_reply_says_it_too(talk: Talk) -> None:
    await announced(talk)
    post = next(p for p in talk.gateway.posted.values() if p.room == GARDEN)
    await talk.says("elsa", "Leído", room=GARDEN, reply=post)
    await talk.says("elsa", "¿y el miércoles?", room=GARDEN, reply=post)
    (noted,) = await talk.said()
    assert "Anotado" in noted.plain and noted.room == GARDEN


async def test_names_of_rooms_are_for_who_may_know_them(talk: Talk) -> None:
    number, _heard = await announced(talk)
    told = await talk.answer("dora", f"!avisos {number}", room=KITCHEN)
    assert "Huerta" not in told and "y 2 más" in told


async def test_who_moderates_nothing_announces_nothing(talk: Talk) -> None:
    _number, heard = await announced(talk, "!avisar hola a todas en: Cocina")
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    assert "No puedes" in await talk.answer("bea", "!avisar hola en: Cocina")
    assert len(heard) == 2


@pytest.mark.parametrize(
    "line",
    [
        "!avisar La clase se mueve al martes en: Cocina, Huerta con leído",
        "!avisar La clase se mueve al martes leído en: todas",
        '!aviso "La clase se mueve al martes" en:todas leido',
        "!avisar A aula mudou para terça em: todas lido",
        "!announce The class moves to Tuesday in: todas with read",
        "!anunciar La clase\nse mueve en: Cocina; Huerta leído",
    ],
)
async def test_it_is_typed_as_people_type(talk: Talk, line: str) -> None:
    number, heard = await announced(talk, line)
    assert set(heard) == {ROOM, KITCHEN, GARDEN} and number
    assert "en:" not in heard[ROOM] and "todas" not in heard[ROOM]


async def test_a_taken_back_one_asks_nobody_more(talk: Talk) -> None:
    number, _heard = await announced(talk)
    assert "terminó" in await talk.answer("ana", f"!cancelar {number}")
    assert "Ningún aviso" in await talk.answer("ana", "!avisos")


async def test_a_forgotten_person_leaves_no_answer(talk: Talk) -> None:
    number, _heard = await announced(talk)
    await talk.answer("dora", f"leído {number}", room=KITCHEN)
    await talk.tells("dora", "borrarme")
    await talk.tells("dora", "sí")
    await talk.wait(timedelta(minutes=2))
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists(
            "SELECT 1 FROM announcements_reading WHERE person = ?", user_id("dora")
        )


# --- in several languages -------------------------------------------------------------------------


async def test_an_announcement_stands_in_every_language_in_each_room(talk: Talk) -> None:
    line = '!avisar "Mañana no hay agua" pt:"Amanhã não tem água" en: Cocina, Huerta leído'
    number, heard = await announced(talk, line)
    assert set(heard) == {ROOM, KITCHEN, GARDEN}
    assert all(": Mañana no hay agua / Amanhã não tem água\n" in said for said in heard.values())
    await talk.tells("bea", "idioma pt")
    await talk.said()
    await talk.tells("bea", f"avisos {number}")
    assert f"Aviso {number}: Amanhã não tem água\n" in (await talk.said())[0].plain


async def test_a_translation_reaches_all_its_rooms_once_its_author_says_yes(talk: Talk) -> None:
    number, _heard = await announced(talk)
    assert "lo escribió Ana" in await talk.answer(
        "dora", f"!traduzco {number} pt: A aula mudou para terça", room=KITCHEN
    )
    await talk.wait(timedelta(minutes=1))
    await talk.sent()
    await talk.tells("ana", "sí")
    await talk.wait(timedelta(minutes=1))
    edits = {post.room for post in await talk.said() if post.plain.startswith("* Aviso")}
    assert edits == {ROOM, KITCHEN, GARDEN}
    posts = [post.plain for post in talk.gateway.posted.values() if post.room == GARDEN]
    assert "La clase se mueve al martes / A aula mudou para terça" in posts[-2]
    assert posts[-1] == f"Dora puso {number} en portugués: “A aula mudou para terça”"


async def test_who_moderates_no_more_changes_no_room_by_translating(talk: Talk) -> None:
    number, _heard = await announced(talk)
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"bea": 100})
    said = await talk.answer("ana", f"!traducir {number} pt: Bea rouba")
    assert "Pregunto en privado a quien modera" in said
    await talk.wait(timedelta(minutes=1))
    assert [post.room for post in await talk.said()] == [await talk.private("bea")]
    await talk.tells("bea", "sí")
    await talk.wait(timedelta(minutes=1))
    edits = {post.room for post in await talk.said() if "/ Bea rouba" in post.plain}
    assert edits == {ROOM, KITCHEN, GARDEN}, "a moderator may find that it says the same"


async def test_once_somebody_has_read_it_what_is_translated_stays(talk: Talk) -> None:
    number, _heard = await announced(talk)
    await talk.answer("ana", f"!traducir {number} pt: A aula mudou para quarta")
    await talk.answer("ana", f"!traducir {number} pt: A aula mudou para terça")
    await talk.answer("dora", f"leído {number}", room=KITCHEN)
    said = await talk.answer("ana", f"!traducir {number} pt: A aula acabou")
    assert "en portugués queda:" in said
    assert "Tuesday" in await talk.answer("ana", f"!traducir {number} en: Class is on Tuesday")


async def test_one_that_is_over_is_not_translated(talk: Talk) -> None:
    number, _heard = await announced(talk)
    await talk.answer("ana", f"!cancelar {number}")
    await talk.answer("ana", "sí")
    assert "ya terminó" in await talk.answer("ana", f"!traducir {number} pt: A aula")
