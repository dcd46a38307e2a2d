"""A room stops publishing what it decides in the words of people in a hurry."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Number
from commands.publishing.declaration import DECIDED_JOB
from commands.publishing.tests.test_publishing import publish_event, record, said_now
from commands.publishing.tests.test_standing import POLL, begin, decide
from storage import jobs

ENDING = [
    "!deja de publicar las decisiones",
    "!deja de publicar decisiones",
    "!deja de publicar",
    "!dejar de publicar decisiones",
    "!dejen de publicar las decisiones de esta sala",
    "!no publicar decisiones",
    "!no publiques más las decisiones",
    "!ya no publicar las decisiones",
    "!quitar publicar decisiones",
    "!parar de publicar decisiones",
    "!publicar decisiones nunca",
    "!publicar decisiones nunca más",
    "!publicar decisiones ya no",
    "!publicar decisiones, ya no más",
    "!no publicar más decisiones",
    "!para de publicar as decisões",
    "!pare de publicar as decisões",
    "!parem de publicar",
    "!não publicar decisões",
    "!não publique mais as decisões",
    "!publicar decisões nunca mais",
    "!publicar decisões não mais",
    "!stop publishing decisions",
    "!stop publishing the decisions of this room",
    "!stop publishing",
    "!don't publish decisions",
    "!dont publish the decisions anymore",
    "!do not publish decisions",
    "!no more publishing decisions",
    "!publish decisions off",
    "!publish decisions stop",
    "!publish decisions never",
    "!publish decisions no more",
    "minga, deja de publicar las decisiones",
]


@pytest.mark.parametrize("line", ENDING)
async def test_it_ends_in_their_own_words(talk: Talk, line: str) -> None:
    await begin(talk)
    assert "ya no se hace público" in await talk.answer("ana", line)


PRIVATE = [
    "deja de publicar las decisiones",
    "pare de publicar as decisões",
    "stop publishing decisions",
    "no publiquen las decisiones",
]


@pytest.mark.parametrize("line", PRIVATE)
async def test_it_ends_in_private_too(talk: Talk, line: str) -> None:
    await begin(talk)
    await talk.tells("ana", line)
    assert "ya no se hace público" in await said_now(talk)


async def test_a_member_reads_who_can_end_it(talk: Talk) -> None:
    await begin(talk)
    assert "es para la moderación" in await talk.answer("bea", "!deja de publicar las decisiones")


async def test_where_it_does_not_hold_that_is_said(talk: Talk) -> None:
    said = await talk.answer("ana", "!deja de publicar las decisiones")
    assert "no se hace público por sí solo" in said


async def test_what_was_about_to_become_public_does_not(talk: Talk) -> None:
    """The job may have waited while the bot was away, or come from a copy of the data."""
    await begin(talk)
    await talk.says("bea", POLL)
    await talk.says("carla", "!votar 1 1")
    await talk.says("ana", "!publicar decisiones no")
    await decide(talk, 2)
    async with talk.machine.db.transaction() as tx:
        due = talk.clock.at
        await jobs.add(tx, DECIDED_JOB.feature, DECIDED_JOB.name, ROOM, due, item=Number(1))
    assert await said_now(talk) == ""
    assert await record(talk, 1) is None


ONE = ["!deja de publicar 1", "!dejen de publicar la 1", "!pare de publicar 1"]


@pytest.mark.parametrize("line", [*ONE, "!stop publishing 1"])
async def test_with_a_number_that_one_is_withdrawn(talk: Talk, line: str) -> None:
    await publish_event(talk, "Marcha en 50 horas")
    assert "1, “Marcha”, ya no es público" in await talk.answer("ana", line)


async def test_who_asks_that_her_name_is_not_published_is_heard(talk: Talk) -> None:
    await talk.tells("bea", "no publiquen mi nombre")
    assert "Tu nombre no está en nada público" in await said_now(talk)


IN_DANGER = [
    "no publiquen nada, me amenazaron de muerte",
    "dejen de publicar mis fotos, me amenazaron de muerte",
    "parem de publicar minhas fotos, me ameaçaram de morte",
    "stop publishing my photos, they threatened to kill me",
]


@pytest.mark.parametrize("line", IN_DANGER)
async def test_whoever_is_in_danger_is_helped_first(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    assert "pánico" in await said_now(talk)


@pytest.mark.parametrize("line", ["!publicar decisiones de ayer", "!publicar decisiones viejas"])
async def test_other_words_end_nothing(talk: Talk, line: str) -> None:
    await begin(talk)
    assert "No sé qué me pides" in await talk.answer("ana", line)
