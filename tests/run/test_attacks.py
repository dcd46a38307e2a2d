"""Attacks of a fresh eye on what was mended, each as somebody would try it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.run.duties import self_destruction
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, NewIdentity, Reaction, RoomId
from storage import rooms
from storage.files import restores
from tests.run.test_moving import NEW, upgraded

SECRET = "CASA SEGURA"
OTHER = RoomId("!otra:test")


# --- rooms that were upgraded -------------------------------------------------------------------


async def _tried(talk: Talk, *lines: str) -> None:
    """Whoever is out reads nothing of it in private, and nothing is said in the rooms."""
    for line in lines:
        await talk.tells("bea", line)
        for post in await talk.sent():
            assert post.room not in (ROOM, NEW), line
            assert SECRET not in post.plain, line


@pytest.mark.parametrize("how", ["removed", "banned", "unbanned", "left", "a day later"])
async def test_who_is_put_out_of_the_new_room_is_not_in_it_by_the_old_one(
    talk: Talk, how: str
) -> None:
    """People stay joined to the room before; nobody takes them out of that one too."""
    await talk.room(OTHER, "Otra", ["bea", "carla"])
    await talk.says("bea", "!evento Taller en 3 días 19h lugar: Casa")
    await talk.sent()
    await upgraded(talk)
    by = "bea" if how == "left" else "ana"
    out = Membership.BAN if how in ("banned", "unbanned") else Membership.LEAVE
    await talk.moves("bea", out, NEW, by=by)
    if how == "unbanned":
        await talk.moves("bea", Membership.LEAVE, NEW, by="ana")
    if how == "a day later":
        async with talk.machine.db.transaction() as tx:
            await rooms.delete_departed(tx)
    await talk.says("ana", f"!cambiar 1 lugar: {SECRET}", room=NEW)
    assert SECRET in "\n".join(post.plain for post in await talk.said())
    await _tried(
        talk,
        "evento 1",
        "asistentes 1",
        "buscar casa",
        "eventos",
        "eventos-archivo 1",
        "cambiar 1 lugar: calle falsa",
        "mover 1 en 6 días 20h",
        "voy 1",
    )


async def test_who_has_not_come_to_the_new_room_yet_is_still_of_it(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["bea", "carla"])
    await talk.says("bea", "!evento Taller en 3 días 19h lugar: Casa")
    await talk.sent()
    await upgraded(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM member WHERE room = ? AND person = '@bea:test'", NEW)
        await rooms.delete_departed(tx)
    await talk.tells("bea", "cambiar 1 lugar: Casa Azul")
    assert "Casa Azul" in "\n".join(post.plain for post in await talk.said())


# --- destruction --------------------------------------------------------------------------------


async def _two_moderators(talk: Talk) -> None:
    talk.defaults = replace(talk.defaults, moderators=frozenset({user_id("ana"), user_id("bea")}))
    await talk.restart()


async def _has_ended(talk: Talk) -> bool:
    async with talk.machine.db.reading() as tx:
        return await tx.one("SELECT 1 FROM job WHERE name = ?", self_destruction.JOB) is not None


@pytest.mark.parametrize("days", [1, 400])
async def test_an_old_wish_and_a_message_dated_back_by_its_server_are_not_two(
    talk: Talk, days: int
) -> None:
    await _two_moderators(talk)
    await talk.tells("ana", "autodestruir")
    then = talk.clock.at
    await talk.wait(timedelta(days=days))
    await talk.tells("bea", "autodestruir", at=then + timedelta(minutes=1))
    await talk.tells("bea", "sí", at=then + timedelta(minutes=2))
    await talk.tells("bea", "sí")
    assert not await _has_ended(talk)


async def test_nobody_confirms_the_code_of_who_moderates_no_more(talk: Talk) -> None:
    await _two_moderators(talk)
    await talk.tells("ana", "autodestruir codigo")
    await talk.tells("ana", "sí")
    code = re.findall(
        r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}", "\n".join(post.plain for post in await talk.said())
    )[0]
    talk.defaults = replace(talk.defaults, moderators=frozenset({user_id("bea")}))
    await talk.restart()
    await talk.tells("bea", "autodestruir confirmar")
    await talk.tells("bea", "sí")
    await talk.tells("ana", f"autodestruir {code}")
    assert not await _has_ended(talk)


async def test_a_code_that_waits_in_a_backup_never_holds_after_the_restore(talk: Talk) -> None:
    """It may have been stopped after the copy was made."""
    await _two_moderators(talk)
    await talk.tells("ana", "autodestruir codigo")
    await talk.tells("ana", "sí")
    code = re.findall(
        r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}", "\n".join(post.plain for post in await talk.said())
    )[0]
    made = talk.clock.at
    talk.clock.at += timedelta(days=5)
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, made)
    assert await talk.machine.dispatcher.announce_restore()
    told = [post.plain for post in await talk.said()]
    assert any("nunca va a servir" in one for one in told), told
    await talk.wait(timedelta(hours=1))
    await talk.tells("ana", f"autodestruir {code}")
    assert not await _has_ended(talk)
    await talk.wait(timedelta(hours=73))
    await talk.tells("ana", f"autodestruir {code}")
    assert not await _has_ended(talk)


# --- a replaced identity ------------------------------------------------------------------------


async def test_a_replaced_identity_keeps_nothing_with_a_pin(talk: Talk) -> None:
    await talk.set("library_pin", "yes")
    said = await talk.says("carla", "la llave de la casa está donde la vecina")
    new = NewIdentity(ROOM, EventId("$new"), user_id("bea"), talk.clock.at, "key")
    await talk.happens(new)
    await talk.sent()
    for n, who in enumerate(("bea", "ana")):
        pin = Reaction(ROOM, EventId(f"$pin{n}"), user_id(who), talk.clock.at, said, "📌")
        await talk.happens(pin)
        kept = "\n".join(post.plain for post in await talk.said())
        assert ("llave" in kept) == (who == "ana")


# --- incidents ----------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["Be@", "be@s", "Ƀea", "ƀea"])
async def test_a_name_that_is_hidden_from_search_is_still_hers(talk: Talk, written: str) -> None:
    await talk.room(OTHER, "Equipo", ["ana", "bea"], {"ana": 50, "bea": 50})
    await talk.set("moderation", "yes", OTHER)
    await talk.tells("carla", f"incidente {written} me toca sin permiso")
    hers = await talk.private("bea")
    heard = await talk.said()
    assert heard
    for post in heard:
        assert post.room not in (OTHER, hers)
