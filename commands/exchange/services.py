"""The services of the exchange: search kinds, summaries, room moves, personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import (
    EXPORT_PERSON,
    FINDABLE_KINDS,
    NETWORK_WIDE,
    PENDING_OF_KIND,
    ROOM_CLOSES,
    SUMMARY,
    Context,
    Effect,
    Item,
    Line,
    RoomId,
    Say,
    UserId,
    _,
    n_,
    search,
)
from commands.exchange import introduction_store, lifecycle, post_meaning, store, texts
from commands.exchange.declaration import feature
from commands.exchange.store import NEED, OFFER
from commands.exchange.visibility import may_see_post

feature.rows(
    "exchange_post",
    room="room",
    person="person",
    on_forget="item",
    says=n_("{count} offer or need", "{count} offers and needs", 0),
)
feature.rows("exchange_meeting", person=("needer", "offerer"))
feature.rows("exchange_hidden", person="person")
feature.rows("exchange_hidden_theme", person="person")

MOST_SHOWN = 3


@feature.offers(FINDABLE_KINDS)
async def search_kinds(_ctx: Context) -> Mapping[str, search.FindableKind]:
    """Return what the search needs to find needs and offers: each kind, its name, and the command
    that opens one."""
    opens = {NEED: _("`!needs {number}`"), OFFER: _("`!offers {number}`")}
    return {side: search.FindableKind(post_meaning.side_name(side), opens[side]) for side in opens}


@feature.offers(SUMMARY)
async def summarize_posts(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with the newest needs and offers of these rooms."""
    lines: list[Line] = []
    for side in (NEED, OFFER):
        found = await store.list_posts(ctx.db, side, list(places), ctx.who, MOST_SHOWN)
        if found:
            head = _("Needed now:") if side == NEED else _("Offered now:")
            lines += [head, *map(texts.post_line, found)]
    return [*lines, _("All of it: `!needs`, `!offers`")] if lines else []


@feature.offers(PENDING_OF_KIND.of("need"))
async def pending_needs(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each of the newest needs of a room."""
    return [
        _("Need {line}", line=texts.post_line(post))
        for post in await store.list_posts(ctx.db, NEED, [room], ctx.who, MOST_SHOWN)
        if post.room == room
    ]


@feature.offers(ROOM_CLOSES.of("need"))
@feature.offers(ROOM_CLOSES.of("offer"))
async def end_with_room(ctx: Context, item: Item, _goes_on: RoomId | None) -> list[Effect]:
    """Withdraw a need or an offer whose room closes, and tell its author. Return what to send."""
    post = await store.get_post(ctx.db, item.number)
    if post is None or not post.is_open:
        return []
    ended = _("Its room closes, so this is taken back: {what}.", what=texts.post_name(post))
    told = [] if post.origin else [Say((ended,), to=post.person)]
    return [*await lifecycle.close_post(ctx, post, "withdrawn"), *told]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each need, offer and introduction of a person, and lines with what they
    hide."""
    posts = [
        _("{side}, {line}", side=post_meaning.side_name(post.side), line=texts.post_line(post))
        for post in await store.posts_by(ctx.db, person)
    ]
    met = await introduction_store.introductions_of(ctx.db, person)
    asked = [
        _(
            "You were asked about an introduction ({numbers}); you said: {said}",
            numbers=", ".join(str(n) for n in (one.need, one.offer) if n),
            said=one.answer_of(person) or "–",
        )
        for one in met
    ]
    hidden, themes = await store.list_hidden(ctx.db, person)
    shown = post_meaning.hidden_names(hidden, themes)
    return [*posts, *asked, *([_("You hide: {things}", things=shown)] if shown else [])]


@feature.offers(NETWORK_WIDE.of(NEED))
@feature.offers(NETWORK_WIDE.of(OFFER))
async def is_network_wide(ctx: Context, item: Item) -> bool:
    """Return whether a need or offer is for the whole network, and its author is still there."""
    post = await store.get_post(ctx.db, item.number)
    return post is not None and post.network and await may_see_post(ctx, post, ctx.who)
