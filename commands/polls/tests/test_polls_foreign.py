"""Polls that members make in their own apps: counted in answer to a reply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import EventId
from commands.polls.tests.test_polls import opened


async def asked(talk: Talk, poll: EventId, who: str = "carla") -> list[str]:
    """What the bot answers to `!resultados` in reply to it."""
    return (await talk.answer(who, "!resultados", reply=poll)).splitlines()


async def test_the_latest_valid_vote_of_each_person_counts(talk: Talk) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No")
    await talk.votes("ana", poll, ("1",))
    await talk.votes("bea", poll, ("1",), stamp=1000)
    await talk.votes("bea", poll, ("2",), stamp=2000)  # changed
    await talk.votes("carla", poll, ("7",))  # spoiled
    assert await asked(talk, poll) == [
        "Encuesta de Ana: ¿Cine?",
        "Sí: 1",
        "No: 1",
        "Votaron 2 personas.",
        "Sigue abierta. Por ahora va primero: Sí · No.",
    ]


@pytest.mark.parametrize("line", ["!results", "!resultado", "!como está"])
async def test_every_name_of_the_command_will_do(talk: Talk, line: str) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No")
    assert "Encuesta de Ana: ¿Cine?" in await talk.answer("bea", line, reply=poll)


async def test_what_could_not_be_read_is_told(talk: Talk) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No", unread=2)
    assert any(line.startswith("No pude leer 2 respuestas") for line in await asked(talk, poll))


async def test_hidden_counts_stay_hidden_until_the_end(talk: Talk) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No", disclosed=False)
    await talk.votes("bea", poll, ("1",))
    assert await asked(talk, poll) == [
        "Encuesta de Ana: ¿Cine?",
        "Votó 1 persona.",
        "Esta encuesta no muestra sus votos hasta que quien la creó la termine.",
    ]
    whole = talk.gateway.polls[ROOM, poll]
    ended = int(talk.clock.at.timestamp() * 1000) + 1
    talk.gateway.polls[ROOM, poll] = replace(whole, ended=ended)
    assert "Sí: 1" in await asked(talk, poll)


async def test_what_is_no_poll_is_told_with_a_way_on(talk: Talk) -> None:
    said = await talk.says("ana", "¿Cine?")
    lines = await asked(talk, said)
    assert lines[0].startswith("Ahí no veo una encuesta. Si lo es, ")
    assert lines[1] == "Para una que hiciste conmigo: `!resultados 12`"


@pytest.mark.begins("wednesday 10:00", "polls of the helper end on a Friday")
async def test_a_number_or_a_poll_of_ours_is_what_it_always_was(talk: Talk) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No")
    opening, _native, number = await opened(talk)
    for line, reply in (
        (f"!resultados {number}", poll),
        ("!resultados", opening),
        ("!resultados", None),
    ):
        await talk.says("bea", line, reply=reply)
        assert "¿Cine?" not in (await talk.said())[0].plain
