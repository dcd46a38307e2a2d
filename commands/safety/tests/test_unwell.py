"""Whoever is waited for and writes that they are not well is asked whether to call their people."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.safety import back_words

ASKED, OPEN = "¿Aviso ya a tu gente", "Número 1. Hora de regreso"
UNWELL = [
    *("llegue pero no estoy bien", "llegué pero me siguieron hasta la puerta", "no estoy ok"),
    *("cheguei mas não tô bem", "cheguei mas me seguiram", "arrived but they followed me"),
    *("i'm not ok", "no me siento bien", "não estou segura"),
]
WELL = [
    *("llegue bien", "no estoy en casa", "llegue pero me voy a dormir", "estoy bien", "im ok"),
    *("no estoy bien?", "cheguei mas vou dormir", "im not home"),
]


async def reads(talk: Talk, line: str) -> str:
    await talk.said()
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said(await talk.private("bea")))


def test_what_says_so_and_what_does_not() -> None:
    assert [line for line in [*UNWELL, *WELL] if back_words.sounds_unwell(line)] == UNWELL


@pytest.mark.parametrize("line", UNWELL)
async def test_the_check_in_stays_open_and_a_yes_calls(talk: Talk, line: str) -> None:
    await talk.private("carla")
    assert OPEN not in await reads(talk, "regreso en 3 horas @carla")
    assert ASKED in await reads(talk, line)
    assert "No avisé a nadie" in await reads(talk, "no")
    assert OPEN in await reads(talk, "pendientes")
    assert ASKED in await reads(talk, line)
    assert "Estoy avisando ahora" in await reads(talk, "si")


async def test_who_is_not_waited_for_is_not_asked(talk: Talk) -> None:
    assert ASKED not in await reads(talk, "llegue pero no estoy bien")
