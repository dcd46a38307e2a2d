"""Translatable sentences in three languages (gettext).

A sentence is written in English where it is used: `_("Noted: {answer}.", answer=…)`. Its Spanish
and Portuguese translations are in `lang/{es,pt}.po` beside the code.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from bot.lines import Line

Plural = Callable[[int], int]
Forms = str | tuple[str, ...]
"""A translation: one text, or one for each plural form. "" where there is none."""
TRANSLATED = ("es", "pt")
"""The languages of `lang/*.po`. One entry holds the translations of a sentence into all of them:
with an entry for each language there would be 0.6 MiB more in memory."""
_PLACE = {lang: place for place, lang in enumerate(TRANSLATED)}


def _(msgid: str, /, **values: Any) -> Line:
    """Return a sentence that is translated for each reader."""
    return Line(msgid, values)


def n_(one: str, many: str, count: int, /, **values: Any) -> Line:
    """Return a line, to be translated when it is written, in its singular (`one`) or plural form
    (`many`). The language chooses by `count`, which the sentence can show as `{count}`."""
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
        self, sentences: Mapping[str, tuple[Forms, ...]], plurals: Mapping[str, Plural]
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
        found = self._translation(msgid, lang)
        return found if isinstance(found, tuple) else (found,) if found else ()

    def template(self, line: Line, lang: str) -> str:
        """Return the translated sentence with its unfilled holes, in English if it has no
        translation."""
        if line.plural is None:
            found = self._translation(line.msgid, lang)
            return (found if isinstance(found, str) else found[0]) or line.msgid
        forms = self.forms(line.msgid, lang)
        form = self._plurals.get(lang, self._plurals["en"])(line.count)
        if len(forms) > form and forms[form]:
            return forms[form]
        return line.plural if self._plurals["en"](line.count) else line.msgid

    def _translation(self, msgid: str, lang: str) -> Forms:
        known = self._sentences.get(msgid)
        return known[_PLACE[lang]] if known is not None and lang in _PLACE else ""


@cache
def _load(folders: tuple[Path, ...]) -> Catalogue:
    sentences: dict[str, tuple[Forms, ...]] = {}
    plurals: dict[str, Plural] = {"en": lambda n: int(n != 1)}
    for folder in folders:
        found, theirs = _read_folder(folder)
        for msgid, forms in found.items():
            known = sentences.setdefault(msgid, forms)
            if known != forms:
                sentences[msgid] = _join(known, forms, f"{folder}/lang: {msgid!r}")
        plurals |= theirs
    return Catalogue(sentences, plurals)


def _join(known: tuple[Forms, ...], more: tuple[Forms, ...], where: str) -> tuple[Forms, ...]:
    """Return the translations of a sentence where one folder lacks a language that another has."""
    both = list(zip(known, more, strict=True))
    if any(one and other and one != other for one, other in both):
        raise ValueError(f"{where} is translated otherwise elsewhere")
    return tuple(one or other for one, other in both)


@cache
def _has_words(folder: Path) -> bool:
    return (folder / "lang").is_dir()


@cache
def _read_folder(folder: Path) -> tuple[Mapping[str, tuple[Forms, ...]], Mapping[str, Plural]]:
    """Return the translations in one folder and the plural forms of its languages, cached because
    parsing is slow."""
    read: dict[str, dict[str, Forms]] = {}
    plurals: dict[str, Plural] = {}
    for lang in TRANSLATED:
        path = folder / "lang" / f"{lang}.po"
        if path.exists():
            read[lang], plurals[lang] = _read(path, lang)
    every = dict.fromkeys(msgid for found in read.values() for msgid in found)
    return {
        msgid: tuple(read.get(lang, {}).get(msgid, "") for lang in TRANSLATED) for msgid in every
    }, plurals


def _read(path: Path, lang: str) -> tuple[dict[str, Forms], Plural]:
    """Return the translations in one file, and how its language chooses a plural form."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=lang)
    found: dict[str, Forms] = {}
    for message in catalog:
        if message.id:
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            string = message.string or ""
            forms = string if isinstance(string, str) else tuple(string)
            if any(forms):
                found[msgid] = forms
    return found, _plural_of(catalog.plural_expr)


@cache
def _plural_of(expression: str) -> Plural:
    """Return how a language chooses a plural form: one function for the files of all folders."""
    return gettext.c2py(expression)
