"""Change the words of a question, as long as nobody has voted, or put it into other languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.api import (
    CHANGE_ITEM,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Line,
    MessageRef,
    MissingArgument,
    Say,
    UserError,
    UserId,
    _,
    dates,
    find_stray_setting,
    fold,
    is_author,
    is_in_any,
    require_voice,
    split_arguments,
)
from commands.poll_book import assembly_store, change_lines, poll_store, requested_proposals, texts
from commands.poll_book.poll import Poll
from commands.poll_lines import labels
from commands.polls.declaration import feature
from commands.polls.opening import arguments, opening_post, other_rooms, plan
from commands.translations.services import TRANSLATABLE, TRANSLATED, TranslatableWords
from commands.translations.titles import is_gone
from storage.database import Tx

_NAMED = re.compile(
    r"(?:texto|text|t[ií]tulo|title|pregunta|pergunta|question) ?: ?", re.IGNORECASE
)
_DEADLINE_WORDS = (*arguments.CLOSES.name, *arguments.CLOSES.joined)


@feature.offers(CHANGE_ITEM.of("poll"))
async def change_question(ctx: Context, item: Item, text: str) -> Answer:
    """Change the words of a poll, show old and new to the room, and start a new native poll. Return
    what to say, if anything.

    Raises `UserError` if the words may not be changed.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    await _require_changeable(ctx, item, poll)
    named = _NAMED.match(text)
    words = (text[named.end() :] if named else text).strip()
    _no_setting(ctx, poll, words)
    words = words.strip('"').strip()
    if not words:
        raise MissingArgument("text", _("the new words"))
    title = labels.clean_question(words)
    if title == poll.title:
        return _("{number} says that already.", number=item.number)
    await poll_store.rename_poll(ctx.db, item.number, title)
    return await _announce_change(ctx, item, poll)


async def _require_changeable(ctx: Context, item: Item, poll: Poll) -> None:
    """Raise `UserError` if the words may not be changed."""
    if poll.ended or poll.over(ctx.said_at):
        raise UserError(
            texts.already_over_line(poll) if poll.ended else texts.too_late_line(poll, ctx.said_at)
        )
    if not is_author(ctx, item) or not await is_in_any(ctx, item, ctx.who):
        raise UserError(
            _("You can't change the words of {number}: that is for its author.", number=item.number)
        )
    await require_voice(ctx, item.room)
    fixed = await requested_proposals.change_refusal(ctx.db, item.number)
    if fixed is not None:
        raise UserError(fixed)
    if await requested_proposals.is_awaited(ctx.db, item.number):
        raise UserError(
            _(
                "What is decided in {number} is carried out by itself, so its words stay.",
                number=item.number,
            ),
            *_ask_anew_hint(poll),
        )
    if poll.rule.secret:
        raise UserError(
            _("The words of a secret vote were signed at its opening, and stay."),
            *_ask_anew_hint(poll),
        )
    if await words_are_fixed(ctx.db, poll):
        raise UserError(
            _("Somebody has voted on these words already, so they stay."), *_ask_anew_hint(poll)
        )


async def words_are_fixed(tx: Tx, poll: Poll) -> bool:
    """Return whether the words of a poll may not change: they are signed, or somebody voted on
    them.

    An assembly that was written down has voted, even if nobody has confirmed it yet; so has who
    blocks, before their reason is there.
    """
    if poll.rule.secret or poll.turnout or await poll_store.has_responses(tx, poll.number):
        return True
    return bool(await assembly_store.assemblies_of_poll(tx, poll.number))


def _no_setting(ctx: Context, poll: Poll, words: str) -> None:
    """Raises `UserError` where a rule or a day is meant, which would become the text."""
    parts = split_arguments(words, arguments.ARGS, lambda _words: False)
    if arguments.CLOSES.key in parts.named or _is_deadline(ctx, words):
        raise UserError(
            _(
                "These words are a day. More time: `!extend {number} until tomorrow 18:00`",
                number=poll.number,
            ),
            arguments.IN_QUOTES,
        )
    name = next(iter((*parts.named, *parts.flags, *parts.unknown)), None) or find_stray_setting(
        words
    )
    if name is not None:
        raise UserError(
            _(
                "I changed nothing: how {number} is decided stays as it was when it was opened.",
                number=poll.number,
            ),
            *_ask_anew_hint(poll),
            arguments.IN_QUOTES,
        )


