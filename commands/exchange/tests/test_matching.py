"""Do offers and needs find each other? 200 labelled pairs, and what a network adds to our words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.exchange.matching.fit import Fit, compute_fit
from commands.exchange.matching.lexicon import Lexicon, built_in_lexicon
from commands.exchange.matching.meaning import parse_meaning

PAIRS = Path(__file__).parent / "pairs"
HALVES = ("tuning", "held_out")
LEAST = (0.9, 0.7)
"""Precision and recall that the network is promised."""


def pairs(half: str) -> list[tuple[bool, str, str, str, str]]:
    rows = [line.split("\t") for line in (PAIRS / f"{half}.tsv").read_text("utf-8").splitlines()]
    return [(label == "1", *rest) for label, *rest in rows]  # type: ignore[misc]


def fits(need: str, offer: str, lexicon: Lexicon | None = None) -> Fit:
    known = lexicon or built_in_lexicon()
    return compute_fit(parse_meaning(need, known), parse_meaning(offer, known))


def rates(halves: Iterable[str]) -> tuple[float, float]:
    """Precision and recall."""
    rows = [
        (label, fits(need, offer).is_enough)
        for half in halves
        for label, _of, _to, need, offer in pairs(half)
    ]
    both = sum(label and found for label, found in rows)
    return both / sum(found for _label, found in rows), both / sum(label for label, _found in rows)


def test_the_pairs_are_two_hundred_in_three_languages_and_of_both_kinds() -> None:
    every = [row for half in HALVES for row in pairs(half)]
    assert len(every) == len({(need, offer) for *_rest, need, offer in every}) == 200
    assert 80 <= sum(label for label, *_rest in every) <= 120
    spoken = {(of, to) for _label, of, to, *_rest in every}
    assert {("es", "pt"), ("pt", "es"), ("en", "es"), ("es", "en"), ("en", "pt")} <= spoken


def test_precision_and_recall_on_all_pairs(record_property: Callable[[str, str], None]) -> None:
    for half in HALVES:
        precision, recall = rates([half])
        record_property(half, f"precision {precision:.3f}, recall {recall:.3f}")
    precision, recall = rates(HALVES)
    assert precision >= LEAST[0], precision
    assert recall >= LEAST[1], recall


def test_what_was_never_looked_at_is_found_about_as_well() -> None:
    """Words chosen for the pairs that we looked at alone would not hold here."""
    precision, recall = rates(["held_out"])
    assert precision >= 0.85, precision
    assert recall >= 0.7, recall


def test_it_says_why() -> None:
    found = fits("carro pra levar som sabado em olinda", "kombi aos sábados, Recife")
    assert found.is_enough
    assert (found.themes, found.words) == (("transport",), ("carro",))
    assert found.near == ("olinda", "Recife")


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("bici en Cali", "bici en Medellín"),
        ("clases de guitarra", "clases de piano"),
        ("", "kombi"),
        ("kombi", ""),
        ("de para con", "de para con"),
        ("!?#", "#!?"),
        ("x" * 4000, "kombi"),
        ("alguien que ayude", "alguien que ayude"),
    ],
)
def test_what_does_not_fit(need: str, offer: str) -> None:
    assert not fits(need, offer).is_enough


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("clases de quechua en Cali", "enseño quechua por videollamada desde Cusco"),
        ("un abogado en Colombia", "abogada en Medellín"),
        ("yembé para el domingo", "presto un yembé"),
        ("roupas de bebê", "doo roupinhas de bebê"),
        ("mesita para niños", "regalo mesas de niños"),
        ("#sonido parlantes", "parlante #Sonido"),
    ],
)
def test_what_fits_though_it_is_far_rare_or_under_a_theme(need: str, offer: str) -> None:
    assert fits(need, offer).is_enough


def test_a_network_adds_its_own_words() -> None:
    need, offer = "guagua para ir a la marcha", "chiva disponible"
    assert not fits(need, offer).is_enough
    own = built_in_lexicon().with_synonyms([("guagua", "bus"), ("chiva", "guagua")])
    found = fits(need, offer, own)
    assert (found.is_enough, found.own) == (True, True)
    assert fits("una chiva", "camión", own).is_enough, "through any number of pairs"
    assert own.stems_for({"transport"}) >= {"guagu", "chiv"}


def test_words_that_only_a_network_knows_mean_each_other() -> None:
    own = built_in_lexicon().with_synonyms([("cambuche", "rancho de tabla")])
    assert fits("cambuche para la toma", "rancho de tabla", own).is_enough


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_it_fits_or_not_and_never_breaks(need: str, offer: str) -> None:
    found = fits(need, offer)
    assert 0 <= found.score <= 1
    assert found == fits(need, offer)


def test_a_line_of_ten_thousand_letters_fits_itself() -> None:
    """How much longer a longer one takes: `make bench ONLY=parts`."""
    long = "kombi, sillas en Recife de São Paulo para a festa " * 200
    assert fits(long, long).is_enough
