"""Vouching, who is stuck, and what is told of it."""

from __future__ import annotations

from datetime import timedelta

from bot.api import settings
from bot.testing.talk import ROOM, Talk
from bot.types import Membership
from commands.doors.tests.test_doors import DOOR, DORA, MODS, a_door, acts, knocks, types


async def vouched_door(talk: Talk, needed: int = 2, decision: str = "moderators") -> None:
    """Requests need vouches; Bea and Carla are members."""
    await a_door(talk)
    async with talk.machine.db.transaction() as tx:
        await settings.set_value(tx, settings.NETWORK, "vouches", str(needed))
        await settings.set_value(tx, settings.NETWORK, "decision", decision)


async def test_members_vouch_and_who_decides_sees_who(talk: Talk) -> None:
    await vouched_door(talk)
    said = await knocks(talk)
    assert "Quien le conozca" in said or "avalar 1" in said
    said = await types(talk, DORA, "por la radio")
    assert "(0 de 2 avales)" in said
    assert "no tiene sus avales: 0 de 2" in await talk.answer("ana", "!admitir 1", room=DOOR)
    assert "avalas a Dora (@dora:lejos.org)" in await types(talk, "bea", "avalar 1")
    await talk.restart()
    assert "no tiene sus avales: 1 de 2" in await talk.answer("ana", "!admitir 1", room=DOOR)
    await types(talk, "carla", "!vouch 1")
    await talk.wait(timedelta(minutes=1))
    assert "(2 de 2 avales)" in (await talk.said(MODS))[-1].plain
    assert "Avales: 2 de 2: Bea · Carla" in await types(talk, "carla", "solicitudes 1")
    log = await talk.answer("bea", "!historial", room=DOOR)
    assert "aval" not in log
    assert "ya puede entrar" in await talk.answer("ana", "!admitir 1", room=DOOR)
    assert acts(talk, "invite") == [(DOOR, DORA)]


async def test_typed_in_a_room_it_is_taken_out_and_answered_in_private(talk: Talk) -> None:
    await vouched_door(talk)
    await knocks(talk)
    typed = await talk.says("bea", "!avalar 1")
    posts = await talk.sent()
    assert [p.content["redacts"] for p in posts if p.kind == "redact"] == [typed]
    assert all(p.room != ROOM for p in posts if "avalas" in p.plain)


async def test_a_vouch_is_taken_back_before_the_decision(talk: Talk) -> None:
    await vouched_door(talk, 1)
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    await types(talk, "bea", "avalar 1")
    assert "ya no avalas a Dora" in await types(talk, "bea", "avalar 1 no")
    assert "No has avalado" in await types(talk, "bea", "avalar quitar 1")
    assert "no tiene sus avales: 0 de 1" in await talk.answer("ana", "!admitir 1", room=DOOR)
    await types(talk, "bea", "avalar 1")
    await talk.answer("ana", "!admitir 1", room=DOOR)
    assert "No existe una solicitud abierta 1" in await types(talk, "bea", "avalar 1 no")


async def test_strangers_and_the_newcomer_cannot_vouch(talk: Talk) -> None:
    await vouched_door(talk)
    await knocks(talk)
    assert "No existe una solicitud" in await types(talk, "@eva:lejos.org", "avalar 1")
    assert "No existe una solicitud" in await types(talk, DORA, "avalar 1")
    await talk.room(MODS, "Otra", ["dora"])
    await talk.moves(DORA, Membership.JOIN, MODS)
    assert "No puedes avalarte" in await types(talk, DORA, "avalar 1")


async def test_a_member_vouches_for_few_people_in_a_week(talk: Talk) -> None:
    await vouched_door(talk, 1)
    for n in range(6):
        await knocks(talk, f"@p{n}:lejos.org")
    for n in range(1, 6):
        assert "avalas a" in await types(talk, "bea", f"avalar {n}")
    assert "5 personas en una semana" in await types(talk, "bea", "avalar 6")
    await talk.wait(timedelta(days=7, seconds=1))
    await talk.said()
    assert "avalas a" in await types(talk, "bea", "avalar 6")


async def test_vouches_alone_decide_where_the_network_says_so(talk: Talk) -> None:
    await vouched_door(talk, 2, "vouches")
    await knocks(talk)
    await types(talk, "bea", "avalar 1")
    await types(talk, "carla", "avalar 1")
    assert acts(talk, "invite") == []  # the answers are still to come
    await talk.restart()
    await types(talk, DORA, "por la radio")
    assert acts(talk, "invite") == [(DOOR, DORA)]
    log = await talk.answer("bea", "!historial", room=DOOR)
    assert "admitió la solicitud 1" in log and "Bea" not in log and "Carla" not in log


async def test_who_stops_is_reminded_once_and_then_the_moderators_hear(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await talk.wait(timedelta(hours=47))
    await talk.hears_nothing()
    await talk.restart()
    await talk.wait(timedelta(hours=1))
    await talk.hears("espera en la pregunta 1 de 1")
    await talk.wait(timedelta(days=5, seconds=1))
    (told,) = await talk.hears("en la pregunta 1 de 1 desde")
    assert told.room == MODS
    await talk.wait(timedelta(days=7))
    await talk.hears_nothing()


async def test_who_waits_for_a_decision_is_not_reminded(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    await talk.wait(timedelta(days=2))
    await talk.hears_nothing()
    await talk.wait(timedelta(days=5, seconds=1))
    await talk.hears("Esta lista sigue en un mensaje más nuevo", "1 solicitud espera una decisión")


async def chosen(talk: Talk, name: str, value: str) -> None:
    """Typed as a moderator types it, and confirmed."""
    assert "¿Sigo?" in await talk.answer("ana", f"!configurar {name} {value}", room=DOOR)
    assert "Cambiado" in await talk.answer("ana", "sí", room=DOOR)


async def test_when_who_stops_is_reminded_is_the_moderators_choice(talk: Talk) -> None:
    await a_door(talk)
    await chosen(talk, "recordar-preguntas", "6 horas")
    await knocks(talk)
    await talk.wait(timedelta(hours=5, minutes=59))
    await talk.hears_nothing()
    await talk.restart()
    await talk.wait(timedelta(minutes=1))
    await talk.hears("espera en la pregunta 1 de 1")
    await talk.wait(timedelta(hours=48))
    await talk.hears_nothing()


async def test_how_long_a_no_lasts_is_the_moderators_choice(talk: Talk) -> None:
    await a_door(talk)
    await chosen(talk, "volver-a-pedir", "7 días")
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    await talk.answer("ana", "!rechazar 1", room=DOOR)
    await talk.moves(DORA, Membership.LEAVE, DOOR)
    await talk.wait(timedelta(days=6, hours=23))
    await talk.said()
    assert "Puedes volver a pedir" in await knocks(talk)
    await talk.moves(DORA, Membership.LEAVE, DOOR)
    await talk.wait(timedelta(hours=2))
    assert "1 de 1" in await knocks(talk)


async def test_how_many_vouches_is_the_networks_choice(talk: Talk) -> None:
    await a_door(talk)
    await chosen(talk, "avales", "1")
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    assert "no tiene sus avales: 0 de 1" in await talk.answer("ana", "!admitir 1", room=DOOR)


async def test_a_vouch_typed_twice_is_one_and_says_so(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "por la radio")
    assert "Anotado" in await types(talk, "bea", "avalar 1")
    said = await types(talk, "bea", "avalar 1")
    assert "Ya avalas a Dora" in said and "avalar 1 no" in said and "Solicitud" not in said
