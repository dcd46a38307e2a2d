"""Stems of words for comparison: without accents, plural and gender, for three languages at once.

The language of a text is unknown, so each word goes through Snowball's stemmers of all three, after
rules that unify spellings without accents and endings that are alike. Index and query use the same
function; the stem itself means nothing.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import lru_cache
from itertools import islice
from typing import Any

from bot.text.normalisation import fold

LONGEST_WORD = 40
"""Longer words are left out (keys, addresses)."""
_WORD = re.compile(r"[^\W_]+(?:@s?(?!\w))?")
"""A word; `compañer@s` is one."""


def _load_stemmers() -> tuple[Any, ...]:
    """Return Snowball's three stemmers without its package's `__init__`, which loads 36 (4 MiB)."""
    found = importlib.util.find_spec("snowballstemmer")
    assert found is not None, "a dependency is missing"
    whole = sys.modules.get("snowballstemmer")
    sys.modules["snowballstemmer"] = importlib.util.module_from_spec(found)
    try:
        from snowballstemmer.english_stemmer import EnglishStemmer
        from snowballstemmer.portuguese_stemmer import PortugueseStemmer
        from snowballstemmer.spanish_stemmer import SpanishStemmer
    finally:
        del sys.modules["snowballstemmer"]
        if whole is not None:
            sys.modules["snowballstemmer"] = whole
    return SpanishStemmer(), PortugueseStemmer(), EnglishStemmer()


_STEMMERS = _load_stemmers()

_ALIKE = (
    (r"cc(?=i)", "c"),  # traducción, tradução
    (r"(?<=[^aeiou])[x@](s?)$", r"o\1"),  # compañerxs, amig@
    (r"(?:oes|aes|aos)$", "ao"),  # decisões, pães, mãos
    (r"(?<=[cisx])ao$", "on"),  # reunião, decisão: as reunión, decisión
    (r"(?<=[cs])on$", "ion"),
    (r"(?<=[^aeiou]i)ones$", "on"),
    (r"(?<=\w\w)ais$", "al"),
    (r"(?<=\w\w)(?:eis|iles|il)$", "el"),  # papéis, fáceis, fáciles, fácil
    (r"(?<=\w)ois$", "ol"),
    (r"(?<=\w)uis$", "ul"),
    (r"(?<=\w)z$", "c"),  # luz, luces
    (r"(?:yes|ys|ies|ie|y)$", "i"),  # leyes, days, cities, series, ley
    (r"(?:idades|idade|idad)$", "idad"),
    (r"(?<=[eo])(n|r)e?s$", r"\1"),  # jóvenes, mulheres, lawyers
    (r"(?<=[aeiou])[mn]s?$", "n"),  # imagem, imagens, imagen
)
_RULES = tuple((re.compile(pattern), instead) for pattern, instead in _ALIKE)

STOP_WORDS = frozenset(
    fold(
        """a al algo alguien algun alguna algunas algunos ante aquel aquella aqui asi aun aunque
        cada como con contra cual cuales cuando de del desde donde dos el ella ellas ellos en entre
        era es esa esas ese eso esos esta estan estas este esto estos estoy fue ha han hasta hay la
        las le les lo los mas me mi mis muy nada ni no nos nosotras nosotros nuestra nuestro o os
        otra otro para pero por porque que quien quienes se ser si sin sobre solo son su sus tambien
        te tiene tienen todo toda todos todas tu tus un una unas unos ya yo y
        ao aos as ate com da das dele dela do dos e ela elas ele eles em essa esse esta este eu foi
        ha isso isto ja lhe mais mas meu meus minha minhas muito na nao nas nem no nos nossa nosso
        num numa o os ou para pela pelas pelo pelos pra quando que quem sao se sem ser seu seus so
        sua suas tambem te tem tenho um uma umas uns voce
        about after all also am an and any are as at be been but by can did do does for from had has
        have he her him his how i if in into is it its me my no not of on or our she so some than
        that the their them then there these they this those to too us was we were what when where
        which who why will with you your"""
    ).split()
)


def stems_of(text: str, most: int | None = None) -> list[str]:
    """Return the word stems of a text in order, without stop words.

    `most` limits the number of words. The text is folded first.
    """
    words = (match[0] for match in _WORD.finditer(fold(text)))
    telling = (word for word in words if word not in STOP_WORDS and len(word) <= LONGEST_WORD)
    return [stem(word) for word in islice(telling, most)]


@lru_cache(20_000)
def stem(word: str) -> str:
    """Return the stem of a folded word."""
    if word.isdecimal():
        return word
    for pattern, instead in _RULES:
        word = pattern.sub(instead, word)
    for stemmer in _STEMMERS:
        word = stemmer.stemWord(word)
    return word


_BY_EAR = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"ss", "c"),
        (r"(?<!s)s(?=[ei])", "c"),
        (r"c(?=[ei])", "s"),
        (r"z", "s"),
        (r"s(?=[aou])|s$", "z"),
        (r"b", "v"),
        (r"v", "b"),
        (r"^h", ""),
        (r"^(?=[aeiou])", "h"),
        (r"ll", "y"),
        (r"y(?=[aeiou])", "ll"),
        (r"g(?=[ei])", "j"),
        (r"j(?=[ei])", "g"),
    )
)


def stems_by_ear(text: str) -> list[str]:
    """Return the stems of the words as they are spelt by people who write by ear."""
    words = [match[0] for match in _WORD.finditer(fold(text)) if len(match[0]) <= LONGEST_WORD]
    others = [rule.sub(instead, word) for word in words for rule, instead in _BY_EAR]
    return [
        stem(word) for word in dict.fromkeys(others) if word and word not in {*words, *STOP_WORDS}
    ]
