"""Somebody leads a cohort too: asked, accepted, with the power for it in the teams' rooms."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, Number
from commands.teams import leader_store
from commands.teams.tests.test_teams import HOUR, LIST, goes_on, invited, opened, room_of

STEPS = "!equipos pasos Leer, Entregar"


async def asked(talk: Talk, line: str = "!coliderar @bea:test") -> None:
    """Ana leads two teams, is in their rooms, and asks Bea."""
    await opened(talk)
    for team in ("Norte", "Sur"):
        await talk.moves("ana", Membership.JOIN, room_of(talk, team))
    await goes_on(talk, 15)
    assert "Empieza cuando acepte" in await talk.answer("ana", line)
    await talk.wait(timedelta(0))
    await talk.hears("te pide acompañar también los equipos 1, Escuela")


async def accepted(talk: Talk) -> str:
    await asked(talk)
    await talk.tells("bea", "sí")
    return await goes_on(talk, 15)


def power_in(talk: Talk, team: str) -> object:
    state = talk.gateway.state[room_of(talk, team), "m.room.power_levels", ""]
    return state["users"].get(user_id("bea"))


async def test_who_accepts_leads_too_and_moderates_each_room(talk: Talk) -> None:
    said = await accepted(talk)
    assert "Bea también acompaña los equipos 1, Escuela." in said
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [50, 50]
    assert invited(talk)["Norte", user_id("bea")] == 1 and invited(talk)["Sur", user_id("bea")] == 1
    assert "1 Leer · 2 Entregar" in await talk.answer("bea", STEPS)
    assert "Junto con: Bea" in await talk.answer("ana", "!equipos 2")
    north = room_of(talk, "Norte")
    assert "Bea también acompaña" in await talk.answer("ana", "!historial", room=north)


async def test_a_name_without_its_sign_is_a_name(talk: Talk) -> None:
    await asked(talk)
    assert "Bea por ahora no acompaña" in await talk.answer("ana", "!coliderar bea no")
    assert "“@pepita”" in await talk.answer("ana", "!coliderar pepita")
    assert "empezó estos equipos" in await talk.answer("ana", "!coliderar no")


async def test_nobody_leads_who_did_not_accept(talk: Talk) -> None:
    await asked(talk)
    assert "No puedes" in await talk.answer("bea", STEPS)
    await talk.tells("bea", "no")
    said = "\n".join(post.plain for post in await talk.said())
    assert "Bea por ahora no acompaña los equipos 1." in said
    assert "No puedes" in await talk.answer("bea", STEPS)
    assert power_in(talk, "Norte") is None


async def test_only_who_leads_asks_and_only_who_is_in_the_room_is_asked(talk: Talk) -> None:
    await opened(talk)
    assert "No puedes" in await talk.answer("bea", "!coliderar @carla:test")
    assert "no está en la sala" in await talk.answer("ana", "!coliderar @eva:test")
    assert "ya acompaña" in await talk.answer("ana", "!coliderar @ana:test")
    assert "No existe" in await talk.answer("ana", "!coliderar @bea:test 9")
    assert "Acompaña: Ana" in await talk.answer("bea", "!coliderar")


async def test_what_is_asked_twice_is_asked_once(talk: Talk) -> None:
    await asked(talk)
    assert "ya se lo pedí" in await talk.answer("ana", "!coliderar @bea:test")
    await talk.answer("ana", "!coliderar @bea:test no")
    await talk.tells("bea", "sí")
    await goes_on(talk)
    assert "No puedes" in await talk.answer("bea", STEPS)


async def test_it_is_given_back_or_taken_with_the_power(talk: Talk) -> None:
    await accepted(talk)
    assert "No puedes" in await talk.answer("carla", "!coliderar @bea:test no")
    assert "Bea ya no acompaña los equipos 1." in await talk.answer("bea", "!coliderar no")
    assert "No puedes" in await talk.answer("bea", STEPS)
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [None, None]
    assert "no acompaña estos equipos" in await talk.answer("ana", "!coliderar @bea:test no")


async def test_who_was_only_asked_keeps_what_they_have(talk: Talk) -> None:
    await asked(talk)
    north = room_of(talk, "Norte")
    await talk.room(north, "Norte", ["ana", "bea"], {"ana": 50, "bea": 50}, bot_power=100)
    said = await talk.answer("ana", "!coliderar @bea:test no")
    assert "Bea por ahora no acompaña los equipos 1." in said
    await goes_on(talk, 15)
    assert power_in(talk, "Norte") == 50


async def test_what_moderators_gave_stays_when_leading_ends(talk: Talk) -> None:
    await asked(talk)
    north = room_of(talk, "Norte")
    await talk.room(north, "Norte", ["ana", "bea"], {"ana": 100, "bea": 50}, bot_power=100)
    await talk.tells("bea", "sí")
    await goes_on(talk, 15)
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [50, 50]
    await talk.answer("ana", "!coliderar @bea:test no")
    await goes_on(talk, 15)
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [50, None]


async def test_an_equal_takes_the_power_by_the_rules_of_the_room_only(talk: Talk) -> None:
    await accepted(talk)
    north = room_of(talk, "Norte")
    powers = {"ana": 50, "bea": 50, "carla": 50}
    await talk.room(north, "Norte", list(powers), powers, bot_power=100)
    await talk.says("ana", "!coliderar @bea:test no")
    said = await goes_on(talk, 15)
    assert "Bea sigue moderando 1 sala: sus reglas piden más." in said
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [50, None]
    number = re.search(r"apoyar (\d+)", said)
    assert number, said
    await talk.says("carla", f"!apoyar {number[1]}", room=north)
    await goes_on(talk, 15)
    assert power_in(talk, "Norte") is None


async def test_power_in_rooms_that_were_opened_later_is_taken_too(talk: Talk) -> None:
    await talk.answer("ana", LIST)
    await talk.says("ana", "sí")
    assert not talk.gateway.opened
    async with talk.machine.db.transaction() as tx:
        await leader_store.ask_leader(tx, Number(1), user_id("bea"))
        await leader_store.accept_leader(tx, Number(1), user_id("bea"))
    await goes_on(talk, 15)
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [50, 50]
    await talk.answer("bea", "!coliderar no")
    await goes_on(talk, 15)
    assert [power_in(talk, team) for team in ("Norte", "Sur")] == [None, None]


async def test_what_is_agreed_to_after_leading_ended_gives_nothing(talk: Talk) -> None:
    await asked(talk)
    north = room_of(talk, "Norte")
    powers = {"ana": 100, "carla": 50}
    await talk.room(north, "Norte", ["ana", "bea", "carla"], powers, bot_power=100)
    await talk.says("ana", "!gobierno dar-moderación 2 moderadores", room=north)
    await talk.says("ana", "sí", room=north)
    await talk.sent()
    await talk.tells("bea", "sí")
    said = await goes_on(talk, 15)
    number = re.search(r"apoyar (\d+)", said)
    assert number and power_in(talk, "Norte") is None, said
    await talk.answer("ana", "!coliderar @bea:test no")
    said = await talk.answer("carla", f"!apoyar {number[1]}", room=north)
    await goes_on(talk, 15)
    assert "no acompaña" in said and power_in(talk, "Norte") is None


async def test_who_asked_and_leads_no_more_can_give_nothing(talk: Talk) -> None:
    await asked(talk)
    await talk.moves("ana", Membership.LEAVE, ROOM)
    await talk.sent()
    await talk.tells("bea", "sí")
    said = "\n".join(post.plain for post in await talk.said())
    assert "ya no acompaña estos equipos" in said
    assert power_in(talk, "Norte") is None


async def test_who_leaves_or_is_forgotten_leads_no_more(talk: Talk) -> None:
    await accepted(talk)
    await talk.tells("bea", "mis datos")
    await talk.wait(HOUR)
    await talk.sent()
    await talk.moves("bea", Membership.LEAVE, ROOM)
    north = room_of(talk, "Norte")
    await talk.moves("bea", Membership.JOIN, north)
    await talk.sent()
    assert "No existe" in await talk.answer("bea", "!equipos pasos 1 A, B", room=north)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "!coliderar @bea"),
        ("es", "!equipos coliderar @bea:test"),
        ("es", "!equipos colíder @bea"),
        ("es", "!coliderar 1 @bea:test"),
        ("es", "!coliderar @bea 1"),
        ("pt", "!coliderar @bea:test"),
        ("pt", "!equipes colíder @bea"),
        ("en", "!co-lead @bea"),
        ("en", "!teams co-leader @bea:test"),
    ],
)
async def test_as_people_type_it(talk: Talk, language: str, line: str) -> None:
    await opened(talk)
    await talk.set("language", language)
    said = await talk.answer("ana", line)
    assert "@bea:test" in said and said.endswith(("no`", "não`")), said
