"""A vote of the room decides at the door: opened by itself, carried out by itself, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import settings
from bot.testing.talk import PostedEvent, Talk, find_number, user_id
from bot.types import EventId, Membership, PollEnd, RoomId, RoomUpgraded
from commands.doors import ballot
from commands.doors.tests.test_doors import DOOR, DORA, MODS, a_door, acts, knocks, types

DAYS = timedelta(days=3)
NOW = timedelta(0)
HALL = RoomId("!asamblea:test")


async def voting_door(talk: Talk, **more: str) -> None:
    """The room of the door decides: Ana (who moderates) and Bea are in it."""
    await a_door(talk)
    async with talk.machine.db.transaction() as tx:
        await settings.set_value(tx, settings.NETWORK, "decision", "room")
        for name, value in more.items():
            await settings.set_value(tx, DOOR, name, value)


async def asked(talk: Talk, who: str = DORA, answer: str = "mi respuesta") -> list[PostedEvent]:
    """Somebody knocks and answers; everything that is said then."""
    await knocks(talk, who)
    await talk.tells(who, answer)
    await talk.wait(NOW)
    return await talk.said()


def opening(posts: list[PostedEvent]) -> PostedEvent:
    return next(p for p in posts if "Propuesta " in p.plain and "Toca una opción" in p.plain)


async def heard(talk: Talk, room: RoomId | None = None) -> str:
    return "\n".join(p.plain for p in await talk.said(room))


async def test_the_room_votes_and_who_passes_is_let_in(talk: Talk) -> None:
    await voting_door(talk)
    posts = await asked(talk)
    shown = opening(posts)
    assert shown.room == DOOR and find_number(shown.plain.partition("Propuesta ")[2]) == 3
    assert "@dora:lejos.org" in shown.plain and "mi respuesta" not in shown.plain
    for_mods = next(p for p in posts if p.room == MODS)
    assert "mi respuesta" not in for_mods.plain and "en la propuesta 3" in for_mods.plain
    await talk.restart()
    assert "Anotado: a favor" in await talk.answer("bea", "a favor", room=DOOR, reply=shown)
    await talk.answer("ana", "!votar 3 a favor", room=DOOR)
    assert acts(talk, "invite") == []
    await talk.wait(DAYS)
    assert "aprobada" in await heard(talk, DOOR)
    assert acts(talk, "invite") == [(DOOR, DORA)]
    log = await talk.answer("bea", "!historial", room=DOOR)
    assert "admitió la solicitud 1, como decidió la propuesta 3" in log


async def test_a_no_of_the_room_is_told_kindly(talk: Talk) -> None:
    await voting_door(talk)
    await asked(talk)
    await talk.says("bea", "!votar 3 en contra", room=DOOR)
    await talk.said()
    await talk.wait(DAYS)
    said = await heard(talk, await talk.private(DORA))
    assert "leyó tus respuestas con atención" in said and "Puedes volver a pedirlo" in said
    assert (DOOR, DORA) in acts(talk, "kick") and acts(talk, "invite") == []
    assert "como decidió la propuesta 3" in await talk.answer("bea", "!historial", room=DOOR)
    await talk.moves(DORA, Membership.LEAVE, DOOR)
    assert "Puedes volver a pedir" in await knocks(talk)


async def test_it_is_killed_between_every_two_steps(talk: Talk) -> None:
    await voting_door(talk)
    texts = []
    for step in (
        lambda: talk.moves(DORA, Membership.KNOCK, DOOR),
        lambda: talk.tells(DORA, "mi respuesta"),
        lambda: talk.says("bea", "!votar 3 a favor", room=DOOR),
        lambda: talk.restart(DAYS),
    ):
        await step()
        await talk.restart()
        await talk.wait(NOW)
        await talk.restart()
        texts += [p.plain for p in await talk.said()]
        await talk.wait(NOW)
        texts += [p.plain for p in await talk.said()]
    text = "\n".join(texts)
    for once in ("Toca una opción", "Buenas noticias", "Te estoy invitando a"):
        assert text.count(once) == 1, (once, text)
    assert acts(talk, "invite") == [(DOOR, DORA)]


async def test_moderators_hear_that_the_room_decides(talk: Talk) -> None:
    await voting_door(talk)
    await knocks(talk)
    for line in ("!admitir 1", "!rechazar 1 no"):
        assert "en cuanto haya respuesta" in await talk.answer("carla", line, room=MODS)
    await types(talk, DORA, "mi respuesta")
    for line in ("!admitir 1", "!rechazar 1 no"):
        said = await talk.answer("carla", line, room=MODS)
        assert "decide “Vestíbulo” en la propuesta 3: `!resultados 3`" in said
    assert acts(talk, "invite") == acts(talk, "kick") == []
    assert "la sala vota en la propuesta 3" in await talk.answer("carla", "!solicitudes", room=MODS)
    await talk.wait(timedelta(days=2, hours=1))
    assert await heard(talk) == ""  # nobody is nagged to vote on a person


async def test_nobody_ends_it_early_while_votes_are_missing(talk: Talk) -> None:
    await voting_door(talk)
    posts = await asked(talk)
    await talk.says("ana", "!votar 3 a favor", room=DOOR)
    await talk.said()
    assert "nadie puede cerrarla antes" in await talk.answer("ana", "!cerrar 3", room=DOOR)
    native = next(p for p in talk.gateway.posted.values() if p.is_poll)
    await talk.happens(PollEnd(DOOR, EventId("$fin"), user_id("ana"), talk.clock.at, native.event))
    assert await heard(talk) == "" and posts
    await talk.says("bea", "!votar 3 a favor", room=DOOR)
    await talk.says("ana", "!cerrar 3", room=DOOR)
    await talk.wait(NOW)
    assert "aprobada" in await heard(talk, DOOR)
    assert acts(talk, "invite") == [(DOOR, DORA)]


@pytest.mark.parametrize("vote", ["", "!votar 3 a favor"])
async def test_without_a_quorum_the_moderators_decide(talk: Talk, vote: str) -> None:
    await voting_door(talk, door_quorum="100")
    await asked(talk)
    if vote:
        await talk.says("bea", vote, room=DOOR)
    await talk.said()
    await talk.wait(DAYS)
    said = await heard(talk, MODS)
    assert "Solicitud 1, Dora (@dora:lejos.org): muy poca gente votó en la propuesta 3" in said
    assert "`!admitir 1`" in said and acts(talk, "invite") == acts(talk, "kick") == []
    await talk.wait(timedelta(days=1))
    assert "espera una decisión" in await talk.answer("carla", "!solicitudes", room=MODS)
    await talk.says("carla", "!admitir 1", room=MODS)
    await talk.sent()
    assert acts(talk, "invite") == [(DOOR, DORA)]


async def test_nobody_voting_at_all_turns_nobody_down(talk: Talk) -> None:
    await voting_door(talk, door_quorum="0")
    await asked(talk)
    await talk.wait(DAYS)
    assert "muy poca gente votó" in await heard(talk, MODS)
    assert acts(talk, "kick") == []


async def test_a_cancelled_proposal_goes_back_to_the_moderators(talk: Talk) -> None:
    await voting_door(talk)
    await asked(talk)
    await talk.says("ana", "!cancelar 3", room=DOOR)
    await talk.says("ana", "sí", room=DOOR)
    await talk.wait(NOW)
    posts = await talk.said()
    assert any("se canceló" in p.plain and p.room == DOOR for p in posts)
    assert any("Ahora deciden ustedes" in p.plain and p.room == MODS for p in posts)
    assert "rechazada" in await talk.answer("carla", "!rechazar 1", room=MODS)


@pytest.mark.parametrize("now", [Membership.LEAVE, Membership.INVITE, Membership.BAN])
async def test_who_goes_away_takes_the_vote_along(talk: Talk, now: Membership) -> None:
    await voting_door(talk)
    await asked(talk)
    await talk.moves(DORA, now, DOOR, by="ana")
    said = await heard(talk, DOOR)
    assert "La propuesta 3" in said and "ya no espera" in said
    assert "se canceló" in await talk.answer("bea", "!votar 3 a favor", room=DOOR)
    await talk.restart()
    await talk.wait(DAYS)
    assert await heard(talk, DOOR) == "" and acts(talk, "invite") == []


async def test_who_leaves_after_the_end_and_before_it_is_carried_out_stays_out(talk: Talk) -> None:
    await voting_door(talk)
    await asked(talk)
    for who in ("ana", "bea"):
        await talk.says(who, "!votar 3 a favor", room=DOOR)
    await talk.says("ana", "!cerrar 3", room=DOOR)
    await talk.restart()
    await talk.moves(DORA, Membership.LEAVE, DOOR)
    await talk.wait(NOW)
    await talk.said()
    assert acts(talk, "invite") == []


async def test_the_door_and_the_voting_room_move_while_a_vote_is_open(talk: Talk) -> None:
    await voting_door(talk)
    await asked(talk)
    await talk.says("bea", "!votar 3 a favor", room=DOOR)
    await talk.said()
    new = await talk.room(
        RoomId("!nueva:test"), "Vestíbulo", ["ana", "bea"], {"ana": 50}, join_rule="knock"
    )
    what = RoomUpgraded(DOOR, EventId("$u"), user_id("ana"), talk.clock.at, new, True, True)
    await talk.happens(what)
    assert "sigue aquí" in await heard(talk, new)
    said = await talk.answer("carla", "!admitir 1", room=MODS)
    assert "en la propuesta 3" in said
    await talk.wait(DAYS)
    assert "aprobada" in await heard(talk, new)
    assert acts(talk, "invite") == [(new, DORA)]


async def test_another_room_votes_if_the_door_trusts_it(talk: Talk) -> None:
    await voting_door(talk, door_votes_in="moderators")
    assert opening(await asked(talk)).room == MODS
    await talk.room(HALL, "Asamblea", ["ana", "bea", "carla"], {"ana": 50})
    await talk.set("door_votes_in", "asamblea", DOOR)
    assert opening(await asked(talk, "@eva:lejos.org")).room == DOOR  # it trusts no such room
    for room in (DOOR, HALL):
        await talk.answer("ana", "!area agregar general", room=room)
    assert opening(await asked(talk, "@fina:lejos.org")).room == HALL


async def test_vouches_come_before_the_vote(talk: Talk) -> None:
    await voting_door(talk)
    async with talk.machine.db.transaction() as tx:
        await settings.set_value(tx, settings.NETWORK, "vouches", "1")
    posts = await asked(talk)
    assert not [p for p in posts if "Toca una opción" in p.plain]
    said = await talk.answer("carla", "!admitir 1", room=MODS)
    assert "en cuanto haya suficientes avales" in said
    await talk.tells("carla", "avalar 1")
    await talk.wait(NOW)
    shown = opening(await talk.said())
    assert "1 integrante avala" in shown.plain and "Carla" not in shown.plain


async def test_a_door_may_decide_otherwise_than_the_network(talk: Talk) -> None:
    await voting_door(talk, door_decision="moderators")
    assert not [p for p in await asked(talk) if "Toca una opción" in p.plain]
    await talk.set("door_decision", "room", DOOR)
    assert "en cuanto llegue su turno" in await talk.answer("carla", "!admitir 1", room=MODS)
    await talk.wait(NOW)
    assert opening(await talk.said()).room == DOOR  # who waited when that was set is voted on too


async def test_a_wave_of_newcomers_does_not_flood_the_room(talk: Talk) -> None:
    await voting_door(talk)
    people = [f"@p{n}:lejos.org" for n in range(ballot.MOST_AT_ONCE + 3)]
    opened: list[PostedEvent] = []
    for person in people:
        opened += [p for p in await asked(talk, person) if "Toca una opción" in p.plain]
    assert len(opened) == ballot.MOST_AT_ONCE
    await talk.moves(people[0], Membership.LEAVE, DOOR)
    await talk.wait(NOW)
    fresh = opening(await talk.said())
    assert f"P{ballot.MOST_AT_ONCE}" in fresh.plain or people[ballot.MOST_AT_ONCE] in fresh.plain
    await talk.wait(DAYS)
    opened = [p for p in await talk.said() if "Toca una opción" in p.plain]
    assert len(opened) == 2
