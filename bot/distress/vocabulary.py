"""Compiles the tables of words of distress, each into one pattern for all languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from types import ModuleType

from bot.distress import common_words, en, en_advice, es, es_advice, pt, pt_advice

ES, PT, EN = (es, es_advice), (pt, pt_advice), (en, en_advice)
"""The modules with the phrases of each language."""

TABLES = (
    "SPOKEN",
    "DANGER",
    "CARE",
    "REPORT",
    "PRESSING",
    "HARMLESS",
    "OVER",
    "CRIES",
    "POLITE",
    "OUTING",
    "TRACES",
    "SECRECY",
    "PHONELESS",
    "TAKEN",
    "WARNING",
    "AVOID",
)


def prepare() -> None:
    """Compile the vocabulary of calls for help, which takes a tenth of a second and 4 MiB for that
    time; otherwise the first line waits for it."""
    for table in TABLES:
        pattern(table)


@cache
def pattern(table: str) -> re.Pattern[str]:
    """Return one pattern for a whole table, cached."""
    if hasattr(common_words, table):
        every = [_phrase_pattern(one, by_ear=False) for one in getattr(common_words, table)]
    else:
        every = [
            _phrase_pattern(one, by_ear=True) for lang in (ES, PT) for one in _phrases(lang, table)
        ]
        every += [_phrase_pattern(one, by_ear=False) for one in _phrases(EN, table)]
    return re.compile(rf"(?<= )(?:{'|'.join(every)})(?:(?= )|(?<= ))")


def _phrases(language: Sequence[ModuleType], table: str) -> list[str]:
    """Return the phrases, one per line; indented lines continue the line before."""
    phrases = next(getattr(one, table) for one in language if hasattr(one, table))
    return re.sub(r"\n +", "", phrases).split("\n")[1:-1]


def _phrase_pattern(phrase: str, *, by_ear: bool) -> str:
    """Return the pattern of a phrase: `(a|b)` choice, `*` any ending, `..` up to three words,
    `^` start.
    """
    spelt = _LETTERS.sub(_spellings, phrase) if by_ear else phrase
    spelt = re.sub(r" ?\.\. ?", r" (?:\\w+ ){0,3}", spelt)
    spelt = re.sub(r"\((?!\?)", "(?:", spelt).replace("*", r"\w*")
    return spelt.replace("^", "(?<=^ )")


_LETTERS = re.compile(r"ll|qu(?=[ei])|[bvhzscygj]")


def _spellings(letter: re.Match[str]) -> str:
    """Return the spellings of a sound in Spanish and Portuguese."""
    found, soft = letter[0], letter.string[letter.end() : letter.end() + 1] in ("e", "i")
    if found in "bv":
        return "[bv]"
    if found in "zs" or (found == "c" and soft):
        return "[szc]"
    if found in "gj":
        return "[gj]" if soft else found
    return {
        "h": "h?",
        "ll": "(?:ll|y)",
        "y": "(?:y|ll|i)",
        "qu": "(?:qu?|k)",
        "c": "[ck]",
    }.get(found, found)
