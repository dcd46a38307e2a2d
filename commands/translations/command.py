"""`!translate 57 pt: …`: put an item into another language, or offer that to whoever wrote it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    LANGUAGE_WORDS,
    Answer,
    Behind,
    Context,
    Item,
    Line,
    Number,
    ParsedArguments,
    Person,
    Reach,
    UserError,
    _,
    find_taking_back,
    item_translations,
    split_arguments,
    words,
)
from commands.translations import acceptance, rights, store
from commands.translations.acceptance import Typed
from commands.translations.declaration import (
    ALL_TEXTS,
    EXAMPLE,
    LANGUAGE_OF,
    TRANSLATIONS,
    feature,
)
from commands.translations.services import TranslatableWords
from commands.translations.store import OfferedTranslation
from commands.translations.typed_texts import read_texts

_LANGUAGE_FIRST = re.compile(
    r"(?:(?:al|a|ao|para|para o|pra|to|into|em|en|in)\s+)?"
    r"(es|espa[nñ]ol|espanhol|castellano|spanish|pt|portugu[eéê]s|portuguese|ingl[eéê]s|english|en)"
    r"\b[\s,;]+(?=\S)",
    re.IGNORECASE,
)
"""A language without its colon: `57 al portugués Assinamos a carta`."""
_FILLER = re.compile(
    r"(?:[^\w]|\b(?:al?|ao|en|em|in|into|to|para|pra|o|el|la|the)\b)*", re.IGNORECASE
)


@feature.command(
    words(
        "traducir",
        "traduzir",
        "translate",
        "traduzco, traduce, traducción, traducciones | traduzo, traduz, tradução, traduções"
        " | translation, translations, i translate",
    ),
    help=_("put a poll, a proposal or an event into another language; its author says yes"),
    example=EXAMPLE,
    topic=TRANSLATIONS,
    reach=Reach.ROOM,
    args=ALL_TEXTS,
    of=("poll", "event", "announcement"),
    behind=Behind.BEGINNING,
)
async def translate(ctx: Context, item: Item, parts: ParsedArguments) -> Answer:
    """Add translations of an item if the person may, else ask who decides. Without a translation
    show those that it has; `pt no` takes one back. Return the answer.

    Raises `UserError` for what can't be translated, or not like that.
    """
    known = await acceptance.translatable_words(ctx, item)
    named = _with_language_first(parts, item.number)
    taken_back = await _language_to_take_back(ctx, named)
    if taken_back is not None:
        return await acceptance.take_back(ctx, item, taken_back)
    typed = read_texts(named, known)
    if not typed:
        return await _show(ctx, item, known, parts)
    await acceptance.require_fit(ctx, item, known, typed)
    if await rights.needs_no_yes(ctx, item, known):
        return await acceptance.accept(ctx, item, known, typed, ctx.who)
    return await _offer(ctx, item, known, typed)


async def _language_to_take_back(ctx: Context, parts: ParsedArguments) -> str | None:
    """Return the language of `pt no`, in which an item is to say nothing any more. Or None."""
    if len(parts.named) != 1:
        return None
    ((key, value),) = parts.named.items()
    return LANGUAGE_OF[key] if await find_taking_back(ctx, value) == (True, "") else None


async def _offer(ctx: Context, item: Item, known: TranslatableWords, typed: Typed) -> Answer:
    """Ask in private who decides. Raises `UserError` if nobody else is there who does."""
    asked = [one for one in await rights.list_deciders(ctx, item, known) if one != ctx.who]
    if not asked:
        raise UserError(
            _("{number} can't be put into another language.", number=item.number),
            _("You may not write it into all its rooms, and nobody else moderates its own."),
        )
    for language, text in typed.items():
        offer = OfferedTranslation(0, item.number, language, ctx.who, text)
        number = await store.put(ctx.db, offer, ctx.said_at)
        for person in asked[: rights.MOST_ASKED]:
            await ctx.begin_dialogue("accept", person, {"offer": number})
    if asked == [item.author]:
        return _(
            "Thank you. {person} wrote {number}; I ask them in private whether it says the same.",
            person=Person(item.author),
            number=item.number,
        )
    return _("Thank you. I ask its moderators in private whether it says the same.")


def _with_language_first(parts: ParsedArguments, number: Number) -> ParsedArguments:
    """Return the parts of `pt Assinamos a carta` as if there was a colon behind the language.

    In a reply the item's own number may stand before. Raises `UserError` for words that do.
    """
    text = re.sub(rf"^#?{number}\b\s*", "", parts.typed or parts.free)
    if parts.named:
        if _FILLER.fullmatch(text) is None:
            raise UserError(
                _("I don't know what to do with “{words}”.", words=text[:60]),
                EXAMPLE,
            )
        return parts
    found = _LANGUAGE_FIRST.match(text)
    if found is None:
        return parts
    line = f"{found[1]}: {text[found.end() :]}"
    return replace(parts, named=split_arguments(line, ALL_TEXTS, lambda _words: False).named)


async def _show(
    ctx: Context, item: Item, known: TranslatableWords, parts: ParsedArguments
) -> Answer:
    """Say into which languages an item is put. Raises `UserError` if there is a text for none."""
    if parts.free or parts.quoted:
        raise UserError(_("Into which language? `es:`, `pt:` or `en:` before the text."), EXAMPLE)
    there = await item_translations.get_translations(ctx.db, item.number)
    lines: list[Line] = []
    for language, said in there.items():
        lines.append(
            _("In {language}: {text}", language=LANGUAGE_WORDS[language], text=said.get(0, "–"))
        )
        lacking = [place for place, _o in enumerate(known.options, 1) if place not in said]
        if lacking and len(lacking) < len(known.options):
            lines.append(
                _("Not in {language}: {places}", language=LANGUAGE_WORDS[language], places=lacking)
            )
    if not lines:
        lines.append(_("{number} is in one language only.", number=item.number))
    return [*lines, _how_line(item.number)]


def _how_line(number: Number) -> Line:
    return _("To put it into another one: `!translate {number} pt: …`", number=number)
