"""Votes said in time by somebody who has left or was put out since, and votes that are read late
and change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, Message, Redaction
from commands.polls.tests.test_polls import opened
from commands.polls.tests.test_polls_late import CLOSING, MINUTE, late_tap

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

HOUR = timedelta(hours=1)
LINES = ("!votar 1 3", "votar 1 zoom", "reply 3")
GONE = (Membership.LEAVE, Membership.BAN)


async def goes(talk: Talk, how: Membership) -> None:
    await talk.moves("bea", how, by="ana" if how is Membership.BAN else None)


@pytest.mark.parametrize("how", GONE)
async def test_what_is_read_live_after_they_went_counts_too(talk: Talk, how: Membership) -> None:
    """The vote and who is put out come in one answer of the server, or the key came late."""
    opening, native, _number = await opened(talk)
    await goes(talk, how)
    await talk.taps("bea", native, 3)
    await talk.hears_nothing()
    assert "Zoom: 1" in await talk.answer("ana", "!resultados 1")
    for line in LINES:
        reply = opening if line.startswith("reply") else None
        await talk.says("bea", line.removeprefix("reply "), reply=reply)
        await talk.hears("Anotado: Zoom")


@pytest.mark.parametrize("after", [MINUTE, 4 * HOUR])
async def test_a_line_without_a_command_whose_key_comes_late_counts(
    talk: Talk, after: timedelta
) -> None:
    await talk.says("ana", "!propuesta Compramos la olla hasta en 3 horas")
    said = talk.clock.at + MINUTE
    await talk.wait(after)
    await talk.sent()
    await goes(talk, Membership.BAN)
    await talk.says("bea", "1 a favor", at=said)
    await talk.hears("Anotado: a favor. ")
    assert "a favor: 1" in await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize("how", GONE)
async def test_a_tap_in_time_counts_though_who_tapped_is_gone_when_it_is_read(
    talk: Talk, how: Membership
) -> None:
    _opening, native, _number = await opened(talk)
    said = talk.clock.at + MINUTE
    await talk.wait(HOUR)
    await goes(talk, how)
    await late_tap(talk, "bea", native, "o3", said)
    await talk.hears_nothing()
    assert "Zoom: 1" in await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize("how", GONE)
@pytest.mark.parametrize("line", LINES)
async def test_so_does_a_line(talk: Talk, how: Membership, line: str) -> None:
    opening, _native, _number = await opened(talk)
    said, reply = talk.clock.at + MINUTE, opening.event if line.startswith("reply") else None
    await talk.wait(HOUR)
    await goes(talk, how)
    words = line.removeprefix("reply ")
    await talk.happens(
        Message(ROOM, EventId("$v"), user_id("bea"), said, words, True, reply_to=reply)
    )
    await talk.hears("Anotado: Zoom")
    assert "Zoom: 1" in await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize("late", [True, False])
async def test_nobody_who_is_gone_votes_from_elsewhere_or_changes_anything(
    talk: Talk, late: bool
) -> None:
    _opening, _native, _number = await opened(talk)
    private, said = await talk.private("bea"), talk.clock.at + MINUTE
    await talk.sent()
    await talk.wait(HOUR)
    await goes(talk, Membership.BAN)
    for room, line in ((private, "votar 1 3"), (ROOM, "!cerrar 1"), (ROOM, "!resultados 1")):
        event = talk._event()
        await talk.happens(Message(room, event, user_id("bea"), said, line, late=late))
        await talk.hears("No existe el número 1 aquí")
    assert "Votaron 0 de" in await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize("how", [*GONE, Membership.JOIN])
@pytest.mark.parametrize("after", [HOUR, 4 * HOUR])
async def test_a_vote_without_a_command_counts_as_well_also_when_the_vote_is_over(
    talk: Talk, how: Membership, after: timedelta
) -> None:
    await talk.says("ana", "!propuesta Compramos la olla hasta en 3 horas")
    said = talk.clock.at + MINUTE
    await talk.wait(after)
    await talk.sent()
    if how is not Membership.JOIN:
        await goes(talk, how)
    await talk.happens(Message(ROOM, EventId("$v"), user_id("bea"), said, "1 a favor", late=True))
    await talk.hears("Anotado: a favor. " + ("Se puede" if after == HOUR else "Lo enviaste antes"))
    assert "a favor: 1" in await talk.answer("ana", "!resultados 1")


async def test_one_said_after_the_end_is_talk(talk: Talk) -> None:
    await talk.says("ana", "!propuesta Compramos la olla hasta en 3 horas")
    await talk.wait(4 * HOUR)
    await talk.sent()
    at = talk.clock.at - 30 * MINUTE
    await talk.happens(Message(ROOM, EventId("$v"), user_id("bea"), at, "1 a favor", late=True))
    await talk.hears_nothing()


async def test_a_result_that_stays_the_same_is_not_corrected(talk: Talk) -> None:
    """A tap read late, and one taken away, that a later one of the same person had replaced."""
    _opening, native, _number = await opened(talk)
    began, closes = talk.clock.at, talk.clock.at + CLOSING
    first = await talk.taps("bea", native, 2)
    await talk.wait(HOUR)
    await talk.taps("bea", native, 1)
    await talk.wait_until(closes)
    await talk.hears("Cerrada: ", "gana Parque")
    await late_tap(talk, "bea", native, "o3", began + MINUTE)
    gone = Redaction(ROOM, EventId("$gone"), user_id("bea"), closes - MINUTE, first, late=True)
    await talk.happens(gone)
    await talk.wait(2 * MINUTE)
    await talk.hears_nothing()


async def test_a_stamp_far_ahead_overtakes_no_later_tap(talk: Talk) -> None:
    _opening, native, _number = await opened(talk)
    ahead = int((talk.clock.at + timedelta(days=3650)).timestamp() * 1000)
    await talk.taps("bea", native, 1, stamp=ahead)
    await talk.wait(HOUR)
    await talk.taps("bea", native, 2, stamp=ahead - 1)
    assert "Biblioteca: 1" in await talk.answer("ana", "!resultados 1")
    await talk.wait(HOUR)
    await talk.taps("bea", native, 3)
    assert "Zoom: 1" in await talk.answer("ana", "!resultados 1")
