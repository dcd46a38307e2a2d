"""Finds the thing that a line names by the words of its title: `el asado para el domingo`. Pure."""

from __future__ import annotations

import re

from bot.text.normalisation import fold
from bot.text.stems import STOP_WORDS, stem

_WORD = re.compile(r"[^\W_]+")
_BEFORE = frozenset(
    re.findall(
        r"\w+",
        "el la los las lo o a os as the al ao de del do da dos das en em no na of to at for our my"
        " mi meu minha mis este esta ese esa essa esse this that",
    )
)
"""Small words that may stand before a title; `con`, `com`, `with` begin something else. Folded."""
_SHORTEST = 3
"""Letters of a word that may name something by itself."""


def split_title(text: str, title: str) -> tuple[int, str] | None:
    """Return how many telling words of this title the text begins with, and the text behind them.

    Articles may stand before (`el`), small words between. None if the text begins otherwise.
    """
    known = {stem(fold(word)) for word in _WORD.findall(title)}
    count = end = 0
    for word in _WORD.finditer(text):
        said = fold(word[0])
        if said in (STOP_WORDS if count else _BEFORE):
            continue
        if len(said) < _SHORTEST or stem(said) not in known:
            break
        count, end = count + 1, word.end()
    return (count, text[end:].strip(" ,.;:!?¿¡\"”'\n")) if count else None
