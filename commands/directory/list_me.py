"""`!list-me`: be listed in the directory, after reading and confirming what is shown."""

from __future__ import annotations

import re

from bot.api import (
    CANCEL,
    Answer,
    CommandPlace,
    Context,
    Findable,
    Item,
    Line,
    Number,
    ParsedArguments,
    Room,
    Say,
    UserError,
    _,
    search,
    words,
)
from commands.directory import directory_store, entry_arguments, removal, review, texts
from commands.directory.declaration import DIRECTORY, ENTRY_KIND, feature
from commands.directory.directory_store import DirectoryEntry

MOST_ENTRIES = 10
"""Limit of entries of one person."""


@feature.command(
    words(
        "aparecer",
        "aparecer",
        "list-me",
        "figurar, aparecer en el directorio, mi ficha, registrarme, mi contacto"
        " | "
        "constar, aparecer no diretório, minha ficha, cadastro, me cadastrar, meu contato"
        " | "
        "list me, my entry, register me",
    ),
    help=_("let others find you or your organisation, with what you want shown"),
    example=_("For example: `!list-me Radio Sur, water journalists #press place: Cali`"),
    topic=DIRECTORY,
    where=CommandPlace.ROOM,
    args=entry_arguments.ARGS,
)
async def list_me(ctx: Context, parts: ParsedArguments) -> Answer:
    """Add an entry to the directory or, with the number of one's own, replace it, after a
    confirmation. Return the answer."""
    room = ctx.target_room
    said, themes = entry_arguments.split_themes(parts)
    before, said = await _own_entry(ctx, said)
    number = before.item if before else Number(0)
    place = before.room if before else room.room
    entry = DirectoryEntry(
        number,
        place,
        ctx.who,
        entry_arguments.read_kind(parts),
        said,
        entry_arguments.read_place(parts),
        entry_arguments.read_contact(parts),
        entry_arguments.THIS_ROOM.key not in parts.flags,
        themes,
    )
    if before is None and len(await directory_store.entries_of(ctx.db, ctx.who)) >= MOST_ENTRIES:
        raise UserError(
            _("You have {count} entries; that is all I keep for one person.", count=MOST_ENTRIES)
        )
    ctx.confirm(*_consent_lines(entry, before, room))
    return await _store_entry(ctx, entry, before)


async def _own_entry(ctx: Context, said: str) -> tuple[DirectoryEntry | None, str]:
    """Return the asker's entry whose number begins the text (`57 Radio Sur …`), and the rest."""
    match = re.match(r"#?(\d{1,9})[\s:,]+(\S.*)$", said, re.DOTALL)
    found = await directory_store.get_entry(ctx.db, Number(int(match[1]))) if match else None
    if match is None or found is None or found.person != ctx.who:
        return None, said
    return found, match[2]


def _consent_lines(entry: DirectoryEntry, before: DirectoryEntry | None, room: Room) -> list[Line]:
    """Show all that others will read, and who they are."""
    shown = _("{words} · {facts}", words=entry.words, facts=_entry_facts(entry))
    lines = []
    if before is not None:
        old = _("{words} · {facts}", words=before.words, facts=_entry_facts(before))
        lines.append(_("Before: {entry}", entry=old))
    lines += [
        _("This is what I show: {entry}", entry=shown),
        texts.visibility_line(entry, room.name or ""),
    ]
    if not entry.shown:
        lines.append(
            _("No address of yours: letters come through me, you see who writes and can block.")
        )
    if not entry.themes:
        lines.append(_("Without a #theme it is found only by its words."))
    return lines


def _entry_facts(entry: DirectoryEntry) -> tuple[object, ...]:
    """Return the entry's facts without its number, which it may not have yet."""
    return texts.entry_facts(entry)[:-1] + (
        (entry.shown,) if entry.shown else (_("letters through me"),)
    )


async def _store_entry(
    ctx: Context, entry: DirectoryEntry, before: DirectoryEntry | None
) -> Answer:
    if before is None:
        number = await ctx.add_item(ENTRY_KIND, entry.words, entry.room)
        entry = _with_number(entry, number)
    await directory_store.put_entry(ctx.db, entry)
    await search.index_entry(ctx.db, search_entry(ctx, entry))
    await review.schedule_review(ctx, entry)
    lines = (
        _(
            "You are in the directory, contact {number}: {words}",
            number=entry.item,
            words=texts.entry_name(entry),
        ),
        _(
            "To change it: `!list-me {number} …`. To take it out: `!cancel {number}`",
            number=entry.item,
        ),
    )
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=entry.item)


def _with_number(entry: DirectoryEntry, number: Number) -> DirectoryEntry:
    return DirectoryEntry(
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


def search_entry(ctx: Context, entry: DirectoryEntry) -> Findable:
    """Return the directory entry as the search finds and shows it."""
    return Findable(
        feature.name,
        str(entry.item),
        ENTRY_KIND,
        entry.room,
        entry.words,
        ctx.said_at,
        entry.place,
        entry.themes,
        item=entry.item,
        network=entry.network,
    )


feature.log_line("taken_out", _("took the contact {number} out of the directory"))


@feature.offers(CANCEL.of("contact"))
async def cancel_entry(ctx: Context, item: Item) -> Line:
    """Remove an entry of the directory; somebody else's goes into the room's log. Return the line
    that says so.

    Raises `UserError` if there is no such entry.
    """
    entry = await directory_store.get_entry(ctx.db, item.number)
    if entry is None:
        raise UserError(_("There is no contact {number} here.", number=item.number))
    await removal.remove_entry(ctx, entry)
    if ctx.who != entry.person:
        await ctx.log("taken_out", {"number": entry.item}, room=entry.room)
    return _(
        "Out of the directory: {number}, {words}. I keep nothing of it.",
        number=entry.item,
        words=texts.entry_name(entry),
    )
