"""Polls as people type them on a phone: an option a line, `o` between two, numbers in a row."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, day_in_words, find_number, user_id
from bot.types import EventId, PollEnd


async def opened(talk: Talk, line: str) -> PostedEvent:
    await talk.says("ana", line)
    return (await talk.said())[0]


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("last", "closes"),
    [
        ("cierra mañana 8pm", "{thursday}, 20:00"),
        ("Cierra el viernes 8pm", "{friday}, 20:00"),
        ("hasta: viernes", "{friday}, 23:59"),
        ("hasta el viernes a las 6 pm", "{friday}, 18:00"),
        ("até sexta 18h", "{friday}, 18:00"),
        ("prazo: sexta 18h", "{friday}, 18:00"),
        ("until friday", "{friday}, 23:59"),
    ],
)
async def test_a_last_line_that_is_a_deadline_is_no_option(
    talk: Talk, last: str, closes: str
) -> None:
    said = (await opened(talk, f"!encuesta ¿Dónde?\nNorte\nSur\n{last}")).plain
    assert "1 Norte\n2 Sur\n" in said
    assert closes.format(thursday=day_in_words(1), friday=day_in_words(2)) in said


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("¿Quién cierra mañana?\nAna\nBea", "1 Ana\n2 Bea"),
        ("¿Seguimos hasta mañana?\nSí\nNo", "1 Sí\n2 No"),
        ("¿Qué? Cine: terror, Parque: picnic", "1 Cine: terror\n2 Parque: picnic"),
        ("¿A qué hora? 18:00, 19:30", "1 18:00\n2 19:30"),
        ("¿Qué comemos? pizza o pasta", "1 pizza\n2 pasta"),
        ("¿Quién va? 1. Ana 2. Bea 3. Leo", "1 Ana\n2 Bea\n3 Leo"),
        ("O que levar? pão, água ou suco", "1 pão\n2 água\n3 suco"),
        ("¿Vamos? Sí, No, Más o menos", "1 Sí\n2 No\n3 Más o menos"),
        ("¿Dónde? Norte, Sur cierra: viernes 6pm multiple: 2", "1 Norte\n2 Sur"),
    ],
)
async def test_options_are_read_as_meant(talk: Talk, line: str, options: str) -> None:
    assert f"{options}\n" in (await opened(talk, f"!encuesta {line}")).plain


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("language", "line", "asked", "options"),
    [
        (
            "es",
            "¿Pizza o pasta?",
            "¿Son estas las opciones? 1 Pizza · 2 pasta",
            "1 Pizza\n2 pasta",
        ),
        ("es", "¿Qué comemos: pizza, pasta o sushi?", "3 sushi", "1 pizza\n2 pasta\n3 sushi"),
        ("pt", "Sábado ou domingo? até sexta", "São estas as opções?", "1 Sábado\n2 domingo"),
    ],
)
async def test_a_question_that_names_its_options_is_asked_back(
    talk: Talk, language: str, line: str, asked: str, options: str
) -> None:
    await talk.set("language", language)
    assert asked in await talk.answer("ana", f"!encuesta {line}")
    await talk.says("ana", "sí")
    assert options in (await talk.said())[0].plain
    await talk.says("ana", f"!encuesta {line}")
    await talk.says("ana", "no")
    assert "1 Norte" not in (await talk.said())[-1].plain


async def test_a_setting_that_polls_do_not_have_is_named(talk: Talk) -> None:
    for tail in ("cierra: viernes 6pm cupo: 10", "hasta viernes 6pm cupo: 10"):
        said = await talk.answer("ana", f"!encuesta ¿Dónde? Norte, Sur {tail}")
        assert "no tiene “cupo:”" in said and "`cierra:`" in said


@pytest.mark.parametrize("vote", ["1 y 2", "1 e 2", "1 and 2", "1,2", "1, 2", "1 + 2"])
async def test_two_numbers_where_one_may_be_chosen_count_as_none(talk: Talk, vote: str) -> None:
    opening = await opened(talk, "!encuesta ¿Dónde? Norte, Sur")
    assert find_number(opening) == 1
    for line in (vote, f"!votar {vote}"):
        await talk.says("bea", line, reply=opening)
        await talk.hears("hasta 1 opción; no cambié nada")
    await talk.says("bea", "!votar 1 y 2")
    await talk.hears("hasta 1 opción")
    assert "Norte: 0\nSur: 0" in await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize(
    ("language", "noted"), [("es", "Anotado: Sur"), ("pt", "Anotado: Sur"), ("en", "Noted: Sur")]
)
async def test_a_vote_in_reply_to_what_was_noted_changes_it(
    talk: Talk, language: str, noted: str
) -> None:
    await talk.set("language", language)
    opening = await opened(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("bea", "1", reply=opening)
    (first,) = await talk.said()
    await talk.says("bea", "2", reply=first)
    await talk.hears(noted)
    await talk.says("bea", "7", reply=opening)
    (told,) = await talk.said()
    await talk.says("bea", "2", reply=told)
    await talk.hears(noted)
    assert "Norte: 0\nSur: 1" in await talk.answer("ana", "!resultados 1")


async def test_examples_show_a_number_that_is_there(talk: Talk) -> None:
    await opened(talk, "!encuesta ¿Dónde? Norte, Sur")
    await opened(talk, "!encuesta ¿Cuándo? Hoy, Ayer")
    assert "`!votar 2 2`" in await talk.answer("bea", "!votar")
    assert "`!cerrar 2`" in await talk.answer("ana", "!cerrar")
    assert "`!resultados 2`" in await talk.answer("ana", "!ayuda resultados")


async def test_one_of_three_people_voted_in_english(talk: Talk) -> None:
    await talk.set("language", "en")
    opening = await opened(talk, "!poll Where? North, South")
    await talk.says("bea", "1", reply=opening)
    assert "1 of 3 people voted." in await talk.answer("ana", "!results")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_an_end_is_said_once_besides_the_closed_opening(talk: Talk) -> None:
    await opened(talk, "!encuesta ¿Dónde? Norte, Sur hasta viernes")
    await talk.says("ana", "!cerrar 1")
    posts = await talk.sent()
    assert [p.kind for p in posts] == ["redact", "m.room.message", "m.room.message"]
    assert [p.plain.startswith("* ") for p in posts[1:]] == [True, False]


@pytest.mark.parametrize("who", ["ana", "bea"])
async def test_a_poll_that_was_ended_in_an_app_shows_no_tally_there(talk: Talk, who: str) -> None:
    await talk.says(who, "!encuesta ¿Dónde? Norte, Sur")
    native = next(p for p in await talk.sent() if p.is_poll)
    await talk.happens(PollEnd(ROOM, EventId("$end"), user_id(who), talk.clock.at, native.event))
    posts = await talk.sent()
    assert not [p for p in posts if p.kind.endswith("poll.end")]
    assert [p.content["redacts"] for p in posts if p.kind == "redact"] == [native.event]
    assert "nadie votó" in posts[-1].plain


@pytest.mark.parametrize(
    ("vote", "label"),
    [
        ("10am 👍", "10 am"),
        ("yo voto por la 2", "10 am"),
        ("voto na 3", "La plaza"),
        ("en la plaza", "La plaza"),
        ("la plaza!!", "La plaza"),
        ("voto por la plaza", "La plaza"),
        ("la dos", "10 am"),
        ("a terceira", "La plaza"),
        ("Prefiero la plaza", "La plaza"),
        ("quero a 3", "La plaza"),
    ],
)
async def test_votes_in_passing_words_count(talk: Talk, vote: str, label: str) -> None:
    opening = await opened(talk, "!encuesta “¿Y?” “9 am” “10 am” “La plaza”")
    await talk.says("bea", vote, reply=opening)
    await talk.hears(f"Anotado: {label}")


@pytest.mark.parametrize(
    "line", ["no voy", "no quiero voy", "para la otra", "yo", "👍", "la 2 de la tarde no"]
)
async def test_talk_that_is_near_a_vote_is_talk(talk: Talk, line: str) -> None:
    opening = await opened(talk, "!encuesta ¿Vas? voy, otro día")
    await talk.says("bea", line, reply=opening)
    await talk.hears_nothing()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("line", "options"),
    [
        (
            "!encuesta, quién trae el café, opciones María, Rosa o Julia",
            "1 María\n2 Rosa\n3 Julia",
        ),
        ("!enquete Que dia?\n- sábado\n- domingo\nfecha sexta às 18h", "1 sábado\n2 domingo"),
        ("!encuesta ¿Qué opciones tenemos? Cine, Parque", "1 Cine\n2 Parque"),
    ],
)
async def test_dictated_and_dashed_options_are_read(talk: Talk, line: str, options: str) -> None:
    assert f"{options}\n" in (await opened(talk, line)).plain


async def test_nothing_is_a_vote_where_it_is_an_option(talk: Talk) -> None:
    opening = await opened(talk, "!encuesta ¿Qué hacemos? cine/parque/nada")
    await talk.says("bea", "Nada", reply=opening)
    await talk.hears("Anotado: nada")


async def test_asked_options_may_end_with_an_or(talk: Talk) -> None:
    await talk.tells("bea", "encuesta ¿Quién cocina?")
    await talk.hears("¿Qué opciones?")
    await talk.tells("bea", "Ana, Bea o Carla")
    (opening,) = await talk.said(ROOM)
    assert "1 Ana\n2 Bea\n3 Carla" in opening.plain


@pytest.mark.parametrize(
    "line",
    [
        "!poll Colour until tomorrow 7pm | red | blue",
        "!encuesta Colour hasta mañana 7pm | red | blue",
        "!enquete Colour até amanhã 19h | red | blue",
    ],
)
async def test_an_end_before_the_options_is_the_end(talk: Talk, line: str) -> None:
    said = await talk.answer("ana", line)
    assert "Encuesta 1: Colour\n1 red\n2 blue\n" in said, said
    assert "19:00" in said


async def test_an_option_that_is_an_end_stays_one(talk: Talk) -> None:
    said = await talk.answer("ana", "!encuesta Cocina | red hasta mañana 7pm | blue")
    assert "1 red hasta mañana 7pm\n2 blue\n" in said


THREE = "!encuesta ¿Cuándo? viernes, sábado, domingo"


@pytest.mark.parametrize("vote", ["voto la 1, la del sabado", "1, sábado", "sábado, la 1"])
async def test_a_number_and_words_that_differ_are_asked_back(talk: Talk, vote: str) -> None:
    opening = await opened(talk, THREE)
    await talk.says("bea", vote, reply=opening)
    (asked,) = await talk.hears("La opción 1 es “viernes” y también nombraste “sábado”")
    assert "Responde `1` o `2`." in asked.plain
    assert "sábado: 0" in await talk.answer("ana", "!resultados 1")
    await talk.says("bea", "2", reply=asked)
    await talk.hears("Anotado: sábado. ")


@pytest.mark.parametrize(
    ("vote", "noted"),
    [
        ("3, la del domingo", "Anotado: domingo. "),
        ("voto la 3, domingo", "Anotado: domingo. "),
        ("domingo: 1", "Anotado: domingo: 1. "),
        ("12 domingo", "Son 12 votos, y tienes 1."),
    ],
)
async def test_a_number_and_words_that_agree_count_and_a_count_stays_one(
    talk: Talk, vote: str, noted: str
) -> None:
    opening = await opened(talk, THREE)
    await talk.says("bea", vote, reply=opening)
    await talk.hears(noted)


@pytest.mark.parametrize(
    "vote",
    [
        *("2 pero solo si es a la tarde", "la 2 pero solo si es a la tarde", "2 creo, sábado"),
        *("2 acho, a do sábado", "2 i think, the saturday one", "2 if it does not rain"),
    ],
)
async def test_a_number_with_a_condition_is_asked_back(talk: Talk, vote: str) -> None:
    opening = await opened(talk, THREE)
    await talk.says("bea", vote, reply=opening)
    await talk.hears("¿Es tu voto? Así cuenta: `!votar 1 2`")


@pytest.mark.parametrize("vote", ["1 and 3 but not 2", "1 y 3 pero no 2", "1, 3 mas não 2"])
async def test_two_numbers_with_a_condition_are_too_many(talk: Talk, vote: str) -> None:
    opening = await opened(talk, THREE)
    await talk.says("bea", vote, reply=opening)
    await talk.hears("hasta 1 opción; no cambié nada")


CORRECTED = [
    *("perdon la 3", "perdón, quise decir 3", "me equivoqué, la 3", "cambio a la 3", "no, mejor 3"),
    *("errei, é 3", "desculpa, a 3", "quis dizer domingo", "mudo pra 3", "ops, melhor a 3"),
    *("sorry meant 3", "sorry, I meant 3", "change to 3", "can i change my vote to 3"),
]


@pytest.mark.parametrize("line", CORRECTED)
async def test_a_corrected_vote_in_a_reply_counts(talk: Talk, line: str) -> None:
    opening = await opened(talk, THREE)
    await talk.says("bea", "2", reply=opening)
    (noted,) = await talk.said()
    await talk.says("bea", line, reply=noted)
    await talk.hears("Anotado: domingo. ")


@pytest.mark.parametrize(
    "line",
    [
        *("perdon", "sorry, 2 people can't come", "perdon, no puedo el 3", "2 people come"),
        *("2 pm is too late", "2 de nosotras no", "cambio de fecha", "mejor otro dia", "sorry no"),
        *("disculpa la 2?", "perdón, ¿la 3?", "desculpa, a 2?", "sorry, 3?"),
    ],
)
async def test_talk_that_is_near_a_corrected_vote_is_talk(talk: Talk, line: str) -> None:
    opening = await opened(talk, THREE)
    await talk.says("bea", line, reply=opening)
    await talk.hears_nothing()


@pytest.mark.parametrize(
    ("line", "noted"),
    [("perdon, en contra", "en contra"), ("errei, é contra", "en contra")],
)
async def test_a_corrected_stance_counts(talk: Talk, line: str, noted: str) -> None:
    opening = await opened(talk, '!propuesta "Firmamos"')
    await talk.says("bea", "a favor", reply=opening)
    (told,) = await talk.said()
    await talk.says("bea", "sorry no", reply=told)
    await talk.hears_nothing()
    await talk.says("bea", line, reply=told)
    await talk.hears(f"Anotado: {noted}")
