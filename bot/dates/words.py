"""Date words of the three languages, folded: lower case, no accents, all dashes alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 200
"""Most characters of a date phrase."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origin[i]` is the position of its character `i` in the typed text."""

    text: str
    origin: tuple[int, ...]


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char == "\n":
        return "\n"
    if char.isspace():
        return " "
    kind = unicodedata.category(char)
    if kind in ("Mn", "Cf"):
        return ""
    if kind == "Pd":
        return "-"
    if char in "’‘`´":
        return "'"
    if char == "：":
        return ":"
    bare = unicodedata.normalize("NFKD", char)
    return "".join(c for c in bare if unicodedata.category(c) != "Mn").casefold()


def fold_with_origins(text: str) -> Folded:
    """Return the folded text, and for each of its letters the position in the original.

    Repeated spaces become one; line breaks stay, because no phrase crosses them.
    """
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for plain in _plain(char):
            if plain == " " and (not out or out[-1] in " \n"):
                continue
            out.append(plain)
            origin.append(index)
    return Folded("".join(out), (*origin, len(text)))


def fold_plain(text: str) -> str:
    """Return the text in small letters without accents, each run of spaces as one, and none around
    it."""
    return fold_with_origins(text).text.strip()


def pattern_of(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, longest first. A space may be a
    dash."""
    ordered = sorted(set(words), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", "[ -]") for w in ordered) + ")"


def look_up(table: Mapping[str, int], word: str) -> int:
    """Return the value that the table has for a word; dashes count as spaces. Raises `KeyError`."""
    return table[word.replace("-", " ")]


def _rows(rows: str) -> dict[str, int]:
    """`word word …` per line; the number is the line's, from 0. `_` stands for a space."""
    lines = rows.strip().splitlines()
    return {w.replace("_", " "): n for n, line in enumerate(lines) for w in line.split()}


DAYS = _rows("""
lunes lunez segunda monday
martes martez terca tersa tuesday
miercoles miercolez miercole miercolres quarta wednesday
jueves juebes juevez jueve quinta kinta thursday
viernes viernez biernes vierne sexta sesta friday
sabado savado sabdo saturday
domingo domigo sunday
""")
DAYS_SHORT = _rows("""
lun seg mon
mar ter tue tues
mie mier qua wed weds
jue juev qui thu thur thurs
vie vier sex fri
sab sat
dom sun
""")
MONTHS = {
    word: number + 1
    for word, number in _rows("""
enero janeiro january jan ene
febrero fevereiro february feb fev
marzo marco march mar
abril april abr apr
mayo maio may mai
junio junho june jun
julio julho july jul
agosto august ago aug
septiembre setiembre setembro september sept sep set
octubre outubro october oct out
noviembre novembro november nov
diciembre dezembro december dic dez dec
""").items()
}
NUMBERS = {
    word: number + 1
    for word, number in _rows("""
un uno una um uma one
dos dois duas two
tres three
cuatro quatro four
cinco five
seis six
siete sete seven
ocho oito eight
nueve nove nine
diez dez ten
once onze eleven
doce doze twelve
trece treze thirteen
catorce catorze quatorze fourteen
quince quinze fifteen
dieciseis dezesseis dezasseis sixteen
diecisiete dezessete dezassete seventeen
dieciocho dezoito eighteen
diecinueve dezenove dezanove nineteen
veinte vinte twenty
veintiuno veintiun vinte_e_um twenty_one
veintidos vinte_e_dois vinte_e_duas twenty_two
veintitres vinte_e_tres twenty_three
veinticuatro vinte_e_quatro twenty_four
veinticinco vinte_e_cinco twenty_five
veintiseis vinte_e_seis twenty_six
veintisiete vinte_e_sete twenty_seven
veintiocho vinte_e_oito twenty_eight
veintinueve vinte_e_nove twenty_nine
treinta trinta thirty
treinta_y_uno trinta_e_um thirty_one
""").items()
}
HOURS = {word: number for word, number in NUMBERS.items() if number <= 12}
ORDINALS = {
    word: number + 1
    for word, number in _rows("""
primer primero primera primeiro primeira first 1st 1o 1a 1er 1ro 1ra
segundo segunda second 2nd 2o 2a 2do 2da
tercer tercero tercera terceiro terceira third 3rd 3o 3a 3er 3ro 3ra
cuarto cuarta quarto quarta fourth 4th 4o 4a 4to 4ta
quinto quinta fifth 5th 5o 5a 5to 5ta
""").items()
} | dict.fromkeys(("ultimo", "ultima", "last"), -1)
"""Of weekdays in a month. "Segunda", "quarta" and "quinta" are also weekdays, by position."""

NUMBER = pattern_of(NUMBERS)
HOUR = pattern_of(HOURS)
MONTH = pattern_of(MONTHS)
DAY = pattern_of(DAYS)
DAY_SHORT = pattern_of(DAYS_SHORT)


def parse_number(word: str) -> int:
    """Return the number that digits or a word of `NUMBERS` name.

    Digits may name any number; other words raise `KeyError`.
    """
    return int(word) if word.isdigit() else look_up(NUMBERS, word)


def parse_weekday(word: str) -> int:
    """Return the weekday of a folded name or abbreviation, 0 for Monday. Raises `KeyError`."""
    return DAYS[word] if word in DAYS else DAYS_SHORT[word]
