"""A homeserver chooses what a message replies to where its app leaves that open (0025)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.matrix.sync import translation
from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import EventId, Message, PollEnd, PollVote, Trust


async def proposal(talk: Talk) -> PostedEvent:
    await talk.says("ana", "!propuesta Compramos la olla hasta en 2 días")
    return (await talk.said())[0]


async def poll(talk: Talk, question: str = "¿Dónde?") -> PostedEvent:
    await talk.says("ana", f"!encuesta {question} Norte, Sur")
    return next(p for p in await talk.sent() if p.is_poll)


# --- replies --------------------------------------------------------------------------------------


async def test_a_reply_whose_app_seals_it_counts_at_once(talk: Talk) -> None:
    await talk.says("bea", "no", reply=await proposal(talk))
    await talk.hears("en contra")


async def test_talk_that_a_server_made_a_reply_is_no_vote(talk: Talk) -> None:
    opening = await proposal(talk)
    await talk.says("bea", "no", reply=opening, sealed=False)
    await talk.hears("¿Tu “no” es para 1, “Compramos la olla”?")
    await talk.says("bea", "no")
    await talk.hears("Lo dejé como estaba")
    await talk.says("ana", "!resultados 1")
    (told,) = await talk.said()
    assert "votaron 0 de 3" in told.plain.lower()


async def test_who_meant_it_says_yes_once(talk: Talk) -> None:
    opening = await proposal(talk)
    await talk.says("bea", "no", reply=opening, sealed=False)
    (question,) = await talk.hears("¿Tu “no” es para 1")
    await talk.says("bea", "sí", reply=question, sealed=False)
    await talk.hears("en contra")


@pytest.mark.parametrize("line", ["1 no", "!votar 1 no"])
async def test_with_the_number_typed_nothing_is_asked(talk: Talk, line: str) -> None:
    opening = await proposal(talk)
    await talk.says("bea", line, reply=opening, sealed=False)
    await talk.hears("en contra")


async def test_talk_in_a_reply_is_not_asked_about(talk: Talk) -> None:
    opening = await proposal(talk)
    await talk.says("bea", "gracias por proponerlo, lo pienso", reply=opening, sealed=False)
    await talk.hears_nothing()


async def test_nobody_elses_yes_counts(talk: Talk) -> None:
    opening = await proposal(talk)
    await talk.says("bea", "no", reply=opening, sealed=False)
    await talk.hears("¿Tu “no” es para 1")
    await talk.says("carla", "sí")
    await talk.hears_nothing()


async def test_a_command_does_not_take_its_number_from_such_a_reply(talk: Talk) -> None:
    opening = await proposal(talk)
    await talk.says("ana", "!cerrar", reply=opening, sealed=False)
    await talk.hears("¿Tu “cerrar” es para 1")
    await talk.says("ana", "!cerrar 1")
    assert "1" in (await talk.said())[0].plain


# --- taps -----------------------------------------------------------------------------------------


async def votes(talk: Talk, number: int) -> str:
    await talk.says("ana", f"!resultados {number}")
    return (await talk.said())[0].plain


async def test_a_tap_says_inside_which_poll_it_is_for(talk: Talk) -> None:
    native = await poll(talk)
    await talk.votes("bea", native.event, (native.answers[1],), sealed=False)
    await talk.hears_nothing()
    assert "Sur: 1" in await votes(talk, 1)


async def test_a_tap_that_a_server_moved_changes_nothing_in_the_other_poll(talk: Talk) -> None:
    one, two = await poll(talk), await poll(talk, "¿Cuándo?")
    await talk.votes("bea", two.event, (two.answers[0],))
    await talk.votes("bea", two.event, (one.answers[1],), sealed=False, stamp=10**14)
    await talk.hears("No cambié nada")
    assert "Norte: 1" in await votes(talk, 2)


async def test_a_tap_without_answers_that_a_server_moved_takes_no_vote_back(talk: Talk) -> None:
    native = await poll(talk)
    await talk.taps("bea", native, 1)
    await talk.votes("bea", native.event, (), sealed=False, stamp=10**14)
    await talk.hears("No cambié nada")
    assert "Norte: 1" in await votes(talk, 1)
    await talk.votes("bea", native.event, (), stamp=10**14)
    assert "Norte: 0" in await votes(talk, 1)


async def test_of_each_poll_it_is_said_that_a_tap_did_not_count(talk: Talk) -> None:
    one, two = await poll(talk), await poll(talk, "¿Cuándo?")
    for native, number in ((one, 1), (two, 2)):
        await talk.votes("bea", native.event, (), sealed=False)
        await talk.hears(f"con su número: {number}.")
        await talk.votes("bea", native.event, (), sealed=False)
        await talk.hears_nothing()


async def test_an_end_that_a_server_moved_ends_nothing(talk: Talk) -> None:
    native = await poll(talk)
    at = talk.clock.at
    await talk.happens(
        PollEnd(ROOM, EventId("$end"), native_owner(talk), at, native.event, relation_sealed=False)
    )
    await talk.hears("No cambié nada")
    await talk.says("bea", "!votar 1 2")
    assert "Sur" in (await talk.said())[0].plain


def native_owner(talk: Talk) -> Any:
    return next(iter(talk.defaults.moderators))


async def test_taps_in_a_poll_of_before_count_where_the_app_seals_them(talk: Talk) -> None:
    native = await poll(talk)
    await talk.votes("bea", native.event, ("o2",))
    assert "Sur: 1" in await votes(talk, 1)


# --- what stands where ----------------------------------------------------------------------------

REPLY = {"m.in_reply_to": {"event_id": "$a"}}
OTHER = {"m.in_reply_to": {"event_id": "$b"}}


def said(inside: dict[str, Any], outside: dict[str, Any], kind: str = "m.room.message") -> Any:
    content = {"m.relates_to": outside} if outside else {}
    raw = {
        "event_id": "$e",
        "sender": "@ana:test",
        "origin_server_ts": 1,
        "type": "m.room.encrypted",
        "content": content,
    }
    heard = translation.check_event(ROOM, raw, lambda _: datetime.now(UTC), late=False)
    assert heard is not None
    sealed = {"msgtype": "m.text", "body": "no"} | ({"m.relates_to": inside} if inside else {})
    return translation.read_event(heard, kind, sealed, Trust.SIGNED), heard, sealed


@pytest.mark.parametrize(
    ("inside", "outside", "to", "sealed"),
    [
        (REPLY, REPLY, "$a", True),
        (REPLY, {}, "$a", True),
        (REPLY, OTHER, "$a", True),
        ({}, OTHER, "$b", False),
        ({}, {}, None, True),
    ],
)
def test_what_stands_inside_holds(
    inside: dict[str, Any], outside: dict[str, Any], to: str | None, sealed: bool
) -> None:
    found, heard, content = said(inside, outside)
    assert isinstance(found, Message)
    assert (found.reply_to, found.relation_sealed) == (to, sealed)
    assert translation.has_changed_relation(heard, content) is (outside == OTHER and bool(inside))


def test_a_tap_knows_too_where_its_poll_was_named() -> None:
    poll_ = {"rel_type": "m.reference", "event_id": "$poll"}
    kind = "org.matrix.msc3381.poll.response"
    for inside, sealed in ((poll_, True), ({}, False)):
        found = said(inside, poll_, kind)[0]
        assert isinstance(found, PollVote)
        assert (found.poll, found.relation_sealed) == ("$poll", sealed)


def test_an_edit_without_its_relation_is_nothing_said_anew() -> None:
    raw = {"event_id": "$e", "sender": "@ana:test", "origin_server_ts": 1, "type": "x"}
    raw["content"] = {}
    heard = translation.check_event(ROOM, raw, lambda _: datetime.now(UTC), late=False)
    assert heard is not None
    edit = {"msgtype": "m.text", "body": "* no", "m.new_content": {"body": "no"}}
    assert translation.read_event(heard, "m.room.message", edit, Trust.SIGNED) is None
