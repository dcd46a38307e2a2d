"""Which words would tell other networks how to reach somebody."""

from __future__ import annotations

import pytest

from commands.exchange.identifiers import find_identifier


@pytest.mark.parametrize(
    "text",
    [
        "escribir a @ana:red.org",
        "pergunte pra @ana",
        "ana@radio.org tiene las llaves",
        "300 123 4567",
        "kombi: +57 (300) 123-4567",
        "liga 81 99876-5432",
        "3001234567",
        "tel. 55.1234.5678",
        "wa.me/573001234567",
        "t.me/anaradio",
        "https://matrix.to/#/x:y",
        "clases 26-11-2026, 300 123 4567",
    ],
)
def test_addresses_and_telephone_numbers_are_seen(text: str) -> None:
    assert find_identifier(text)


@pytest.mark.parametrize(
    "text",
    [
        "kombi los sábados",
        "10 sillas y 4 mesas",
        "el 2026-11-26 a las 19:00",
        "el 26-11-2026",
        "vale 1.500.000 pesos",
        "hasta 2 500 000",
        "nos vemos @ la sede",
        "de 8-12 y 14-18",
        "calle 26 # 13-40",
        "https://radio.org/curso",
        "2026",
        "",
    ],
)
def test_days_amounts_and_streets_are_none(text: str) -> None:
    assert find_identifier(text) is None
