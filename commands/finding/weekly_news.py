"""`!subscribe`: weekly news in private, about everything or some themes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.api import (
    NOTHING,
    Answer,
    Context,
    ItemAccess,
    Job,
    Line,
    Rest,
    Say,
    Span,
    UnfitValue,
    UserError,
    WeeklyTime,
    _,
    fold,
    next_weekly,
    search,
    verbatim,
    words,
)
from commands.finding import follower_store, texts
from commands.finding.declaration import FINDING, WHAT_IS_NEW_JOB, all_kinds, feature, visible_rooms
from commands.finding.follower_store import EVERYTHING, Follower

DEFAULT_DAY = "MO 09:00"
MOST_THEMES = 30
LONGEST_THEME = 60
"""Limit of characters of a theme."""
MOST_SHOWN = 12
"""Limit of entries in one message."""
THEMES_SUGGESTED = 8
LATE_AFTER = timedelta(minutes=5)
_ALL_WORDS = frozenset(map(fold, ("todo", "todos", "todas", "tudo", "all", "everything")))
_LEADING_WORD = re.compile(
    r"^(?:cada|todos los|todas las|tod[ao]s? [ao]s?|tod[ao]|every|on)\s+", re.I
)


async def find_themes(_ctx: Context, text: str) -> tuple[list[str], str]:
    """Return the themes in a text, marked by `#`, and the other words."""
    words_ = text.split()
    names = (word.strip("#,;.")[:LONGEST_THEME] for word in words_ if word.startswith("#"))
    others = " ".join(word for word in words_ if not word.startswith("#"))
    return [name for name in names if search.theme_key(name)], others


Themes = Annotated[list[str], find_themes]


@feature.command(
    words(
        "suscribir",
        "assinar",
        "subscribe",
        "suscribirme, suscríbeme, seguir | me inscreva, seguir | follow",
    ),
    help=_("once a week in private what is new: of all, or of the themes that you name"),
    example=_("For example: `!subscribe #health Friday 18:00`"),
    topic=FINDING,
    does=ItemAccess.READS,
    begins_calls=("follow",),
)
async def subscribe(ctx: Context, names: Themes, *, when: Rest = NOTHING) -> Answer:
    """Subscribe to weekly news of themes or of everything, or show the subscription. The answer is
    always private. Return the answer."""
    ctx.answer_privately = not ctx.is_private
    before = await follower_store.get_follower(ctx.db, ctx.who)
    if not names and not when:
        return await _show_subscription(ctx, before)
    everything, day = _read_day(when)
    themes = dict(before.themes) if before else {}
    if everything or (not names and not themes):
        themes = {EVERYTHING: ""}
    elif names:
        themes.pop(EVERYTHING, None)
        themes |= {search.theme_key(name): name for name in names}
    if len(themes) > MOST_THEMES:
        raise UserError(_("That is more than {count} themes.", count=MOST_THEMES), *_change_lines())
    last = before.last if before else await search.last_id(ctx.db)
    kept = day or (before.day if before else DEFAULT_DAY)
    follower = Follower(ctx.who, kept, last, 0, themes)
    await follower_store.put_follower(
        ctx.db, replace(follower, job=await _schedule_news(ctx, follower))
    )
    return [
        *_subscription_lines(follower),
        *await _unknown_theme_lines(ctx, names),
        *_change_lines(),
    ]


@feature.command(
    words(
        "desuscribir",
        "cancelar assinatura",
        "unfollow",
        "desuscribirme, cancelar suscripción, dejar de seguir | "
        "desassinar, deixar de seguir | "
        "no news",
    ),
    help=_("no more news of a theme, or none at all"),
    example=_("For example: `!unfollow #health` or `!unfollow`"),
    topic=FINDING,
    does=ItemAccess.READS,
)
async def unfollow(ctx: Context, names: Themes) -> Answer:
    """Unsubscribe from themes of the weekly news. Without a theme, or with the last one, the news
    ends. Return the answer."""
    ctx.answer_privately = not ctx.is_private
    before = await follower_store.get_follower(ctx.db, ctx.who)
    if before is None:
        raise UserError(_("You hear no news from me."), _("To hear them: `!subscribe #theme`"))
    gone = {search.theme_key(name) for name in names}
    left = {key: name for key, name in before.themes.items() if key not in gone}
    if not gone or not left:
        await follower_store.delete_follower(ctx.db, ctx.who)
        return _("From now on I tell you no news. To go back: `!subscribe all`")
    if len(left) == len(before.themes):
        raise UserError(_("You don't hear of that theme."), *_subscription_lines(before))
    await follower_store.put_follower(ctx.db, replace(before, themes=left))
    return _subscription_lines(replace(before, themes=left))


def _read_day(said: str) -> tuple[bool, str | None]:
    """Return whether everything is meant, and the day and hour. Raises `UserError`."""
    lead = _LEADING_WORD.match(said)
    everything = lead is None and fold(said.split(" ")[0].strip(",;.")) in _ALL_WORDS
    said = said[lead.end() :] if lead else said.partition(" ")[2] if everything else said
    if not said:
        return everything, None
    try:
        day = WeeklyTime().read(said)
    except UnfitValue:
        day = "no"
    if day == "no":
        raise UserError(
            _("I didn't understand “{words}”.", words=said[:60]),
            _("Themes begin with `#`; a day and an hour may follow."),
            _("For example: `!subscribe #health Friday 18:00`. To end it: `!unfollow`"),
        )
    return everything, day


async def _show_subscription(ctx: Context, follower: Follower | None) -> Answer:
    if follower is not None:
        return [*_subscription_lines(follower), *_change_lines()]
    lines = [_("Once a week I can tell you in private what is new of what you may see.")]
    lines.append(_("By theme: `!subscribe #health Friday 18:00`. All there is: `!subscribe all`"))
    names = await _common_themes(ctx)
    return [*lines, _("Themes there are: {themes}", themes=names)] if names else lines


def _subscription_lines(follower: Follower) -> list[Line]:
    day = WeeklyTime().show(follower.day)
    if EVERYTHING in follower.themes:
        return [_("I tell you here once a week what is new ({day}).", day=day)]
    return [
        _(
            "I tell you here once a week what is new of {themes} ({day}).",
            themes=_hashed(follower.themes.values()),
            day=day,
        )
    ]


def _change_lines() -> tuple[Line, ...]:
    return (_("Another day: `!subscribe Friday 18:00`. To end it: `!unfollow`"),)


async def _unknown_theme_lines(ctx: Context, names: Iterable[str]) -> list[Line]:
    """Name themes that no entry has, which may be typing errors, and those there are."""
    places = [room.room for room in await visible_rooms(ctx)]
    known = {key for key, _name, _count in await search.themes(ctx.db, places)}
    none = [name for name in names if search.theme_key(name) not in known]
    if not none:
        return []
    lines = [_("So far nothing that you may see has {themes}.", themes=_hashed(none))]
    there = await _common_themes(ctx)
    return [*lines, _("Themes there are: {themes}", themes=there)] if there else lines


async def _common_themes(ctx: Context) -> tuple[Line, ...]:
    places = [room.room for room in await visible_rooms(ctx)]
    found = await search.themes(ctx.db, places)
    return _hashed(name for _key, name, _count in found[:THEMES_SUGGESTED])


def _hashed(names: Iterable[str]) -> tuple[Line, ...]:
    return tuple(verbatim(f"#{name}") for name in names)


# --- once a week ----------------------------------------------------------------------------------


async def _schedule_news(ctx: Context, follower: Follower) -> int:
    zone = (await ctx.policy_of_person(follower.person)).zone
    at = next_weekly(follower.day, zone, ctx.now)
    return await ctx.schedule(WHAT_IS_NEW_JOB, at, person=follower.person, zone=zone)


@feature.runs(WHAT_IS_NEW_JOB)
async def send_news(ctx: Context, job: Job) -> Answer:
    """Send a person what others added in the week, if anything. Somebody who has left all rooms is
    unsubscribed. Return what to say, if anything."""
    follower = await follower_store.get_follower(ctx.db, ctx.who)
    if follower is None or follower.job != job.id:
        return None
    places = await visible_rooms(ctx)
    if not places:
        await follower_store.delete_follower(ctx.db, ctx.who)
        return None
    last = await search.last_id(ctx.db)
    planned = await _schedule_news(ctx, follower)
    await follower_store.put_follower(ctx.db, replace(follower, last=last, job=planned))
    themes = tuple(key for key in follower.themes if key != EVERYTHING)
    query = search.Query(themes=themes, after=follower.last)
    here = [room.room for room in places]
    found = await search.newest_matches(ctx.db, query, here, search.MOST_RANKED)
    new = [one for one in found if one.person != ctx.who]
    if not new:
        return None
    known = await all_kinds(ctx)
    names = {room.room: room.name for room in places} if len(places) > 1 else {}
    late = ctx.said_at - job.due
    lines = [_("Late by {span}, because I was away.", span=Span(late))] if late > LATE_AFTER else []
    heading = _("What is new since the last time:")
    lines += [heading, *await texts.result_lines(ctx, new[:MOST_SHOWN], known, names)]
    if len(new) > MOST_SHOWN:
        day = f"{ctx.said_at - timedelta(days=7):%d/%m/%Y}"
        lines.append(_("There is more: `!find since {day}`", day=day))
    lines.append(_("To open one: {opens}", opens=texts.open_command(new[0], known)))
    lines.append(_("To end this: `!unfollow`"))
    return Say(tuple(lines), to=ctx.who, loud=True)
