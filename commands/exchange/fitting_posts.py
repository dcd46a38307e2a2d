"""Find the posts that fit another one, and begin introducing two people to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.api import Context, RoomId, UserId, rooms
from commands.exchange import introduction_store, post_meaning, store, visibility
from commands.exchange.args import PostDraft
from commands.exchange.declaration import ANSWER_WITHIN
from commands.exchange.matching.fit import Fit, compute_fit
from commands.exchange.matching.lexicon import Lexicon
from commands.exchange.matching.meaning import Meaning, parse_meaning
from commands.exchange.store import NEED, OFFER, Post

MOST_CANDIDATES = 200
"""How many posts with a word in common are compared."""
MOST_AT_ONCE = 3
"""How many matches are proposed to somebody who publishes a post."""
MOST_SHOWN = 5
MOST_FROM_NETWORKS = 3
"""How many matching posts of other networks are proposed to one person in a day."""


@dataclass(frozen=True, slots=True)
class Match:
    """A post that fits another one."""

    post: Post
    fit: Fit


async def find_matches(
    ctx: Context,
    side: str,
    meaning: Meaning,
    kind: str,
    known: Lexicon,
    places: Sequence[RoomId],
    but: UserId,
) -> list[Match]:
    """Return the offers or needs that fit the meaning of another one: ours first, then by score.

    Only posts visible in these rooms, without those of the person `but`. `kind` may be empty.
    """
    heads, others = post_meaning.wanted_terms(meaning, known)
    near = await store.find_candidates(ctx.db, side, places, but, heads, others, MOST_CANDIDATES)
    found: list[Match] = []
    for post in near:
        if kind and post.kind and kind != post.kind:
            continue
        theirs = post_meaning.meaning_of(post, known)
        one = compute_fit(meaning, theirs) if side == OFFER else compute_fit(theirs, meaning)
        if one.is_enough:
            found.append(Match(post, one))
    return sorted(
        found, key=lambda match: (bool(match.post.origin), -match.fit.score, -match.post.item)
    )


async def offers_for_need(ctx: Context, draft: PostDraft) -> list[Post]:
    """Return the offers that fit a need, without those the person hides.

    In a room only offers of that room and of the whole network are shown.
    """
    known = await post_meaning.load_lexicon(ctx.db)
    meaning = parse_meaning(draft.text, known, draft.place)
    places = await _rooms_of(ctx, ctx.who)
    found = await find_matches(ctx, OFFER, meaning, draft.kind, known, places, ctx.who)
    here = set(await visibility.visible_rooms(ctx))
    shown = [one.post for one in found if one.post.network or one.post.room in here]
    return [post for post in shown if not await store.hides_post(ctx.db, ctx.who, post)][
        :MOST_SHOWN
    ]


async def propose_matches(ctx: Context, post: Post) -> None:
    """Propose to the author of a new offer or need what fits it. The other side is asked only after
    a yes."""
    known = await post_meaning.load_lexicon(ctx.db)
    meaning = post_meaning.meaning_of(post, known)
    places = [post.room] if post.origin else await _rooms_of(ctx, post.person)
    found = await find_matches(ctx, post.other_side, meaning, post.kind, known, places, post.person)
    begun = 0
    for match in found:
        if begun == MOST_AT_ONCE:
            break
        if await _may_introduce(ctx, post, match.post):
            await _begin_introduction(ctx, post, match.post)
            begun += 1


async def _rooms_of(ctx: Context, person: UserId) -> list[RoomId]:
    return [room.room for room in await rooms.shared_rooms(ctx.db, person)]


async def _may_introduce(ctx: Context, post: Post, other: Post) -> bool:
    """True if both may see the other's post, neither hides it, and it is a new pair.

    Of other networks' posts only a few are proposed to a person in a day.
    """
    if post.person == other.person or not await visibility.may_see_post(ctx, post, other.person):
        return False
    if await store.hides_post(ctx.db, post.person, other):
        return False
    if await store.hides_post(ctx.db, other.person, post):
        return False
    if post.origin or other.origin:
        ours, theirs = (other, post) if post.origin else (post, other)
        day = ctx.now - timedelta(days=1)
        told = await introduction_store.count_remote_since(ctx.db, ours.person, day)
        if told >= MOST_FROM_NETWORKS:
            return False
        return not await introduction_store.introductions_about(ctx.db, theirs.item, ours.person)
    return not await introduction_store.introductions_about(ctx.db, other.item, post.person)


async def _begin_introduction(ctx: Context, one: Post, other: Post) -> None:
    """Begin an introduction: ask the author of the newer post first.

    If that post came from another network, the local author is asked.
    """
    first = other.person if one.origin else one.person
    need, offer = (one, other) if one.side == NEED else (other, one)
    key = await introduction_store.add_introduction(
        ctx.db, need.item, offer.item, need.person, offer.person, ctx.said_at
    )
    await ctx.begin_dialogue("introduce", first, {"meeting": key}, patience=ANSWER_WITHIN)
