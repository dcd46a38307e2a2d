"""Who wrote `me ocupo`, which any contact can, is called by words that accuse them no more than
anybody else is. Bea is overdue; Ana moderates, and both she and Carla are named and called."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.danger.tests.test_called_by_name import ALARM, carla_is_named
from commands.safety.tests.test_accused_caretaker import NO_MORE, bea_is_overdue
from commands.safety.tests.test_accused_contacts import OVERDUE, letters
from commands.safety.tests.test_check_in_during_call import told

ACCUSED_UNSURELY = ["carlita me tiene encerrada", "karla me pega", "no le digan a carlita"]
IN_PASSING = ["carla ya llegó", "carla está en la puerta con un cuchillo"]


async def carla_looks_after_bea(talk: Talk) -> None:
    await carla_is_named(talk)
    await bea_is_overdue(talk)
    await told(talk, "me ocupo 1", "carla")


async def hears_nothing_more(talk: Talk, *lines: str) -> None:
    for line in lines:
        assert (await told(talk, line))["carla"] == ""
    await talk.wait(timedelta(minutes=16))
    assert (await letters(talk))["carla"] == ""


@pytest.mark.parametrize("line", ACCUSED_UNSURELY)
async def test_whom_the_alarm_accuses_by_a_short_name_is_neither_called_nor_looks_after_her(
    talk: Talk, line: str
) -> None:
    await carla_looks_after_bea(talk)
    heard = await told(talk, f"pánico {line}")
    assert heard["carla"] == "" and ALARM in heard["ana"] and OVERDUE in heard["ana"]
    assert "No le aviso a quien nombras: Carla" in heard["bea"] and NO_MORE in heard["bea"]
    await hears_nothing_more(talk, "estoy en la calle 5")


@pytest.mark.parametrize("line", ACCUSED_UNSURELY)
async def test_nor_is_whom_a_later_line_accuses(talk: Talk, line: str) -> None:
    await carla_looks_after_bea(talk)
    assert ALARM in (await told(talk, "pánico me siguen"))["carla"]
    heard = await told(talk, line)
    assert heard["carla"] == "" and NO_MORE in heard["bea"] and OVERDUE in heard["ana"]
    await hears_nothing_more(talk, "estoy en la calle 5", "carla ya llegó")


@pytest.mark.parametrize("line", ACCUSED_UNSURELY)
async def test_nor_is_who_is_on_the_way(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    await told(talk, "pánico me siguen")
    await told(talk, "voy", "carla")
    heard = await told(talk, line)
    assert heard["carla"] == "" and ALARM in heard["ana"]
    await hears_nothing_more(talk, "estoy en la calle 5")


@pytest.mark.parametrize("line", IN_PASSING)
async def test_who_is_named_in_passing_looks_after_her_still_and_reads_nothing_of_the_call(
    talk: Talk, line: str
) -> None:
    """Nobody asked her to: of harm that the bot does not understand she is to read as little."""
    await carla_looks_after_bea(talk)
    heard = await told(talk, f"pánico {line}")
    assert heard["carla"] == "" and ALARM in heard["ana"]
    assert NO_MORE not in heard["bea"] and OVERDUE not in heard["ana"]
    await hears_nothing_more(talk, line, "estoy en la calle 5")
    assert "ya regresó" in (await told(talk, "!regreso ok"))["carla"]


@pytest.mark.parametrize("line", IN_PASSING)
async def test_who_is_accused_after_that_does_so_no_more(talk: Talk, line: str) -> None:
    await carla_looks_after_bea(talk)
    await told(talk, f"pánico {line}")
    heard = await told(talk, "carlita me pega")
    assert heard["carla"] == "" and NO_MORE in heard["bea"] and OVERDUE in heard["ana"]


async def test_who_is_on_the_way_and_named_in_passing_is_so_still(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "pánico me siguen")
    await told(talk, "voy", "carla")
    assert "carla ya llegó" in (await told(talk, "carla ya llegó"))["carla"]
