"""A translation holds when whoever decides on the words says that it says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.api import (
    LANGUAGE_WORDS,
    YES_NO,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Person,
    Say,
    TranslatedText,
    UserError,
    UserId,
    Words,
    _,
    is_author,
    is_in_any,
    item_translations,
    items,
    moderators_only,
    public_changes,
    rooms,
)
from commands.translations import rights, store
from commands.translations.declaration import feature
from commands.translations.services import TRANSLATABLE, TRANSLATED, TranslatableWords
from commands.translations.typed_texts import TypedText, guess_original, merge_options


def _named_language(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"language": LANGUAGE_WORDS[facts["language"]]} if "language" in facts else {}


feature.log_line(
    "translated",
    _("put {number} into {language}"),
    _("put {number} into another language"),
    values=_named_language,
)
feature.log_line(
    "taken_back", _("took back what {number} says in {language}"), values=_named_language
)

Typed = Mapping[str, TypedText]


async def translatable_words(ctx: Context, item: Item) -> TranslatableWords:
    """Return the words of an item that can be translated. Raises `UserError` if none can."""
    for offer in ctx.registry.offers(TRANSLATABLE.of(item.kind)):
        return await offer(ctx, item)
    raise UserError(
        _("{number} can't be put into another language.", number=item.number),
        _("Polls, proposals, events and announcements can: `!translate {number} pt: …`", number=57),
    )


async def require_fit(ctx: Context, item: Item, known: TranslatableWords, typed: Typed) -> None:
    """Raise `UserError` for a translation that can't be stored: into the language in which the item
    is written, with words that are there already, or of words that people have already acted on."""
    there = await item_translations.get_translations(ctx.db, item.number)
    for language, text in typed.items():
        named = LANGUAGE_WORDS[language]
        before = there.get(language, {})
        if there and language == item.language:
            raise UserError(
                _("{number} is written in {language} itself.", number=item.number, language=named)
            )
        if before == text.parts or (text.title == known.title and not text.options):
            raise UserError(_("{number} says that already.", number=item.number))
        if known.is_fixed:
            _require_only_title_added(item, named, before, text)
    known.check(merge_options(known.options, there, typed))


def _require_only_title_added(
    item: Item, language: Words, before: Mapping[int, str], text: TypedText
) -> None:
    """Raise `UserError` for another translation, and for options: people chose by what they read.

    An option that gets a translation now could mean another thing to who votes from now on.
    """
    if any(before.get(part, said) != said for part, said in text.parts.items()):
        raise UserError(
            _(
                "The words in {language} stay: somebody may have acted on them already.",
                language=language,
            ),
        )
    if any(part and part not in before for part in text.parts):
        raise UserError(
            _("The options stay as they are: somebody may have voted on them already."),
            _("The question alone can be added: `!translate {number} pt: …`", number=item.number),
        )


async def accept(
    ctx: Context, item: Item, known: TranslatableWords, typed: Typed, translator: UserId
) -> Answer:
    """Store translations of an item and show them. Return what to say, if anything. Raises
    `UserError` if they don't fit any more."""
    await require_fit(ctx, item, known, typed)
    there = await item_translations.get_translations(ctx.db, item.number)
    if not there:
        language = await guess_original(ctx, item.room, item.author, typed)
        await item_translations.set_language(ctx.db, item.number, language)
    for language, text in typed.items():
        await item_translations.add(ctx.db, item.number, language, text.parts, ctx.said_at)
    await store.drop(ctx.db, item.number, [*typed])
    effects: list[Line | Effect] = []
    for language in typed:
        effects += await _log_and_show(ctx, item, "translated", translator, language)
    if ctx.room != item.room:
        effects.insert(
            0, _("Good: {number} can be read in {languages} now.", **_named(item, typed))
        )
    return effects


