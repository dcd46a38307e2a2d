"""A budget from its opening to its signed result, as conversations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from commands.ballot_secrecy.tests import secret_talk
from commands.decisions.tests.test_export import checked, exported

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


async def test_the_opening_says_afterwards_what_goes_in(talk: Talk) -> None:
    await talk.answer("bea", OPEN)
    for who, vote in (("ana", "1 2"), ("carla", "1 2"), ("bea", "1")):
        await talk.answer(who, f"!votar 1 {vote}")
    await talk.says("bea", "!cerrar 1")
    edited = next(post.plain for post in await talk.sent() if "Cerrada: " in post.plain)
    assert "entran Radio (4000) · Taller (2500)" in edited
    assert "gana" not in edited


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
    poll = next(post for post in await talk.sent() if post.is_poll)
    await talk.taps("ana", poll, 1, 2)
    assert "1 de 3 personas" in (said := await talk.answer("bea", "!resultados 1"))
    assert said.count(": 1 · entra") == 2


async def test_the_signed_file_is_counted_again_without_us(talk: Talk, tmp_path: Path) -> None:
    await talk.answer("bea", OPEN)
    for who, vote in (("ana", "1 2"), ("carla", "3"), ("bea", "1")):
        await talk.answer(who, f"!votar 1 {vote}")
    await talk.says("bea", "!cerrar 1")
    await talk.sent()
    table, file = await exported(talk, "bea", "!exportar 1")
    assert any("presupuesto" in cell for row in table for cell in row)
    fine, said = checked(tmp_path, file)
    assert fine, said
    assert "Radio · Taller go" in said
    assert "Left over: 3500." in said
    forged = json.loads(file)
    forged["rule"]["method"] = forged["rule"]["method"].replace("6000", "3000")
    assert not checked(tmp_path, json.dumps(forged).encode())[0]


async def test_in_secret_it_is_counted_from_the_board(talk: Talk, tmp_path: Path) -> None:
    await secret_talk.six(talk)
    opening, number = await secret_talk.opened(talk, OPEN + " secreta")
    assert "votar 1 1 2" in opening.plain
    assert "partes de quienes" in opening.plain
    await secret_talk.fill(talk, number, "1 2", "1 2", "1", "3", "1", "3")
    shown, bundle = await secret_talk.closed(talk, number)
    assert "entra" in shown
    assert "Radio (4000): 4" in shown
    fine, said = checked(tmp_path, bundle.to_json().encode())
    assert fine, said
