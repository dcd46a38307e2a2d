"""Texts about directory entries."""

from __future__ import annotations

from bot.api import Line, Words, _, words
from commands.directory.directory_store import Entry

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
SHORT = 100


def name(entry: Entry) -> str:
    text = " ".join(entry.words.split())
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def facts(entry: Entry) -> tuple[object, ...]:
    kind: tuple[Words, ...] = (KINDS[entry.kind],) if entry.kind else ()
    place = (entry.place,) if entry.place else ()
    return (*kind, *(f"#{theme}" for theme in entry.themes), *place, reached(entry))


def reached(entry: Entry) -> Line:
    """Return how to reach them."""
    if entry.shown:
        return _("{address}", address=entry.shown)
    return _("letters: `!write {number} …`", number=entry.item)


def line(entry: Entry) -> Line:
    return _("{number}: {words} · {facts}", number=entry.item, words=name(entry),
             facts=facts(entry))  # fmt: skip


def seen_by(entry: Entry, room: str) -> Line:
    if entry.network:
        return _("Whoever is in a room with me can find this.")
    return _("Only who is in the room {room} can find this.", room=room)
