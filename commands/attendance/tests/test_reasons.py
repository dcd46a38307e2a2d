"""Answers to an event with a reason, its name or who comes along, in a reply to it."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from commands.events.tests.making import made


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("al final no puedo ir, se me enfermo el nene", "no vas"),
        ("não vou conseguir ir, desculpa gente", "no vas"),
        ("actually cant make it sorry", "no vas"),
        ("perdon, no puedo ir porque trabajo", "no vas"),
        ("yo voy a la asamblea pero llego tarde", "vas a"),
        ("vou na assembleia mas chego tarde", "vas a"),
        ("im coming to the assembly with 2 kids", "vas a"),
        ("voy con dos nenes", "vas a"),
    ],
)
async def test_a_reply_with_a_reason_or_the_events_name_counts(
    talk: Talk, line: str, said: str
) -> None:
    _event, opening, _poll = await made(talk, title="Asamblea / assembleia / assembly", guests=3)
    await talk.says("bea", line, reply=opening)
    (answer,) = await talk.hears(f"Anotado: {said}")
    assert ("con 2 personas más" in answer.plain) == ("2 kids" in line or "dos nenes" in line)


@pytest.mark.parametrize(
    "line",
    [
        *("no llego tarde", "no voy a llegar a tiempo", "no puedo esperar", "i can't wait"),
        *("voy a preguntar", "voy al chino y llego tarde", "no voy, mentira, si voy"),
        *(
            "no puedo ir antes, llego a las 9",
            "no puedo abrir, tengo frio",
            "voy, pregunto y aviso",
        ),
    ],
)
async def test_a_reply_that_only_looks_like_an_answer_is_talk(talk: Talk, line: str) -> None:
    _event, opening, _poll = await made(talk)
    await talk.says("bea", line, reply=opening)
    assert not [p for p in await talk.sent() if "notado" in p.plain]


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo ir, me estan siguiendo", "no puedo ir, la policia esta en la puerta"),
        *("no puedo, me encerraron", "no puedo ir, me encerró mi marido"),
        *("nao vou conseguir ir, ele ta me batendo", "não posso ir, ele me trancou em casa"),
        *("cant come, he locked me in", "can't make it, im being followed"),
    ],
)
async def test_a_frightened_reply_is_offered_help_in_private_and_is_no_answer(
    talk: Talk, line: str
) -> None:
    _event, opening, _poll = await made(talk)
    await talk.says("bea", line, reply=opening)
    said = await talk.sent()
    assert not [p for p in said if p.room == ROOM]
    assert [p for p in said if p.room == await talk.private("bea") and "pánico" in p.plain]


@pytest.mark.parametrize("line", ["no voy, me pegó mi novio", "não vou, meu marido me bateu"])
async def test_a_reply_that_tells_of_harm_is_not_noted_in_the_room(talk: Talk, line: str) -> None:
    _event, opening, _poll = await made(talk)
    await talk.says("bea", line, reply=opening)
    assert not [p for p in await talk.sent() if p.room == ROOM]
