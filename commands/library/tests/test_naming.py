"""What stands behind `!guardar`, taken apart."""

from __future__ import annotations

import pytest

from bot.api import Unfit, UserError
from commands.library.content.typed_entries import NAMED, Typed, suggested, take_apart
from commands.library.declaration import Every

LINES = {
    "acuerdo Nos vemos los lunes": Typed("acuerdo", "Nos vemos los lunes", ()),
    "#acuerdo Nos vemos #prensa #agua": Typed("acuerdo", "Nos vemos", ("prensa", "agua")),
    '"acta de marzo" texto #prensa.': Typed("acta-de-marzo", "texto", ("prensa",)),
    "mapa: https://ejemplo.org/a#b": Typed("mapa", "https://ejemplo.org/a#b", ()),
    "https://ejemplo.org/a #prensa": Typed("", "https://ejemplo.org/a", ("prensa",)),
    "lema La marcha del #8M en Bogotá": Typed("lema", "La marcha del #8M en Bogotá", ("8M",)),
    "acta #prensa": Typed("acta", "", ("prensa",)),
    "acta\nlínea uno\n\nlínea dos\n#prensa": Typed("acta", "línea uno\n\nlínea dos", ("prensa",)),
    "acta ver #57 y #sala:servidor": Typed("acta", "ver #57 y #sala:servidor", ()),
    "acta texto #Agua #agua #água": Typed("acta", "texto", ("Agua",)),
    "acta texto visible:red #x": Typed("acta", "texto", ("x",), "network"),
    "acta visível: rede texto": Typed("acta", "texto", (), "network"),
    "acta texto visible:room": Typed("acta", "texto", (), "room"),
    'acta "solo esto" #x': Typed("acta", "solo esto", ("x",)),
    'acta dijo "no" y "sí"': Typed("acta", 'dijo "no" y "sí"', ()),
    "": Typed("", "", ()),
}


def test_name_words_and_themes() -> None:
    for line, typed in LINES.items():
        assert take_apart(line) == typed, line


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
        take_apart(line)


def test_a_line_that_is_a_name() -> None:
    for line, named in {
        "#acuerdo": "acuerdo", "#8M": "8M", "#acta-final!": "acta-final",
    }.items():  # fmt: skip
        found = NAMED.fullmatch(line)
        assert found is not None and found[1] == named, line
    for line in ("#sala:servidor", "# acta", "#acta y más", "##acta", "acta"):
        assert NAMED.fullmatch(line) is None, line


def test_a_name_is_made_of_first_words() -> None:
    assert suggested("El número de la abogada es 555") == "El-número-de-la-abogada"
    assert suggested("https://www.ejemplo.org/a") == "ejemplo-org-a"
    assert suggested("🙂 2026") == ""
    assert len(suggested("a" * 500)) == 0


def test_how_often_as_people_say_it() -> None:
    every = Every(1, 3650)
    for typed, days in {
        "6 meses": 180, "90 días": 90, "cada año": 365, "1 ano": 365, "uma semana": 7,
        "Every 2 months": 60, "no": 0, "não": 0, "30d": 30,
    }.items():  # fmt: skip
        assert every.read(typed) == str(days), typed
    for typed in ("pronto", "0 días", "20 años", "6"):
        with pytest.raises(Unfit):
            every.read(typed)
