"""How decisions are written: dates side by side, stances said at length, words for the end."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.polls.tests.test_decisions import CHARTER, heard, labels, proposed


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
@pytest.mark.parametrize(
    ("line", "labels_said"),
    [
        ('!cuando "Asamblea" 30/11 01/12', ("lunes 30 de noviembre", "martes 1 de diciembre")),
        ("!cuando Asamblea lunes 18h y martes 19h", ("30 de noviembre, 18:00", "diciembre, 19:00")),
        ("!quando Assembleia\nsegunda 18h\nterça 19h", ("30 de noviembre, 18:00", "19:00")),
    ],
)
async def test_dates_stand_side_by_side_in_many_ways(
    talk: Talk, line: str, labels_said: tuple[str, ...]
) -> None:
    opening, native, _number = await proposed(talk, line)
    assert len(labels(native)) == 2
    for words in labels_said:
        assert words in opening.plain


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
async def test_a_date_that_does_not_exist_is_asked_back(talk: Talk) -> None:
    await talk.says("ana", '!cuando "Asamblea" 30/11 31/11')
    await heard(talk, "31/11")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_stance_said_at_length_is_a_vote_with_its_reason(talk: Talk) -> None:
    opening, _native, _number = await proposed(talk, CHARTER)
    await talk.says("bea", "estoy a favor, me parece bien", reply=opening)
    await heard(talk, "Anotado: a favor", "me parece bien")
    await talk.says("bea", "no, espera", reply=opening)
    await talk.hears_nothing()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_the_end_of_a_proposal_calls_it_one(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, CHARTER)
    await talk.says("ana", f"!cerrar {number}")
    assert "La propuesta" in next(p.plain for p in await talk.sent() if p.kind.endswith("poll.end"))
    await talk.says("bea", "a favor", reply=opening)
    await heard(talk, "La propuesta", "cerró")


@pytest.mark.parametrize("end", ["hasta 31/02", "até 31/02", "hasta el 30/02/2027", "until 31/4"])
async def test_a_deadline_that_does_not_exist_is_no_option(talk: Talk, end: str) -> None:
    await talk.says("ana", f"!encuesta ¿Dónde? Norte, Sur {end}")
    await heard(talk, "como fecha")
    await talk.says("ana", f'!encuesta ¿Cuándo llega? "Norte" "Sur {end}"')
    await heard(talk, f"Sur {end}")
