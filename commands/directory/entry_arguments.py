"""Read the arguments of a directory entry."""

from __future__ import annotations

import re

from bot.api import Arg, Missing, Parts, UserError, _, fold, harmless, one_of, words
from commands.directory.texts import KINDS

LONGEST, LONGEST_PLACE, LONGEST_ADDRESS = 200, 80, 120
MOST_THEMES = 8
KIND = Arg(words("tipo", "tipo", "kind"))
PLACE = Arg(words("lugar", "local", "place", "zona | região | area"))
SHOWN = Arg(
    words("muestra", "mostra", "shows", "mostrar, contacto | mostrar, contato | show, contact")
)
HERE = Arg(
    words("solo esta sala", "só esta sala", "only this room", "solo sala | só sala | this room"),
    flag=True,
)
ARGS = (KIND, PLACE, SHOWN, HERE)
_TAG = re.compile(r"(?<![\w#])#([^\W_][\w-]{0,39})")
_NONE = frozenset({"no", "nao", "nada", "nothing", "none"})


def split(parts: Parts) -> tuple[str, tuple[str, ...]]:
    """Return text and themes. Raises `UserError` or `MissingArgument`."""
    text = harmless(" ".join(" ".join([*parts.quoted, parts.free]).split()))
    themes = tuple(dict.fromkeys(_TAG.findall(text)))
    said = " ".join(_TAG.sub(" ", text).split()).strip(" ,;:")
    if not re.search(r"\w", said):
        raise Missing("parts", _("who you are and what people find you for"))
    if len(said) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    if len(themes) > MOST_THEMES:
        raise UserError(_("Those are too many themes: {count} at most.", count=MOST_THEMES))
    return said, themes


def kind(parts: Parts) -> str:
    return one_of(parts.named.get(KIND.key, ""), KINDS)


def place(parts: Parts) -> str:
    return _bounded(parts.named.get(PLACE.key, ""), LONGEST_PLACE)


def shown(parts: Parts) -> str:
    """Return the address to show; '' means letters through the bot."""
    typed = _bounded(parts.named.get(SHOWN.key, ""), LONGEST_ADDRESS)
    return "" if fold(typed) in _NONE else typed


def _bounded(typed: str, most: int) -> str:
    text = " ".join(harmless(typed).split())
    if len(text) > most:
        raise UserError(_("That is too long: {count} letters at most.", count=most))
    return text
