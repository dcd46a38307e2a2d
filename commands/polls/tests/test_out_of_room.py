"""Somebody takes the bot out of a poll's room, or its right to write there, around its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.fake_gateway import BOT
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, MembershipChanged, RoomId
from storage import rooms
from storage.membership import removals

OTHER = RoomId("!cocina:test")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = pytest.mark.begins("10:00", "it names hours of this day")


async def put_out(talk: Talk, room: RoomId = ROOM) -> None:
    async with talk.machine.db.transaction() as tx:
        await removals.note(tx, room, talk.clock.at)
        await rooms.mark_left(tx, room)
    await move_bot(talk, "carla", Membership.LEAVE, Membership.JOIN, room)


async def let_in(talk: Talk, *more: str) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", *more], {"ana": 50})
    await move_bot(talk, "ana", Membership.JOIN, Membership.INVITE)


async def move_bot(
    talk: Talk, by: str, now: Membership, before: Membership, room: RoomId = ROOM
) -> None:
    moved = EventId(f"${by}-{now}-{talk.clock.at}")
    at = talk.clock.at
    await talk.happens(MembershipChanged(room, moved, user_id(by), at, BOT, now, before))


async def heard(talk: Talk) -> str:
    return "\n".join(post.plain for post in await talk.said())


async def open_poll(talk: Talk, line: str = "!encuesta ¿Dónde? Norte, Sur hasta hoy 18h") -> None:
    await talk.says("bea", line)
    await talk.says("ana", "!votar 1 2")
    await talk.sent()


async def test_a_poll_that_is_over_meanwhile_goes_on_for_a_day(talk: Talk) -> None:
    await open_poll(talk)
    await talk.wait(2 * HOUR)
    await put_out(talk)
    await talk.wait(8 * HOUR)
    told = await heard(talk)
    assert "no puedo escribir en su sala" in told, "its author reads it"
    await talk.wait(2 * DAY)
    assert await heard(talk) == "", "once"
    await let_in(talk)
    told = await heard(talk)
    assert "No estuve en esta sala desde" in told and "12:00" in told
    assert "sigue. ¿Votaste después del" in told and "Cierra el" in told
    await talk.wait(23 * HOUR)
    assert "gana" not in await heard(talk)
    await talk.says("carla", "!votar 1 1")
    await talk.says("bea", "!votar 1 1")
    await talk.sent()
    await talk.wait(DAY)
    assert "gana Norte" in await heard(talk)


async def test_an_open_poll_goes_on_and_asks_for_what_was_missed(talk: Talk) -> None:
    await open_poll(talk)
    await put_out(talk)
    await talk.wait(HOUR)
    await let_in(talk)
    told = await heard(talk)
    assert "sigue" in told and "`!votar 1 …`" in told
    await talk.wait(DAY)
    assert "Sur" in await heard(talk)


async def secret_ballot(talk: Talk) -> None:
    everybody = ["ana", "bea", "carla", "dora", "eva"]
    await talk.room(ROOM, "Sala", everybody, {"ana": 50})
    await talk.says("bea", "!encuesta secreta ¿Dónde? Norte, Sur hasta mañana 18h")
    for who in everybody:
        await talk.tells(who, "!votar 1 2")
    await talk.sent()


async def test_a_secret_ballot_that_is_over_meanwhile_has_no_result(talk: Talk) -> None:
    await secret_ballot(talk)
    await put_out(talk)
    await talk.wait(2 * DAY)
    told = await heard(talk)
    assert "termina sin resultado: no estoy en su sala" in told, "its author reads it"
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM ballot_secrecy_vote"), "nothing waits for it"
    await let_in(talk, "dora", "eva")
    assert "terminó entretanto: `!resultados 1`" in await heard(talk)


async def test_a_secret_ballot_stays_open_for_a_day_after_it_is_let_in(talk: Talk) -> None:
    await secret_ballot(talk)
    await put_out(talk)
    await talk.wait(31 * HOUR)
    await let_in(talk, "dora", "eva")
    assert "sigue" in await heard(talk)
    await talk.wait(23 * HOUR)
    assert "gana" not in await heard(talk)
    await talk.wait(2 * HOUR)
    assert "gana Sur" in await heard(talk)


async def test_what_ends_while_it_may_not_write_is_said_when_it_may(talk: Talk) -> None:
    await open_poll(talk)
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50}, bot_power=-1)
    await talk.wait(9 * HOUR)
    told = await heard(talk)
    assert "no puedo escribir en su sala" in told and "Sur" not in told
    await talk.says("carla", "!votar 1 1")
    assert "Sur" not in await heard(talk)
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50})
    await talk.wait(HOUR)
    told = await heard(talk)
    assert "Norte: 0\nSur: 1" in told, "hers came too late"
    assert "retraso" not in told, "it was not offline"


async def test_it_does_not_wait_for_ever(talk: Talk) -> None:
    await open_poll(talk)
    await put_out(talk)
    await talk.wait(32 * DAY)
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM poll_book_poll WHERE ended IS NULL")


async def test_who_takes_it_out_ends_no_proposal_of_the_members(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50}, bot_power=100)
    assert "¿Sigo?" in await talk.answer("ana", "!gobierno dar-moderacion decisión 2/3 3 días")
    await talk.says("ana", "sí")
    asked = await talk.answer("carla", "!dar-moderacion @bea:test")
    opened = await talk.answer("carla", "sí") if "¿Sigo?" in asked else asked
    number = opened.split("Propuesta ")[1].split(":")[0]
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"!votar {number} a favor")
    await talk.sent()
    await put_out(talk)
    await talk.wait(4 * DAY)
    await talk.sent()
    await let_in(talk)
    assert "aprobada" not in await heard(talk), "nor decides it without who could not vote"
    await talk.wait(DAY)
    told = await heard(talk)
    assert "aprobada" in told and "sin resultado" not in told


async def test_who_moderates_another_of_its_rooms_moves_no_end(talk: Talk) -> None:
    await talk.room(OTHER, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta hoy 18h en: Sala, Cocina")
    if "¿" in await heard(talk):
        await talk.says("ana", "sí")
    await talk.sent()
    await put_out(talk, OTHER)
    await talk.wait(HOUR)
    await talk.room(OTHER, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await move_bot(talk, "ana", Membership.JOIN, Membership.INVITE, OTHER)
    assert "sigue. ¿Votaste" in await heard(talk)
    await talk.wait(8 * HOUR)
    assert "Cerró" in await heard(talk), "at its hour"
