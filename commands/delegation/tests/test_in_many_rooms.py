"""A vote that was given in any room of a decision in many rooms counts there."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import Membership
from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")


async def three_rooms(talk: Talk) -> None:
    """Ana moderates all three; Bea is in two of them, Dora and Elsa are in one."""
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await talk.room(GARDEN, "Huerta", ["ana", "elsa"], {"ana": 50})


async def asked(talk: Talk) -> int:
    """Ask in the room, to stand in all three; return the number."""
    await talk.says("ana", "!encuesta ¿Qué día? martes, jueves en: Cocina, Huerta")
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    said = "\n".join(post.plain for post in await talk.said())
    found = re.search(r"Encuesta (\d+)", said)
    assert found, said
    return int(found[1])


async def given(talk: Talk, giver: str, line: str, room: RoomId) -> None:
    """Somebody gives their vote in that room to Bea, who says yes."""
    said = await talk.answer(giver, line, room=room)
    assert "delega su voto en" in said, said
    await talk.wait(timedelta(minutes=1))
    await talk.tells("bea", "sí")
    await talk.said()


async def results(talk: Talk, number: int) -> str:
    return await talk.answer("ana", f"!resultados {number}")


async def test_given_before_it_opened_in_a_room_that_is_not_its_home(talk: Talk) -> None:
    await three_rooms(talk)
    await given(talk, "dora", "!delegar @bea", KITCHEN)
    number = await asked(talk)
    await talk.says("bea", f"!votar {number} 2", room=ROOM)
    assert "jueves: 2" in await results(talk, number)


async def test_given_while_it_is_open_and_after_the_holder_voted(talk: Talk) -> None:
    await three_rooms(talk)
    number = await asked(talk)
    await talk.says("bea", f"!votar {number} 2", room=ROOM)
    await given(talk, "dora", "!delegar @bea", KITCHEN)
    assert "jueves: 2" in await results(talk, number)
    await talk.says("dora", "!votar martes", room=KITCHEN)
    assert "martes: 1" in (said := await results(talk, number)), said
    assert "jueves: 1" in said, "one's own goes before"


async def test_given_for_this_decision_in_the_other_room_or_in_private(talk: Talk) -> None:
    await three_rooms(talk)
    number = await asked(talk)
    await given(talk, "dora", f"!delegar @bea {number}", KITCHEN)
    await talk.says("bea", f"!votar {number} 1", room=KITCHEN)
    assert "martes: 2" in await results(talk, number)
    await talk.tells("dora", "!delegar no @bea")
    await talk.said()
    assert "martes: 1" in await results(talk, number)
    await talk.tells("dora", f"!delegar @bea:test {number}")
    await talk.wait(timedelta(minutes=1))
    await talk.tells("bea", "sí")
    await talk.said()
    assert "martes: 2" in await results(talk, number)


async def test_who_goes_out_of_that_room_takes_it_along_and_a_stranger_is_none(talk: Talk) -> None:
    await three_rooms(talk)
    number = await asked(talk)
    said = await talk.answer("dora", f"!delegar @elsa:test {number}", room=KITCHEN)
    assert "no vota en esa sala" in said or "no conozco" in said.lower(), said
    await given(talk, "dora", "!delegar @bea", KITCHEN)
    await talk.moves("dora", Membership.LEAVE, KITCHEN)
    await talk.said()
    await talk.says("bea", f"!votar {number} 2", room=ROOM)
    assert "jueves: 1" in await results(talk, number)


async def test_how_many_one_may_hold_is_for_the_room_in_which_it_was_made(talk: Talk) -> None:
    await three_rooms(talk)
    await given(talk, "carla", "!delegar @bea", ROOM)
    await given(talk, "dora", "!delegar @bea", KITCHEN)
    await talk.set("delegations_held", "1")
    number = await asked(talk)
    await talk.says("bea", f"!votar {number} 2", room=ROOM)
    assert "jueves: 2" in await results(talk, number), "herself and one more"
