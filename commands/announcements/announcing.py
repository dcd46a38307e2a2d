"""Announce something in many rooms: shown first, and written by a job a few rooms at a time."""

from __future__ import annotations

import re

from bot.api import (
    ANNOUNCE_IN_ROOMS,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    MissingArgument,
    Person,
    RoomId,
    Say,
    UserError,
    _,
    items,
    moderators_only,
    shorten_line,
    split_arguments,
    verbatim,
)
from commands.announcements import store
from commands.announcements.declaration import (
    KIND,
    LASTS,
    OVER_JOB,
    READ,
    ROOMS_JOB,
    feature,
)
from commands.announcements.store import Announcement
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.many_rooms.pages import next_rooms
from commands.many_rooms.room_choice import choose_rooms, people_of, preview_lines
from commands.translations.declaration import LANGUAGE_OF, WITH_TEXTS
from commands.translations.titles import read_titles
from commands.translations.typed_texts import take_original

LONGEST = 2000

feature.log_line("announced", _("announced something in many rooms: {number}"))


@feature.offers(ANNOUNCE_IN_ROOMS)
async def announce_in_rooms(ctx: Context, text: str) -> Answer:
    """Announce the text in the rooms that it names, or here if it only asks who has read it, or
    says it in several languages.

    Returns None if it does none of this. Raises `UserError` without the right, and asks before.
    """
    parts = split_arguments(text, (ROOMS_ARGUMENT, READ, *WITH_TEXTS), lambda _words: False)
    parts, own = take_original(parts, ctx.policy.language)
    where, asks = parts.named.get(ROOMS_ARGUMENT.key), READ.key in parts.flags
    spoken = LANGUAGE_OF.keys() & parts.named.keys()
    if where is None and not asks and not spoken:
        return None
    said = (parts.typed or parts.free).strip().strip('"“”')
    if not re.search(r"\w", said):
        raise MissingArgument("text", _("the text"))
    if len(said) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    home = ctx.place
    if not await ctx.moderates(home):
        raise moderators_only()
    titles = await read_titles(ctx, parts, said, LONGEST, language=own)
    said = titles.of(said)
    chosen = await choose_rooms(ctx, home, where)
    if chosen.others:
        ctx.confirm(
            _("Announcement: {text}", text=verbatim(said)),
            *await preview_lines(ctx, chosen, len(await people_of(ctx, chosen))),
        )
    title = shorten_line(str(said), most=80)
    number = await items.add(ctx.db, feature.name, KIND, home, ctx.who, title, ctx.said_at)
    await items.show_in(ctx.db, number, chosen.every[1:])
    await titles.save(ctx, number)
    one = Announcement(number, said, asks)
    await store.add_announcement(ctx.db, one)
    item = await items.get(ctx.db, number)
    assert item is not None
    await ctx.log("announced", {"number": number}, room=home)
    await ctx.schedule(OVER_JOB, ctx.now + LASTS, item=number, room=home)
    if item.others:
        await ctx.schedule(ROOMS_JOB, ctx.now, item=number, room=home)
    effects: list[Line | Effect] = [announcement_message(item, one, home)]
    return (
        effects if home == ctx.room else [_("Announced: number {number}.", number=number), *effects]
    )


@feature.runs(ROOMS_JOB)
async def write_page(ctx: Context, job: Job) -> Answer:
    """Announce in the next few rooms, and schedule the rest."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    one = await store.get_announcement(ctx.db, item.number) if item is not None else None
    if item is None or one is None:
        return None
    places = await next_rooms(ctx, item, job, ROOMS_JOB)
    write = announcement_edit if job.payload.get("again") else announcement_message
    return [write(item, one, place) for place in places]


@feature.runs(OVER_JOB)
async def close_announcement(ctx: Context, job: Job) -> Answer:
    """Close an announcement that nobody is expected to answer any more."""
    if job.item is not None:
        await items.close(ctx.db, job.item)
    return None


def announcement_edit(item: Item, one: Announcement, room: RoomId) -> Edit:
    """Return the change of what one of its rooms reads."""
    return Edit(item.ref(room, "opening"), announcement_lines(item, one), room=room)


def announcement_message(item: Item, one: Announcement, room: RoomId) -> Say:
    """Return what one of its rooms reads."""
    return Say(
        announcement_lines(item, one),
        room=room,
        loud=True,
        item=item.number,
        slot=item.ref(room, "opening").slot,
    )


def announcement_lines(item: Item, one: Announcement) -> tuple[Line, ...]:
    """Return the lines of an announcement, and how to say that one has read it."""
    lines: list[Line] = [
        _("Announcement {number}: {title}", number=item.number, title=verbatim(one.text))
    ]
    if item.others:
        lines.append(
            _(
                "From {who}, in {count} rooms.",
                who=Person(item.author),
                count=len(item.rooms),
            )
        )
    if one.asks:
        lines.append(
            _("Have you read it? Answer `read {number}`, or `read` to it.", number=item.number)
        )
    return tuple(lines)
