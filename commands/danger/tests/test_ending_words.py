"""What ends a call for help: set phrases, and a courtesy beside them as people write it."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.danger import call_endings
from commands.danger.tests.test_panic import letters


@pytest.mark.parametrize(
    "line",
    [
        *("cancelar pfv", "cancelar porfis", "cancela xfa", "cancelar muchas gracias"),
        *("alarma falsa", "falso alarme"),
        *("falsa alarma, lo siento", "cancelar mto obg", "cancel thank u", "disculpen, cancelar"),
    ],
)
def test_a_courtesy_beside_it_ends_it_all_the_same(line: str) -> None:
    assert call_endings.is_over(line)


@pytest.mark.parametrize("words", ["cancelar porfavor", "cancelar muito obrigada", "cancel plis"])
async def test_without_an_open_call_it_starts_none(talk: Talk, words: str) -> None:
    await talk.tells("bea", f"panico {words}")
    told = await letters(talk)
    assert "No tienes ningún aviso abierto" in "\n".join(told["bea"]) and "ana" not in told, told


@pytest.mark.parametrize(
    "line",
    [
        *("cancelar no, vengan", "no cancelar por favor", "por favor vengan", "no es falsa alarma"),
        *("dont cancel please", "estoy bien gracias", "im fine", "ja to bem", "please come"),
        *("muchas gracias", "cancelar, lo siento en la puerta", "porfa no cancelar, vengan"),
    ],
)
def test_what_says_more_than_a_courtesy_ends_no_call(line: str) -> None:
    assert not call_endings.is_over(line)
