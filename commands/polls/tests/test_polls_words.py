"""What people write in passing, and what must not be misread."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk, day_in_words


async def test_a_vote_in_passing_words_counts(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    opening = (await talk.said())[0]
    for who, line, label in (("bea", "el 1", "Norte"), ("carla", "voto 2", "Sur")):
        await talk.says(who, line, reply=opening)
        await talk.hears(f"Anotado: {label}")


async def test_a_vote_is_secret_in_any_gender(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    for word in ("secreta", "secreto", "anónimo", "anônima"):
        await talk.says("ana", f"!encuesta ¿Dónde? Norte, Sur {word}")
        posts = await talk.sent()
        assert "El voto es secreto" in posts[0].plain
        assert not any(post.is_poll for post in posts), "a native poll shows who votes what"


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_numbered_lines_and_a_quoted_question_are_read_as_meant(talk: Talk) -> None:
    await talk.says("ana", "!encuesta\n¿Dónde?\n1. Norte\n2. Sur")
    assert "1 Norte\n2 Sur" in (await talk.said())[0].plain
    await talk.says("ana", "!encuesta «¿Dónde?» «Norte» «Sur» — hasta el viernes")
    said = (await talk.said())[0].plain
    assert "1 Norte\n2 Sur" in said
    assert day_in_words(2) in said


@pytest.mark.parametrize(
    "line",
    [
        *("cambio mi voto a domingo", "quiero cambiar mi voto a 2", "mi voto es domingo"),
        *("mudo meu voto para domingo", "meu voto é domingo", "quero mudar meu voto para o 2"),
        "my vote is domingo",
    ],
)
async def test_a_changed_mind_is_said_in_words(talk: Talk, line: str) -> None:
    await talk.says("ana", "!encuesta ¿Qué día? sábado, domingo")
    await talk.says("bea", "!votar sábado")
    await talk.sent()
    assert "Anotado: domingo" in await talk.answer("bea", f"!{line}")
    await talk.tells("bea", line)
    (answer,) = await talk.said()
    assert "Anotado: domingo" in answer.plain


@pytest.mark.parametrize(
    "line",
    [
        *("quiero cambiar mi voto en la 1", "cambiar mi voto en la encuesta 1"),
        *("mudar meu voto na 1", "quero mudar meu voto na votação 1"),
        *("i want to change my vote on 1", "change my vote in poll 1"),
    ],
)
async def test_the_number_of_a_poll_is_no_new_vote(talk: Talk, line: str) -> None:
    await talk.says("ana", "!encuesta ¿Color? rojo, verde, azul")
    await talk.says("bea", "!votar 1 3")
    await talk.sent()
    assert "Falta la opción. Ejemplo: `!votar 1 1`" in await talk.answer("bea", f"!{line}")
    await talk.tells("bea", line)
    assert "Tu voto en 1 es azul. ¿A qué lo cambias?" in (await talk.said())[-1].plain
    assert "azul: 1" in await talk.answer("bea", "!resultados 1")
    assert "Anotado: verde" in await talk.answer("bea", f"!{line} a verde")


@pytest.mark.parametrize(
    "line", ["cuándo es la asamblea", "¿cuándo empieza el taller?", "quando é a reunião"]
)
async def test_who_asks_when_something_is_reads_what_comes(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Asamblea; mañana 18h; Casa")
    await talk.sent()
    assert "18:00 Asamblea" in await talk.answer("bea", f"!{line}")
    await talk.tells("bea", line)
    (answer,) = await talk.said()
    assert "18:00 Asamblea" in answer.plain