async def take_back(ctx: Context, item: Item, language: str) -> Answer:
    """Delete the translation of an item into a language, and update its messages in all its rooms.
    Return what to say, if anything.

    Raises `UserError` unless the person moderates its room, and for a language it is not in.
    """
    if not (await ctx.may_change(item) and await ctx.moderates(item.room)):
        raise moderators_only()
    if not await item_translations.remove(ctx.db, item.number, language):
        raise UserError(
            _(
                "{number} has no translation into {language}.",
                number=item.number,
                language=LANGUAGE_WORDS[language],
            )
        )
    effects: list[Line | Effect] = []
    if ctx.room != item.room:
        effects.append(_("Good: {number} is shown without it.", number=item.number))
    return effects + await _log_and_show(ctx, item, "taken_back", ctx.who, language)


async def _log_and_show(
    ctx: Context, item: Item, act: str, person: UserId, language: str
) -> list[Line | Effect]:
    """Log what was done in each room where the item stands, and return what they read."""
    for room in item.rooms:
        await ctx.log(act, {"number": item.number, "language": language}, room=room)
    after = await items.get(ctx.db, item.number)
    assert after is not None
    effects: list[Line | Effect] = []
    for shown in ctx.registry.offers(TRANSLATED.of(item.kind)):
        effects += await shown(ctx, after, person, language)
    await public_changes.note_change(ctx, item.number)
    return effects


def _named(item: Item, typed: Typed) -> dict[str, object]:
    languages = tuple(LANGUAGE_WORDS[language] for language in typed)
    return {"number": item.number, "languages": languages}


def _replaced_lines(item: Item, language: str) -> list[Line]:
    """Say which translation would go."""
    before = item.title.translations if isinstance(item.title, TranslatedText) else {}
    if language not in before:
        return []
    return [_("In place of: “{text}”", text=before[language])]


@feature.dialogue("accept")
async def ask_decider(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the person who decides on an item whether a translation says the same. Return what to
    say, if anything. Raises `UserError` if the item can't be translated, is written in that
    language, or says that already."""
    one = await store.get(ctx.db, int(data["offer"]))
    item = await items.get(ctx.db, one.item) if one is not None else None
    settled = _("That is settled already.") if ctx.answers else None
    if one is None or item is None or not await is_in_any(ctx, item, ctx.who):
        return settled
    try:
        known = await translatable_words(ctx, item)
    except UserError:
        if ctx.answers:
            raise
        return None  # it is over, and they were not asked yet
    if ctx.who == one.person or ctx.who not in await rights.list_deciders(ctx, item, known):
        return settled
    language = LANGUAGE_WORDS[one.language]
    answer = ctx.ask(
        "accept",
        YES_NO,
        _(
            "{person} put {number} into {language}: “{text}”",
            person=Person(one.person),
            number=item.number,
            language=language,
            text=one.text.title,
        ),
        *_pairs(known.options, one.text.options),
        _("Yours: “{text}”", text=known.title)
        if is_author(ctx, item)
        else _("The text itself: “{text}”", text=known.title),
        *_replaced_lines(item, one.language),
        _("Does it say the same? With `yes` everybody reads both. `yes` or `no`"),
    )
    if answer != "yes":
        await store.drop(ctx.db, item.number, [one.language])
        told = _(
            "{person} did not take your translation of {number}.",
            person=Person(ctx.who),
            number=item.number,
        )
        return [
            _("Good: {number} stays as it was.", number=item.number),
            *await _tell(ctx, one, told),
        ]
    typed = {one.language: one.text}
    return await accept(ctx, item, known, typed, one.person)


async def _tell(ctx: Context, one: store.OfferedTranslation, told: Line) -> list[Effect]:
    """Tell whoever translated, if they are still in one of the network's rooms."""
    return [Say((told,), to=one.person)] if await rooms.shares_room(ctx.db, one.person) else []


def _pairs(options: Sequence[str], translated: Sequence[str]) -> list[Line]:
    """Return each option beside its translation."""
    pairs = zip(options, translated, strict=False)
    return [
        Line("{n} {option}: {text}", {"n": n, "option": option, "text": text})
        for n, (option, text) in enumerate(pairs, start=1)
    ]
