"""What goes wrong where people decide, and what they hear then: the list of bad input."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import Membership
from bot.testing.talk import ROOM, PostedEvent, Talk, day_in_words
from commands.polls.tests.test_decisions import closed, heard, proposed
from commands.polls.tests.test_polls import DAYS

OPENED = {
    "choice": "!encuesta ¿Dónde? Norte, Sur, Este",
    "several": "!encuesta ¿Dónde? Norte, Sur, Este multiple:2",
    "majority": "!propuesta Compramos la olla",
    "consent": "!propuesta Compramos la olla tipo:consentimiento",
    "consensus": "!propuesta Compramos la olla tipo:consenso",
    "ranked": "!encuesta ¿Dónde? Norte, Sur, Este tipo:preferencia",
    "runoff": "!encuesta ¿Dónde? Norte, Sur, Este tipo:segunda-vuelta",
    "score": "!encuesta ¿Dónde? Norte, Sur, Este tipo:puntos",
    "dots": "!encuesta ¿Dónde? Norte, Sur, Este tipo:repartir",
    "dates": '!cuando "Reunión" mañana 18h, pasado mañana 18h, en 3 días 18h',
}
SEVENTH = {"score": "7:3", "dots": "7:3", "ranked": "7 1", "runoff": "7 1", "several": "1 7"}
each_kind = pytest.mark.parametrize("kind", list(OPENED))


async def results(talk: Talk, number: int) -> str:
    return await talk.answer("carla", f"!resultados {number}")


# --- opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "Faltan las opciones"),
        (" Norte", "dos opciones o más"),
        (" " + ", ".join(f"n{n}" for n in range(21)), "21 opciones"),
        (" Norte, NORTE ", "“Norte” y “NORTE”"),
        (" Área, area", "“Área” y “area”"),
        (" Ｎorte, Norte", "se ven igual"),
        (" Nor\u200bte, Norte", "se ven igual"),
        (" Sal, Sаl", "se ven igual"),
        (" Sol 10, Sol lO", "se ven igual"),
    ],
)
@pytest.mark.parametrize("kind", ["", " tipo:preferencia", " tipo:puntos", " multiple:2"])
async def test_options_that_cannot_be(talk: Talk, options: str, said: str, kind: str) -> None:
    await talk.says("ana", f"!encuesta ¿Dónde?{options}{kind}")
    (post,) = await talk.sent()
    assert said in post.plain


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('!cuando "Reunión"', "Ejemplo"),
        ('!cuando "Reunión" mañana 18h', "dos fechas o más"),
        ('!cuando "Reunión" mañana 18h, mañana 18h', "se ven igual"),
        ('!cuando "Reunión" mañana 18h, mañana 6pm', "se ven igual"),
        ('!cuando "Reunión" mañana 18h, ayer 18h', "ya pasó"),
        ('!cuando "Reunión" mañana 18h, cuando puedan', "“cuando puedan”"),
        ("!propuesta", "Falta"),
        ("!propuesta tipo:consentimiento", "Falta"),
        ("!propuesta Sí tipo:monarquía", "“monarquía”"),
    ],
)
async def test_decisions_that_cannot_be(talk: Talk, line: str, said: str) -> None:
    await talk.says("ana", line)
    (post,) = await talk.sent()
    assert said in post.plain


@each_kind
async def test_a_deadline_in_the_past_is_refused(talk: Talk, kind: str) -> None:
    await talk.says("ana", OPENED[kind] + " cierra: 01/11/2026 10:00")
    (post,) = await talk.sent()
    assert "ya pasó" in post.plain


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@each_kind
async def test_a_doubtful_deadline_is_asked_back(talk: Talk, kind: str) -> None:
    await talk.says("ana", OPENED[kind] + " cierra: viernes a las 6")
    (post,) = await talk.sent()
    assert "¿Cuál" in post.plain
    await talk.says("ana", "2")
    posts = await talk.sent()
    assert [p.is_poll for p in posts].count(True) == 1
    assert f"{day_in_words(2)}, 06:00" in posts[0].plain


# --- voting -------------------------------------------------------------------------------------


@each_kind
async def test_there_is_no_number_7(talk: Talk, kind: str) -> None:
    opening, _native, number = await proposed(talk, OPENED[kind])
    vote = SEVENTH.get(kind, "7")
    for line, reply in ((f"!votar {number} {vote}", None), (vote, opening)):
        await talk.says("bea", line, reply=reply)
        await heard(talk, "No hay una opción 7")
    await talk.says("bea", f"voto {number} {vote}")
    await heard(talk, "No hay una opción 7")
    assert "0 de 3" in await results(talk, number)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@each_kind
async def test_votes_after_the_end_are_told_so(talk: Talk, kind: str) -> None:
    opening, native, number = await proposed(talk, OPENED[kind] + " hasta viernes 18h")
    await talk.wait(3 * DAYS)
    await talk.said()
    vote = {"score": "1:3", "dots": "1:3", "ranked": "1 2 3", "runoff": "1 2 3"}.get(kind, "1")
    await talk.says("bea", f"!votar {number} {vote}")
    await heard(
        talk, f"cerró el {day_in_words(2, now=talk.clock.at)}, 18:00", f"`!resultados {number}`"
    )
    await talk.says("bea", vote, reply=opening)
    await heard(talk, "no cuenta")
    for _turn in range(2):
        await talk.taps("carla", native, 1)
    told = await talk.said()
    assert [post.room for post in told] == [await talk.private("carla")], "once, in private"
    assert "no cuenta" in told[0].plain
    assert "nadie votó" in await results(talk, number)


@each_kind
async def test_votes_from_outside_the_roll(talk: Talk, kind: str) -> None:
    opening, native, number = await proposed(talk, OPENED[kind])
    await talk.moves("dani", Membership.JOIN)
    await talk.says("dani", f"!votar {number} 1")
    await heard(talk, "No puedes votar", f"`!votantes {number}`")
    await talk.says("dani", "1", reply=opening)
    await heard(talk, "No puedes votar")
    for _turn in range(2):
        await talk.taps("dani", native, 1)
    (told,) = await talk.said()
    assert told.room == await talk.private("dani")
    await talk.moves("bea", Membership.LEAVE)
    await talk.tells("bea", f"votar {number} 1")
    assert "Anotado" not in "".join(post.plain for post in await talk.said())
    assert "0 de 3" in await results(talk, number)


# --- native responses, by MSC3381 ---------------------------------------------------------------


async def tapped(talk: Talk, kind: str) -> tuple[PostedEvent, int]:
    _opening, native, number = await proposed(talk, OPENED[kind])
    await talk.taps("bea", native, 1, stamp=10)
    assert "1 de 3" in await results(talk, number)
    return native, number


@each_kind
async def test_an_unknown_answer_spoils_the_vote(talk: Talk, kind: str) -> None:
    native, number = await tapped(talk, kind)
    await talk.votes("bea", native.event, ("o1", "o9"), stamp=20)
    assert "0 de 3" in await results(talk, number)


@each_kind
async def test_an_empty_response_takes_the_vote_back(talk: Talk, kind: str) -> None:
    native, number = await tapped(talk, kind)
    await talk.taps("bea", native, stamp=20)
    assert "0 de 3" in await results(talk, number)


@each_kind
async def test_the_latest_by_the_servers_clock_counts_even_if_it_is_spoiled(
    talk: Talk, kind: str
) -> None:
    native, number = await tapped(talk, kind)
    await talk.votes("bea", native.event, ("x",), stamp=30)
    await talk.restart()
    await talk.taps("bea", native, 1, stamp=20)
    assert "0 de 3" in await results(talk, number)


@pytest.mark.parametrize(("seconds", "stands"), [(59, True), (60, True), (61, False)])
async def test_a_clock_that_is_ahead_by_a_minute_orders_the_taps_and_one_further_ahead_does_not(
    talk: Talk, seconds: int, stands: bool
) -> None:
    _opening, native, number = await proposed(talk, OPENED["choice"])
    ahead = timedelta(seconds=seconds)
    first = round((talk.clock.at + ahead).timestamp() * 1000)
    later = round((talk.clock.at + timedelta(seconds=1)).timestamp() * 1000)
    await talk.votes("bea", native.event, ("x",), stamp=first)
    await talk.taps("bea", native, 1, stamp=later)
    assert ("0 de 3" if stands else "1 de 3") in await results(talk, number)


@each_kind
async def test_a_redacted_response_brings_the_one_before_back(talk: Talk, kind: str) -> None:
    native, number = await tapped(talk, kind)
    before = await results(talk, number)
    second = await talk.taps("bea", native, 2, stamp=20)
    spoiled = await talk.votes("bea", native.event, ("x",), stamp=30)
    await talk.redacts("ana", spoiled)
    assert "0 de 3" in await results(talk, number), "who moderates takes no vote away"
    await talk.redacts("bea", spoiled)
    assert await results(talk, number) != before
    assert "1 de 3" in await results(talk, number)
    await talk.redacts("bea", second)
    assert await results(talk, number) == before


@pytest.mark.parametrize(
    ("kind", "places", "counts"),
    [
        ("choice", (2, 3, 1), "Norte: 0\nSur: 1\nEste: 0"),
        ("several", (3, 2, 1), "Norte: 0\nSur: 1\nEste: 1"),
        ("several", (3, 3, 1), "Norte: 0\nSur: 0\nEste: 1"),
        ("majority", (2, 1), "en contra: 1"),
        ("consent", (3, 5), "abstención: 1"),
    ],
)
async def test_more_answers_than_may_be_chosen_are_cut_off(
    talk: Talk, kind: str, places: tuple[int, ...], counts: str
) -> None:
    native, number = await tapped(talk, kind)
    await talk.taps("bea", native, *places, stamp=20)
    assert counts in await results(talk, number)


async def test_an_unknown_answer_spoils_where_it_would_be_cut_off_too(talk: Talk) -> None:
    native, number = await tapped(talk, "choice")
    await talk.votes("bea", native.event, ("o2", "x"), stamp=20)
    assert "0 de 3" in await results(talk, number)


# --- people and rooms that change ---------------------------------------------------------------


@each_kind
async def test_whoever_opened_it_leaves_and_it_goes_on(talk: Talk, kind: str) -> None:
    await talk.says("bea", OPENED[kind])
    posts = await talk.sent()
    native = next(post for post in posts if post.is_poll)
    number = 1
    await talk.moves("bea", Membership.LEAVE)
    await talk.taps("carla", native, 1)
    assert "1 de 3" in await results(talk, number)
    await talk.tells("bea", f"cerrar {number}")
    await heard(talk, f"No existe el número {number}")
    await talk.tells("bea", f"extender {number} hasta en 104 horas")
    await heard(talk, f"No existe el número {number}")
    await talk.tells("bea", f"cancelar {number}")
    await heard(talk, "Saliste de la sala")
    assert "1 de 3" in await results(talk, number), "who is not here closes nothing"
    await talk.says("carla", f"!cerrar {number}")
    await heard(talk, "No puedes cerrar")
    result = await closed(talk, number, "ana")
    assert "1 de 3" in result


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_its_deadline_comes_without_whoever_opened_it(talk: Talk) -> None:
    opening, native, number = await proposed(talk, OPENED["majority"] + " hasta viernes 18h", "bea")
    await talk.moves("bea", Membership.LEAVE)
    await talk.restart(timedelta(hours=1))
    await talk.taps("carla", native, 1)
    await talk.wait(3 * DAYS)
    _edit, result = [p for p in await talk.said(ROOM) if "aprobada" in p.plain]
    assert f"{number}" in result.plain
    assert opening.room == ROOM
