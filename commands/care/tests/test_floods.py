"""Floods of messages, mentions, invitations and people, in rooms that set a measure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId

MINUTE = timedelta(minutes=1)
BEA = user_id("bea")
LEVELS, DOOR = "m.room.power_levels", "m.room.join_rules"
MODS = RoomId("!mods:test")


async def moderators(talk: Talk) -> None:
    await talk.room(MODS, "Mods", ["ana", "eva"], {"ana": 50})
    await talk.set("moderation", "yes", MODS)


def power(talk: Talk) -> dict[str, Any]:
    return dict(talk.gateway.state[ROOM, LEVELS, ""]["users"])


async def heard(talk: Talk, room: RoomId) -> str:
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def test_without_a_measure_nobody_is_counted(talk: Talk) -> None:
    for n in range(200):
        await talk.says("bea", f"hola {n}", mentions=["ana", "carla"])
    await talk.hears_nothing()
    floods = talk.machine.dispatcher.floods
    assert not floods._buckets and not floods._told


async def test_who_floods_is_silent_for_some_minutes_and_moderators_know(talk: Talk) -> None:
    await moderators(talk)
    await talk.set("flood_person", "5")
    for _round in range(3):  # as many as may
        for n in range(5):
            await talk.says("bea", f"hola {n}")
        await talk.wait(MINUTE)
    await talk.hears_nothing()
    for n in range(30):
        await talk.says("bea", f"hola {n}")
        await talk.says("ana", f"basta {n}")  # who moderates may
    posts = await talk.sent()
    said = [post.plain for post in posts if post.room == MODS]
    assert len(said) == 1 and "En “Sala” silencié a Bea (@bea:test) por 10 min" in said[0]
    private = await talk.private("bea")
    letters = [post.plain for post in posts if post.room == private]
    assert len(letters) == 1 and "muchos mensajes de una vez" in letters[0]
    assert "apelar 1" in letters[0]
    assert power(talk)[BEA] == -1
    assert "silenció a alguien" in await talk.answer("carla", "!historial")
    await talk.wait(10 * MINUTE)
    await talk.sent()
    assert BEA not in power(talk)


async def test_what_was_read_late_is_no_flood(talk: Talk) -> None:
    await talk.set("flood_person", "5")
    for n in range(30):
        await talk.says("bea", f"hola {n}", late=True)
    await talk.hears_nothing()


async def test_where_the_bot_has_no_right_it_only_tells(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50}, bot_power=0)
    await talk.set("flood_mentions", "2")
    await talk.says("bea", "todas", mentions=["ana", "carla", "dora"])
    said = await heard(talk, await talk.private("ana"))
    assert "muchas menciones de una vez. Ahí no puedo silenciar" in said
    assert BEA not in power(talk)
    await talk.says("bea", "todas", mentions=["ana", "carla", "dora"])
    await talk.hears_nothing()  # said already


@pytest.mark.parametrize("kind", ["flood_server", "flood_room"])
async def test_of_a_server_and_of_a_room_people_judge(talk: Talk, kind: str) -> None:
    await moderators(talk)
    people = [f"@p{n}:lejos.org" for n in range(10)]
    await talk.room(ROOM, "Sala", ["ana", "bea", *people], {"ana": 50})
    await talk.set(kind, "20")
    for n in range(3):
        for person in people:
            await talk.says(person, f"spam {n}")
    said = await heard(talk, MODS)
    assert said.count("más de 20 mensajes por minuto") == 1
    assert ("lejos.org" in said) == (kind == "flood_server")
    assert set(power(talk)) == {user_id("ana"), "@minga:test"}


async def test_who_invites_many_at_once_is_silent(talk: Talk) -> None:
    await moderators(talk)
    await talk.set("flood_invites", "3")
    for n in range(6):
        await talk.moves(f"@q{n}:lejos.org", Membership.INVITE, by="bea")
        await talk.moves(f"@r{n}:lejos.org", Membership.INVITE, by="ana")
    assert "muchas personas invitadas de una vez" in await heard(talk, MODS)
    assert power(talk)[BEA] == -1 and power(talk)[user_id("ana")] == 50
    async with talk.machine.db.reading() as tx:
        rows = [tuple(row) for row in await tx.all("SELECT * FROM care_came")]
    assert rows and "bea:test" not in repr(rows)


async def test_a_wave_shuts_a_public_door_for_an_hour(talk: Talk) -> None:
    await moderators(talk)
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50}, join_rule="public")
    await talk.set("join_wave", "5")
    for n in range(9):
        await talk.moves(f"@p{n}:lejos.org", Membership.JOIN)
    posts = await talk.sent()
    told = [post.plain for post in posts if post.room == MODS]
    assert len(told) == 1 and "Entraron más de 5 personas a “Sala”" in told[0]
    assert talk.gateway.state[ROOM, DOOR, ""] == {"join_rule": "invite"}
    assert "cerró la puerta por una hora" in await talk.answer("bea", "!historial")
    await talk.restart(after=61 * MINUTE)
    await talk.wait(timedelta(0))
    await talk.sent()
    assert talk.gateway.state[ROOM, DOOR, ""] == {"join_rule": "public"}


async def test_a_closed_door_can_be_opened_at_once_and_others_choice_stays(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50}, join_rule="public")
    await talk.set("join_wave", "3")
    for n in range(4):
        await talk.moves(f"@p{n}:lejos.org", Membership.JOIN)
    await talk.sent()
    for line in ("!deshacer", "sí"):
        await talk.says("ana", line)
    await talk.sent()
    assert talk.gateway.state[ROOM, DOOR, ""] == {"join_rule": "public"}
    await talk.wait(2 * timedelta(hours=1))
    assert not [post for post in await talk.sent() if post.kind == DOOR]


async def test_measures_are_set_by_chat(talk: Talk) -> None:
    for line, said in {
        "!configurar mensajes-por-minuto 2": "un número de 3 a 600, o `no`",
        "!configurar mensajes-por-minuto 20": "antes, no → después, 20",
        "!configurar ola-de-ingresos nunca": "un número de 3 a 2000, o `no`",
    }.items():
        assert said in await talk.answer("ana", line), line
