"""The lines by which hurried people call an election."""

from __future__ import annotations

import pytest

from commands.decision_rules.ballots import SeatQuota
from commands.decision_rules.seat_quotas import MEN, WOMEN
from commands.elections.election_line import (
    APPROVAL,
    MOST,
    ElectionLine,
    group_name,
    read_election,
    split_groups,
)

SOUTH = SeatQuota("sur", 2, 5, frozenset())
PARITY = (SeatQuota(WOMEN, 0, 3, frozenset()), SeatQuota(MEN, 0, 3, frozenset()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "Comité puestos:5 candidaturas hasta viernes, voto hasta domingo",
            ElectionLine("Comité", 5, "viernes", "domingo"),
        ),
        (
            "de coordinación 3 puestos, candidaturas hasta el 5/12, voto hasta el 8/12 secreta",
            ElectionLine("coordinación", 3, "5/12", "8/12", secret=True),
        ),
        (
            "comite puestos: 5 con paridad",
            ElectionLine("comite", 5, quotas=PARITY),
        ),
        (
            '"Mesa y votos" puestos:5 al menos 2 de: sur metodo: aprobacion',
            ElectionLine("Mesa y votos", 5, method=APPROVAL, quotas=(SOUTH,)),
        ),
        (
            "Comité 5 puestos candidaturas: viernes 10h y voto: domingo 20h votan: organizaciones",
            ElectionLine("Comité", 5, "viernes 10h", "domingo 20h", voters="organizaciones"),
        ),
        (
            "da Comissão vagas:3 candidaturas até sexta 18h, voto até domingo, método: maioria",
            ElectionLine("Comissão", 3, "sexta 18h", "domingo", MOST),
        ),
        (
            "Comissão 5 vagas em secreto com paridade",
            ElectionLine("Comissão", 5, secret=True, quotas=PARITY),
        ),
        (
            "Committee seats:5 candidacies until Friday, vote until Sunday",
            ElectionLine("Committee", 5, "Friday", "Sunday"),
        ),
        (
            "for Board 5 seats at least 2 of: sur, at most 3 of women anonymous",
            ElectionLine("Board", 5, secret=True, quotas=(SOUTH, PARITY[0])),
        ),
        ("Comité metodo: borda", ElectionLine("Comité", unknown="borda")),
        ("Comité", ElectionLine("Comité")),
        ("puestos:5", ElectionLine("", 5)),
        ("", ElectionLine("")),
    ],
)
def test_an_election_as_people_type_it(typed: str, meant: ElectionLine) -> None:
    assert read_election(typed) == meant


def test_a_long_hostile_line_is_read_at_once() -> None:
    for line in ("candidaturas hasta " * 400, "al menos 2 de: sur " * 400, "5 puestos y " * 700):
        assert isinstance(read_election(line[:8000]), ElectionLine)


@pytest.mark.parametrize(
    ("typed", "words", "groups"),
    [
        ("sigo con la radio grupo: Sur, mujeres", "sigo con la radio", ("sur", WOMEN)),
        ("grupo: mulher e norte", "", (WOMEN, "norte")),
        ("I keep the radio group: South Coast", "I keep the radio", ("south-coast",)),
        ("un grupo de la radio", "un grupo de la radio", ()),
    ],
)
def test_a_candidates_words_and_groups(typed: str, words: str, groups: tuple[str, ...]) -> None:
    assert split_groups(typed) == (words, groups)


def test_groups_are_the_same_in_every_language() -> None:
    assert {group_name(one) for one in ("Mujeres", "mulher", "women")} == {WOMEN}
    assert {group_name(one) for one in ("hombre", "HOMENS", "men")} == {MEN}
