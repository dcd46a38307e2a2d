"""Incidents and ban lists of a version in which they were a part of care go on."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import Talk, user_id
from bot.types import Membership
from commands.ban_lists.tests.test_lists import DESK, MODS, SPAM, a_list, ban, changed, followed
from commands.incidents.tests.test_incidents import a_team, tells, told
from storage import log
from tests.storage.uncut import join_again

PARTS = ("incidents", "ban_lists")


async def become_old(talk: Talk) -> None:
    """The file as the version before the cut would have written it; then today's starts on it."""
    async with talk.machine.db.transaction() as tx:
        for part in PARTS:
            await join_again(tx, "care", part)
        rows = await tx.all("SELECT feature FROM job UNION SELECT feature FROM item")
        assert not {row["feature"] for row in rows} & set(PARTS)
        assert await tx.has_table("care_incident") and await tx.has_table("care_rule")
    await talk.restart()


async def test_an_open_incident_is_read_reminded_of_and_settled(talk: Talk) -> None:
    await a_team(talk)
    await talk.tells("bea", "incidente me gritó en la radio")
    mine = next(p for p in await talk.said() if "incidente 1" in p.plain and "Lo reci" in p.plain)
    await become_old(talk)
    await talk.tells("bea", "y hoy también", reply=mine)
    assert "Bea agrega al incidente 1: y hoy también" in (await told(talk))["equipo"]
    await talk.wait(timedelta(days=3))
    assert "El incidente 1 espera" in (await told(talk))["equipo"]
    assert "Anotado: atiendes" in (await tells(talk, "eva", "atender 1"))["eva"]
    assert "Resuelto: " in (await tells(talk, "eva", "resolver 1 ya hablamos"))["eva"]


async def test_what_is_told_while_the_bot_was_brought_up_to_date_is_kept(talk: Talk) -> None:
    await a_team(talk)
    await talk.tells("bea", "incidente")
    await talk.hears("Falta")
    async with talk.machine.db.transaction() as tx:
        assert await tx.change("UPDATE question SET feature = 'care'")
    await become_old(talk)
    said = await tells(talk, "bea", "me pegó en la puerta de casa")
    assert "me pegó en la puerta de casa" in said["equipo"]


async def test_followed_lists_are_told_of_and_their_numbers_hold(talk: Talk) -> None:
    await a_list(talk, SPAM)
    await talk.room(DESK, "Mesa", ["ana", SPAM], {"ana": 50})
    assert "`!vetar 1`" in await followed(talk)
    async with talk.machine.db.transaction() as tx:
        facts = {"list": "Convivencia vieja"}
        await log.add(tx, MODS, talk.clock.at, "care", "list_followed", user_id("ana"), facts)
    await become_old(talk)
    assert "hizo seguir la lista de entradas prohibidas “Convivencia vieja”" in (
        await talk.answer("ana", "!historial", room=MODS)
    )
    asked = await talk.answer("ana", "!vetar 1", room=MODS)
    assert "1 prohibición de entrada, por el número 1" in asked
    await talk.tells("ana", "no")
    await changed(talk, "k9", ban("@otra:malo.org"))
    await talk.moves("@otra:malo.org", Membership.JOIN, DESK)
    assert any("@otra:malo.org" in post.plain for post in await talk.said() if post.room == MODS)
