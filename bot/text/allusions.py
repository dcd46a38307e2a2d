"""Detects whom a text may be about, however the name is written. Pure.

It errs on the side of a match, so it is not for picking the person an act is done to (see
`bot/conversation/mentions.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from urllib.parse import unquote

from rapidfuzz.distance import Levenshtein

from bot.text.allusion_words import COMMON_WORDS, LEADING_WORDS, NICKNAMES, NON_NAMES, ROLE_PATTERN
from bot.text.normalisation import fold, strip_hidden
from bot.types import UserId

MOST_CHARACTERS = 5000
_HOMOGLYPHS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u043a\u043c\u0442\u0456\u0458"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
    "\u03b1\u03bf\u03b5\u03c1\u03b9\u03ba\u0391\u0392\u0395\u039f\u039c\u039a"
    "\u0142\u00f8\u0111\u0127\u0167\u0180\u0268\u0247"
    "\u0141\u00d8\u0110\u0126\u0166\u0243\u0197\u0246",
    "aeopcyxkmtijABEKMHOPCTXaoepikABEOMKlodhtbieLODHTBIE",
)
"""Homoglyphs of Latin letters, and Latin letters with a stroke."""
_AT_FOR_LETTER = re.compile(r"(?<=[^\W\d_])@(?=s?(?:\W|$))")
"""`@` in place of a letter: `Be@`, `be@s`."""
_LEET = str.maketrans("01345@$", "oieasas")
_ADDRESS = re.compile(r"@?([\w.=\-/+]{1,100}):([a-z0-9.\-]{1,120}\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[|·•].*")
"""Additions beside a name: `(ella)`, `[mod]`, `| radio`."""
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIMINUTIVE = re.compile(
    r"(?:(?:ecit|cit|zinh|zit|inh|it|ill|uch|ot|ech|iqu)(?:a|o|e|as|os|i)|ao|ona?|y|ie)$"
)
"""Endings of diminutives and augmentatives."""
_VOWELS, _DIGITS = "aeiou", "0123456789"
CACHE_SIZE = 20_000
"""Size of the caches, in words."""
MOST_REMEMBERED = 2_000
"""Of how many people the parts of their names are remembered."""
MOST_EXTRA_LETTERS = 4
"""How many letters more a longer form of a name may have."""


class Allusion(IntEnum):
    """How surely a text is about a person."""

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the text. `called`: it has an @; `big`: capitalised within a sentence; `led`: it
    stands where names stand.
    """

    text: str
    called: bool
    big: bool
    led: bool


class SearchedText:
    """A text split into words once, so that many people can be looked for in it."""

    def __init__(self, text: str) -> None:
        plain = _plain(text[:MOST_CHARACTERS])
        self.addresses = {(m[1].lower(), m[2].lower()) for m in _ADDRESS.finditer(plain)}
        self.words = _words(_ADDRESS.sub(lambda m: " @" + m[1] + " ", plain))
        self.line = " " + " ".join(word.text for word in self.words) + " "

    def has_similar_word(self, names: Iterable[str]) -> bool:
        """Return whether any word resembles one of these name parts."""
        parts = [part for part in names if len(part) > 2]
        return any(_resembles_name(word, part) for word in {*self.words} for part in parts)

    @cached_property
    def names_a_role(self) -> bool:
        """Whether the text is about an unnamed member of the moderation or of a team."""
        return ROLE_PATTERN.search(self.line) is not None


@dataclass(frozen=True, slots=True)
class _ShownNames:
    """The names that a person shows: the words of each, and each whole name as one word."""

    rows: tuple[tuple[str, ...], ...]
    firsts: frozenset[str]
    every: frozenset[str]
    joined: frozenset[str]


@lru_cache(MOST_REMEMBERED)
def _shown_names(local: str, names: frozenset[str]) -> _ShownNames:
    shown = [parts for parts in map(_parts, names) if parts]
    rows = (*shown, _parts(local))
    return _ShownNames(
        rows,
        frozenset(parts[0] for parts in shown),
        frozenset(part for parts in rows for part in parts),
        frozenset("".join(parts) for parts in rows),
    )


