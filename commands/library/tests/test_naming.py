"""What stands behind `!guardar`, taken apart."""

from __future__ import annotations

import pytest

from bot.api import UnfitValue, UserError
from commands.library.content.typed_entries import (
    NAME_PATTERN,
    TypedEntry,
    parse_entry,
    suggest_name,
)
from commands.library.declaration import REVIEW

LINES = {
    "acuerdo Nos vemos los lunes": TypedEntry("acuerdo", "Nos vemos los lunes", ()),
    "#acuerdo Nos vemos #prensa #agua": TypedEntry("acuerdo", "Nos vemos", ("prensa", "agua")),
    '"acta de marzo" texto #prensa.': TypedEntry("acta-de-marzo", "texto", ("prensa",)),
    "mapa: https://ejemplo.org/a#b": TypedEntry("mapa", "https://ejemplo.org/a#b", ()),
    "https://ejemplo.org/a #prensa": TypedEntry("", "https://ejemplo.org/a", ("prensa",)),
    "lema La marcha del #8M en Bogotá": TypedEntry("lema", "La marcha del #8M en Bogotá", ("8M",)),
    "acta #prensa": TypedEntry("acta", "", ("prensa",)),
    "acta\nlínea uno\n\nlínea dos\n#prensa": TypedEntry(
        "acta", "línea uno\n\nlínea dos", ("prensa",)
    ),
    "acta ver #57 y #sala:servidor": TypedEntry("acta", "ver #57 y #sala:servidor", ()),
    "acta texto #Agua #agua #água": TypedEntry("acta", "texto", ("Agua",)),
    "acta texto visible:red #x": TypedEntry("acta", "texto", ("x",), "network"),
    "acta visível: rede texto": TypedEntry("acta", "texto", (), "network"),
    "acta texto visible:room": TypedEntry("acta", "texto", (), "room"),
    'acta "solo esto" #x': TypedEntry("acta", "solo esto", ("x",)),
    'acta dijo "no" y "sí"': TypedEntry("acta", 'dijo "no" y "sí"', ()),
    "": TypedEntry("", "", ()),
    "#la La casa": TypedEntry("la", "La casa", ()),
}
TOLD = {
    "el telefono de julio 3115551234": ("telefono-de-julio", "3115551234"),
    "o telefone do julio: 3115551234": ("telefone-do-julio", "3115551234"),
    "the phone of julio 311": ("phone-of-julio", "311"),
    "la clave del wifi gato123": ("clave-del-wifi", "gato123"),
    "mi correo ana@ejemplo.org": ("correo", "ana@ejemplo.org"),
    "el mapa https://ejemplo.org/a": ("mapa", "https://ejemplo.org/a"),
    "esto: llave en casa de luz": ("llave-en-casa", "llave en casa de luz"),
    "que la llave la tiene rosa": ("llave-la-tiene", "llave la tiene rosa"),
    "el acuerdo: Nos vemos los lunes": ("acuerdo", "Nos vemos los lunes"),
    "esto": ("esto", ""),
}
"""Told in words: no article is a name."""


@pytest.mark.parametrize("line", TOLD)
def test_no_article_is_a_name(line: str) -> None:
    typed = parse_entry(line)
    assert (typed.name, typed.text) == TOLD[line]


def test_name_words_and_themes() -> None:
    for line, typed in LINES.items():
        assert parse_entry(line) == typed, line


@pytest.mark.parametrize(
    "line",
    [
        "57 texto",
        "!!! texto",
        "ñ" * 10_000 + " texto",
        "acta texto #" + "a" * 60,
        "acta texto " + " ".join(f"#t{n}" for n in range(11)),
        "acta texto visible:mundo",
    ],
)
def test_what_is_no_name_and_no_theme(line: str) -> None:
    with pytest.raises(UserError):
        parse_entry(line)


def test_a_line_that_is_a_name() -> None:
    for line, named in {
        "#acuerdo": "acuerdo",
        "#8M": "8M",
        "#acta-final!": "acta-final",
    }.items():
        found = NAME_PATTERN.fullmatch(line)
        assert found is not None and found[1] == named, line
    for line in ("#sala:servidor", "# acta", "#acta y más", "##acta", "acta"):
        assert NAME_PATTERN.fullmatch(line) is None, line


def test_a_name_is_made_of_first_words() -> None:
    assert suggest_name("El número de la abogada es 555") == "El-número-de-la-abogada"
    assert suggest_name("https://www.ejemplo.org/a") == "ejemplo-org-a"
    assert suggest_name("🙂 2026") == ""
    assert len(suggest_name("a" * 500)) == 0


def test_how_often_as_people_say_it() -> None:
    every = REVIEW.kind
    for typed, days in {
        "6 meses": 180,
        "90 días": 90,
        "cada año": 365,
        "1 ano": 365,
        "uma semana": 7,
        "Every 2 months": 60,
        "no": 0,
        "não": 0,
        "30d": 30,
    }.items():
        assert every.read(typed) == str(days), typed
    for typed in ("pronto", "0 días", "20 años", "6"):
        with pytest.raises(UnfitValue):
            every.read(typed)
