"""Share posts with linked networks and take theirs: the words, never the people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.api import (
    Context,
    Effect,
    Line,
    Number,
    RoomId,
    Say,
    Shared,
    UserError,
    UserId,
    _,
    harmless,
    items,
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
from commands.exchange.args import KINDS, LONGEST, LONGEST_PLACE, LONGEST_TIME, MOST_THEMES
from commands.exchange.declaration import feature
from commands.exchange.matching.lexicon import ours
from commands.exchange.matching.meaning import understand
from commands.exchange.store import NEED, OFFER, Post

CLOCKS = timedelta(days=1)
"""How far apart the clocks of two networks may be."""
MINUTE = "%Y-%m-%dT%H:%MZ"
BACK = _("If somebody there is interested I ask you in private; contacts pass if both say yes.")


# --- ours -----------------------------------------------------------------------------------------


async def _whose(ctx: Context, item: Number) -> UserId:
    post = await store.get(ctx.db, item)
    if post is not None:
        visibility.quietly(ctx, post)
    return post.person if post else ctx.me


async def _share(ctx: Context, item: Number) -> Shared:
    """Return the content of an open post, without people or room. Raises `UserError`."""
    post = await store.get(ctx.db, item)
    if post is None or not post.open or post.until <= ctx.read:
        raise UserError(_("Offer or need {number} is over.", number=item))
    anew = _("To say it anew, first take this back: `!cancel {number}`", number=item)
    identifiers.refuse(f"{post.text} · {post.place}", anew)
    body = {
        "text": post.text,
        "kind": post.kind,
        "place": post.place,
        "until": post.until.strftime(MINUTE),
    }
    return Shared(post.text, body, (*texts.shown(post), BACK))


# --- theirs ---------------------------------------------------------------------------------------


def _read(ctx: Context, side: str, body: Mapping[str, str]) -> Post:
    """Return a received post, checked like a typed one. Raises `UserError`."""
    text = " ".join(harmless(body.get("text", "")).split())
    place = " ".join(harmless(body.get("place", "")).split())
    kind = body.get("kind", "")
    until = _until(ctx, body.get("until", ""))
    meaning = understand(text[:LONGEST], ours())
    fits = len(text) <= LONGEST and len(place) <= LONGEST_PLACE and (not kind or kind in KINDS)
    if until is None or not fits or not meaning.every or len(meaning.tags) > MOST_THEMES:
        raise UserError(_("I find no offer or need in it that I can take."))
    return Post(Number(0), side, text, RoomId(""), ctx.me, kind, place, False, until,
                ctx.defaults.zone, meaning.tags)  # fmt: skip


def _until(ctx: Context, typed: str) -> datetime | None:
    try:
        found = datetime.strptime(typed, MINUTE).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if ctx.read < found <= ctx.read + LONGEST_TIME + CLOCKS else None


async def _peek(ctx: Context, body: Mapping[str, str], *, side: str) -> Shared:
    post = _read(ctx, side, body)
    return Shared(post.text, body, texts.shown(post), (post.text, post.place))


async def _receive(
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
        _read(ctx, side, body), room=room, origin=origin, zone=(await ctx.for_room(room)).zone
    )
    if copy is not None:
        return await _changed(ctx, replace(told, item=copy))
    number = await items.add(ctx.db, feature.name, side, room, ctx.me, told.text, ctx.read)
    await mark(number)
    post = replace(told, item=number)
    await publication.keep(ctx, post)
    return [Say(texts.opening(post), room=room, item=number, slot="post")]


async def _changed(ctx: Context, post: Post) -> list[Line | Effect]:
    """Update the copy of a post. One that is over here stays over."""
    before = await store.get(ctx.db, post.item)
    if before is None or not before.open:
        return []
    await store.change(ctx.db, post)
    known = await post_meaning.lexicon(ctx.db)
    meaning = post_meaning.of_post(post, known)
    themes = post_meaning.themes(meaning, post.origin)
    await store.index(ctx.db, post, themes, post_meaning.terms(meaning))
    await search.put(ctx.db, publication.findable(ctx, post))
    await lifecycle.plan(ctx, post)
    return [texts.again(post)]


async def _recede(ctx: Context, copy: Number, _origin: str) -> list[Line | Effect]:
    post = await store.get(ctx.db, copy)
    if post is None or not post.open:
        return []
    return [*await lifecycle.close(ctx, post, "withdrawn")]


# --- who is interested there ----------------------------------------------------------------------


async def _approach(ctx: Context, item: Number, network: str) -> tuple[UserId, Line, Line]:
    """Return the author of our post, a question for them, and how to stop such questions.

    Raises `UserError` if the post is over or its author hides that network.
    """
    post = await store.get(ctx.db, item)
    if post is None or not post.open or not await visibility.may_see(ctx, post, post.person):
        raise UserError(_("Offer or need {number} is over.", number=item))
    if await store.hides_theme(ctx.db, post.person, post_meaning.network_key(network)):
        raise UserError(_("You hide: {things}", things=(network,)))
    about = {"number": item, "text": texts.short(post.text), "network": network}
    line = (
        _("Somebody of {network} can help with your need {number}, “{text}”.", **about)
        if post.side == NEED
        else _("Somebody of {network} is interested in your offer {number}, “{text}”.", **about)
    )
    stop = _("To hear no more of its people: `!hide {network}`", network=network)
    return post.person, line, stop


for _side in (NEED, OFFER):
    feature.service(f"whose:{_side}")(_whose)
    feature.service(f"share:{_side}")(_share)
    feature.service(f"peek:{_side}")(partial(_peek, side=_side))
    feature.service(f"receive:{_side}")(partial(_receive, side=_side))
    feature.service(f"recede:{_side}")(_recede)
    feature.service(f"approach:{_side}")(_approach)
