"""Read and check what is typed in each language: a title, and the options of a question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.api import (
    LANGUAGE_WORDS,
    Context,
    ParsedArguments,
    RoomId,
    TranslatedText,
    UserError,
    UserId,
    Words,
    _,
    one_line,
    split_arguments,
)
from commands.translations.declaration import LANGUAGE_OF
from commands.translations.services import TranslatableWords

_UNKNOWN = re.compile(
    r"(?<![^\s,;])(fr|it|gn|qu|ay|ca|gl|eu|ru|ar|franc[eéê]s|french|italian\w{1,2}|alem[aáã][no]?"
    r"|german|guaran[ií]|quechua|qu[ií]chua|aimara|aymara|catal[aáà]n?|latin|ruso|russo|russian)"
    r"\s?:\s?\"",
    re.IGNORECASE,
)
"""A text in a language that the bot does not speak: `fr:"…"`."""


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text as it was typed in one language. Without options only the title is translated."""

    title: str
    options: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[int, str]:
        """The parts of the item for which the text stands: 0 is the title."""
        return dict(enumerate((self.title, *self.options)))


def read_texts(parts: ParsedArguments, known: TranslatableWords) -> dict[str, TypedText]:
    """Return the checked texts that a line gives by language. Raises `UserError` for an unknown
    language, two texts or none in one, and texts that are too long or have other options."""
    require_known_languages(parts.typed)
    found: dict[str, TypedText] = {}
    for key, language in LANGUAGE_OF.items():
        if key in parts.repeated:
            raise UserError(
                _("There are two texts in {language}. Which one?", language=_name(language))
            )
        if key in parts.named:
            found[language] = _read(parts.named[key], LANGUAGE_WORDS[language], known)
    known.check(merge_options(known.options, {}, found))
    return found


def require_known_languages(typed: str) -> None:
    """Raise `UserError` for a text in a language that the bot does not speak."""
    other = _UNKNOWN.search(typed)
    if other is not None:
        raise UserError(
            _(
                "I know no language “{word}”. There are: {languages}.",
                word=other[1],
                languages=tuple(LANGUAGE_WORDS.values()),
            ),
            _("If it belongs to the text, put the text into quotes."),
        )


def _name(language: str) -> Words:
    return LANGUAGE_WORDS[language]


def _read(value: str, language: Words, known: TranslatableWords) -> TypedText:
    typed = split_arguments(value, (), lambda _words: False)
    if known.options:
        asked, options = typed.question_and_options()
    else:
        quoted = " ".join(typed.quoted)
        asked, options = typed.typed if typed.free else quoted, ()
    title, named = one_line(asked), tuple(filter(None, map(one_line, options)))
    if not re.search(r"\w", title):
        raise UserError(_("The text in {language} is missing.", language=language))
    _require_length(title, known.most_title, language)
    for option in named:
        _require_length(option, known.most_option, language)
    if named and len(named) != len(known.options):
        raise UserError(
            _(
                "In {language} I read {count} options, and there are {all}: {read}",
                language=language,
                count=len(named),
                all=len(known.options),
                read=named,
            ),
            _("Write them in the same order, with commas between, or put each into quotes."),
        )
    return TypedText(title, named)


def _require_length(text: str, most: int, language: Words) -> None:
    if len(text) > most:
        raise UserError(
            _(
                "“{text}…” has more than {most} letters in {language}.",
                text=text[:40],
                most=most,
                language=language,
            )
        )


def merge_options(
    options: Iterable[str],
    before: Mapping[str, Mapping[int, str]],
    added: Mapping[str, TypedText],
) -> tuple[str, ...]:
    """Return the options with their earlier translations and the added ones."""
    merged: list[str] = []
    for place, option in enumerate(options, start=1):
        said = {language: parts[place] for language, parts in before.items() if place in parts}
        said |= {
            language: text.options[place - 1] for language, text in added.items() if text.options
        }
        merged.append(TranslatedText(option, "", said) if said else option)
    return tuple(merged)


async def guess_original(
    ctx: Context, room: RoomId, author: UserId, others: Collection[str]
) -> str:
    """Return the probable language of an item's own words, which is none of `others`; empty if
    unclear.

    That of the room, else that of whoever wrote them.
    """
    here = (await ctx.policy_of_room(room)).language
    own = (await ctx.policy_of_person(author)).language
    return next((one for one in (here, own) if one not in others), "")


async def original_language(
    ctx: Context, room: RoomId, author: UserId, others: Collection[str]
) -> str:
    """Return the language of an item's own words, for one that opens now. Raises `UserError` if it
    is unclear."""
    found = await guess_original(ctx, room, author, others)
    if not found:
        named = tuple(LANGUAGE_WORDS[language] for language in others)
        raise UserError(
            _("The text itself seems to be in {languages} too.", languages=named),
            _('Write each behind its language: `es:"…" pt:"…" english:"…"`'),
            _("If it belongs to the text, put the text into quotes."),
        )
    return found


def take_original(parts: ParsedArguments, language: str) -> tuple[ParsedArguments, str]:
    """Return the parts of a line with one language's texts as the original, and that language.

    If all of a line stands behind languages, that is the one in `language`, else the first. Of
    another line nothing changes, and the language is empty.
    """
    keys = [key for key in parts.named if key in LANGUAGE_OF]
    if parts.free or parts.quoted or not keys:
        return parts, ""
    key = next((one for one in keys if LANGUAGE_OF[one] == language), keys[0])
    own = split_arguments(parts.named[key], (), lambda _words: False)
    named = {other: value for other, value in parts.named.items() if other != key}
    repeated = parts.repeated
    return replace(own, named=named, flags=parts.flags, repeated=repeated), LANGUAGE_OF[key]
