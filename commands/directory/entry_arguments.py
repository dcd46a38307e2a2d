"""Read the arguments of a directory entry."""

from __future__ import annotations

import re

from bot.api import (
    MissingArgument,
    NamedArgument,
    ParsedArguments,
    UserError,
    _,
    choose_kind,
    fold,
    one_line,
    strip_hidden,
    words,
)
from commands.directory.texts import KINDS

LONGEST_TEXT, LONGEST_PLACE, LONGEST_ADDRESS = 200, 80, 120
MOST_THEMES = 8
KIND = NamedArgument(words("tipo", "tipo", "kind"))
PLACE = NamedArgument(words("lugar", "local", "place", "zona | região | area"))
CONTACT = NamedArgument(
    words("muestra", "mostra", "shows", "mostrar, contacto | mostrar, contato | show, contact")
)
THIS_ROOM = NamedArgument(
    words("solo esta sala", "só esta sala", "only this room", "solo sala | só sala | this room"),
    flag=True,
)
ARGS = (KIND, PLACE, CONTACT, THIS_ROOM)
_TAG = re.compile(r"(?<![\w#])#([^\W_][\w-]{0,39})")
_NONE_WORDS = frozenset({"no", "nao", "nada", "nothing", "none"})


def split_themes(parts: ParsedArguments) -> tuple[str, tuple[str, ...]]:
    """Return the text of a directory entry and its themes. Raises `UserError` or
    `MissingArgument`."""
    text = strip_hidden(" ".join(" ".join([*parts.quoted, parts.free]).split()))
    themes = tuple(dict.fromkeys(_TAG.findall(text)))
    said = " ".join(_TAG.sub(" ", text).split()).strip(" ,;:")
    if not re.search(r"\w", said):
        raise MissingArgument("parts", _("who you are and what people find you for"))
    if len(said) > LONGEST_TEXT:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_TEXT))
    if len(themes) > MOST_THEMES:
        raise UserError(_("Those are too many themes: {count} at most.", count=MOST_THEMES))
    return said, themes


def read_kind(parts: ParsedArguments) -> str:
    """Return the stored form of the kind of entry that was typed, or an empty text. Raises
    `UserError` for an unknown kind."""
    return choose_kind(parts.named.get(KIND.key, ""), KINDS)


def read_place(parts: ParsedArguments) -> str:
    """Return the place that was typed, or an empty text. Raises `UserError` if it is too long."""
    return _limited(parts.named.get(PLACE.key, ""), LONGEST_PLACE)


def read_contact(parts: ParsedArguments) -> str:
    """Return the address that a directory entry shows; '' means letters through the bot."""
    typed = _limited(parts.named.get(CONTACT.key, ""), LONGEST_ADDRESS)
    return "" if fold(typed) in _NONE_WORDS else typed


def _limited(typed: str, most: int) -> str:
    text = one_line(typed)
    if len(text) > most:
        raise UserError(_("That is too long: {count} letters at most.", count=most))
    return text
