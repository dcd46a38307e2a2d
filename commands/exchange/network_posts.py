"""Share posts with linked networks and take theirs: the words, never the people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.api import (
    CONTACT_FOR_ITEM,
    PARSE_SHARED,
    SHARE,
    SOLE_SHARER,
    STORE_SHARED,
    WITHDRAW_SHARED,
    Context,
    Effect,
    Line,
    Number,
    RoomId,
    Say,
    SharedItem,
    UserError,
    UserId,
    _,
    items,
    one_line,
    search,
)
from commands.exchange import (
    identifiers,
    lifecycle,
    post_meaning,
    publication,
    store,
    texts,
    visibility,
)
from commands.exchange.args import KINDS, LONGEST_PLACE, LONGEST_TEXT, LONGEST_TIME, MOST_THEMES
from commands.exchange.declaration import feature
from commands.exchange.matching.lexicon import built_in_lexicon
from commands.exchange.matching.meaning import parse_meaning
from commands.exchange.store import NEED, OFFER, Post

CLOCK_TOLERANCE = timedelta(days=1)
"""How far apart the clocks of two networks may be."""
TIME_FORMAT = "%Y-%m-%dT%H:%MZ"
BACK_LINE = _(
    "If somebody there is interested I ask you in private; contacts pass if both say yes."
)


# --- ours -----------------------------------------------------------------------------------------


async def _author_of(ctx: Context, item: Number) -> UserId:
    post = await store.get_post(ctx.db, item)
    if post is not None:
        visibility.redact_typed_line(ctx, post)
    return post.person if post else ctx.me


async def _share_post(ctx: Context, item: Number) -> SharedItem:
    """Return the content of an open post, without people or room. Raises `UserError`."""
    post = await store.get_post(ctx.db, item)
    if post is None or not post.is_open or post.until <= ctx.now:
        raise UserError(_("Offer or need {number} is over.", number=item))
    anew = _("To say it anew, first take this back: `!cancel {number}`", number=item)
    identifiers.refuse_identifiers(f"{post.text} · {post.place}", anew)
    body = {
        "text": post.text,
        "kind": post.kind,
        "place": post.place,
        "until": post.until.strftime(TIME_FORMAT),
    }
    return SharedItem(post.text, body, (*texts.draft_lines(post), BACK_LINE))


# --- theirs ---------------------------------------------------------------------------------------


def _read_body(ctx: Context, side: str, body: Mapping[str, str]) -> Post:
    """Return a received post, checked like a typed one. Raises `UserError`."""
    text = one_line(body.get("text", ""))
    place = one_line(body.get("place", ""))
    kind = body.get("kind", "")
    until = _read_end(ctx, body.get("until", ""))
    meaning = parse_meaning(text[:LONGEST_TEXT], built_in_lexicon())
    fits = len(text) <= LONGEST_TEXT and len(place) <= LONGEST_PLACE and (not kind or kind in KINDS)
    if until is None or not fits or not meaning.every or len(meaning.tags) > MOST_THEMES:
        raise UserError(_("I find no offer or need in it that I can take."))
    return Post(
        Number(0),
        side,
        text,
        RoomId(""),
        ctx.me,
        kind,
        place,
        False,
        until,
        ctx.defaults.zone,
        meaning.tags,
    )


def _read_end(ctx: Context, typed: str) -> datetime | None:
    try:
        found = datetime.strptime(typed, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if ctx.now < found <= ctx.now + LONGEST_TIME + CLOCK_TOLERANCE else None


async def _preview_post(ctx: Context, body: Mapping[str, str], *, side: str) -> SharedItem:
    post = _read_body(ctx, side, body)
    return SharedItem(post.text, body, texts.draft_lines(post), (post.text, post.place))


async def _receive_post(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
    *,
    side: str,
) -> list[Line | Effect]:
    """Add a received post to the room's own and propose it where it fits, or update its copy."""
    told = replace(
        _read_body(ctx, side, body),
        room=room,
        origin=origin,
        zone=(await ctx.policy_of_room(room)).zone,
    )
    if copy is not None:
        return await _update_copy(ctx, replace(told, item=copy))
    number = await items.add(ctx.db, feature.name, side, room, ctx.me, told.text, ctx.now)
    await mark(number)
    post = replace(told, item=number)
    await publication.store_post(ctx, post)
    return [Say(texts.open_post_lines(post), room=room, item=number, slot="post")]


async def _update_copy(ctx: Context, post: Post) -> list[Line | Effect]:
    """Update the copy of a post. One that is over here stays over."""
    before = await store.get_post(ctx.db, post.item)
    if before is None or not before.is_open:
        return []
    await store.update_post(ctx.db, post)
    known = await post_meaning.load_lexicon(ctx.db)
    meaning = post_meaning.meaning_of(post, known)
    themes = post_meaning.theme_entries(meaning, post.origin)
    await store.index_post(ctx.db, post, themes, post_meaning.search_terms(meaning))
    await search.index_entry(ctx.db, publication.index_entry(ctx, post))
    await lifecycle.schedule_end(ctx, post)
    return [texts.edit_message(post)]


async def _withdraw_copy(ctx: Context, copy: Number, _origin: str) -> list[Line | Effect]:
    post = await store.get_post(ctx.db, copy)
    if post is None or not post.is_open:
        return []
    return [*await lifecycle.close_post(ctx, post, "withdrawn")]


# --- who is interested there ----------------------------------------------------------------------


async def _approach_author(ctx: Context, item: Number, network: str) -> tuple[UserId, Line, Line]:
    """Return the author of our post, a question for them, and how to stop such questions.

    Raises `UserError` if the post is over or its author hides that network.
    """
    post = await store.get_post(ctx.db, item)
    if (
        post is None
        or not post.is_open
        or not await visibility.may_see_post(ctx, post, post.person)
    ):
        raise UserError(_("Offer or need {number} is over.", number=item))
    if await store.hides_theme(ctx.db, post.person, post_meaning.network_key(network)):
        raise UserError(_("You hide: {things}", things=(network,)))
    about = {"number": item, "text": texts.shorten_text(post.text), "network": network}
    line = (
        _("Somebody of {network} can help with your need {number}, “{text}”.", **about)
        if post.side == NEED
        else _("Somebody of {network} is interested in your offer {number}, “{text}”.", **about)
    )
    stop = _("To hear no more of its people: `!hide {network}`", network=network)
    return post.person, line, stop


for _side in (NEED, OFFER):
    feature.offers(SOLE_SHARER.of(_side))(_author_of)
    feature.offers(SHARE.of(_side))(_share_post)
    feature.offers(PARSE_SHARED.of(_side))(partial(_preview_post, side=_side))
    feature.offers(STORE_SHARED.of(_side))(partial(_receive_post, side=_side))
    feature.offers(WITHDRAW_SHARED.of(_side))(_withdraw_copy)
    feature.offers(CONTACT_FOR_ITEM.of(_side))(_approach_author)
