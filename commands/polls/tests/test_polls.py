"""Polls as people have them: asked, voted, changed, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, dated, day_in_words, find_number

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

WHERE = "!encuesta donde nos vemos el sabado? Parque, Biblioteca, Zoom hasta viernes 6pm"
DAYS = timedelta(days=1)


async def opened(
    talk: Talk, line: str = WHERE, who: str = "ana"
) -> tuple[PostedEvent, PostedEvent, int]:
    """The opening message, the native poll, the number."""
    await talk.says(who, line)
    posts = await talk.sent()
    opening = next(p for p in posts if p.kind == "m.room.message")
    polls = [p for p in posts if p.is_poll]
    assert polls, opening.plain
    return opening, polls[0], find_number(opening)


async def counts(talk: Talk, number: int) -> str:
    return await talk.answer("carla", f"!resultados {number}")


# --- opening -------------------------------------------------------------------------------------


async def test_a_poll_says_its_question_its_options_how_to_vote_and_its_end(talk: Talk) -> None:
    line = WHERE.replace("viernes", dated("{+2 weekday}"))
    opening, native, number = await opened(talk, line)
    closes = dated("Cierra el {+2 day}, 18:00 (Bogotá)")
    assert opening.plain.split("\n") == [
        f"Encuesta {number}: donde nos vemos el sabado?",
        "1 Parque",
        "2 Biblioteca",
        "3 Zoom",
        "Toca una opción o responde con el número; el total lo digo yo.",
        f"{closes}; hasta entonces se puede cambiar: `!votar {number} 2`",
    ]
    assert opening.content["msgtype"] == "m.text"
    assert native.answers == [f"{number}.o{place}" for place in (1, 2, 3)]


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    "line",
    [
        '!enquete "Onde?" "Norte" "Sul" até sexta 18h',
        "!poll Where? North | South until Friday 18:00",
        "!sondeo ¿Dónde?\nNorte\nSur\ncierra: viernes 18:00",
        "!votação Onde? Norte / Sul encerra: sexta 18h",
        "!votacion ¿Dónde? Norte, Sur fecha: viernes 18:00",
    ],
)
async def test_polls_are_asked_in_every_form_and_language(talk: Talk, line: str) -> None:
    opening, native, _number = await opened(talk, line)
    assert len(native.answers) == 2
    assert f"{day_in_words(2)}, 18:00" in opening.plain


async def test_options_may_be_quoted_or_not_side_by_side(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    for secret in ("", "secreta "):
        await talk.says("ana", f'!encuesta {secret}"¿Dónde?" Norte, Sur, "Casa x" hasta viernes')
        said = (await talk.sent())[0].plain.split("\n")
        assert said[0].endswith(": ¿Dónde?")
        assert said[1:4] == ["1 Norte", "2 Sur", "3 Casa x"]


async def test_a_proposal_keeps_its_quotes_where_they_stand(talk: Talk) -> None:
    await talk.says("ana", '!propuesta Firmamos "La carta" con las demás hasta viernes 18h')
    assert 'Firmamos "La carta" con las demás' in "\n".join(p.plain for p in await talk.sent())


async def test_without_a_date_it_stays_open_until_somebody_closes_it(talk: Talk) -> None:
    opening, _native, number = await opened(talk, "!encuesta ¿Té? Sí, No")
    assert f"`!cerrar {number}`" in opening.plain
    await talk.wait(60 * DAYS)
    await talk.hears_nothing()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!encuesta ¿Dónde?", "Faltan las opciones"),
        ("!encuesta ¿Dónde? Norte", "dos opciones o más"),
        ("!encuesta ¿Dónde? Norte, norte", "“Norte” y “norte”"),
        ("!encuesta ¿Dónde? Норте, Нopте", "se ven igual"),
        ("!encuesta ¿Dónde? " + ", ".join(map(str, range(100, 121))), "21 opciones"),
        ("!encuesta ¿Dónde? Sur, " + "n" * 241, "más de 240 letras"),
        ("!encuesta " + "q" * 501 + "? Norte, Sur", "más de 500 letras"),
        ("!encuesta ¿Dónde? Norte, Sur multiple:3", "De 1 a 2"),
        ("!encuesta ¿Dónde? Norte, Sur multiple:x", "De 1 a 2"),
        ("!encuesta ¿Cuántas? 2, 3, 4", "`2 personas`"),
        ("!encuesta ¿Dónde? Norte, Sur quorum:mucho", "quórum"),
        ("!encuesta ¿Dónde? Norte, Sur quorum:120%", "quórum"),
        ("!encuesta ¿Dónde? Norte, Sur cierra: 3 de diciembre de 2031", "más de un año"),
    ],
)
async def test_what_cannot_be_a_poll_is_explained(talk: Talk, line: str, said: str) -> None:
    await talk.says("ana", line)
    posts = await talk.sent()
    assert [p.kind for p in posts] == ["m.room.message"]
    assert said in posts[0].plain


async def test_a_date_that_has_passed_is_refused(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur cierra: 01/11/2026 10:00")
    assert not [p for p in await talk.sent() if p.is_poll]


async def test_in_private_the_missing_options_are_asked_for(talk: Talk) -> None:
    await talk.tells("bea", "encuesta ¿Dónde?")
    await talk.hears("¿Qué opciones?")
    await talk.tells("bea", "Norte, Sur")
    posts = await talk.sent()
    assert [p.room for p in posts if p.is_poll] == [ROOM]


# --- voting --------------------------------------------------------------------------------------


async def test_a_vote_in_reply_is_noted_and_can_be_changed(talk: Talk) -> None:
    opening, _native, number = await opened(talk)
    await talk.says("bea", "2", reply=opening)
    await talk.hears("Anotado: Biblioteca. Se puede cambiar hasta el cierre.")
    await talk.says("bea", "parque", reply=opening)
    await talk.hears("Anotado: Parque.")
    heard = await counts(talk, number)
    assert "Parque: 1\nBiblioteca: 0\nZoom: 0" in heard
    assert "Votó 1 de 3 personas." in heard


@pytest.mark.parametrize("line", ["!votar {} 2", "!vote {} biblioteca", "!voto {} opción 2"])
async def test_a_vote_is_typed_with_the_number(talk: Talk, line: str) -> None:
    _opening, _native, number = await opened(talk)
    await talk.says("bea", line.format(number))
    await talk.hears("Anotado: Biblioteca")


async def test_votar_in_a_reply_needs_no_number(talk: Talk) -> None:
    opening, _native, _number = await opened(talk)
    await talk.says("bea", "!votar 3", reply=opening)
    await talk.hears("Anotado: Zoom")


async def test_in_a_reply_the_number_of_the_poll_may_stand_first(talk: Talk) -> None:
    opening, _native, number = await opened(talk)
    await talk.says("bea", f"!votar {number} 3", reply=opening)
    await talk.hears("Anotado: Zoom")


async def test_what_is_no_option_gets_a_sentence(talk: Talk) -> None:
    opening, _native, number = await opened(talk)
    await talk.says("bea", "7", reply=opening)
    await talk.hears("No hay una opción 7: van de 1 a 3.")
    await talk.says("bea", "2 3", reply=opening)
    await talk.hears("hasta 1")
    await talk.says("bea", f"!votar {number} playa")
    await talk.hears("“playa”")
    await talk.says("bea", f"!votar {number}")
    await talk.hears("Falta la opción")


async def test_an_option_alone_without_reply_is_shown_how_it_is_written(talk: Talk) -> None:
    _opening, _native, number = await opened(talk)
    await talk.says("bea", "!votar 2")
    await talk.hears(f"`!votar {number} 2`")
    await talk.says("bea", "!votar biblioteca")
    await talk.hears("Anotado: Biblioteca")


async def test_talk_in_reply_to_a_poll_is_talk(talk: Talk) -> None:
    opening, _native, _number = await opened(talk)
    for line in ("yo llego a las 5, ¿y ustedes?", "nada", "2 personas me preguntaron"):
        await talk.says("bea", line, reply=opening)
    await talk.hears_nothing()


async def test_several_options_where_the_poll_takes_them(talk: Talk) -> None:
    opening, native, number = await opened(talk, "!encuesta ¿Qué? Pan, Té, Sal multiple:2")
    await talk.says("bea", "1 y 3", reply=opening)
    await talk.hears("Anotado: Pan · Sal.")
    await talk.says("ana", "2, 3, 1", reply=opening)
    await talk.hears("hasta 2")
    await talk.taps("carla", native, 2, 3, 1)
    heard = await counts(talk, number)
    assert "Pan: 1\nTé: 1\nSal: 2" in heard


async def test_a_vote_can_be_taken_back_in_words(talk: Talk) -> None:
    _opening, _native, number = await opened(talk)
    await talk.says("bea", f"!votar {number} 2")
    await talk.says("bea", f"!votar {number} ninguna")
    await talk.hears("Anotado: Biblioteca", "Anotado: sin voto")
    assert "Biblioteca: 0" in await counts(talk, number)


async def test_taps_and_lines_of_a_person_are_one_vote_the_last_counts(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 1)
    await talk.wait(timedelta(minutes=1))
    await talk.says("bea", f"!votar {number} 2")
    assert "Biblioteca" in await counts(talk, number)
    await talk.wait(timedelta(minutes=1))
    await talk.taps("bea", native, 3)
    assert "Parque: 0\nBiblioteca: 0\nZoom: 1" in await counts(talk, number)


async def test_a_tap_is_counted_without_a_word(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 2)
    await talk.hears_nothing()
    assert "Biblioteca: 1" in await counts(talk, number)


async def test_an_empty_tap_takes_the_vote_back_and_an_unknown_answer_spoils_it(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 2, stamp=1)
    await talk.taps("bea", native, stamp=2)
    await talk.taps("carla", native, 2, stamp=1)
    await talk.votes("carla", native.event, ("o2", "x"), stamp=2)
    heard = await counts(talk, number)
    assert "Biblioteca: 0" in heard
    assert "Votaron 0 de 3" in heard


async def test_of_taps_the_latest_stamp_counts_whatever_comes_first(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 1, stamp=20)
    await talk.taps("bea", native, 2, stamp=10)
    assert "Parque: 1\nBiblioteca: 0" in await counts(talk, number)


async def test_a_redacted_tap_brings_the_one_before_back(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 1, stamp=10)
    second = await talk.taps("bea", native, 2, stamp=20)
    await talk.redacts("bea", second)
    assert "Parque: 1\nBiblioteca: 0" in await counts(talk, number)


async def test_who_is_not_in_the_room_does_not_count(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("dora", native, 1)
    await talk.tells("dora", f"votar {number} 1")
    assert "Anotado" not in "".join(p.plain for p in await talk.said())
    assert "Parque: 0" in await counts(talk, number)


async def test_votes_outlive_a_restart(talk: Talk) -> None:
    opening, _native, number = await opened(talk)
    await talk.says("bea", "2", reply=opening)
    await talk.said()
    await talk.restart()
    assert "Biblioteca: 1" in await counts(talk, number)
