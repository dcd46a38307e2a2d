"""The title of a new event in other languages, as it is typed behind its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.api import (
    Context,
    ParsedArguments,
    TranslatableWords,
    TranslatedText,
    item_translations,
    split_arguments,
)
from commands.events.event import Event
from commands.events.grammar import args
from commands.translations.declaration import WITH_TITLES
from commands.translations.typed_texts import TypedText, original_language, read_texts


@dataclass(frozen=True, slots=True)
class EventTitles:
    """The title of a new event in other languages, and the language of its own."""

    language: str
    texts: Mapping[str, TypedText]

    def of(self, title: str) -> str:
        """Return the title with its translations."""
        said = {language: text.title for language, text in self.texts.items()}
        return TranslatedText(title, self.language, said) if said else title

    async def save(self, ctx: Context, event: Event) -> None:
        """Store them for an event that has its number."""
        await item_translations.set_language(ctx.db, event.item, self.language)
        for language, text in self.texts.items():
            await item_translations.add(ctx.db, event.item, language, text.parts, None)


async def read_titles(
    ctx: Context, typed: str, named: Mapping[str, str], title: str
) -> EventTitles:
    """Return the titles that a line names by language. Raises `UserError`."""
    twice = split_arguments(typed, WITH_TITLES, lambda _words: False).repeated
    parts = ParsedArguments("", (), dict(named), frozenset(), repeated=twice)
    texts = read_texts(parts, translatable_title(title))
    own = await original_language(ctx, ctx.place, ctx.who, texts) if texts else ""
    return EventTitles(own, texts)


def translatable_title(title: str) -> TranslatableWords:
    """Return what of an event can be translated: its title."""
    return TranslatableWords(str(title), (), args.LONGEST_TITLE, 0, False, lambda _options: None)
