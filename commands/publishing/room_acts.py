"""What a room's rules decide about: to make something public, and to withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Number,
    RoomId,
    Say,
    UserError,
    _,
    items,
    shorten_line,
)
from commands.publishing import making, store
from commands.publishing.declaration import (
    FINAL,
    PUBLISH_ACT,
    PUBLISH_WORDS,
    WITHDRAW_ACT,
    WITHDRAW_WORDS,
    feature,
)
from commands.publishing.publication import make_publication

feature.log_line("published", _("made {number} public"))
feature.log_line("withdrawn", _("took {number} out of what is public"))


async def require_item(ctx: Context, number: Number, room: RoomId) -> Item:
    """Return the item if it is still the room's. Raises `UserError` if not."""
    item = await items.get(ctx.db, number)
    if item is None or item.room != room:
        raise UserError(_("There is no number {number} here.", number=number))
    return item


@feature.act(PUBLISH_ACT, PUBLISH_WORDS, _("make something public"), urgent=False)
async def carry_out_publishing(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Make public exactly what was shown; if it has changed since then, nothing."""
    item = await require_item(ctx, Number(int(payload["number"])), room)
    made = await make_publication(ctx, item)
    if made.content != payload["content"]:
        raise UserError(
            _(
                "{number} has changed since it was shown, so I made nothing public.",
                number=item.number,
            ),
            _("To see it as it is now: `!publish {number}`", number=item.number),
        )
    undo = {"number": item.number}
    await ctx.log("published", {"number": item.number}, room=room, undo=undo)
    return in_room(ctx, room, item.number, await making.make_public(ctx, item, made))


@feature.act(
    WITHDRAW_ACT, WITHDRAW_WORDS, _("withdraw what is public"), like=PUBLISH_ACT, protects=True
)
async def carry_out_withdrawal(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Withdraw a public item. Whoever has it keeps it, and the room reads that."""
    number = Number(int(payload["number"]))
    record = await store.get_record(ctx.db, number)
    if record is None or not record.is_public:
        raise UserError(_("Nothing of {number} is public.", number=number))
    item = await items.get(ctx.db, number)
    await making.withdraw(ctx, number, store.ASKED)
    undo = {"number": number, "content": record.content}
    await ctx.log("withdrawn", {"number": number}, room=room, undo=undo)
    lines = withdrawn_lines(number, item.title if item else "")
    return in_room(ctx, room, number, lines)


def withdrawn_lines(number: Number, title: str) -> list[Line]:
    """Return the lines about a public item that was withdrawn."""
    head = (
        _("{number}, “{title}”, is public no more.", number=number, title=shorten_line(title))
        if title
        else _("{number} is public no more.", number=number)
    )
    return [
        head,
        _("I hand it out no more. Whoever has it keeps it: I can't take it from them."),
        _("That there was something with this number, and since when it is gone, stays public."),
    ]


def in_room(ctx: Context, room: RoomId, number: Number, lines: list[Line]) -> Answer:
    """Return the lines as a message to the room that they are about. Whoever asked elsewhere reads
    the first line there."""
    if ctx.room == room and not ctx.answers_in_private:
        return list(lines)
    return [lines[0], Say(tuple(lines), room=room, item=number)]


@feature.undo("published")
async def undo_publishing(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Withdraw a public item, if it still is public, for `!undo`."""
    number = Number(int(kept["number"]))
    if not await store.is_public(ctx.db, number):
        raise UserError(_("Nothing of {number} is public.", number=number))
    await making.withdraw(ctx, number, store.ASKED)
    return withdrawn_lines(number, "")


@feature.undo("withdrawn", final=FINAL)
async def undo_withdrawal(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Make the withdrawn item public again, if nothing of it has changed, for `!undo`."""
    number = Number(int(kept["number"]))
    item = await require_item(ctx, number, ctx.place)
    record = await store.get_record(ctx.db, number)
    made = await make_publication(ctx, item)
    if record is None or record.is_public or made.content != kept["content"]:
        raise UserError(
            _("That was changed again since then."),
            _("To see what would be public now: `!publish {number}`", number=number),
        )
    return await making.make_public(ctx, item, made)
