"""A budget from its opening to its signed result, as conversations."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk

OPEN = '!presupuesto 10000 "Radio" 4000, "Taller" 2500, "Marcha" 6000'


async def test_the_result_says_what_goes_in_what_is_left_and_why(talk: Talk) -> None:
    opened = await talk.answer("bea", OPEN)
    assert "Radio (4000)" in opened
    assert "parte igual" in opened
    await talk.answer("ana", "!votar 1 Radio, Taller")
    await talk.answer("carla", "!votar 1 3")
    await talk.answer("bea", "!votar 1 1")
    await talk.says("bea", "!cerrar 1")
    said = "\n".join(post.plain for post in await talk.said())
    assert "entran Radio · Taller. Sobran: 3500." in said
    assert "Radio (4000): 2 · entra: la pagan las partes de quienes la eligieron" in said
    assert "Marcha (6000): 1 · queda afuera: cuesta más que los 3500 que sobran" in said


async def test_by_votes_the_most_chosen_go_in_first(talk: Talk) -> None:
    assert "Lo más elegido entra primero" in await talk.answer("bea", OPEN + " regla:votos")
    for who, vote in (("ana", "3"), ("carla", "3"), ("bea", "1 2")):
        await talk.answer(who, f"!votar 1 {vote}")
    await talk.says("bea", "!cerrar 1")
    said = "\n".join(post.plain for post in await talk.said())
    assert "Marcha (6000): 2 · entra: es lo más elegido, y cabe" in said


async def test_points_say_how_much_one_wants_it(talk: Talk) -> None:
    assert "0 a 5 puntos" in await talk.answer("bea", OPEN + " puntos:5")
    assert "Radio 5" in await talk.answer("ana", "!votar 1 1:5 2:0")
    assert "0 a 5" in await talk.answer("carla", "!votar 1 1:6")


async def test_nobody_voting_spends_nothing(talk: Talk) -> None:
    await talk.answer("bea", OPEN)
    await talk.says("bea", "!cerrar 1")
    assert "nadie votó" in "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize("line", ["!orçamento 10 mil Rádio 4 mil, Oficina 2 mil", OPEN])
async def test_it_can_be_tapped(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    await talk.taps("ana", 1, "o1", "o2")
    assert "Oficina (2000): 1" in (said := await talk.answer("bea", "!resultados 1")) or (
        "Taller (2500): 1" in said
    )
