"""What becomes public of questionnaires: counts, as the room reads them, and nobody's words."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from bot.api import UserError
from bot.capability.data.public_services import PublicNames
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk
from commands.questionnaires.tests.answering import MESSAGE, ONE, SHORT, answers, crowd, opened


async def closed(talk: Talk, message: str, people: int) -> None:
    await crowd(talk, 6)
    await opened(talk, message)
    for n in range(people):
        scale = [str(1 + n % 5)] if message == MESSAGE else []
        await answers(talk, f"p{n}", *scale, "sí" if n else "no", f"frase {n} de @bea:test")
    await talk.answer("ana", "!cerrar 1")


async def test_the_counts_in_three_languages_and_as_a_table(talk: Talk) -> None:
    await closed(talk, MESSAGE, 6)
    found = await published(talk, ONE, PublicNames(members=await everybody(talk)))
    document = found.document
    assert (document.kind, document.title.text) == ("data", "Evaluación")
    for language, again in {"es": "sí: 5 · no: 1", "pt": "sim: 5 · não: 1", "en": "yes: 5"}.items():
        facts = {
            one.name.in_language("es"): one.value.in_language(language) for one in document.facts
        }
        assert again in facts["¿Vuelves?"], facts
    (file,) = document.files
    rows = list(csv.reader(io.StringIO(found.files[file.name].decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["pregunta", "respuesta", "cuántas"]
    assert ["¿Vuelves?", "sí", "5"] in rows and ["¿Algo más?", "respondieron", "6"] in rows
    assert find_in(found, "frase", "@bea", "@p1", "sala") == []


async def test_of_few_and_of_open_ones_nothing_is_public(talk: Talk) -> None:
    await crowd(talk, 6)
    await opened(talk, SHORT)
    with pytest.raises(UserError, match="is open"):
        await published(talk, ONE)
    for who in ("p1", "p2", "p3"):
        await answers(talk, who, "sí", "secreto")
    await talk.answer("ana", "!cerrar 1")
    with pytest.raises(UserError, match="Fewer than"):
        await published(talk, ONE)


async def test_names_in_questions_are_pointed_out_and_their_people_told(talk: Talk) -> None:
    await closed(talk, SHORT.replace("¿Vuelves?", "¿Vuelves con Carla?"), 6)
    await talk.said()
    shown = await talk.answer("ana", "!publicar 1")
    assert (
        "Estas palabras son también nombres de gente de aquí, y a nadie le pregunté: Carla" in shown
    )
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    said = [post.plain for post in await talk.said()]
    assert any("en su texto está: Carla" in line for line in said), said
