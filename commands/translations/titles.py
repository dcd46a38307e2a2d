"""The title of something new in other languages, as it is typed behind its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.api import (
    LANGUAGE_WORDS,
    Context,
    Line,
    Number,
    ParsedArguments,
    Person,
    TranslatedText,
    _,
    item_translations,
)
from commands.translations.services import TranslatableWords
from commands.translations.typed_texts import TypedText, original_language, read_texts


@dataclass(frozen=True, slots=True)
class TypedTitles:
    """A title in other languages, and the language of its own."""

    language: str
    texts: Mapping[str, TypedText]

    def with_translations(self, title: str) -> str:
        """Return the title of the line as one text with all its translations."""
        said = {language: text.title for language, text in self.texts.items()}
        return TranslatedText(title, self.language, said) if said else title

    async def save(self, ctx: Context, item: Number) -> None:
        """Store the typed translations of a title for an item that has its number."""
        await item_translations.set_language(ctx.db, item, self.language)
        for language, text in self.texts.items():
            await item_translations.add(ctx.db, item, language, text.parts, None)


async def read_titles(
    ctx: Context, parts: ParsedArguments, title: str, most: int, *, language: str = ""
) -> TypedTitles:
    """Return the titles that a line gives by language; `language` is that of its own, if it was
    named.

    Raises `UserError` as `read_texts` does.
    """
    texts = read_texts(parts, title_words(title, most))
    if texts and not language:
        language = await original_language(ctx, ctx.place, ctx.who, texts)
    return TypedTitles(language, texts)


def title_words(
    title: str, most: int, *, is_fixed: bool = False, is_moderated: bool = False
) -> TranslatableWords:
    """Return the translatable words of something with a title of at most so many letters."""
    return TranslatableWords(
        str(title), (), most, 0, is_fixed, lambda _options: None, is_moderated=is_moderated
    )


def is_gone(title: str, language: str) -> bool:
    """Return whether a title has no translation into this language, as after it was taken back."""
    return not isinstance(title, TranslatedText) or language not in title.translations


def translated_line(
    number: Number, title: str, who: Person | Line, language: str, *, gone: bool
) -> Line:
    """Return the line that says that somebody translated something, or took that back (`gone`)."""
    if gone:
        return _(
            "{who} took back what {number} says in {language}.",
            who=who,
            number=number,
            language=LANGUAGE_WORDS[language],
        )
    return _(
        "{who} put {number} into {language}: “{text}”",
        who=who,
        number=number,
        language=LANGUAGE_WORDS[language],
        text=title.in_language(language) if isinstance(title, TranslatedText) else title,
    )
