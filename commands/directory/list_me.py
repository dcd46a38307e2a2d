"""`!list-me`: be listed in the directory, after reading and confirming what is shown."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Findable,
    Item,
    Line,
    Number,
    Parts,
    Room,
    Say,
    UserError,
    Where,
    _,
    search,
    words,
)
from commands.directory import directory_store, entry_arguments, removal, review, texts
from commands.directory.declaration import DIRECTORY, ENTRY, feature
from commands.directory.directory_store import Entry

MOST = 10
"""Limit of entries of one person."""


@feature.command(
    words(
        "figurar",
        "constar",
        "list-me",
        "aparecer en el directorio, mi ficha | aparecer no diretório, minha ficha"
        " | list me, my entry",
    ),
    help=_("let others find you or your organisation, with what you want shown"),
    example=_("For example: `!list-me Radio Sur, water journalists #press place: Cali`"),
    topic=DIRECTORY,
    where=Where.ROOM,
    args=entry_arguments.ARGS,
)
async def list_me(ctx: Context, parts: Parts) -> Answer:
    """Add an entry, or with the number of one's own replace it, after a confirmation."""
    room = ctx.target
    if room is None:
        raise UserError(_("I am not in this room any more."))
    said, themes = entry_arguments.split(parts)
    before, said = await _own(ctx, said)
    number = before.item if before else Number(0)
    place = before.room if before else room.room
    entry = Entry(
        number,
        place,
        ctx.who,
        entry_arguments.kind(parts),
        said,
        entry_arguments.place(parts),
        entry_arguments.shown(parts),
        entry_arguments.HERE.key not in parts.flags,
        themes,
    )
    if before is None and len(await directory_store.of(ctx.db, ctx.who)) >= MOST:
        raise UserError(_("You have {count} entries; that is all I keep for one person.",
                          count=MOST))  # fmt: skip
    ctx.confirm(*_consent(entry, before, room))
    return await _keep(ctx, entry, before)


async def _own(ctx: Context, said: str) -> tuple[Entry | None, str]:
    """Return the asker's entry whose number begins the text (`57 Radio Sur …`), and the rest."""
    match = re.match(r"#?(\d{1,9})[\s:,]+(\S.*)$", said, re.DOTALL)
    found = await directory_store.get(ctx.db, Number(int(match[1]))) if match else None
    if match is None or found is None or found.person != ctx.who:
        return None, said
    return found, match[2]


def _consent(entry: Entry, before: Entry | None, room: Room) -> list[Line]:
    """Show all that others will read, and who they are."""
    shown = _("{words} · {facts}", words=entry.words, facts=_shown(entry))
    lines = []
    if before is not None:
        old = _("{words} · {facts}", words=before.words, facts=_shown(before))
        lines.append(_("Before: {entry}", entry=old))
    lines += [_("This is what I show: {entry}", entry=shown), texts.seen_by(entry, room.name or "")]
    if not entry.shown:
        lines.append(
            _("No address of yours: letters come through me, you see who writes and can block.")
        )
    if not entry.themes:
        lines.append(_("Without a #theme it is found only by its words."))
    return lines


def _shown(entry: Entry) -> tuple[object, ...]:
    """Return the entry's facts without its number, which it may not have yet."""
    return texts.facts(entry)[:-1] + ((entry.shown,) if entry.shown else (_("letters through me"),))


async def _keep(ctx: Context, entry: Entry, before: Entry | None) -> Answer:
    if before is None:
        number = await ctx.new_item(ENTRY, entry.words, entry.room)
        entry = _numbered(entry, number)
    await directory_store.put(ctx.db, entry)
    await search.put(ctx.db, findable(ctx, entry))
    await review.plan(ctx, entry)
    lines = (
        _("You are in the directory, contact {number}: {words}", number=entry.item,
          words=texts.name(entry)),
        _("To change it: `!list-me {number} …`. To take it out: `!cancel {number}`",
          number=entry.item),
    )  # fmt: skip
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=entry.item)


def _numbered(entry: Entry, number: Number) -> Entry:
    return Entry(
        number,
        entry.room,
        entry.person,
        entry.kind,
        entry.words,
        entry.place,
        entry.shown,
        entry.network,
        entry.themes,
    )


def findable(ctx: Context, entry: Entry) -> Findable:
    return Findable(
        feature.name,
        str(entry.item),
        ENTRY,
        entry.room,
        entry.words,
        ctx.now,
        entry.place,
        entry.themes,
        item=entry.item,
        network=entry.network,
    )


@feature.service("cancel:contact")
async def cancel(ctx: Context, item: Item) -> Line:
    entry = await directory_store.get(ctx.db, item.number)
    if entry is None:
        raise UserError(_("There is no contact {number} here.", number=item.number))
    await removal.take_out(ctx, entry)
    if ctx.who != entry.person:
        await ctx.log("taken_out", {"number": entry.item}, room=entry.room)
    return _("Out of the directory: {number}, {words}. I keep nothing of it.",
             number=entry.item, words=texts.name(entry))  # fmt: skip
