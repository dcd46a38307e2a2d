"""`!subscribe`: weekly news in private, about everything or some themes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Does,
    Job,
    Line,
    Say,
    Span,
    Unfit,
    UserError,
    Weekly,
    _,
    fold,
    next_week,
    search,
    verbatim,
    words,
)
from commands.finding import follower_store, texts
from commands.finding.declaration import FINDING, feature, kinds, seen_by
from commands.finding.follower_store import EVERYTHING, Follower

USUAL = "MO 09:00"
MOST_THEMES = 30
LONGEST = 60
"""Limit of characters of a theme."""
SHOWN = 12
"""Limit of entries in one message."""
FULLEST = 8
LATE = timedelta(minutes=5)
_ALL = frozenset(map(fold, ("todo", "todos", "todas", "tudo", "all", "everything")))
_LEAD = re.compile(r"^(?:cada|todos los|todas las|tod[ao]s? [ao]s?|tod[ao]|every|on)\s+", re.I)


@feature.command(
    words("suscribir", "assinar", "subscribe", "suscribirme, suscríbeme | me inscreva | follow"),
    help=_("once a week in private what is new: of all, or of the themes that you name"),
    example=_("For example: `!subscribe #health Friday 18:00`"),
    topic=FINDING,
    does=Does.READS,
)
async def subscribe(ctx: Context, *, text: str = "") -> Answer:
    """Subscribe to themes or everything, or show the subscription. The answer is always private."""
    ctx.aside = not ctx.private
    before = await follower_store.get(ctx.db, ctx.who)
    if not text.strip():
        return await _shown(ctx, before)
    names, everything, day = _read(text)
    themes = dict(before.themes) if before else {}
    if everything or (not names and not themes):
        themes = {EVERYTHING: ""}
    elif names:
        themes.pop(EVERYTHING, None)
        themes |= {search.theme_key(name): name for name in names}
    if len(themes) > MOST_THEMES:
        raise UserError(_("That is more than {count} themes.", count=MOST_THEMES), *_to_end())
    last = before.last if before else await search.last(ctx.db)
    kept = day or (before.day if before else USUAL)
    follower = Follower(ctx.who, kept, last, 0, themes)
    await follower_store.put(ctx.db, replace(follower, job=await _plan(ctx, follower)))
    return [*_told(follower), *await _unknown(ctx, names), *_to_end()]


@feature.command(
    words(
        "desuscribir",
        "cancelar assinatura",
        "unfollow",
        "desuscribirme, cancelar suscripción | desassinar | no news",
    ),
    help=_("no more news of a theme, or none at all"),
    example=_("For example: `!unfollow #health` or `!unfollow`"),
    topic=FINDING,
    does=Does.READS,
)
async def unfollow(ctx: Context, *, text: str = "") -> Answer:
    """Unsubscribe from themes. Without a theme, or with the last one, the news ends."""
    ctx.aside = not ctx.private
    before = await follower_store.get(ctx.db, ctx.who)
    if before is None:
        raise UserError(_("You hear no news from me."), _("To hear them: `!subscribe #theme`"))
    gone = {search.theme_key(name) for name in _themes(text)}
    left = {key: name for key, name in before.themes.items() if key not in gone}
    if not gone or not left:
        await follower_store.drop(ctx.db, ctx.who)
        return _("From now on I tell you no news. To go back: `!subscribe all`")
    if len(left) == len(before.themes):
        raise UserError(_("You don't hear of that theme."), *_told(before))
    await follower_store.put(ctx.db, replace(before, themes=left))
    return _told(replace(before, themes=left))


def _themes(text: str) -> list[str]:
    names = (word.strip("#,;.")[:LONGEST] for word in text.split() if word.startswith("#"))
    return [name for name in names if search.theme_key(name)]


def _read(text: str) -> tuple[list[str], bool, str | None]:
    """Return the themes, whether everything is meant, and day and hour. Raises `UserError`."""
    names = _themes(text)
    rest = [word for word in text.split() if not word.startswith("#")]
    said, lead = " ".join(rest), _LEAD.match(" ".join(rest))
    everything = lead is None and fold(said.split(" ")[0].strip(",;.")) in _ALL
    said = said[lead.end() :] if lead else said.partition(" ")[2] if everything else said
    if not said:
        return names, everything, None
    try:
        day = Weekly().read(said)
    except Unfit:
        day = "no"
    if day == "no":
        raise UserError(
            _("I didn't understand “{words}”.", words=said[:60]),
            _("Themes begin with `#`; a day and an hour may follow."),
            _("For example: `!subscribe #health Friday 18:00`. To end it: `!unfollow`"),
        )
    return names, everything, day


async def _shown(ctx: Context, follower: Follower | None) -> Answer:
    if follower is not None:
        return [*_told(follower), *_to_end()]
    lines = [_("Once a week I can tell you in private what is new of what you may see.")]
    lines.append(_("By theme: `!subscribe #health Friday 18:00`. All there is: `!subscribe all`"))
    names = await _fullest(ctx)
    return [*lines, _("Themes there are: {themes}", themes=names)] if names else lines


def _told(follower: Follower) -> list[Line]:
    day = Weekly().show(follower.day)
    if EVERYTHING in follower.themes:
        return [_("I tell you here once a week what is new ({day}).", day=day)]
    return [
        _("I tell you here once a week what is new of {themes} ({day}).",
          themes=_hashed(follower.themes.values()), day=day)
    ]  # fmt: skip


def _to_end() -> tuple[Line, ...]:
    return (_("Another day: `!subscribe Friday 18:00`. To end it: `!unfollow`"),)


async def _unknown(ctx: Context, names: Iterable[str]) -> list[Line]:
    """Name themes that no entry has, which may be typing errors, and those there are."""
    places = [room.room for room in await seen_by(ctx)]
    known = {key for key, _name, _count in await search.themes(ctx.db, places)}
    none = [name for name in names if search.theme_key(name) not in known]
    if not none:
        return []
    lines = [_("So far nothing that you may see has {themes}.", themes=_hashed(none))]
    there = await _fullest(ctx)
    return [*lines, _("Themes there are: {themes}", themes=there)] if there else lines


async def _fullest(ctx: Context) -> tuple[Line, ...]:
    places = [room.room for room in await seen_by(ctx)]
    found = await search.themes(ctx.db, places)
    return _hashed(name for _key, name, _count in found[:FULLEST])


def _hashed(names: Iterable[str]) -> tuple[Line, ...]:
    return tuple(verbatim(f"#{name}") for name in names)


# --- once a week ----------------------------------------------------------------------------------


async def _plan(ctx: Context, follower: Follower) -> int:
    zone = (await ctx.for_person(follower.person)).zone
    at = next_week(follower.day, zone, ctx.read)
    return await ctx.schedule("what is new", at, person=follower.person, zone=zone)


@feature.job("what is new")
async def tell(ctx: Context, job: Job) -> Answer:
    """Send what is new by others, if anything. Somebody who has left all rooms is unsubscribed."""
    follower = await follower_store.get(ctx.db, ctx.who)
    if follower is None or follower.job != job.id:
        return None
    places = await seen_by(ctx)
    if not places:
        await follower_store.drop(ctx.db, ctx.who)
        return None
    last = await search.last(ctx.db)
    planned = await _plan(ctx, follower)
    await follower_store.put(ctx.db, replace(follower, last=last, job=planned))
    themes = tuple(key for key in follower.themes if key != EVERYTHING)
    query = search.Query(themes=themes, after=follower.last)
    here = [room.room for room in places]
    found = await search.newest(ctx.db, query, here, search.MOST)
    new = [one for one in found if one.person != ctx.who]
    if not new:
        return None
    known = await kinds(ctx)
    names = {room.room: room.name for room in places} if len(places) > 1 else {}
    late = ctx.now - job.due
    lines = [_("Late by {span}, because I was away.", span=Span(late))] if late > LATE else []
    heading = _("What is new since the last time:")
    lines += [heading, *await texts.each(ctx, new[:SHOWN], known, names)]
    if len(new) > SHOWN:
        day = f"{ctx.now - timedelta(days=7):%d/%m/%Y}"
        lines.append(_("There is more: `!find since {day}`", day=day))
    lines.append(_("To open one: {opens}", opens=texts.opens(new[0], known)))
    lines.append(_("To end this: `!unfollow`"))
    return Say(tuple(lines), to=ctx.who, loud=True)
