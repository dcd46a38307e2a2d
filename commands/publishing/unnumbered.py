"""Finds what somebody wants to publish or withdraw, by its number or by their words for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
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
    fold,
    is_author,
    items,
    may_act,
    moderators_only,
    names_page,
    shorten_line,
    stems,
)
from commands.publishing import preview, store
from commands.publishing.declaration import PUBLISH_ACT, WITHDRAW_ACT
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
_NEWEST = frozenset(("ultimo", "ultima", "recien", "last", "latest", "newest"))
_OF = frozenset(["de", "del", "do", "da", "dos", "das", "of"])
_ARTICLES = frozenset(["el", "la", "los", "las", "o", "a", "os", "as", "the"])
_SMALL = (
    _OF
    | _ARTICLES
    | frozenset(
        fold(
            """lo un una unos unas este esta ese esa esto eso aquel aquella en web internet
        um uma isto isso esse essa aquele aquela em na
        this that on by about sobre por favor porfa porfavor porfis pls please
        gracias obrigada obrigado thanks ya ahora mismo já agora now right"""
        ).split()
    )
)
"""Words that say neither what is meant nor what is to be done with it but now. Folded.

No `STOP_WORDS`: among those are some that ask for something else, such as `sin`, `pero` and `not`.
"""
_LIMITING = frozenset(
    fold(
        """menos excepto exceto salvo except only sólo só solamente somente apenas
        todavía aún ainda yet nunca never"""
    ).split()
)
"""Words with which somebody leaves something out, or to later: no title is described by them."""


@dataclass(frozen=True, slots=True)
class Described:
    """What somebody says of something without its number; empty where they don't say it.

    `words`: all of theirs, as typed, with their folded forms.
    """

    kind: str = ""
    days_ago: frozenset[int] = frozenset()
    is_newest: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def says_which(self) -> bool:
        """Return whether anything is said of it, as `take it down now` does not."""
        return bool(self.kind or self.days_ago or self.is_newest or self.telling)

    @property
    def is_limited(self) -> bool:
        """Return whether something is left out, as in `all but the march`."""
        return any(word in _LIMITING for _typed, word in self.words)

    @property
    def telling(self) -> frozenset[str]:
        """The words that may be of its title. Folded."""
        known = _KINDS.keys() | _NEWEST | _SMALL | _LIMITING
        return frozenset(
            word for _typed, word in self.words if word not in known and _days_ago(word) is None
        )

    def fits(self, days: frozenset[int], title: str) -> bool:
        """Return whether something of some kind may be meant.

        `days`: how many days ago it was written, or became public, as calendars count them.
        """
        return self.days_ago <= days and (
            not self.telling or not self.telling.isdisjoint(_title_words(title))
        )

    def fits_kind(self, kind: str) -> bool:
        """Return whether something of this kind may be meant."""
        return self.kind in ("", kind)

    def not_used(self, ctx: Context, kind: str, title: str) -> str:
        """Return the words from the first to the last that describes nothing of it: they ask for
        something else.

        So does a time, also one that the title names, but for `the march of Saturday`.
        """
        named, folded = _title_words(title), [word for _typed, word in self.words]
        others = [
            place
            for place, word in enumerate(folded)
            if word not in _SMALL | _NEWEST
            and _days_ago(word) is None
            and _KINDS.get(word) != kind
            and (word not in named or _is_time(ctx, folded, place))
        ]
        span = self.words[others[0] : others[-1] + 1] if others else ()
        return " ".join(typed for typed, _word in span)


def _days_ago(word: str) -> int | None:
    """Return how many days ago the day was that the word names; None if it names none."""
    days = dates.read_near_day(word)
    return None if days is None or days > 0 else -days


def _is_time(ctx: Context, said: list[str], place: int) -> bool:
    """Return whether a word is of a time that does not describe anything: no `de` is before it."""
    word, before = said[place], said[:place]
    while before and before[-1] in _ARTICLES:
        before.pop()
    if before and before[-1] in _OF:
        return False
    return word.isdecimal() or dates.find_date(word, ctx.said_at, ctx.policy.zone) is not None


def _words_of(text: str) -> Iterator[tuple[str, str]]:
    for word in re.findall(r"\w+", re.sub(r"(?:['’]|(?<=day))s\b", "", text)):
        yield word, fold(word)


def _title_words(title: str) -> frozenset[str]:
    return frozenset(word for _typed, word in _words_of(title)) - stems.STOP_WORDS - _LIMITING


def read_description(text: str) -> Described:
    """Return what the words say of something: `el aviso de ayer`, `the last decision`."""
    words = tuple(_words_of(text))
    said = [word for _typed, word in words]
    return Described(
        next((_KINDS[word] for word in said if word in _KINDS), ""),
        frozenset(days for word in said if (days := _days_ago(word)) is not None),
        not _NEWEST.isdisjoint(said),
        words,
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
    for number in await store.newest_unpublished(ctx.db, room, _MOST_LOOKED_AT):
        item = await items.get(ctx.db, number)
        if item is None or not await ctx.may_see(item):
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
    for one in public:
        item = await items.get(ctx.db, one.number)
        if item is not None and is_author(ctx, item):
            return
    raise moderators_only()
