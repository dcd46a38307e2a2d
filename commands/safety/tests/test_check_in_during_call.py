"""A check-in begun, moved or ended while a call for help is open tells nothing to whom it accuses.

Bea writes; Ana moderates and is called.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.safety.tests.test_accused_contacts import OVERDUE, SPARED, letters

OUT = "!regreso en 1 hora"
NAMED, ACCUSES = f"{OUT} @ana @carla", "panico carla me esta pegando"
NAMES_YOU, TELLS = "te nombra", "aviso a"


async def told(talk: Talk, line: str, who: str = "bea") -> dict[str, str]:
    await letters(talk)
    await talk.tells(who, line)
    await talk.wait(timedelta(0))
    return await letters(talk)


async def test_one_begun_with_the_usual_contacts_writes_to_the_others_alone(talk: Talk) -> None:
    await told(talk, NAMED)
    await told(talk, "!regreso ok")
    await told(talk, ACCUSES)
    heard = await told(talk, OUT)
    assert heard["carla"] == "" and NAMES_YOU in heard["ana"]
    assert SPARED in heard["bea"]
    (tells,) = [line for line in heard["bea"].splitlines() if TELLS in line]
    assert "Ana (@ana:test)" in tells and "Carla" not in tells


async def test_one_that_names_the_accused_alone_says_that_nobody_is_told(talk: Talk) -> None:
    await told(talk, ACCUSES)
    heard = await told(talk, f"{OUT} @carla")
    assert heard["carla"] == "" and SPARED in heard["bea"] and TELLS not in heard["bea"]
    assert heard["bea"].count("no le avisaría a nadie") == 1 and "`ok`" in heard["bea"]


async def test_more_time_and_fewer_contacts_are_told_to_the_others_alone(talk: Talk) -> None:
    await told(talk, NAMED)
    await told(talk, ACCUSES)
    heard = await told(talk, "!regreso en 2 horas")
    assert heard["carla"] == "" and NAMES_YOU in heard["ana"]
    heard = await told(talk, "!regreso")
    assert SPARED in heard["bea"] and heard["carla"] == ""
    heard = await told(talk, f"{OUT} @ana")
    assert heard["carla"] == ""


@pytest.mark.parametrize(
    ("end", "reads"), [("!regreso ok", "ya regresó y está bien"), ("!cancelar 1", "lo retiró")]
)
async def test_its_end_is_told_to_the_others_alone(talk: Talk, end: str, reads: str) -> None:
    await told(talk, NAMED)
    await talk.wait(timedelta(minutes=75))
    assert OVERDUE in (await letters(talk))["carla"]
    await told(talk, ACCUSES)
    heard = await told(talk, end)
    assert heard["carla"] == "" and reads in heard["ana"]


async def test_that_it_is_given_up_is_told_to_the_others_alone(talk: Talk) -> None:
    await told(talk, NAMED)
    for _round in range(9):  # an hour, then four alarms and the last look
        await talk.wait(timedelta(minutes=15))
    await talk.wait(timedelta(hours=23))
    await told(talk, ACCUSES)
    await talk.wait(timedelta(hours=2))
    heard = await letters(talk)
    assert heard["carla"] == "" and "No supe nada de Bea" in heard["ana"]


NOT_BEGUN = "Con eso no espero ningún `ok` tuyo. Para que lo espere, escríbelo otra vez con “!”"


@pytest.mark.parametrize(
    "line", ["regreso 22:00", "volto 22h", "back by 22:00", "si no vuelvo a las 22 avisa a ana"]
)
async def test_a_plain_check_in_is_a_line_of_the_call_and_says_so(talk: Talk, line: str) -> None:
    """Who was called reads when she means to be back; a wait might begin by mistake."""
    await told(talk, "panico me siguen")
    heard = await told(talk, line)
    assert f"“{line}”" in heard["ana"] and NOT_BEGUN in heard["bea"]
    assert "Anotado" not in heard["bea"]


@pytest.mark.begins("10:00", "it names an hour of this day")
@pytest.mark.parametrize("line", ["regreso 22:00", "volto 22h", "back by 22:00"])
async def test_the_same_line_with_a_mark_begins_it(talk: Talk, line: str) -> None:
    await told(talk, NAMED)
    await told(talk, "!regreso ok")
    await told(talk, "panico me siguen")
    heard = await told(talk, f"!{line}")
    assert "Anotado" in heard["bea"] and NAMES_YOU in heard["carla"]


@pytest.mark.parametrize("line", ["estoy en la calle 5", "vuelve a las 10 mi ex", "voy a la 7"])
async def test_any_other_line_says_nothing_of_it(talk: Talk, line: str) -> None:
    await talk.tells("bea", "panico me siguen")
    assert NOT_BEGUN not in (await told(talk, line))["bea"]
