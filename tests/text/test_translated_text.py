"""A text with translations is its original to all that stores or compares it."""

from __future__ import annotations

import json

from bot.text.normalisation import fold, shorten_line
from bot.text.translated_text import TranslatedText, join_texts, spellings

LETTER = TranslatedText("Firmamos", "es", {"pt": "Assinamos"})


def test_as_text_it_is_the_original() -> None:
    assert LETTER == "Firmamos"
    assert hash(LETTER) == hash("Firmamos")
    assert f"{LETTER}" == "Firmamos"
    assert json.dumps([LETTER]) == '["Firmamos"]'
    assert fold(LETTER) == "firmamos"
    assert type(str(LETTER)) is str


def test_each_language_reads_its_own_and_others_the_original() -> None:
    assert LETTER.in_language("pt") == "Assinamos"
    assert LETTER.in_language("es") == LETTER.in_language("en") == "Firmamos"
    assert [one for one in ("es", "pt", "en") if LETTER.has(one)] == ["es", "pt"]
    assert TranslatedText("Radio", "", {"pt": "Rádio"}).has("en"), "it may be English, who knows"


def test_a_room_reads_all_its_own_first_and_nothing_twice() -> None:
    assert LETTER.in_every_language("pt") == "Assinamos / Firmamos"
    assert LETTER.in_every_language("en") == "Firmamos / Assinamos"
    assert TranslatedText("Ana", "es", {"pt": "Ana"}).in_every_language("pt") == "Ana"


def test_what_shortens_or_joins_keeps_the_languages() -> None:
    short = shorten_line(LETTER, 6)
    assert spellings(short) == ("Firma…", "Assin…")
    joined = join_texts(" = ", ("Ana", LETTER))
    assert spellings(joined) == ("Ana = Firmamos", "Ana = Assinamos")
    assert spellings(join_texts(" = ", ("Ana", "Bea"))) == ("Ana = Bea",)
