"""The format of ballots, names, weights and translations in signed files, and fingerprints of them.

A weight of 20 is 20 units of one, each with a code of its own. Whose they are nobody can tell as
long as several voters have the same weight (docs/decisions/0059).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Protocol, get_args

from pydantic import Field

from bot.api import Count, SignedModel, StrictModel, TranslatedText, hash_parts

_PAIR = "[1-9][0-9]{0,5}:[0-9]{1,6}"
BallotText = Annotated[str, Field(pattern=f"^({_PAIR}( {_PAIR})*)?$")]
"""Places and values, "2:1 3:5". The empty string is a blank vote."""
WeightText = Annotated[str, Field(pattern="^[1-9][0-9]{0,6}$")]
RuleName = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,40}$")]
MOST_UNITS = 10_000
"""So many units a roll can have together: each is one line of the board."""
_CLASS = re.compile(r"([1-9][0-9]{0,6})\*([1-9][0-9]{0,5})")


def fingerprint(found: SignedModel) -> str:
    """Return a short hash to compare by eye or aloud: 80 bits in five groups."""
    return " ".join(found.hash[i : i + 4] for i in range(0, 20, 4)).upper()


# --- weights ------------------------------------------------------------------------------------


def format_weights(weights: Iterable[int]) -> str:
    """Return as text how many voters have which weight: `1*350 20*9`; empty if each has the weight
    one."""
    found = Counter(weights)
    if set(found) <= {1}:
        return ""
    return " ".join(f"{weight}*{count}" for weight, count in sorted(found.items()))


def parse_weights(text: str) -> dict[int, int]:
    """Return the weights in a text that `format_weights` wrote. Raises `ValueError`."""
    parts = [_CLASS.fullmatch(part) for part in text.split()]
    found = {int(part[1]): int(part[2]) for part in parts if part is not None}
    if len(found) != len(parts) or format_weights(Counter(found).elements()) != text:
        raise ValueError("not a list of weights")
    return found


def count_by_weight(weights: Iterable[int]) -> dict[str, int]:
    """Return how many of those who voted have which weight, in the form in which a result names
    it."""
    return {str(weight): count for weight, count in sorted(Counter(weights).items())}


def count_units(voted: Mapping[str, int]) -> int:
    """Return the sum of the weights of those who voted."""
    return sum(int(weight) * count for weight, count in voted.items())


def has_few(voted: Mapping[str, int], fewest: int) -> bool:
    """Return whether some, but fewer than `fewest`, voted with one of the weights."""
    return any(0 < count < fewest for count in voted.values())


def unit_secret(secret: str, unit: int) -> str:
    """Return the secret from which the code of one unit of a vote is made. That of the first is the
    receipt's own."""
    return secret if unit == 0 else hash_parts("unit1", secret, unit)[:32]


# --- what was asked in other languages; no outcome depends on it ---------------------------------

Language = Literal["es", "pt", "en"]
_LANGUAGES: tuple[Language, ...] = get_args(Language)


SignedWords = dict[Language, tuple[str, ...]]
"""What the file says in sentences, in each language: question, rule, time, counts, outcome."""


class SignedTranslation(StrictModel):
    """The question and its options in one language."""

    question: str | None = None
    options: tuple[str, ...] = ()
    """In their order, empty for one that has no translation. None if no option has."""
    added: Count | None = None
    """When it was added, in seconds since 1970, if it was not there at the opening."""


SignedTranslations = dict[Language, SignedTranslation]


class Translated(Protocol):
    """A signed file with a question in several languages."""

    @property
    def question(self) -> str:
        """The question, as it was asked."""

    @property
    def options(self) -> tuple[str, ...]:
        """The options, in their order."""

    @property
    def language(self) -> Language | None:
        """The language of question and options, if they have translations and somebody said which
        it is."""

    @property
    def translations(self) -> SignedTranslations | None:
        """Question and options in other languages."""


def sign_language(title: str) -> Language | None:
    """Return the language of a title that has translations, as it is signed; None if it is not
    known."""
    own = title.language if isinstance(title, TranslatedText) else ""
    return next((one for one in _LANGUAGES if one == own), None)


def sign_translations(
    title: str, options: Sequence[str], added: Mapping[str, datetime]
) -> SignedTranslations | None:
    """Return a question's translations in the form in which they are signed; None if it has
    none."""
    found: SignedTranslations = {}
    for language in _LANGUAGES:
        named = tuple(_in_language(option, language) or "" for option in options)
        asked = _in_language(title, language)
        if asked is not None or any(named):
            since = added.get(language)
            found[language] = SignedTranslation(
                question=asked,
                options=named if any(named) else (),
                added=int(since.timestamp()) if since else None,
            )
    return found or None


def _in_language(text: str, language: str) -> str | None:
    return text.translations.get(language) if isinstance(text, TranslatedText) else None


def read_question(found: Translated) -> tuple[str, tuple[str, ...]]:
    """Return a question and its options, each with its translations."""
    every = found.translations or {}
    asked: dict[str, str] = {
        language: one.question for language, one in every.items() if one.question
    }
    return (
        _translated(found, found.question, asked),
        tuple(
            _translated(found, option, dict(_options_at(every, place)))
            for place, option in enumerate(found.options)
        ),
    )


def _options_at(every: SignedTranslations, place: int) -> Iterator[tuple[str, str]]:
    for language, one in every.items():
        if place < len(one.options) and one.options[place]:
            yield language, one.options[place]


def _translated(found: Translated, text: str, said: Mapping[str, str]) -> str:
    return TranslatedText(text, found.language or "", said) if said else text


def only_added(found: SignedTranslations | None) -> SignedTranslations | None:
    """Return those translations that were not there at the opening; None if all were."""
    return {key: one for key, one in (found or {}).items() if one.added is not None} or None


def translations_fit(
    found: Translated, added: SignedTranslations | None, opened: int, ended: int
) -> bool:
    """Return whether each translation is in another language than the question, has as many options
    or none, and was added between `opened` and `ended`."""
    return all(
        language != found.language
        and len(one.options) in (0, len(found.options))
        and (one.added is None or opened <= one.added <= ended)
        for language, one in (added or {}).items()
    )
