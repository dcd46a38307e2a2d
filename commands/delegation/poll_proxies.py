"""Carry delegations over to the decisions in which they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.api import Context, Item, Number, RoomId, UserId, fold, items
from commands.delegation import chains, store
from commands.delegation.declaration import CHAIN, HELD, feature
from commands.delegation.store import EVERY_POLL, Delegation
from commands.poll_book import poll_store, proxy_store, vote_removal, vote_store
from commands.poll_book.extensions import ROLL_WRITTEN
from commands.poll_book.poll import Electorate
from commands.poll_book.vote_store import CastVote

_THEME = re.compile(r"#([^\W\d_][\w-]*)")


def find_themes(text: str) -> set[str]:
    """Return the `#themes` in a text, folded for comparison."""
    return {fold(theme) for theme in _THEME.findall(text)}


def choose_takers(
    every: Iterable[Delegation], poll: Number, title: str, at: datetime
) -> dict[UserId, UserId]:
    """Return who gave their vote to whom for one decision.

    What was given for this decision goes before its theme, and that before all; the newest of two.
    """
    themes = find_themes(title)
    fits = [
        one
        for one in every
        if one.poll in (EVERY_POLL, poll)
        and one.topic in {"", *themes}
        and (one.until is None or one.until > at)
    ]
    fits.sort(key=lambda one: (one.poll == poll, bool(one.topic), one.id))
    return {one.giver: one.taker for one in fits}


@feature.offers(ROLL_WRITTEN)
async def fill_new_poll(ctx: Context, number: Number) -> None:
    """Store for a decision that has just opened who votes for whom, by its rooms' delegations."""
    poll, item = await poll_store.get_poll(ctx.db, number), await items.get(ctx.db, number)
    if item is None or poll.rule.secret or poll.rule.voters is Electorate.ORGANISATIONS:
        return
    await _refresh_poll(ctx, item, withdrawn=False)


async def refresh_room(ctx: Context, room: RoomId, *, withdrawn: bool = False) -> None:
    """Store anew, for each open decision in the room, who votes for whom. One that was over when
    it was said stays as it is.

    `withdrawn`: also take out what was voted for somebody who took their vote back.
    """
    for number in await store.open_polls_of_people(ctx.db, room, ctx.said_at):
        item = await items.get(ctx.db, number)
        if item is not None:
            await _refresh_poll(ctx, item, withdrawn=withdrawn)


async def _refresh_poll(ctx: Context, item: Item, *, withdrawn: bool) -> None:
    """Say anew who votes for whom, as it was given in any of the rooms in which it stands.

    How many votes one person may hold, and pass on, is for the room in which it was made.
    """
    room, number = item.room, item.number
    every = await store.of_rooms(ctx.db, room, *item.others)
    given = choose_takers(every, number, item.title, ctx.said_at)
    people = sorted({*given, *given.values()})
    here = await proxy_store.people_on_roll(ctx.db, number, people)
    given = {giver: taker for giver, taker in given.items() if {giver, taker} <= here}
    depth = 1 + int(await ctx.setting_value(CHAIN, room))
    proxies = chains.find_proxies(given, depth, int(await ctx.setting_value(HELD, room)))
    before = await proxy_store.proxies_of(ctx.db, number)
    await proxy_store.set_proxies(ctx.db, number, proxies)
    if withdrawn:
        for voter, holder in sorted(
            {(one.voter, one.holder) for one in before}
            - {(one.voter, one.holder) for one in proxies}
        ):
            await vote_removal.drop_answers_of(ctx.db, number, voter, holder)
    for proxy in set(proxies) - set(before):
        await _copy_vote(ctx, number, proxy)


async def _copy_vote(ctx: Context, number: Number, proxy: proxy_store.Proxy) -> None:
    """Let what the holder voted already count for the voter too."""
    cast = await vote_store.vote_of_voter(ctx.db, number, proxy.holder)
    if cast is None or cast.person != proxy.holder:
        return
    at, rank = ctx.said_at, proxy.distance
    vote = CastVote(proxy.voter, proxy.holder, cast.parts, at, rank, read=ctx.now)
    await vote_store.store_vote(ctx.db, number, vote)
