"""Services of the directory feature: search kinds, moved rooms, log lines, a person's data."""

from __future__ import annotations

from collections.abc import Mapping

from bot.api import (
    EXPORT_PERSON,
    FINDABLE_KINDS,
    FORGET,
    ITEM_READERS,
    Context,
    Item,
    Line,
    Moment,
    UserId,
    _,
    items,
    n_,
    search,
    words,
)
from commands.directory import block_command, directory_store, removal, texts
from commands.directory.declaration import ENTRY_KIND, feature

feature.rows("directory_entry", room="room", person="person", on_forget="code")
feature.rows("directory_letter", person=("sender", "owner"), on_forget="code")
feature.rows("directory_blocked", person=("owner", "person"))


@feature.offers(FINDABLE_KINDS)
async def search_kinds(_ctx: Context) -> Mapping[str, search.FindableKind]:
    """Return what the search needs to find entries of the directory: their kind, its name, and the
    command that opens one."""
    name = words("contacto", "contato", "contact", "contactos | contatos | contacts")
    return {ENTRY_KIND: search.FindableKind(name, _("`!directory {number}`"))}


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's entries in the directory, and their exchanges of letters in both
    directions. Return lines that say what was deleted."""
    entries = await directory_store.entries_of(ctx.db, person)
    for entry in entries:
        await removal.remove_entry(ctx, entry)
    letters = await directory_store.letters_of(ctx.db, person)
    for letter in letters:
        await items.delete(ctx.db, letter.item)
    ctx.db.shred()
    said = [n_("{count} entry of the directory", "{count} entries of the directory", len(entries))]
    more = [n_("{count} letter that I passed on", "{count} letters that I passed on", len(letters))]
    return [*(said if entries else []), *(more if letters else [])]


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return the line that says who reads letters. Neither of the two is named: an entry's address
    is hidden from whoever writes to it."""
    if await directory_store.get_letter(ctx.db, item.number) is None:
        return []
    return [_("only the two who write to each other")]


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the person's directory entries and letters. No letter's text is stored."""
    entries = [
        _("In the directory: {entry}", entry=texts.entry_line(one))
        for one in await directory_store.entries_of(ctx.db, person)
    ]
    letters = [
        _(
            "Letter {number}, {when}, because of the entry {entry}",
            number=one.item,
            when=Moment(one.at),
            entry=one.entry,
        )
        for one in await directory_store.letters_of(ctx.db, person)
    ]
    return [*entries, *letters, *await block_command.blocked_lines(ctx, person)]
