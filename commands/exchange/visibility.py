"""Decide which posts a person may see. Checked anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.api import (
    Context,
    MissingArgument,
    RoomId,
    UserError,
    UserId,
    _,
    may_see_of,
    require_voice_to_change,
    rooms,
    split_number,
)
from commands.exchange import store
from commands.exchange.store import Post

POST_KINDS = (store.NEED, store.OFFER)


async def visible_rooms(ctx: Context) -> Sequence[RoomId]:
    """Return the rooms whose needs and offers may be shown here; in private all rooms of the
    person."""
    if ctx.is_private:
        return [room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)]
    return [ctx.room]


async def may_see_post(ctx: Context, post: Post, person: UserId) -> bool:
    """Return whether author and person are in the post's room, or in any room for a post for the
    network.

    The author of a post from another network is the bot.
    """
    return await may_see_of(ctx, post.person, post.room, person, network=post.network)


async def find_post(ctx: Context, text: str) -> tuple[Post, str]:
    """Return the need or offer named by number or replied to, and the rest of the text.

    Raises `MissingArgument`, `UserError`, and `AnswerNeeded` as `Context.item` does.
    """
    replied = await ctx.replied_item(*POST_KINDS)
    found = split_number(text) or ((replied.number, text) if replied is not None else None)
    if found is None:
        raise MissingArgument("text", _("the number"))
    number, rest = found
    post = await store.get_post(ctx.db, number)
    if post is None or not await may_see_post(ctx, post, ctx.who):
        raise UserError(
            _("There is no offer or need {number} here.", number=number),
            _("What there is: `!offers`, `!needs`"),
        )
    await require_voice_to_change(ctx, post.room)
    ctx.answer_privately |= not ctx.is_private and not post.network and post.room != ctx.room
    return post, rest.strip()


PostMeant = Annotated[Post, find_post]


def redact_typed_line(ctx: Context, post: Post) -> None:
    """Return the effect that redacts the typed line, if the author of a privately published post
    wrote it in a room."""
    if post.quiet and ctx.who == post.person and not ctx.is_private:
        ctx.discreet = True
