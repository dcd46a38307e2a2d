"""An accepted answer is a line in a small room and a ✓ in a big one, or as the room wishes."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import Membership

CROWD = [f"p{n}" for n in range(1, 10)]
"""With Ana, Bea and Carla they are twelve."""


async def poll_in(talk: Talk, people: list[str]) -> PostedEvent:
    """Ask something in the room, with these people in it too. Returns the opening."""
    for one in people:
        await talk.moves(one, Membership.JOIN)
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    opening, *_poll = await talk.sent()
    return opening


def is_tick(post: PostedEvent, on: str) -> bool:
    if post.kind != "m.reaction":
        return False
    relation = post.content["m.relates_to"]
    return bool(relation["key"] == "✓" and relation["event_id"] == on)


async def test_eleven_people_read_a_line(talk: Talk) -> None:
    opening = await poll_in(talk, CROWD[:-1])
    await talk.says("bea", "2", reply=opening)
    await talk.hears("Anotado: Sur.")


async def test_twelve_people_see_a_tick_on_what_was_typed_or_replied(talk: Talk) -> None:
    opening = await poll_in(talk, CROWD)
    replied = await talk.says("bea", "2", reply=opening)
    (tick,) = await talk.sent()
    assert is_tick(tick, replied)
    typed = await talk.says("carla", "!votar 1 Norte")
    (tick,) = await talk.sent()
    assert is_tick(tick, typed)


async def test_bots_are_not_counted(talk: Talk) -> None:
    await talk.set("bots", "@p1:test @p2:test")
    opening = await poll_in(talk, CROWD)
    await talk.says("bea", "2", reply=opening)
    await talk.hears("Anotado: Sur.")


@pytest.mark.parametrize("word", ["líneas", "no", "linhas"])
async def test_a_big_room_can_have_lines(talk: Talk, word: str) -> None:
    await talk.says("ana", f"!configurar respuestas-breves {word}")
    await talk.says("ana", "sí")
    await talk.sent()
    opening = await poll_in(talk, CROWD)
    await talk.says("bea", "2", reply=opening)
    await talk.hears("Anotado: Sur.")


@pytest.mark.parametrize("word", ["siempre", "sí", "✓"])
async def test_a_small_room_can_have_ticks(talk: Talk, word: str) -> None:
    await talk.says("ana", f"!configurar respuestas-breves {word}")
    await talk.says("ana", "sí")
    await talk.sent()
    opening = await poll_in(talk, [])
    said = await talk.says("bea", "2", reply=opening)
    (tick,) = await talk.sent()
    assert is_tick(tick, said)


async def test_what_a_room_chose_before_there_were_three_values_stands(talk: Talk) -> None:
    await talk.set("short_answers", "yes")
    await talk.says("ana", "!configurar respuestas-breves")
    await talk.hears("siempre")


async def test_in_private_a_vote_is_answered_in_words(talk: Talk) -> None:
    await poll_in(talk, CROWD)
    await talk.tells("bea", "votar 1 2")
    await talk.hears("Anotado: Sur.")


async def test_what_is_off_is_said_in_words(talk: Talk) -> None:
    opening = await poll_in(talk, CROWD)
    await talk.says("bea", "7", reply=opening)
    await talk.hears("No hay una opción 7")
    await talk.says("ana", "!cerrar 1")
    await talk.sent()
    await talk.says("bea", "2", reply=opening)
    await talk.hears("ese voto no cuenta")


async def test_an_event_is_answered_the_same_way(talk: Talk) -> None:
    await talk.says("ana", "!evento Taller mañana 19h")
    await talk.sent()
    assert "Anotado" in await talk.answer("bea", "voy 1")
    for one in CROWD:
        await talk.moves(one, Membership.JOIN)
    said = await talk.says("carla", "voy 1")
    (tick,) = await talk.sent()
    assert is_tick(tick, said) and tick.room == ROOM
