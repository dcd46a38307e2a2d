"""Votes without a prefix: a whole line with the number of an open poll; else it is talk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Membership, RoomId
from bot.testing.talk import ROOM, Talk
from commands.poll_lines import unprefixed
from commands.polls.tests.test_decisions import closed, heard, proposed

CONSENT = '!propuesta "Adherimos a la carta" tipo:consentimiento'
WHERE = "!encuesta ¿Dónde? Norte, Sur, Este"


@pytest.mark.parametrize(
    ("line", "stance"),
    [
        ("a favor {}", "a favor"),
        ("{} a favor", "a favor"),
        ("A favor, {}.", "a favor"),
        ("#{} en contra", "en contra"),
        ("estoy a favor de la propuesta {}", None),
        ("me aparto {}", "me aparto"),
        ("Me abstengo de {}", None),
        ("abstención {}", "abstención"),
        ("sí {}", None),
        ("no, {}", None),
        ("{} si", None),
        ("de acuerdo, {} porque somos pocas en casa", None),
        ("sí #{}", "a favor"),
        ("no, propuesta {}", "en contra"),
        ("sim, proposta {}", "a favor"),
        ("voto a favor {}", "a favor"),
        ("voto {} a favor", "a favor"),
        ("yo voto en la {} en contra", "en contra"),
        ("fico à parte {}", "me aparto"),
        ("contra a proposta {}", "en contra"),
        ("stand aside {}", "me aparto"),
        ("{} for", "a favor"),
        ("I agree {}", None),
        ("I agree #{}", "a favor"),
        ('bloqueo {} "no hay plata"', "bloqueo"),
        ("{} bloqueio porque não há verba", "bloqueo"),
    ],
)
async def test_a_line_with_the_number_is_a_vote(talk: Talk, line: str, stance: str | None) -> None:
    _opening, _native, number = await proposed(talk, CONSENT)
    await talk.says("bea", line.format(number))
    if stance is None:
        await talk.hears_nothing()
    else:
        await heard(talk, f"Anotado: {stance}")


@pytest.mark.parametrize(
    "line", ["voto {} 2", "vote {} sur", "Voto {}: 2", "voto en la encuesta {} 2"]
)
async def test_voto_and_the_number_is_a_vote_in_every_kind(talk: Talk, line: str) -> None:
    _opening, _native, number = await proposed(talk, WHERE)
    await talk.says("bea", line.format(number))
    await heard(talk, "Anotado: Sur")


@pytest.mark.parametrize("line", ["{} a favor", "a favor {}", "voto {} a favor", "#{}: sí"])
async def test_in_a_reply_the_number_is_no_number_of_votes(talk: Talk, line: str) -> None:
    opening, _native, number = await proposed(talk, "!propuesta Compramos la olla")
    await talk.says("bea", line.format(number), reply=opening)
    await heard(talk, "Anotado: a favor. Se puede cambiar")


async def test_what_is_a_vote_and_cannot_be_is_answered(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, WHERE)
    await talk.says("bea", f"voto {number} 7")
    await talk.hears("No hay una opción 7")


@pytest.mark.parametrize(
    "line",
    [
        "a favor",
        "a favor {} de una",
        "somos 3 a favor {}",
        "no sé {}",
        "llegamos {}",
        "{}",
        "voto {}",
        "voto {} veces si hace falta",
        "a favor {} y también 58",
        "si {} viene, voy",
    ],
)
async def test_else_it_is_talk(talk: Talk, line: str) -> None:
    _opening, _native, number = await proposed(talk, CONSENT)
    await talk.says("bea", line.format(number))
    await talk.hears_nothing()


async def test_of_who_may_not_vote_and_elsewhere_it_is_talk(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, CONSENT + " votan: @ana, @bea")
    await talk.moves("dani", Membership.JOIN)
    for who in ("carla", "dani"):
        await talk.says(who, f"a favor {number}")
    other = await talk.room(RoomId("!otra:test"), "Otra", ["bea"])
    await talk.says("bea", f"a favor {number}", room=other)
    await talk.hears_nothing()
    await closed(talk, number)
    await talk.wait(timedelta(minutes=1))
    await talk.says("bea", f"a favor {number}")
    await talk.hears_nothing()


async def test_in_private_the_only_open_one_is_meant(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, CONSENT)
    await talk.tells("bea", "a favor")
    await heard(talk, "Anotado: a favor")
    await talk.tells("bea", 'bloqueo "no hay plata"')
    await heard(talk, "Anotado: bloqueo")
    await talk.tells("bea", f"me aparto {number}")
    await heard(talk, "Anotado: me aparto")
    await talk.tells("bea", f"{number} a favor")
    await heard(talk, "Anotado: a favor")
    for line in ("no", "sí", "de acuerdo"):
        await talk.tells("bea", line)
    assert "Anotado" not in "".join(post.plain for post in await talk.said())
    _opening, _native, second = await proposed(talk, CONSENT)
    await talk.tells("bea", "en contra")
    assert "Anotado" not in "".join(post.plain for post in await talk.said())
    await talk.tells("bea", f"en contra {second}")
    await heard(talk, "Anotado: en contra")
    await talk.tells("dani", "a favor")
    assert "Anotado" not in "".join(post.plain for post in await talk.said())


async def test_portuguese_and_english_rooms(talk: Talk) -> None:
    await talk.set("language", "pt")
    _opening, _native, number = await proposed(talk, "!proposta Aderimos tipo:consentimento")
    await talk.says("bea", f"fico à parte {number}")
    await heard(talk, "Anotado: fico à parte")
    await talk.set("language", "en")
    await talk.says("bea", f"I stand aside {number}")
    await heard(talk, "Noted: stand aside")
    await talk.says("bea", f"abstain {number}")
    await heard(talk, "Noted: abstain")


async def test_listening_costs_nothing_for_what_is_said_anyway(talk: Talk) -> None:
    async with talk.machine.db.reading() as tx:
        before = await tx.one("SELECT count(*) AS n FROM seen")
    for line in ("nos vemos a las 57", "¿quién trae pan?", "57", "si 57 no, entonces 58"):
        await talk.says("bea", line)
    async with talk.machine.db.reading() as tx:
        assert await tx.one("SELECT count(*) AS n FROM seen") == before


@given(st.text(max_size=60) | st.text('afvor 57#sí,.:"bloqueo', max_size=60))
def test_any_line_is_listened_to_without_harm(line: str) -> None:
    found = unprefixed.split_vote_line(line)
    assert found is None or (unprefixed.may_be_vote(line) and found.text.strip())


@pytest.mark.parametrize(
    "line", ["5 " * 300, "a" * 599 + "7", "a favor " * 70 + "5", "1 " + "a, " * 190]
)
def test_endless_lines_are_talk(line: str) -> None:
    """How much longer a longer one takes: `make bench ONLY=parts`."""
    assert not unprefixed.may_be_vote(line)


async def test_a_secret_vote_in_the_room_is_taken_away_and_in_private_it_counts(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    await talk.says("ana", CONSENT + " secreta")
    posts = await talk.sent()
    assert not [post for post in posts if post.is_poll]
    number = 1
    event = await talk.says("bea", f"a favor {number}")
    posts = await talk.sent()
    assert [post.kind for post in posts if post.room == ROOM] == ["redact"]
    assert event
    await talk.tells("bea", f"a favor {number}")
    assert "a favor" in "".join(post.plain for post in await talk.said())
    assert "de 5" not in await talk.answer("carla", f"!resultados {number}")
