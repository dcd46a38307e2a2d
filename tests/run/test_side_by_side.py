"""Two wishes for the same thing wait in a room at the same time."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk, find_number
from commands.governance.tests.test_governance import DAY, PEOPLE, does


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=100)
    return talk


def number(said: str) -> str:
    """Of the proposal that was opened."""
    return said.split("Propuesta ")[1].split(":")[0]


async def test_of_two_decisions_on_a_setting_each_knows_the_other(talk: Talk) -> None:
    for setting in ("idioma", "prefijo"):
        await does(talk, "ana", f"!gobierno ajuste {setting} decisión")
    first = number(await does(talk, "carla", "!configurar idioma pt"))
    await talk.wait(DAY)
    said = await does(talk, "dani", "!configurar idioma en")
    assert f"Ya hay algo en espera sobre lo mismo, número {first}: “idioma: português”" in said
    second = number(said)
    assert "sobre lo mismo" not in await does(talk, "dani", "!configurar prefijo +")
    for who in PEOPLE:
        await talk.says(who, f"!votar {first} a favor")
        await talk.says(who, f"!votar {second} a favor")
    await talk.said()
    await talk.wait(2 * DAY)
    over = "\n".join(post.plain for post in await talk.said())
    assert f"O número {second} trata do mesmo e continua em espera: “idioma: English”" in over
    await talk.wait(DAY)
    over = "\n".join(post.plain for post in await talk.said())
    assert "Changed" in over
    assert "same" not in over


async def test_what_is_so_meanwhile_is_not_done_again(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno ajuste zona 2 moderadores")
    first = find_number(await does(talk, "ana", "!configurar zona Tokio razón: uno"))
    said = await does(talk, "ana", "!configurar zona Tokio razón: otro")
    assert "sobre lo mismo" in said
    second = find_number(said.split("!apoyar")[-1])
    await talk.answer("bea", f"!apoyar {second}")
    assert "Ya está así: zona: Tokio" in await talk.answer("bea", f"!apoyar {first}")
    assert (await talk.answer("bea", "!historial")).count("Bogotá → Tokio") == 1
