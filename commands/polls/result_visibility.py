"""Access to ended decisions: which may be shown, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Answer, Context, Item, Line, Moment, Say, UserError, UserId, _
from commands.poll_book import poll_store, texts
from commands.poll_book.poll import Poll


async def get_ended_poll(ctx: Context, text: str) -> tuple[Item, Poll]:
    """Return the ended decision that the text names.

    Raises `UserError` if it is still open or was cancelled.
    """
    item, _rest = await ctx.parse_item(text, "poll")
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended is None:
        raise UserError(
            texts.still_open_line(poll),
            _("How it goes: `!results {number}`", number=item.number),
        )
    if poll.cancelled:
        raise UserError(texts.head_line(poll), _cancelled(poll))
    return item, poll


def _cancelled(poll: Poll) -> Line:
    if poll.ended is None:
        return texts.already_over_line(poll)
    return _(
        "It was cancelled on {moment}, so it has no result.",
        moment=Moment(poll.ended),
    )


def private_reader(ctx: Context, item: Item) -> UserId | None:
    """Return the person to whom the answer goes in private, or None if it may be shown in the room.

    It is private if it was asked for in a room where others may not see the decision.
    """
    return None if ctx.is_private or item.stands_in(ctx.room) else ctx.who


def answer_where_visible(ctx: Context, item: Item, lines: Sequence[Line]) -> Answer:
    """Return the lines about a decision as an answer in the room, or in private where others may
    not read them."""
    to = private_reader(ctx, item)
    if to is None:
        return list(lines)
    return Say(tuple(lines), to=to, item=item.number)
