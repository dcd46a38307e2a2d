"""Texts about directory entries."""

from __future__ import annotations

from bot.api import Line, Words, _, shorten_line, words
from commands.directory.directory_store import DirectoryEntry

KINDS = {
    "person": words("persona", "pessoa", "person", "yo | eu | me"),
    "organisation": words(
        "organización",
        "organização",
        "organisation",
        "colectivo, colectiva, grupo, entidad | coletivo, coletiva, grupo, entidade"
        " | organization, group",
    ),
}
LONGEST_SHOWN = 100


def entry_name(entry: DirectoryEntry) -> str:
    """Return the first words of a directory entry, as many as fit in a line."""
    return shorten_line(entry.words, LONGEST_SHOWN)


def entry_facts(entry: DirectoryEntry) -> tuple[object, ...]:
    """Return lines with kind, themes, place and contact of a directory entry, as far as it has
    them."""
    kind: tuple[Words, ...] = (KINDS[entry.kind],) if entry.kind else ()
    place = (entry.place,) if entry.place else ()
    return (*kind, *(f"#{theme}" for theme in entry.themes), *place, contact_line(entry))


def contact_line(entry: DirectoryEntry) -> Line:
    """Return the line that says how to reach the person of an entry: at an address, or by letters
    through the bot."""
    if entry.shown:
        return _("{address}", address=entry.shown)
    return _("letters: `!write {number} …`", number=entry.item)


def entry_line(entry: DirectoryEntry) -> Line:
    """Return a directory entry in one line, with its number."""
    return _(
        "{number}: {words} · {facts}",
        number=entry.item,
        words=entry_name(entry),
        facts=entry_facts(entry),
    )


def visibility_line(entry: DirectoryEntry, room: str) -> Line:
    """Return the line that says who can find the directory entry; `room` is the name of its
    room."""
    if entry.network:
        return _("Whoever is in a room with me can find this.")
    return _("Only who is in the room {room} can find this.", room=room)
