"""Votes that were sent in time and read late: never lost, and nobody is told a wrong thing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import EventId, Message, PollVote, Redaction
from commands.poll_book import vote_store
from commands.polls.tests.test_polls import DAYS, opened

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

CLOSING = timedelta(days=2, hours=8)
MINUTE = timedelta(minutes=1)


async def late_tap(talk: Talk, who: str, native: PostedEvent, option: str, at: datetime) -> EventId:
    """A tap that reaches us now and was made at `at`."""
    event = talk._event()
    stamp = int(at.timestamp() * 1000)
    await talk.happens(
        PollVote(ROOM, event, user_id(who), at, native.event, (option,), stamp, late=True)
    )
    return event


async def test_a_vote_from_an_outage_counts_though_the_deadline_passed_in_it(talk: Talk) -> None:
    _opening, native, _number = await opened(talk)
    closes = talk.clock.at + CLOSING
    await talk.wait_until(closes - 5 * MINUTE)
    talk.gateway.broken = True
    await talk.wait_until(closes + timedelta(hours=2))
    talk.gateway.broken = False
    await late_tap(talk, "bea", native, "o3", closes - MINUTE)
    await talk.hears_nothing()
    await talk.wait(timedelta(0))
    posts = await talk.hears("Cerrada: ", "gana Zoom")
    assert "con retraso de 2 h" in posts[1].plain
    assert "1 voto se leyó tarde" in posts[1].plain


async def test_a_vote_whose_key_comes_after_the_end_corrects_the_result(talk: Talk) -> None:
    opening, native, number = await opened(talk)
    closes = talk.clock.at + CLOSING
    await talk.taps("bea", native, 1)
    await talk.wait_until(closes)
    result = (await talk.hears("Cerrada: ", "gana Parque"))[1]
    await talk.wait(MINUTE)
    await late_tap(talk, "ana", native, "o3", closes - MINUTE)
    await late_tap(talk, "carla", native, "o3", closes - MINUTE)
    await talk.hears_nothing()
    await talk.wait(MINUTE)
    posts = await talk.hears("Cerrada: ", "gana Zoom", "llegaron después del cierre")
    assert posts[0].content["m.relates_to"]["event_id"] == opening.event
    assert posts[1].content["m.relates_to"]["event_id"] == result.event
    assert "gana Zoom" in posts[2].plain
    assert "Zoom: 2" in posts[2].plain
    assert "2 votos se leyeron tarde" in posts[2].plain
    heard = await talk.answer("ana", f"!resultados {number}")
    assert "Zoom: 2" in heard


async def test_a_written_vote_read_late_is_answered_truthfully(talk: Talk) -> None:
    opening, _native, number = await opened(talk)
    closes = talk.clock.at + CLOSING
    await talk.wait_until(closes)
    await talk.hears("Cerrada: ", "nadie votó")
    for who, at in (("bea", closes - MINUTE), ("carla", closes + MINUTE)):
        await talk.happens(
            Message(ROOM, talk._event(), user_id(who), at, "3", True, reply_to=opening.event)
        )
    await talk.hears("Lo enviaste antes del cierre", f"La encuesta {number} cerró")
    await talk.wait(MINUTE)
    assert "Zoom: 1" in (await talk.said())[-1].plain


async def test_a_vote_before_a_close_by_hand_counts_and_one_after_it_does_not(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.wait(timedelta(hours=1))
    await talk.says("ana", f"!cerrar {number}")
    await talk.hears("Cerrada: ", "nadie votó")
    ended = talk.clock.at
    await talk.wait(timedelta(hours=1))
    await late_tap(talk, "bea", native, "o1", ended - MINUTE)
    await late_tap(talk, "carla", native, "o2", ended + MINUTE)
    await talk.hears(f"La encuesta {number} cerró")
    await talk.wait(MINUTE)
    posts = await talk.said()
    assert "gana Parque" in posts[-1].plain


async def test_after_a_day_the_result_is_final_and_the_voter_is_told_why(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    closes = talk.clock.at + CLOSING
    await talk.wait_until(closes)
    await talk.said()
    talk.gateway.broken = True
    await talk.wait(3 * DAYS)
    talk.gateway.broken = False
    await late_tap(talk, "bea", native, "o1", closes - MINUTE)
    await talk.hears_nothing()
    await talk.wait(MINUTE)
    assert "gana Parque" in (await talk.said())[-1].plain
    await talk.restart(after=timedelta(hours=1))
    await late_tap(talk, "carla", native, "o2", closes - MINUTE)
    (post,) = await talk.hears("a tiempo")
    assert post.room == await talk.private("carla")
    assert "Parque: 1" in await talk.answer("ana", f"!resultados {number}")


async def test_a_vote_taken_back_in_time_corrects_the_result_too(talk: Talk) -> None:
    _opening, native, _number = await opened(talk)
    closes = talk.clock.at + CLOSING
    tap = await talk.taps("bea", native, 1)
    await talk.wait_until(closes)
    await talk.hears("Cerrada: ", "gana Parque")
    gone = Redaction(ROOM, EventId("$gone"), user_id("bea"), closes - MINUTE, tap, late=True)
    await talk.happens(gone)
    await talk.wait(MINUTE)
    assert "nadie votó" in (await talk.said())[-1].plain


async def test_taps_on_a_closed_poll_are_answered_once_for_each_person(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.says("ana", f"!cerrar {number}")
    await talk.hears("Cerrada: ", "nadie votó")
    await talk.taps("bea", native, 1)
    await talk.hears("cerró")
    await talk.restart(after=timedelta(hours=1))
    for choice in (1, 2, 3):
        await talk.taps("bea", native, choice)
    await talk.hears_nothing()
    await talk.taps("carla", native, 1)
    await talk.hears("cerró")


async def test_whoever_changes_their_mind_a_thousand_times_leaves_a_few_rows(talk: Talk) -> None:
    opening, native, number = await opened(talk)
    for turn in range(30):
        talk.clock.at += timedelta(seconds=1)
        await talk.taps("bea", native, turn % 3 + 1)
        await talk.says("bea", str(turn % 3 + 1), reply=opening)
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT * FROM poll_book_response WHERE poll = ?", number)
    assert len(rows) == vote_store.TAPS_KEPT + 1
    await talk.sent()
    assert "Zoom: 1" in await talk.answer("ana", f"!resultados {number}")


async def test_a_tap_on_an_older_post_does_not_silence_what_is_said_of_a_late_one(
    talk: Talk,
) -> None:
    await talk.says("ana", "!propuesta Otra cosa hasta en 2 horas")
    (older,) = [post for post in await talk.sent() if post.is_poll]
    await talk.says("ana", "!cambiar 1 Otra sede")
    (newer,) = [post for post in await talk.sent() if post.is_poll]
    await talk.taps("bea", older, 1)
    await talk.hears("Ese mensaje de la votación 1 es anterior")
    await talk.wait(timedelta(hours=3))
    await talk.said()
    await talk.taps("bea", newer, 1)
    assert "no cuenta" in "\n".join(post.plain for post in await talk.said())
