"""Finds what somebody wants to publish or withdraw, by its number or by their words for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.api import (
    ITEM_NAMED,
    Context,
    Item,
    Line,
    MissingArgument,
    UserError,
    _,
    fold,
    items,
    names_page,
    shorten_line,
)
from commands.publishing import preview, store
from commands.publishing.publication import make_publication

_BEFORE_NUMBER = re.compile(r"(?:[^\W\d_]{1,20}\s{1,3}){1,2}(?=#?\d)")
"""Up to two words before a number: `la 57`, `decisión 57`."""
_MOST_LOOKED_AT, _MOST_FITTING = 20, 3
"""Things of the room that are looked at, and named, where the number is missing."""
_KINDS = {
    **dict.fromkeys(("decision", "decisiones", "acuerdo", "propuesta", "encuesta"), "decision"),
    **dict.fromkeys(("decisao", "decisoes", "acordo", "proposta", "enquete"), "decision"),
    **dict.fromkeys(("decisions", "proposal", "poll"), "decision"),
    **dict.fromkeys(("evento", "eventos", "event", "events"), "event"),
    **dict.fromkeys(("texto", "documento", "text", "document"), "text"),
    **dict.fromkeys(("datos", "tabla", "dados", "tabela", "data", "table"), "data"),
    **dict.fromkeys(("aviso", "avisos", "anuncio", "comunicado", "recado"), "announcement"),
    **dict.fromkeys(("announcement", "announcements", "notice"), "announcement"),
}
"""The kind that a word names, of what can be public. Folded."""
_DAYS_AGO = {
    **dict.fromkeys(("hoy", "hoje", "today", "todays", "recien", "agora"), 0),
    **dict.fromkeys(("ayer", "ontem", "yesterday", "yesterdays"), 1),
    **dict.fromkeys(("anteayer", "antier", "anteontem"), 2),
}
_NEWEST = frozenset(("ultimo", "ultima", "last", "latest", "newest"))
_SHORTEST_WORD = 4
"""Letters of a word that is looked for in titles. Shorter ones stand everywhere."""


@dataclass(frozen=True, slots=True)
class Described:
    """What somebody says of something without its number; empty where they don't say it.

    `words` are others of theirs, which may be of its title.
    """

    kind: str = ""
    days_ago: int | None = None
    is_newest: bool = False
    words: frozenset[str] = frozenset()

    def fits(self, kind: str, age: timedelta, title: str) -> bool:
        """Return whether something may be meant. `age`: whole days, as calendars count them."""
        return (
            self.kind in ("", kind)
            and self.days_ago in (None, age.days)
            and (not self.words or not self.words.isdisjoint(_words_of(title)))
        )


def _words_of(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text).replace("'s", ""))


def read_description(text: str) -> Described:
    """Return what the words say of something: `el aviso de ayer`, `the last decision`."""
    said = _words_of(text)
    known = _KINDS.keys() | _DAYS_AGO.keys() | _NEWEST
    return Described(
        next((_KINDS[word] for word in said if word in _KINDS), ""),
        next((_DAYS_AGO[word] for word in said if word in _DAYS_AGO), None),
        not _NEWEST.isdisjoint(said),
        frozenset(word for word in said if len(word) >= _SHORTEST_WORD and word not in known),
    )


async def find_item(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the item named by number, by its name in the library or replied to, and the text left
    over.

    None if the text names a page of the list.
    """
    text = text.strip(' "“”«»')
    if names_page(text):
        return None, text
    for offer in ctx.registry.offers(ITEM_NAMED):
        number = await offer(ctx, text.strip())
        item = await items.get(ctx.db, number) if number is not None else None
        if item is not None:
            return ctx.answer_privately_about(item), ""
    return await ctx.parse_item(_BEFORE_NUMBER.sub("", text, count=1), takes=0)


async def find_item_to_publish(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return what `find_item` does; without a number the only thing here that the words fit.

    Raises `UserError` with some that can become public if several do, or none.
    """
    try:
        return await find_item(ctx, text)
    except MissingArgument:
        if not text.strip():
            raise
        said = read_description(text)
        fitting = [one async for one in _publishable(ctx, said)]
        if len(fitting) == 1 or (fitting and said.is_newest):
            return fitting[0][0], ""
        if not fitting:
            fitting = [one async for one in _publishable(ctx, Described())]
        if not fitting:
            raise
        raise UserError(
            _("Which one? With its number:"),
            *(_publish_line(item, kind) for item, kind in fitting),
        ) from None


async def _publishable(ctx: Context, said: Described) -> AsyncIterator[tuple[Item, str]]:
    """Yield the newest things of the room that fit and can become public now, with their kinds."""
    room, zone, found = (await ctx.choose_room()).room, ZoneInfo(ctx.policy.zone), 0
    today = ctx.said_at.astimezone(zone).date()
    for number in await store.newest_unpublished(ctx.db, room, _MOST_LOOKED_AT):
        item = await items.get(ctx.db, number)
        if item is None or not await ctx.may_see(item):
            continue
        try:
            kind = (await make_publication(ctx, item)).document.kind
        except UserError:
            continue
        if said.fits(kind, today - item.at.astimezone(zone).date(), item.title):
            yield item, kind
            found += 1
        if found == _MOST_FITTING:
            return


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
        fitting = [
            one
            for one in public
            if said.fits(one.kind, timedelta(days=said.days_ago or 0), one.title)
        ]
        if not public:
            raise
        if said != Described() and (len(fitting) == 1 or (fitting and said.is_newest)):
            return await items.get(ctx.db, fitting[0].number), ""
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
