"""How decisions are written: dates side by side, stances said at length, words for the end."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk, dated
from commands.polls.tests.test_decisions import CHARTER, heard, labels, proposed


@pytest.mark.parametrize(
    ("line", "language", "labels_said"),
    [
        ('!cuando "Asamblea" {+5} {+6}', "es", ("{+5 day}", "{+6 day}")),
        (
            "!cuando Asamblea {+5 weekday} 18h y {+6 weekday} 19h",
            "es",
            ("{+5 day}, 18:00", "{+6 day}, 19:00"),
        ),
        (
            "!quando Assembleia\n{+5 weekday} 18h\n{+6 weekday} 19h",
            "pt",
            ("{+5 day}, 18:00", "{+6 day}, 19:00"),
        ),
    ],
)
async def test_dates_stand_side_by_side_in_many_ways(
    talk: Talk, line: str, language: str, labels_said: tuple[str, ...]
) -> None:
    opening, native, _number = await proposed(talk, dated(line, language))
    assert len(labels(native)) == 2
    for words in labels_said:
        assert dated(words) in opening.plain


async def test_a_date_that_does_not_exist_is_asked_back(talk: Talk) -> None:
    await talk.says("ana", dated('!cuando "Asamblea" {+5} 31/02'))
    await heard(talk, "31/02")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_stance_said_at_length_is_a_vote_with_its_reason(talk: Talk) -> None:
    opening, _native, _number = await proposed(talk, CHARTER)
    await talk.says("bea", "estoy a favor, me parece bien", reply=opening)
    await heard(talk, "Anotado: a favor", "me parece bien")
    await talk.says("bea", "no, espera", reply=opening)
    await heard(talk, "¿Es tu voto?")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_the_end_of_a_proposal_calls_it_one(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, CHARTER)
    assert f"La propuesta {number} sigue abierta" in await talk.answer("bea", f"!acta {number}")
    await talk.says("ana", f"!cerrar {number}")
    assert "propuesta" not in next(p.plain for p in await talk.sent())
    await talk.says("bea", "a favor", reply=opening)
    await heard(talk, "La propuesta", "cerró")


@pytest.mark.parametrize("end", ["hasta 31/02", "até 31/02", "hasta el 30/02/2027", "until 31/4"])
async def test_a_deadline_that_does_not_exist_is_no_option(talk: Talk, end: str) -> None:
    await talk.says("ana", f"!encuesta ¿Dónde? Norte, Sur {end}")
    await heard(talk, "como fecha")
    await talk.says("ana", f'!encuesta ¿Cuándo llega? "Norte" "Sur {end}"')
    await heard(talk, f"Sur {end}")
