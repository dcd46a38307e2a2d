"""Polls in several languages: stored at the opening, or added while the vote is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.api import (
    TRANSLATABLE,
    TRANSLATED,
    Context,
    Edit,
    Effect,
    Item,
    Line,
    Number,
    RoomId,
    Say,
    TranslatableWords,
    UserError,
    UserId,
    _,
    item_translations,
)
from commands.decision_rules import labels
from commands.poll_book import change_lines, poll_store, requested_proposals, texts
from commands.poll_book.poll_store import Poll
from commands.polls.declaration import feature
from commands.polls.opening import opening_post, other_rooms
from commands.polls.opening.plan import PollPlan
from commands.translations.typed_texts import original_language


async def store_texts(
    ctx: Context, asked: PollPlan, number: Number, room: RoomId, author: UserId
) -> None:
    """Store what a poll is asked in other languages. Raises `UserError` if its own is unclear."""
    if not asked.texts:
        return
    own = asked.language or await original_language(ctx, room, author, asked.texts)
    await item_translations.set_language(ctx.db, number, own)
    for language, text in asked.texts.items():
        await item_translations.add(ctx.db, number, language, text.parts, None)
    poll = await poll_store.get_poll(ctx.db, number)
    await poll_store.index_title(ctx.db, number, poll.title)


@feature.offers(TRANSLATABLE.of("poll"))
async def translatable_words(ctx: Context, item: Item) -> TranslatableWords:
    """Return question and options of an open poll. Votes on them make translations stay.

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
    return labels.translatable_words(
        str(poll.title),
        [str(option.label) for option in poll.options],
        poll.rule.kind,
        is_fixed=poll.rule.secret or poll.turnout > 0,
    )


@feature.offers(TRANSLATED.of("poll"))
async def show_translation(
    ctx: Context, item: Item, person: UserId, language: str
) -> Sequence[Effect]:
    """Show the poll in its languages in all its rooms, and open the native poll anew.

    After the first vote the native poll stays as it is, or its votes would not be seen any more.
    Nothing that is said of a secret vote depends on whether somebody has voted.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    await poll_store.index_title(ctx.db, item.number, poll.title)
    voted = poll.turnout > 0 and not poll.rule.secret
    anew = poll.has_native_poll and not voted
    facts: dict[str, Any] = {
        "stage": "translated",
        "language": language,
        "voted": voted,
        "anew": anew,
    }
    await other_rooms.repeat(ctx, item, person=person, **facts)
    return await _messages(ctx, item, poll, change_lines.lines_of(item, facts, person), anew=anew)


async def _messages(
    ctx: Context, item: Item, poll: Poll, told: tuple[Line, ...], *, anew: bool
) -> list[Effect]:
    opening = item.ref(item.room, "opening")
    edit = Edit(opening, await opening_post.opening_lines(ctx.db, poll), room=item.room)
    say = Say(told, room=item.room, reply_to=opening, loud=True, item=item.number)
    if not anew:
        return [edit, say]
    return [
        edit,
        opening_post.remove_native_poll(item, item.room),
        say,
        opening_post.native_poll(poll, item, item.room, None),
    ]
