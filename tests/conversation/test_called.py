"""Who is named without their server, by every command alike, and never by the name they show."""

from __future__ import annotations

import pytest

from bot.conversation.mentions import find_person
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId, UserId
from storage import rooms

PEOPLE = {UserId("@ana:x"): "Bea", UserId("@bea:x"): "", UserId("@bea2:y"): "Carla Díaz"}


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    everybody = ["ana", "bea", "carla", "@mal:lejos.org", "@carla:lejos.org"]
    await talk.room(ROOM, "Sala", everybody, {"ana": 50, "carla": 50}, bot_power=100)
    return talk


def test_an_address_goes_before_a_name_and_two_are_nobody() -> None:
    assert find_person("Bea", PEOPLE) == "@bea:x"
    assert find_person("carla diaz", PEOPLE) == find_person("CARLA", PEOPLE) == "@bea2:y"
    assert find_person("zoe", PEOPLE) is None
    assert find_person("bea", {**PEOPLE, UserId("@bea:y"): ""}) is None


async def test_every_command_takes_a_name_without_its_server(talk: Talk) -> None:
    await talk.set("time_bank", "own", RoomId(""))
    await talk.answer("ana", "!cargo nuevo cuidado")
    for line, heard in {
        "!expulsar @bea gritos": "@bea:test",
        "!vetar @Bea gritos": "@bea:test",
        "!silenciar @bea 2h gritos": "no puede escribir",
        "!dar-moderacion @bea": "@bea:test",
        "!quitar-moderacion (@bea)": "@bea:test",
        "!cargo dar cuidado @bea": "@bea:test",
        "!cargo quitar cuidado @bea": "@bea:test) ya no tiene",
        "!presto mesa a @bea por 3 días": "Bea",
        "!tarea @bea pan": "Bea",
        "!horas 2 a @bea": "Bea",
        "!expulsar @zoe gritos": "No conozco aquí a nadie que se llame “@zoe”",
        "!vetar @zoe gritos": "No conozco aquí a nadie que se llame “@zoe”",
        "!cargo quitar cuidado @zoe": "No conozco aquí a nadie que se llame “@zoe”",
        "!silenciar @carla 2h gritos": "Carla (@carla:lejos.org) · Carla (@carla:test)",
    }.items():
        said = await talk.answer("ana", line)
        assert heard in said, (line, said)
        if "¿Sigo?" in said:
            await talk.answer("ana", "no")
            await talk.tells("ana", "no")
            await talk.sent()


async def test_a_name_that_somebody_shows_is_offered_and_not_taken(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE member SET name = 'Zoe' WHERE person = ?", user_id("@mal:lejos.org"))
    for line in ("!expulsar @zoe gritos", "!dar-moderación @zoe"):
        asked = await talk.answer("ana", line)
        assert "¿A quién te refieres con “@zoe”?" in asked
        assert "Zoe (@mal:lejos.org)" in asked


async def test_in_private_one_is_asked_until_it_is_clear(talk: Talk) -> None:
    room = await talk.private("ana")
    assert "Falta la persona" in await talk.answer("ana", "expulsar", room=room)
    assert "No conozco aquí a nadie" in await talk.answer("ana", "zoe", room=room)
    assert "¿A quién te refieres con “carla”?" in await talk.answer("ana", "carla", room=room)
    assert "Falta el motivo" in await talk.answer("ana", "@bea", room=room)
    assert "@bea:test" in await talk.answer("ana", "gritos", room=room)
    async with talk.machine.db.reading() as tx:
        assert user_id("bea") in await rooms.members(tx, ROOM), "asked first"
