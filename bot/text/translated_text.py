"""A person's words together with the translations that people made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

BETWEEN = " / "


class TranslatedText(str):
    """The words as they were written first, which it is as text, and their translations.

    Whatever compares, stores, hashes or signs it takes the original. Only the renderer shows each
    reader their own language, and a room all of them. `language` is that of the original, or empty
    if nobody said it.
    """

    __slots__ = ("language", "translations")

    language: str
    translations: Mapping[str, str]

    def __new__(
        cls, original: str, language: str, translations: Mapping[str, str]
    ) -> TranslatedText:
        """Return the text. `translations` are by language (`pt`)."""
        made = super().__new__(cls, original)
        made.language, made.translations = language, dict(translations)
        return made

    def has(self, language: str) -> bool:
        """Return whether the text can be read in this language, or may be in it because its
        language is unknown."""
        return self.language in ("", language) or language in self.translations

    def in_language(self, language: str) -> str:
        """Return the text in this language, or else the original."""
        return self.translations.get(language, str(self))

    def in_every_language(self, first: str) -> str:
        """Return the original and all translations on one line, that in the language `first` before
        the others."""
        every = dict.fromkeys((self.in_language(first), str(self), *self.translations.values()))
        return BETWEEN.join(every)

    def each(self, change: Callable[[str], str]) -> TranslatedText:
        """Return a text whose original and translations are all changed by the same function."""
        changed = {language: change(text) for language, text in self.translations.items()}
        return TranslatedText(change(str(self)), self.language, changed)


def spellings(text: str) -> tuple[str, ...]:
    """Return the text in each of its languages, the original first."""
    return (str(text), *text.translations.values()) if isinstance(text, TranslatedText) else (text,)


def join_texts(sign: str, texts: Iterable[str]) -> str:
    """Return the texts joined with `sign` between them, in each language that one of them has."""
    every = tuple(texts)
    known = [one for one in every if isinstance(one, TranslatedText)]
    languages = dict.fromkeys(language for one in known for language in one.translations)
    if not languages:
        return sign.join(every)
    joined = {
        language: sign.join(
            one.in_language(language) if isinstance(one, TranslatedText) else one for one in every
        )
        for language in languages
    }
    return TranslatedText(sign.join(map(str, every)), known[0].language, joined)
