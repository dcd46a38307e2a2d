"""What is answered in a private room is an ordinary message: apps draw notices faintly."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk


@pytest.mark.parametrize("line", ["ayuda", "pánico", "votar 99 1", "esto no se entiende"])
async def test_help_danger_and_refusals_are_ordinary_messages(talk: Talk, line: str) -> None:
    room = await talk.private("bea")
    await talk.tells("bea", line)
    answers = [one for one in await talk.sent() if one.room == room]
    assert answers
    assert {one.content["msgtype"] for one in answers} == {"m.text"}


async def test_the_receipt_of_a_secret_vote_is_one_too(talk: Talk) -> None:
    await talk.says("ana", '!encuesta "¿Norte?" "Sí" "No" secreta')
    await talk.sent()
    room = await talk.private("bea")
    await talk.tells("bea", "votar 1 sí")
    kinds = {one.content.get("msgtype") for one in await talk.sent() if one.room == room}
    assert "m.text" in kinds
    assert "m.notice" not in kinds


async def test_in_a_room_of_many_an_answer_stays_a_notice(talk: Talk) -> None:
    await talk.says("bea", "!pendientes")
    (answer,) = await talk.sent()
    assert (answer.room, answer.content["msgtype"]) == (ROOM, "m.notice")