def rate_allusion(
    told: SearchedText, person: UserId, names: Iterable[str], *, closely: bool = True
) -> Allusion:
    """Return how surely the text is about the person, who shows these names.

    `closely`: also match words that only resemble a name.
    """
    local, _sep, server = person[1:].lower().partition(":")
    shown = _shown_names(local, frozenset(names))
    rows = any(_has_in_a_row(told.line, parts) for parts in shown.rows)
    if (local, server) in told.addresses or rows:
        return Allusion.CERTAIN
    every = shown.every | shown.joined
    found = max(
        (_rate_word(w, shown) for w in told.words if w.text in every), default=Allusion.NONE
    )
    if closely and found is Allusion.NONE and told.has_similar_word(shown.every):
        found = Allusion.POSSIBLE
    if any(not part.isascii() and part in told.line for part in shown.every):
        return max(found, Allusion.POSSIBLE)  # scripts without spaces between words
    return found


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", unquote(unquote(strip_hidden(text))))
    text = _AT_FOR_LETTER.sub("a", text)
    return text.translate(_HOMOGLYPHS) if not text.isascii() else text


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    before, end = "", True
    for match in _WORD.finditer(text):
        gap = text[match.start() - 1] if match.start() else ""
        between = text[: match.start()].rstrip(" \"'“«(*_¡¿-")[-1:]
        end = not found or between in ".!?\n:;…"
        word = fold(match[0])
        big = match[0][0].isupper() and not end
        led = end or before in LEADING_WORDS or between == ","
        found.append(_Word(word, gap == "@", big, led))
        before = word
    return [*found, *_join_spelled(found)]


def _join_spelled(words: list[_Word]) -> list[_Word]:
    """Join letters that stand alone into words: `B e a`."""
    letters = "".join(word.text if len(word.text) == 1 else " " for word in words)
    return [_Word(one, False, True, True) for one in letters.split() if len(one) > 2]


def _parts(name: str) -> tuple[str, ...]:
    """Return the words of a name that identify somebody."""
    plain = _CAMEL_CASE.sub(" ", _ASIDE.sub(" ", _plain(name)))
    parts = [fold(word) for word in _WORD.findall(plain.replace("_", " "))]
    if parts and all(len(part) == 1 for part in parts):
        parts = ["".join(parts)]
    return tuple(part for part in parts if part not in NON_NAMES and len(part) > 1)


def _has_in_a_row(line: str, parts: tuple[str, ...]) -> bool:
    """Return whether two words of the name follow each other in the text."""
    return any(f" {one} {other} " in line for one, other in pairwise(parts))


def _rate_word(word: _Word, shown: _ShownNames) -> Allusion:
    """Rate a word that equals one of the name's."""
    if word.text in shown.joined and (word.called or word.text not in shown.every):
        return Allusion.CERTAIN
    coined = any(map(str.isdigit, word.text)) or word.text in shown.firsts - COMMON_WORDS
    return Allusion.CERTAIN if coined or word.big or word.called else Allusion.POSSIBLE


def _resembles_name(word: _Word, part: str) -> bool:
    """Return whether a word is a short form, a diminutive or a similar spelling of a name."""
    text = _plain_form(word.text)
    if text == part or text in NICKNAMES.get(part, ()) or part in NICKNAMES.get(text, ()):
        return True
    if text in COMMON_WORDS or len(text) < 3:
        return len(text) == 1 and word.led and word.big and text == part[0]
    if _phonetic_form(text) == _phonetic_form(part) or _is_diminutive(text, part):
        return True
    return (word.big or word.led or word.called) and _resembles(text, part)


def _resembles(text: str, part: str) -> bool:
    longer, shorter = (text, part) if len(text) > len(part) else (part, text)
    if longer.startswith(shorter):
        return len(longer) - len(shorter) <= MOST_EXTRA_LETTERS or text == shorter
    if len(text) > 3 and part.endswith(text):
        return True
    close = text[0] == part[0] and len(shorter) > 4
    return close and Levenshtein.distance(text, part, score_cutoff=1) <= 1


@lru_cache(CACHE_SIZE)
def _plain_form(text: str) -> str:
    """Reduce a word to its plain form: `beaaaa`, `b3a` and `bea99` become `bea`."""
    text = re.sub(r"(.)\1{2,}", r"\1", text).rstrip(_DIGITS) or text
    return text.translate(_LEET)


@lru_cache(CACHE_SIZE)
def _phonetic_form(text: str) -> str:
    """Spell a word roughly as it sounds, for all three languages at once."""
    text = re.sub(r"c(?=[eiy])", "s", text).replace("qu", "k").replace("ph", "f")
    text = text.replace("gu", "g").replace("h", "").translate(str.maketrans("czvwyjx", "ksbuiis"))
    return re.sub(r"(.)\1+", r"\1", text)


@lru_cache(CACHE_SIZE)
def _is_diminutive(text: str, part: str) -> bool:
    """Return whether a word is a diminutive of a name: `dorita`, `thiaguinho`."""
    base = _DIMINUTIVE.sub("", text)
    if base == text or len(base) < 2:
        return False
    whole = _phonetic_form(part)
    roots = {whole, whole.rstrip(_VOWELS), whole[:-1] if whole[-1:] in _VOWELS else whole}
    heard = _phonetic_form(base)
    return bool({heard, heard.rstrip(_VOWELS)} & {root for root in roots if len(root) > 1})
