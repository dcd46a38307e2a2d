"""What is printed: the ballot that `!presencial` reads, the attendance sheet, the agenda."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from bot.testing.talk import Talk

POLL = (
    '!encuesta "¿Dónde nos vemos?" "Plaza Ñandú" "Salón de la 5" "Casa: el patio" hasta en 3 días'
)
PROPOSAL = '!propuesta "Firmamos la carta" tipo:consentimiento hasta en 3 días'


def pages_of(data: bytes) -> list[str]:
    """The text of each page, as another library reads it."""
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages
    ]


async def printed(talk: Talk, who: str, line: str) -> list[str]:
    """The pages that somebody gets for a line typed in the room."""
    before = set(talk.gateway.files)
    await talk.says(who, line)
    said = await talk.said()
    (new,) = set(talk.gateway.files) - before or {""}
    assert new, [post.plain for post in said]
    return pages_of(talk.gateway.files[new])


@pytest.mark.parametrize(
    "line",
    [
        "!imprimir 1",
        "!Imprimir la 1",
        "!imprimir #1",
        "!papeleta 1",
        "!para imprimir 1",
        "!pdf 1",
        "!imprimir encuesta 1",
        "!cédula 1",
        "!print 1",
        "!print poll 1",
    ],
)
async def test_lines_of_people_in_a_hurry(talk: Talk, line: str) -> None:
    await talk.answer("ana", POLL)
    (ballot, count) = await printed(talk, "bea", line)
    assert "Marca 1 casilla con una cruz." in ballot
    assert "1 Plaza Ñandú 2 Salón de la 5 3 Casa: el patio" in ballot
    assert "Encuesta 1 · Sala · Red de prueba" in ballot
    assert "Conteo de la asamblea" in count and "Firma" in count


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize(
    "line",
    [
        POLL,
        PROPOSAL,
        '!encuesta "¿Cuáles?" "3 de mayo" "5" "A/B" multiple:2 hasta en 3 días',
        '!encuesta "¿Qué?" "sí" "no" "no sé" hasta en 3 días',
        '!propuesta "Compramos la olla" hasta en 3 días',
    ],
)
async def test_the_count_that_is_printed_is_the_count_that_is_read(
    talk: Talk, language: str, line: str
) -> None:
    """Filled in as it stands on the sheet, each option gets its own votes."""
    await talk.set("language", language)
    await talk.answer("ana", line)
    (*_ballots, count) = await printed(talk, "ana", "!imprimir 1")
    found = re.search(r"`?(!(?:presencial|in-person) 1 .+?____)(?!.*____)", count)
    assert found is not None, count
    votes = iter(range(2, 40))
    typed = re.sub("____", lambda _blank: str(next(votes)), found[1])
    said = await talk.answer("ana", typed)
    for n in range(2, 2 + found[1].count("____")):
        assert f": {n}" in said.split("\n")[0], (typed, said)
    for person in ("bea", "carla"):
        await talk.answer(person, "!presencial 1 confirmar")
    assert "2" in await talk.answer("ana", "!resultados 1")


async def test_a_poll_in_two_languages_is_printed_in_both(talk: Talk) -> None:
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur | english: Where? North, South")
    ballot, count = await printed(talk, "ana", "!imprimir 1")
    for page in (ballot, count):
        assert "¿Dónde? / Where?" in page and "1 Norte / North 2 Sur / South" in page
    found = re.search(r"!presencial 1 .+?____(?!.*____)", count)
    assert found is not None, count
    said = await talk.answer("ana", found[0].replace("____", "7"))
    assert "Norte / North: 7 · Sur / South: 7" in said


async def test_what_no_assembly_can_count_is_not_printed(talk: Talk) -> None:
    await talk.answer(
        "ana", '!encuesta "¿Qué?" "Uno" "Dos" "Tres" tipo:preferencia hasta en 3 días'
    )
    assert "A este tipo de encuesta" in await talk.answer("ana", "!imprimir 1")
    await talk.answer("ana", POLL)
    await talk.answer("ana", "!cerrar 2")
    before = dict(talk.gateway.files)
    assert "cerr" in await talk.answer("ana", "!imprimir 2")
    assert talk.gateway.files == before


async def test_an_attendance_sheet_has_who_comes_and_empty_rows(talk: Talk) -> None:
    await talk.answer("ana", "!evento Taller de radio en 3 días 19:00 lugar: Casa Azul")
    await talk.answer("bea", "!voy 1")
    await talk.answer("carla", "!no voy 1")
    (sheet,) = await printed(talk, "ana", "!imprimir 1")
    assert "Taller de radio" in sheet and "Casa Azul" in sheet and "19:00" in sheet
    assert "1 Bea 2 3 4" in sheet and "Carla" not in sheet
    assert "Esta hoja dice quién estuvo" in sheet


async def test_the_agenda_of_the_next_meeting_and_of_the_one_that_goes_on(talk: Talk) -> None:
    for line in ("!imprimir", "!imprimir agenda", "!print pauta"):
        assert "no tiene puntos" in await talk.answer("ana", line)
    await talk.answer("ana", "!punto Presupuesto 10m")
    await talk.answer("bea", "!punto Fecha de la marcha")
    (agenda,) = await printed(talk, "bea", "!imprimir agenda")
    assert "1 Presupuesto 10 min 2 Fecha de la marcha" in agenda
    await talk.answer("ana", "!reunión empezar")
    assert await printed(talk, "bea", "!imprimir 1") == [agenda]


async def test_only_who_may_see_it_gets_it(talk: Talk) -> None:
    await talk.answer("ana", POLL)
    await talk.tells("@eva:lejos.org", "imprimir 1")
    await talk.said()
    assert talk.gateway.files == {}
    assert "No existe" in await talk.answer("bea", "!imprimir 99")
    await talk.answer("ana", "!recordar mañana 17:00; la lona")
    assert "nada que imprimir" in await talk.answer("ana", "!imprimir 2")


async def test_it_is_printed_in_the_language_of_the_room(talk: Talk) -> None:
    await talk.set("language", "pt")
    await talk.answer("ana", POLL)
    before = set(talk.gateway.files)
    await talk.says("ana", "!imprimir 1")
    posts = await talk.sent()
    (new,) = set(talk.gateway.files) - before
    reader = pypdf.PdfReader(io.BytesIO(talk.gateway.files[new]))
    assert str(reader.root_object["/Lang"]) == "pt"
    assert reader.metadata is not None and reader.metadata.title == "¿Dónde nos vemos?"
    assert "Marque 1 caixa" in reader.pages[0].extract_text()
    assert [p.content.get("filename") for p in posts] == ["cédula-1.pdf"]
