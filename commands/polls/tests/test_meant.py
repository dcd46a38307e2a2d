"""Lines that were taken for something else than what they mean, or refused for the wrong reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.api import Membership, Number
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Trust
from commands.poll_book import poll_store
from commands.polls.tests.test_polls_foreign import asked


@pytest.mark.parametrize(
    "words",
    [
        "mayoria:2/3",
        "mayoría: 2/3",
        "quorum: 50%",
        "secreta",
        "Compramos dos ollas mayoria:2/3",
        "texto: Compramos dos ollas quorum:3",
        "tipo:consenso",
    ],
)
async def test_a_rule_never_becomes_the_text(talk: Talk, words: str) -> None:
    await talk.answer("ana", "!propuesta Compramos la olla")
    heard = await talk.answer("ana", f"!cambiar 1 {words}")
    assert "`!cancelar 1`" in heard
    assert "Compramos la olla" in await talk.answer("ana", "!pendientes")


async def test_a_day_is_led_to_more_time_and_quotes_are_text(talk: Talk) -> None:
    await talk.answer("ana", "!propuesta Compramos la olla")
    assert "`!extender 1" in await talk.answer("ana", "!cambiar 1 cierra: mañana")
    for words in ('"El color: rojo"', "Dos ollas: 50 mil", "La asamblea es a las 18:30"):
        await talk.answer("ana", f"!cambiar 1 {words}")
        assert words.strip('"') in await talk.answer("ana", "!pendientes")


@pytest.mark.parametrize("end", ["colr:rojo", "colr: rojo", "color:rojo", "mayora:2/3"])
async def test_what_looks_like_a_setting_is_told_with_and_without_a_space(
    talk: Talk, end: str
) -> None:
    heard = await talk.answer("ana", f"!encuesta ¿Qué color? Rojo, Azul {end}")
    assert f"no tiene “{end.split(':')[0]}:”" in heard


@pytest.mark.parametrize(
    "options",
    [
        "Lunes 18:30, Martes 19:30",
        "Web https://a.org, Papel",
        "Ana:Bea, Luz:Sol",
        "Con Ana, Con Luz:Sol",
        "Sur, Norte a las 8:00",
        "Marea:Rosa, Peña:Azul",
        "Rojo, el color: azul",
    ],
)
async def test_hours_addresses_and_names_are_text(talk: Talk, options: str) -> None:
    assert "Encuesta 1" in await talk.answer("ana", f"!encuesta ¿Cuál? {options}")


@pytest.mark.begins("wednesday 10:00", "it names a day of the week")
@pytest.mark.parametrize(
    "line",
    [
        "1 en 3 días 6pm",
        "1 al domingo 6pm",
        "1 martes 6pm",
        "1 mañana",
        "encuesta 1 mañana 18h",
        "1 hasta mañana",
        "#1 para mañana",
        "1 mañana 18h",
    ],
)
async def test_more_time_needs_no_until(talk: Talk, line: str) -> None:
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur")
    assert "Ahora cierra el" in await talk.answer("ana", f"!extender {line}")


@pytest.mark.parametrize(("more", "hours"), [("2 días", 48), ("una hora más", 1), ("3 horas", 3)])
async def test_a_length_of_time_is_so_much_more(talk: Talk, more: str, hours: int) -> None:
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur hasta en 3 días 18:00")
    async with talk.machine.db.reading() as tx:
        before = (await poll_store.get_poll(tx, Number(1))).closes
    assert "Ahora cierra el" in await talk.answer("ana", f"!extender 1 {more}")
    async with talk.machine.db.reading() as tx:
        after = (await poll_store.get_poll(tx, Number(1))).closes
    assert before is not None and after is not None
    assert after - before == timedelta(hours=hours)


async def test_without_a_day_it_is_asked_back(talk: Talk) -> None:
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur")
    for line in ("1", "1 más", "1 57"):
        assert "¿Hasta cuándo?" in await talk.answer("ana", f"!extender {line}")


async def test_who_left_hears_why_they_cannot_cancel_and_what_they_can(talk: Talk) -> None:
    await talk.answer("bea", "!encuesta ¿Dónde? Norte, Sur")
    await talk.answer("carla", "!votar 1 1")
    await talk.moves(user_id("bea"), Membership.LEAVE, ROOM)
    await talk.tells("bea", "cancelar 1")
    heard = "\n".join(post.plain for post in await talk.said())
    assert "Saliste de la sala" in heard
    assert "modera" in heard


async def test_a_proposal_is_called_so_when_it_is_cancelled(talk: Talk) -> None:
    await talk.answer("ana", "!propuesta Compramos la olla")
    heard = await talk.answer("ana", "!cancelar 1")
    assert "propuesta 1" in heard.lower()
    assert "encuesta" not in heard.lower()
    heard = await talk.answer("ana", "sí, lo confirmo")
    heard += await talk.answer("ana", "sí")
    assert "encuesta" not in heard.lower()


async def test_votes_from_unconfirmed_devices_count_where_the_room_chose_it(talk: Talk) -> None:
    poll: EventId = talk.polls("ana", "¿Cine?", "Sí", "No")
    await talk.votes("ana", poll, ("1",))
    await talk.votes("bea", poll, ("1",), stamp=1000)
    await talk.votes("bea", poll, ("2",), stamp=2000, trust=Trust.UNSIGNED)
    heard = await asked(talk, poll)
    assert heard[1:3] == ["Sí: 2", "No: 0"]
    assert any("No conté 1 voto" in line for line in heard)
    await talk.set("unsigned", "yes")
    heard = await asked(talk, poll)
    assert heard[1:3] == ["Sí: 1", "No: 1"]
    assert not any("No conté" in line for line in heard)


async def test_an_unconfirmed_device_does_not_end_it(talk: Talk) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No", disclosed=False)
    await talk.votes("bea", poll, ("1",))
    whole = talk.gateway.polls[ROOM, poll]
    ended = int(talk.clock.at.timestamp() * 1000) + 1
    talk.gateway.polls[ROOM, poll] = replace(whole, ended=ended, ended_by=Trust.UNSIGNED)
    assert "Sí: 1" not in await asked(talk, poll)


CONSENT = "Pasa si alguien está a favor y nadie la bloquea"


@pytest.mark.parametrize(
    ("language", "line", "head", "said"),
    [
        ("es", "!propuesta Mover la reunión tipo consentimiento", "Mover la reunión", CONSENT),
        ("es", '!propuesta "Mover la reunión" tipo consentimiento', "Mover la reunión", CONSENT),
        ("es", "!propuesta Mover la olla, Tipo Consentimiento.", "Mover la olla", CONSENT),
        ("es", "!propuesta tipo consentimiento Mover la olla", "Mover la olla", CONSENT),
        ("es", "!propuesta Mover tipo consentimiento hasta en 3 días", "Mover", CONSENT),
        ("es", "!propuesta Mover hasta en 3 días tipo consentimiento", "Mover", "Cierra el"),
        ("es", "!propuesta Mover quórum: 2 tipo consentimiento", "Mover", CONSENT),
        ("es", "!propuesta Mover sin-parciales tipo consenso", "Mover", "no muestro resultados"),
        ("pt", "!proposta Mudar a reunião tipo consentimento", "Mudar a reunião", "bloqueia"),
        ("en", "!proposal Move the meeting type consent", "Move the meeting", "blocks it"),
        ("es", "!encuesta ¿Qué? Feria, Cine tipo puntaje", "¿Qué?", "puntos"),
        ("es", "!encuesta ¿Qué? Feria, Cine, Radio tipo segunda vuelta", "¿Qué?", "en orden"),
        # Only what names a kind is a type, and nothing in quotes.
        ("es", "!propuesta Compramos otro tipo de olla", "Compramos otro tipo de olla", "más"),
        ("es", '!propuesta "Votamos tipo consenso"', "Votamos tipo consenso", "más"),
    ],
)
async def test_a_type_without_its_colon_is_that_type(
    talk: Talk, language: str, line: str, head: str, said: str
) -> None:
    await talk.set("language", language)
    await talk.says("ana", line)
    opening = (await talk.said())[0].plain
    assert opening.split("\n")[0].split(": ", 1)[1] == head
    assert said in opening


async def test_a_secret_vote_stays_secret_whatever_stands_behind(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora", "elsa", "flor"])
    await talk.says("ana", "!propuesta Mover la olla secreta tipo consentimiento")
    posts = await talk.sent()
    assert not any(post.is_poll for post in posts), "nothing to tap"
    assert "votar 1" in "".join(post.plain for post in posts)
