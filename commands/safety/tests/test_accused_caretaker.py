"""Whom a call for help leaves out looks after nobody: the others are told again.

Bea is overdue and calls; Ana and Carla are named.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.safety.tests.test_accused_contacts import OVERDUE, letters
from commands.safety.tests.test_check_in_during_call import ACCUSES, NAMED, told

TAKES_CARE, NO_MORE = "se está ocupando de Bea", "ya no se ocupa de Bea"
OVER = "nadie te espera"


async def bea_is_overdue(talk: Talk) -> None:
    await told(talk, NAMED)
    await talk.wait(timedelta(minutes=75))
    assert OVERDUE in (await letters(talk))["ana"]


async def test_the_others_hear_that_she_does_not_and_are_told_until_one_does(talk: Talk) -> None:
    await bea_is_overdue(talk)
    assert TAKES_CARE in (await told(talk, "me ocupo 1", "carla"))["ana"]
    heard = await told(talk, ACCUSES)
    assert heard["carla"] == "" and OVERDUE in heard["ana"]
    assert "Carla (@carla:test) ya no se ocupa de Bea" in heard["ana"] and NO_MORE in heard["bea"]
    await talk.wait(timedelta(minutes=15))
    heard = await letters(talk)
    assert heard["carla"] == "" and OVERDUE in heard["ana"] and NO_MORE not in heard["ana"]
    assert OVER in (await told(talk, "me ocupo 1", "carla"))["carla"].lower()
    assert TAKES_CARE in (await told(talk, "me ocupo 1", "ana"))["bea"]


async def test_another_who_looks_after_her_does_so_still(talk: Talk) -> None:
    await bea_is_overdue(talk)
    await told(talk, "me ocupo 1", "ana")
    heard = await told(talk, ACCUSES)
    assert heard["carla"] == "" and OVERDUE not in heard["ana"] and NO_MORE not in heard["bea"]


async def test_who_is_left_when_another_can_not_be_told_is_nobody(talk: Talk) -> None:
    await told(talk, NAMED)
    await told(talk, ACCUSES)
    heard = (await told(talk, "regreso no 1", "ana"))["bea"]
    assert "no le avisaría a nadie" in heard and "Carla" not in heard


@pytest.mark.parametrize("line", ["me ocupo 1", "me ocupo", "regreso no 1"])
async def test_she_reads_the_same_as_of_one_that_is_over(talk: Talk, line: str) -> None:
    await bea_is_overdue(talk)
    await told(talk, ACCUSES)
    heard = await told(talk, line, "carla")
    assert OVER in heard["carla"].lower() and heard["ana"] == heard["bea"] == ""
    await told(talk, "falsa alarma")
    assert TAKES_CARE in (await told(talk, "me ocupo 1", "carla"))["ana"]


@pytest.mark.parametrize("line", ["carla ya llegó", "carla está conmigo", "estoy con carla"])
async def test_who_looks_after_her_and_is_named_does_so_still(talk: Talk, line: str) -> None:
    await bea_is_overdue(talk)
    await told(talk, "me ocupo 1", "carla")
    await told(talk, "panico me siguen")
    heard = await told(talk, line)
    assert NO_MORE not in heard["bea"] and OVERDUE not in heard["ana"]
    await talk.wait(timedelta(minutes=16))
    assert OVERDUE not in (await letters(talk))["ana"]
    assert "ya regresó" in (await told(talk, "!regreso ok"))["carla"]


async def test_who_is_accused_before_she_looks_after_her_does_not(talk: Talk) -> None:
    await bea_is_overdue(talk)
    await told(talk, "panico me siguen")
    await told(talk, "es carla, me pega")
    await told(talk, "me ocupo 1", "carla")
    assert (await told(talk, "carla ya llegó"))["carla"] == ""
