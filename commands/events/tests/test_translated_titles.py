"""Events whose title people put into several languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk, find_number

ES, PT = "Taller de radio", "Oficina de rádio"


@pytest.mark.parametrize(
    "line",
    [
        f'!evento "{ES}" mañana 19h pt:"{PT}" lugar: Casa',
        f"!evento {ES} mañana 19h lugar: Casa pt: {PT}",
        f'!evento "{ES}" pt: “{PT}” mañana 19h, Casa',
        f'!event "{ES}" tomorrow 7pm portuguese:"{PT}"',
    ],
)
async def test_a_room_reads_both_titles_and_each_person_theirs(talk: Talk, line: str) -> None:
    await talk.says("ana", line)
    opening = (await talk.said())[0]
    assert f"{ES} / {PT}\n" in opening.plain
    await talk.tells("bea", "idioma pt")
    await talk.said()
    await talk.tells("bea", "eventos")
    (agenda,) = await talk.said()
    assert f"19:00 {PT} (" in agenda.plain
    assert ES not in agenda.plain
    await talk.says("bea", "voy", reply=opening)
    (noted,) = await talk.said()
    assert f"{ES} / {PT}" in noted.plain


async def test_a_title_is_translated_in_reply_and_its_author_says_yes(talk: Talk) -> None:
    await talk.says("ana", f"!evento {ES} mañana 19h")
    opening = (await talk.said())[0]
    number = find_number(opening)
    await talk.says("bea", f"traduzco pt: {PT}", reply=opening)
    await talk.hears("lo escribió Ana")
    await talk.wait(timedelta(minutes=1))
    assert any(f"“{PT}”" in post.plain for post in await talk.said())
    await talk.tells("ana", "sí")
    said = "\n".join(post.plain for post in await talk.said())
    assert f"* Evento {number}: {ES} / {PT}" in said
    again = await talk.answer("ana", f"!cambiar {number} título: Taller de teatro")
    assert "Taller de teatro / " not in again, "the translation was of other words"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('!evento Marcha mañana 10h fr:"Manif"', "No conozco el idioma “fr”"),
        ('!evento Marcha mañana 10h pt:"a" pt:"b"', "dos textos en portugués"),
        ("!evento Marcha mañana 10h es: Otra", "también está en español"),
        (f"!evento Marcha mañana 10h pt: {'ã' * 201}", "pasa de 200 letras"),
    ],
)
async def test_what_cannot_be_makes_no_event(talk: Talk, line: str, why: str) -> None:
    assert why in await talk.answer("ana", line)
    assert "Marcha" not in await talk.answer("ana", "!eventos")


async def test_what_is_over_is_not_translated(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha mañana 10h")
    number = find_number((await talk.said())[0])
    await talk.wait(timedelta(days=2))
    await talk.said()
    assert "ya pasó" in await talk.answer("ana", f"!traducir {number} pt: Passeata")
