"""The languages in which somebody accompanies newcomers: those that they named, or their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import zip_longest

from bot.api import LANGUAGE_WORDS, Context, UserId, Words, fold
from commands.onboarding import yes_or_no
from commands.welcome.companions import store

_CODES = {fold(name): code for code, names in LANGUAGE_WORDS.items() for name in names}
_FILLERS = re.compile(
    "en|y|o|hablo|leo|escribo|solo|tambien|para|a|quien|habla|lee"
    "|em|e|ou|falo|leio|escrevo|so|tambem|quem|fala|le"
    "|in|and|or|i|speak|read|write|only|also|who|speaks|reads"
)
"""Small words beside a language, folded: `hablo español y también portugués`."""


def take_languages(typed: str) -> tuple[str, list[str]]:
    """Return `typed` without the languages it names and the words that join them, and the codes of
    these languages in order. If it names none, return it unchanged.

    `en` means English, but not before the name of a language: there it is the Spanish word for
    `in`.
    """
    said = yes_or_no.said_words(typed)
    codes = [
        _CODES[word]
        for word, following in zip_longest(said, said[1:], fillvalue="")
        if word in _CODES and not (word == "en" and len(following) > 2 and following in _CODES)
    ]
    if not codes:
        return typed, []
    left = [word for word in said if word not in _CODES and not _FILLERS.fullmatch(word)]
    return " ".join(left), list(dict.fromkeys(codes))


async def languages_of(ctx: Context, companion: UserId) -> list[str]:
    """Return the codes of the languages in which this person accompanies newcomers."""
    named = await store.languages_named(ctx.db, companion)
    return named or [(await ctx.policy_of_person(companion)).language]


async def language_of(ctx: Context, newcomer: UserId) -> str:
    """Return the code of the language in which the bot writes to the newcomer."""
    return (await ctx.policy_of_person(newcomer)).language


def language_names(codes: Iterable[str]) -> tuple[Words, ...]:
    """Return the names of languages for a sentence, in the reader's language."""
    return tuple(LANGUAGE_WORDS[code] for code in codes)