def _is_deadline(ctx: Context, words: str) -> bool:
    """`until tomorrow 7pm`, `friday`: a day and nothing else, which is no question."""
    found = dates.find_date(words, ctx.said_at, ctx.policy.zone)
    return found is not None and fold(found.rest).strip(" :.!") in {"", *map(fold, _DEADLINE_WORDS)}


def _ask_anew_hint(poll: Poll) -> tuple[Line, ...]:
    return (_("To ask with other words: `!cancel {number}`, and then anew.", number=poll.number),)


async def _announce_change(ctx: Context, item: Item, before: Poll) -> Answer:
    poll = await poll_store.get_poll(ctx.db, item.number)
    facts: dict[str, Any] = {"stage": "renamed", "before": before.title, "anew": True}
    await other_rooms.repeat(ctx, item, person=ctx.who, **facts)
    (told,) = change_lines.lines_of(replace(item, title=poll.title), facts, ctx.who)
    effects: list[Line | Effect] = [
        Edit(
            MessageRef(poll.number, "opening"),
            await opening_post.opening_lines(ctx, poll),
            room=item.room,
        ),
        opening_post.remove_native_poll(item, item.room),
        Say(
            (told,),
            room=item.room,
            reply_to=MessageRef(poll.number, "opening"),
            loud=True,
            item=poll.number,
        ),
        opening_post.native_poll(poll, item, item.room, None),
    ]
    return effects if item.room == ctx.room else [told, *effects]


# --- in other languages ---------------------------------------------------------------------------


@feature.offers(TRANSLATABLE.of("poll"))
async def translatable_words(ctx: Context, item: Item) -> TranslatableWords:
    """Return question and options of an open poll, to be translated. Votes on them make
    translations stay.

    Raises `UserError` for one that is over, and for what is carried out by itself.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended or poll.over(ctx.said_at):
        raise UserError(
            texts.already_over_line(poll) if poll.ended else texts.too_late_line(poll, ctx.said_at)
        )
    if await requested_proposals.is_awaited(ctx.db, item.number):
        raise UserError(
            _(
                "What is decided in {number} is carried out by itself, so its words stay.",
                number=item.number,
            )
        )
    return plan.translatable_words(
        str(poll.title),
        [str(option.label) for option in poll.options],
        poll.rule.kind,
        is_fixed=await words_are_fixed(ctx.db, poll),
    )


@feature.offers(TRANSLATED.of("poll"))
async def show_translation(
    ctx: Context, item: Item, person: UserId, language: str
) -> Sequence[Effect]:
    """Edit a poll's messages to show its translations in all its rooms, and open the native poll
    anew. Return what to send.

    After the first vote the native poll stays as it is, or its votes would not be seen any more.
    Nothing that is said of a secret vote depends on whether somebody has voted.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    await poll_store.index_title(ctx.db, item.number, poll.title)
    voted = not poll.rule.secret and await words_are_fixed(ctx.db, poll)
    anew = poll.has_native_poll and not voted
    facts: dict[str, Any] = {
        "stage": "translated",
        "language": language,
        "gone": is_gone(item.title, language),
        "voted": voted,
        "anew": anew,
    }
    await other_rooms.repeat(ctx, item, person=person, **facts)
    return await _messages(ctx, item, poll, change_lines.lines_of(item, facts, person), anew=anew)


async def _messages(
    ctx: Context, item: Item, poll: Poll, told: tuple[Line, ...], *, anew: bool
) -> list[Effect]:
    opening = item.ref(item.room, "opening")
    edit = Edit(opening, await opening_post.opening_lines(ctx, poll), room=item.room)
    say = Say(told, room=item.room, reply_to=opening, loud=True, item=item.number)
    if not anew:
        return [edit, say]
    return [
        edit,
        opening_post.remove_native_poll(item, item.room),
        say,
        opening_post.native_poll(poll, item, item.room, None),
    ]
