"""What a hurried person types to open a budget, in three languages, rightly and wrongly."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.budgets.amounts import AMOUNT, read_amount
from commands.budgets.budget_parser import parse_budget

THREE = (("Radio", 4000), ("Taller", 2500), ("Marcha", 6000))
TYPED = (
    ('10000 "Radio" 4000, "Taller" 2500, "Marcha" 6000', "", THREE),
    ("$10.000: Radio $4.000, Taller $2.500, Marcha $6.000", "", THREE),
    (
        "10 000 ¿En qué gastamos? Radio 4 000 / Taller 2 500 / Marcha 6 000",
        "¿En qué gastamos?",
        THREE,
    ),
    ("10000 pesos\nRadio: 4000\nTaller: 2500\n- Marcha: 6000", "", THREE),
    ("10 mil Radio 4 mil, Taller 2,5 mil y Marcha 6 mil pesos", "", THREE),
    ("para la fiesta 10000: Radio cuesta 4000, Taller 2500; Marcha 6000", "la fiesta", THREE),
    (
        'R$ 10.000,00 "Radio" R$ 4.000,00, "Taller" R$ 2.500,00, "Marcha" R$ 6.000,00',
        "",
        THREE,
    ),
    ("10 mil reais: Radio 4 mil reais | Taller 2.500 | Marcha 6.000,00", "", THREE),
    ("$10,000 Radio $4,000, Taller $2,500, Marcha $6,000", "", THREE),
    ('10k "What for?" Radio 4k, Taller 2.5k and Marcha 6k', "What for?", THREE),
    ('"Fondo común" 10000 "Radio" 4000 "Taller" 2500 "Marcha" 6000', "Fondo común", THREE),
    ("10000 Radio - 4000, Taller – 2500, Marcha = 6000", "", THREE),
)


@pytest.mark.parametrize(("text", "title", "projects"), TYPED)
def test_a_budget_is_read_as_people_type_it(
    text: str, title: str, projects: tuple[tuple[str, int], ...]
) -> None:
    found = parse_budget(text)
    assert found.money is not None
    assert (found.money.units, found.title, found.rest) == (10_000, title, "")
    assert tuple((name, cost.units) for name, cost in found.projects) == projects


def test_a_number_in_a_name_is_not_its_cost() -> None:
    found = parse_budget('5000 Taller 3 de marzo 2500, "Radio 24" 300, "Sala 2, piso 3" 100')
    assert [(name, cost.units) for name, cost in found.projects] == [
        ("Taller 3 de marzo", 2500),
        ("Radio 24", 300),
        ("Sala 2, piso 3", 100),
    ]


@pytest.mark.parametrize(
    ("text", "units", "fault"),
    [
        ("4.000", 4000, ""),
        ("4,000.00", 4000, ""),
        ("4'000", 4000, ""),
        ("4\u202f000", 4000, ""),
        ("US$ 1.234.567", 1_234_567, ""),
        ("2 millones", 2_000_000, ""),
        ("1,5 milhões de reais", 1_500_000, ""),
        ("4,50", 0, "cents"),
        ("0", 0, "small"),
        ("0,00", 0, "small"),
        ("-500", 0, "small"),
        ("999999999999999", 999_999_999_999_999, "large"),
    ],
)
def test_amounts_are_read_in_three_languages(text: str, units: int, fault: str) -> None:
    match = AMOUNT.fullmatch(text)
    assert match is not None
    found = read_amount(match)
    assert (found.units, found.fault) == (units, fault)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("!presupuesto", "Falta"),
        ("!presupuesto 10000", "Falta"),
        ('!presupuesto "Radio" 4000, "Taller" 2500', "Falta: la plata que hay"),
        ('!presupuesto 10000 "Radio" 4000, "Taller"', "“Taller” no tiene costo"),
        ('!presupuesto 10000 "Radio" 4000', "dos proyectos o más"),
        ('!presupuesto 10000 "Radio" 4000, "radio" 2500', "se ven igual"),
        ('!presupuesto 10000 "Radio" 0, "Taller" 2500', "más que cero"),
        ('!presupuesto 10000 "Radio" -3, "Taller" 2500', "más que cero"),
        ('!presupuesto 10000 "Radio" 4000,50, "Taller" 2500', "sin centavos"),
        ('!presupuesto 10000 "Radio" 12000, "Taller" 2500', "cuesta 12\u00a0000"),
        ('!presupuesto 100 "Radio" 4000, "Taller" 2500', "Nada cabe"),
        ("!presupuesto 9999999999999 A 1, B 2", "1\u00a0000\u00a0000\u00a0000\u00a0000"),
        ('!presupuesto 100 "A" 1, "B" 2 regla:dados', "regla “dados”"),
        ('!presupuesto 100 "A" 1, "B" 2 color:rojo', "“color:”"),
        ('!encuesta "¿Qué?" "A" "B" tipo:presupuesto', "la plata y los costos"),
    ],
)
async def test_what_cannot_be_counted_is_said_with_an_example(
    talk: Talk, line: str, part: str
) -> None:
    assert part in await talk.answer("bea", line)
    async with talk.machine.db.reading() as tx:
        assert not await tx.count("SELECT count(*) AS n FROM poll_book_poll")
