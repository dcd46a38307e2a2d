"""`remove` and `take off` mean a thing where its number or title stands behind them."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from commands.publishing.tests.test_replies import TEXT, announced

WITHDRAWN = [
    "minga, remove 1 from the page",
    "minga, remove 1 from the website",
    "minga, remove 1 from the page now please!!",
    "minga, quitar el 1 de la web ya",
    "minga remove the agua notice from the page",
    "minga, take 1 off the web",
    "minga, take 1 off the page",
    "minga, take the agua thing off the web",
    "minga, take number 1 off the web",
    "minga, borra la 1 de la pagina",
    "minga, quita la 1 de la página",
    "minga, quitar 1 de la web",
    "minga, saca 1 de la pagina",
    "!sacar la 1 de la web",
    "minga, borra lo del agua de la página",
    "minga, tira a 1 da página",
    "minga, remove a 1 da página",
    "minga, remover 1 do site",
    "minga, apaga a 1 da página",
    "minga, tira o aviso da água da página",
    "!quita la 1 de la web",
    "!saca la 1 de internet",
    "!quita el aviso 1 de la web",
    "minga, borra la 1 de internet",
    "!tira a 1 do site",
    "!tira do site 1",
    "!tira do ar o aviso 1",
    "!take it off the site 1",
    "!take 1 off the site",
    "minga, take down 1",
    "!despublica 1",
    "minga, quita el aviso 1 de la web ya",
]


@pytest.mark.parametrize("line", WITHDRAWN)
async def test_it_is_taken_off_the_page(talk: Talk, line: str) -> None:
    await announced(talk)
    await talk.answer("ana", "!publicar 1")
    await talk.answer("ana", "sí")
    assert f"1, “{TEXT}”, ya no es público" in await talk.answer("ana", line)


@pytest.mark.parametrize(
    "line",
    ["minga, remove the taller", "minga, remove 1", "!remove taller", "minga, echar el taller"],
)
async def test_a_thing_is_cancelled(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Taller en 30 horas")
    await talk.said()
    assert "Voy a cancelar el evento 1, “Taller”" in await talk.answer("ana", line)
    said = await talk.answer("ana", "sí")
    assert "Ana canceló el evento 1, “Taller”" in said and "¿Sigo?" not in said


@pytest.mark.parametrize("line", ["!remove bea spam", "!remove Bea", "!sacar a bea"])
async def test_a_person_is_still_put_out_in_private(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Bea en 30 horas")
    await talk.said()
    await talk.says("ana", line)
    asked = (await talk.said())[0]
    assert asked.room != ROOM and "Falta la persona" in asked.plain


async def test_so_is_one_whose_name_is_in_a_title_when_it_is_typed_in_private(talk: Talk) -> None:
    await talk.says("ana", "!evento Hablar con Bea en 30 horas")
    await talk.said()
    await talk.tells("ana", "remove Bea")
    asked = (await talk.said())[0]
    assert "Falta la persona" in asked.plain


@pytest.mark.parametrize(
    "line", ["!remove 1 trolls", "!remove 1 ana", "!sacar 1 semanas a bea", "!remove 1 bea spam"]
)
async def test_a_number_before_other_words_is_no_thing(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Taller en 30 horas")
    await talk.said()
    await talk.says("ana", line)
    assert all("Voy a cancelar" not in post.plain for post in await talk.said())


@pytest.mark.parametrize("line", ["!remove 1 ya", "!remove #1 please!", "!echar la 1."])
async def test_a_number_with_a_polite_word_is_a_thing(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Taller en 30 horas")
    await talk.said()
    assert "Voy a cancelar el evento 1, “Taller”" in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("!avisar no hay noticias de la web", "Aviso 2: no hay noticias de la web"),
        ("!quitar 1", "Voy a cancelar el evento 1"),
    ],
)
async def test_other_lines_are_what_they_were(talk: Talk, line: str, heard: str) -> None:
    await talk.says("ana", "!evento Taller en 30 horas")
    await talk.said()
    assert heard in await talk.answer("ana", line)
