"""Declare the feature, and the arguments that hold a text in each language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.api import LANGUAGE_WORDS, Feature, NamedArgument, Topic, Words, _, words

feature = Feature("translations", Path(__file__).parent, needs=("many_rooms",))

TRANSLATIONS = Topic(
    "translations", words("traducciones", "traduções", "translations"), _("Several languages")
)


def _argument(language: str, *left_out: str) -> NamedArgument:
    """Return the argument of a language, without the names that mean something else there."""
    name = LANGUAGE_WORDS[language]
    also = tuple(word for word in name.also if word not in left_out)
    return NamedArgument(Words(name.es, name.pt, name.en, also), whole=True)


WITH_TEXTS = (_argument("es"), _argument("pt"), _argument("en", "en"))
"""Of a line that makes something: `pt: …`. English has no short name, as `en:` names rooms."""
ALL_TEXTS = (_argument("es"), _argument("pt"), _argument("en"))
WITH_TITLES = tuple(replace(one, whole=False) for one in WITH_TEXTS)
"""The same where only a title is translated, in quotes or up to the next setting."""
LANGUAGE_OF = {LANGUAGE_WORDS[language].en: language for language in LANGUAGE_WORDS}
"""The language by the key of its argument."""
EXAMPLE = _("For example: `!translate {number} pt: Assinamos a carta`", number=57)
