"""Translatable sentences in three languages (gettext).

A sentence is written in English where it is used: `_("Noted: {answer}.", answer=…)`. Its Spanish
and Portuguese translations are in `lang/{es,pt}.po` beside the code.
"""

from __future__ import annotations

import gettext
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from bot.lines import Line
from bot.types import LANGUAGES

Plural = Callable[[int], int]


def _(msgid: str, /, **values: Any) -> Line:
    """Return a sentence that is translated for each reader."""
    return Line(msgid, values)


def n_(one: str, many: str, count: int, /, **values: Any) -> Line:
    """Return a line with a singular and a plural form, chosen by its value `{count}`."""
    return Line(one, {"count": count, **values}, many, count)


def verbatim(text: str) -> Line:
    """Return a person's own words as a line that is not translated."""
    return Line("{words}", {"words": text})


class ToldError(Exception):
    """An error that somebody reads: sentences that are translated for them, one a line.

    As text it is English, as in the log.
    """

    def __init__(self, *told: Line | str) -> None:
        super().__init__(*told)
        self.lines = tuple(verbatim(one) if isinstance(one, str) else one for one in told)

    def __str__(self) -> str:
        return "\n".join(line.in_english() for line in self.lines)


class Catalogue:
    """The translations of all sentences."""

    def __init__(
        self, sentences: dict[str, dict[str, tuple[str, ...]]], plurals: dict[str, Plural]
    ) -> None:
        self._sentences = sentences
        self._plurals = plurals

    @staticmethod
    def load(folders: Iterable[Path]) -> Catalogue:
        """Return the translations in `lang/es.po` and `lang/pt.po` of each folder, cached.

        Raises `ValueError` if two folders translate a sentence differently.
        """
        return _load(tuple(filter(_has_words, folders)))

    def forms(self, msgid: str, lang: str) -> tuple[str, ...]:
        """Return the translations of a sentence, one for each plural form; empty if there is
        none."""
        return self._sentences.get(lang, {}).get(msgid, ())

    def template(self, line: Line, lang: str) -> str:
        """Return the translated sentence with its unfilled holes, in English if it has no
        translation."""
        forms = self._sentences.get(lang, {}).get(line.msgid)
        if line.plural is None:
            return forms[0] if forms and forms[0] else line.msgid
        form = self._plurals.get(lang, self._plurals["en"])(line.count)
        if forms and len(forms) > form and forms[form]:
            return forms[form]
        return line.plural if self._plurals["en"](line.count) else line.msgid


@cache
def _load(folders: tuple[Path, ...]) -> Catalogue:
    sentences: dict[str, dict[str, tuple[str, ...]]] = {lang: {} for lang in LANGUAGES}
    plurals: dict[str, Plural] = {"en": lambda n: int(n != 1)}
    for folder in folders:
        for lang in ("es", "pt"):
            path = folder / "lang" / f"{lang}.po"
            if path.exists():
                found, plurals[lang] = _read(path, lang)
                _add(found, sentences[lang], path)
    return Catalogue(sentences, plurals)


@cache
def _has_words(folder: Path) -> bool:
    return (folder / "lang").is_dir()


@cache
def _read(path: Path, lang: str) -> tuple[Mapping[str, tuple[str, ...]], Plural]:
    """Return the translations in one file, cached because parsing is slow."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=lang)
    found: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            string = message.string or ""
            forms = (string,) if isinstance(string, str) else tuple(string)
            if any(forms):
                found[sys.intern(msgid)] = forms  # one of it for both languages
    return found, gettext.c2py(catalog.plural_expr)


def _add(
    found: Mapping[str, tuple[str, ...]], into: dict[str, tuple[str, ...]], path: Path
) -> None:
    for msgid, forms in found.items():
        if into.setdefault(msgid, forms) != forms:
            raise ValueError(f"{path}: {msgid!r} is translated otherwise elsewhere")
