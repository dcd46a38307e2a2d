"""Finds what somebody wants to publish or withdraw, by its number or by their words for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.api import (
    ITEM_NAMED,
    Context,
    Item,
    Line,
    MissingArgument,
    Number,
    RoomId,
    UserError,
    _,
    dates,
    is_author,
    items,
    may_act,
    moderators_only,
    names_page,
    shorten_line,
)
from commands.publishing import preview, store
from commands.publishing.declaration import PUBLISH_ACT, WITHDRAW_ACT
from commands.publishing.description import Described, read_description
from commands.publishing.publication import make_publication

_BEFORE_NUMBER = re.compile(r"(?:[^\W\d_]{1,20}\s{1,3}){1,2}(?=#?\d)")
"""Up to two words before a number: `la 57`, `decisión 57`."""
_MOST_LOOKED_AT, _MOST_FITTING = 20, 3
"""Things of the room that are looked at, and named, where the number is missing."""


async def find_item(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the item that the text names by number, or by a name that a capability knows it by, as
    the library does, or that is replied to; and the rest of the text.

    Return None and the text if the text names a page of the list.
    """
    text = text.strip(' "“”«»')
    if names_page(text):
        return None, text
    for offer in ctx.registry.offers(ITEM_NAMED):
        if (number := await offer(ctx, text.strip())) is not None:
            return await _reach(ctx, number)
    if not _begins_with_time(ctx, text):
        text = _BEFORE_NUMBER.sub("", text, count=1)
    return await ctx.parse_item(text, takes=0)


async def _reach(ctx: Context, number: Number) -> tuple[Item, str]:
    """Return the item, as if its number had been typed: who may not speak there can't reach it."""
    return await ctx.parse_item(str(number), takes=0)


def _begins_with_time(ctx: Context, text: str) -> bool:
    """Return whether the text begins with a time, so that the number in it is part of that:
    `a las 9`."""
    found = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    named = found is not None and text.startswith(found.phrase)
    return named or text.casefold().startswith(("à ", "às "))  # `as 9` may be nine things


async def find_item_to_publish(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return what `find_item` does; without a number the only thing here that the words fit.

    Raises `UserError` with some that can become public if several do, or none.
    """
    try:
        return await find_item(ctx, text)
    except MissingArgument:
        if not text.strip():
            raise
        room = (await ctx.choose_room()).room
        if not await may_act(ctx, PUBLISH_ACT, room):
            raise moderators_only() from None
        said = read_description(text)
        fitting = [one async for one in _publishable(ctx, room, said)]
        asked: list[Line] = [_("Which one? With its number:")]
        if len(fitting) == 1 or (fitting and said.is_newest):
            item, kind = fitting[0]
            not_used = said.not_used(ctx, kind, item.title)
            if not not_used:
                return await _reach(ctx, item.number)
            asked = [
                _("I don't know what “{words}” asks of me.", words=shorten_line(not_used, 40)),
                _("With the number I show it, and after your yes all of it is public at once:"),
            ]
        if not fitting:
            public = await store.public_in(ctx.db, room, _MOST_LOOKED_AT)
            known = _only_fitting(said, _fitting(ctx, said, public))
            if known is not None:
                return await _reach(ctx, known)
            fitting = [one async for one in _publishable(ctx, room, Described())]
        if not fitting:
            raise
        shown = (_publish_line(item, kind) for item, kind in fitting)
        raise UserError(*asked, *shown) from None


def _only_fitting(said: Described, fitting: Sequence[store.PublicTitle]) -> Number | None:
    """Return the number of the only one of these public things, or of the newest if the words say
    so; else None."""
    clear = said.says_which and not said.is_limited
    if clear and (len(fitting) == 1 or (fitting and said.is_newest)):
        return fitting[0].number
    return None


def _fitting(
    ctx: Context, said: Described, public: Sequence[store.PublicTitle]
) -> list[store.PublicTitle]:
    """Return those of the public things that the words fit."""
    return [
        one
        for one in public
        if said.fits_kind(one.kind)
        and said.fits(_days_since(ctx, one.written, one.since), one.title)
    ]


async def _publishable(
    ctx: Context, room: RoomId, said: Described
) -> AsyncIterator[tuple[Item, str]]:
    """Yield the newest things of the room that fit and can become public now, with their kinds.

    To find out costs what publishing it does, so only for whoever may.
    """
    found = 0
    numbers = await store.newest_unpublished(ctx.db, room, _MOST_LOOKED_AT)
    for item in await items.get_each(ctx.db, numbers):
        if not await ctx.may_see(item):
            continue
        if not said.fits(_days_since(ctx, item.at), item.title):
            continue
        try:
            kind = (await make_publication(ctx, item)).document.kind
        except UserError:
            continue
        if said.fits_kind(kind):
            yield item, kind
            found += 1
        if found == _MOST_FITTING:
            return


def _days_since(ctx: Context, *moments: datetime) -> frozenset[int]:
    """Return how many days ago these were, as the calendar of the room counts them."""
    zone = ZoneInfo(ctx.policy.zone)
    today = ctx.said_at.astimezone(zone).date()
    return frozenset((today - moment.astimezone(zone).date()).days for moment in moments)


def _publish_line(item: Item, kind: str) -> Line:
    return _(
        "`!publish {number}`: {kind}, “{title}”",
        number=item.number,
        kind=preview.KIND_NAMES[kind],
        title=shorten_line(item.title),
    )


async def find_item_to_withdraw(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return what `find_item` does; without a number the only public thing that the words fit.

    Raises `UserError` with what is public here, the newest first, if several do.
    """
    try:
        return await find_item(ctx, text)
    except MissingArgument:
        room, said = (await ctx.choose_room()).room, read_description(text)
        public = await store.public_in(ctx.db, room, _MOST_LOOKED_AT)
        if not public:
            raise UserError(_("Nothing of this room is public.")) from None
        fitting = _fitting(ctx, said, public)
        if (only := _only_fitting(said, fitting)) is not None:
            return await _reach(ctx, only)
        await _require_withdrawer(ctx, room, public)
        raise UserError(
            _("Which one? With its number:"),
            *(
                _(
                    "`!withdraw {number}`: {kind}, “{title}”",
                    number=one.number,
                    kind=preview.KIND_NAMES[one.kind],
                    title=shorten_line(one.title),
                )
                for one in (fitting or public)[:_MOST_FITTING]
            ),
        ) from None


async def _require_withdrawer(
    ctx: Context, room: RoomId, public: Sequence[store.PublicTitle]
) -> None:
    """Raise `UserError` for who may withdraw none of these."""
    if await may_act(ctx, WITHDRAW_ACT, room):
        return
    every = await items.get_each(ctx.db, [one.number for one in public])
    if not any(is_author(ctx, item) for item in every):
        raise moderators_only()
