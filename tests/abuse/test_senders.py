"""Who is heard: only people, in their own words, in what they say themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.matrix.sync import translation
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Message, RoomId, Trust, UserId
from tests.matrix.test_translate import event

POLL = "!encuesta ¿Dónde? Norte, Sur"
DAY = timedelta(days=1)


def read(content: dict[str, Any]) -> object:
    """Return the bot's own type of an event with this content."""
    heard = event(content, "m.room.message")
    return translation.read_event(heard, "m.room.message", heard.content, Trust.SIGNED)


@pytest.mark.parametrize(
    "kind",
    [
        "m.notice",
        "m.emote",
        "m.location",
        "m.server_notice",
        "M.TEXT",
        "m.key.x",
        "",
        None,
        ["m.text"],
    ],
)
def test_only_what_a_person_types_is_a_line(kind: object) -> None:
    assert not isinstance(read({"msgtype": kind, "body": "!ayuda"}), Message)
    assert isinstance(read({"msgtype": "m.text", "body": "!ayuda"}), Message)


def test_what_is_quoted_in_a_reply_is_not_said_again() -> None:
    relates = {"m.relates_to": {"m.in_reply_to": {"event_id": "$first"}}}
    body = "> <@ana:test> !cerrar 1\n> !cerrar 2\n\ngracias"
    found = read({"msgtype": "m.text", "body": body, **relates})
    assert isinstance(found, Message)
    assert found.text == "gracias"


def test_no_html_is_read_as_words_or_commands() -> None:
    found = read(
        {
            "msgtype": "m.text",
            "body": "hola",
            "format": "org.matrix.custom.html",
            "formatted_body": "!cerrar 1 <b>!cerrar 1</b>",
        }
    )
    assert isinstance(found, Message)
    assert found.text == "hola"


async def test_a_vote_is_changed_by_nobody_elses_edit(talk: Talk) -> None:
    await talk.answer("ana", POLL)
    voted = await talk.says("bea", "!votar 1 1")
    await talk.sent()
    await talk.edits("carla", voted, "!votar 1 2")
    await talk.sent()
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1")


async def test_an_edit_of_a_command_gives_none(talk: Talk) -> None:
    await talk.answer("ana", POLL)
    said = await talk.says("ana", "buenos días a todas")
    await talk.edits("ana", said, "!cerrar 1")
    for post in await talk.sent():
        assert "cerr" not in post.plain
    assert "Norte: 0" in await talk.answer("ana", "!resultados 1")


IMPOSTORS = [
    *("@аna:test", "@ana:evil.example", "@ANA:test", "@ana:test.evil.example", "@ana.:test"),
    *("@bеa:test", "@bea:evil.example", "@BEA:test"),
]
"""Addresses like those of Ana and Bea, two with a Cyrillic letter; apps show the same names."""


async def test_who_calls_herself_like_a_moderator_is_none(talk: Talk) -> None:
    """Names are for reading: what somebody may do hangs on the address alone. It is Bea's poll."""
    await talk.answer("bea", POLL)
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", *IMPOSTORS], {"ana": 50})
    for who in map(UserId, IMPOSTORS):
        await talk.machine.dispatcher.receive(
            Message(ROOM, EventId(f"${who}"), who, talk.clock.at, "!cerrar 1", trust=Trust.SIGNED)
        )
        [refusal] = await talk.sent()
        assert "No puedes cerrar la encuesta 1" in refusal.plain, who
    assert "Queda abierta" in await talk.answer("carla", "!resultados 1")
    await talk.says("ana", "!cerrar 1")
    assert any("cerró" in post.plain for post in await talk.sent())
    assert "Queda abierta" not in await talk.answer("carla", "!resultados 1")


async def test_a_moderator_of_one_room_is_none_in_another(talk: Talk) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["bea", "carla"], {"carla": 50})
    await talk.answer("bea", POLL, room=other)
    await talk.answer("bea", POLL)
    for room, who, closes in ((ROOM, "carla", False), (other, "carla", True)):
        number = 2 if room == ROOM else 1
        said = await talk.answer(who, f"!cerrar {number}", room=room)
        assert ("cerró" in said) is closes, said


@pytest.mark.parametrize("years", [-30, 30])
async def test_no_time_that_a_server_names_moves_a_deadline(talk: Talk, years: int) -> None:
    """The time of an event is its sender's server's word; a deadline is on our clock."""
    await talk.answer("ana", f"{POLL} hasta en 2 horas")
    stamp = int((talk.clock.at + DAY * 365 * years).timestamp() * 1000)
    [poll] = [post for post in talk.gateway.posted.values() if post.is_poll]
    await talk.taps("bea", poll, 1, stamp=stamp)
    await talk.sent()
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1")
    await talk.wait(timedelta(hours=2, minutes=1))
    await talk.sent()
    await talk.taps("carla", poll, 2, stamp=int(talk.clock.at.timestamp() * 1000) - 7_200_000)
    await talk.sent()
    assert "Sur: 1" not in await talk.answer("ana", "!resultados 1")


async def test_each_message_says_itself_whom_it_mentions(talk: Talk) -> None:
    """Whatever people write; and a poll, a picture, an edit and a table say it too."""
    words = "@room @bea:test <a href='https://matrix.to/#/@bea:test'>Bea</a> https://matrix.to/#/@bea:test"
    for line in (
        f"!encuesta {words}? Sí, {words}",
        f"!evento {words} mañana 18h",
        f"!guardar {words}",
    ):
        await talk.says("ana", line)
        await talk.says("ana", "sí")
    await talk.says("ana", "!cerrar 1")
    await talk.tells("ana", words)
    said = 0
    for post in await talk.sent():
        if post.kind in ("m.room.message", "org.matrix.msc3381.poll.start"):
            said += 1
            mentions = post.content["m.mentions"]
            assert "room" not in mentions, post.plain
            assert set(mentions.get("user_ids", [])) <= {user_id("ana")}, post.plain
            html = str(post.content.get("formatted_body", ""))
            assert 'href="https://matrix.to/#/@bea' not in html
    assert said >= 5
