"""Services by which capabilities say what of theirs can become public."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.capability.context import Context
from bot.capability.service import KindService, Service
from bot.delivery.kinds import public_posts as public_posts
from bot.delivery.rendering import Reader, people_in
from bot.documents import public_document as public_document
from bot.documents.public_document import PublicDocument, PublicText
from bot.i18n import _
from bot.text.translated_text import TranslatedText
from bot.types import LANGUAGES, Line, Moment, Number, Person, RoomId, UserId
from storage.items import Item

SOMEBODY = _("somebody")
"""Stands in place of whoever did not agree to be named."""
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""Dates in public texts are written as for a reader of another time: whole, with the year."""


@dataclass(slots=True)
class PublicNames:
    """Who may be named in what becomes public, and who would be.

    `agreed`: those who said yes, with the name that they are shown by. `wanted` collects everybody
    whom the document would name, so that they can be asked.
    """

    agreed: Mapping[UserId, str] = field(default_factory=dict)
    wanted: set[UserId] = field(default_factory=set)

    def may_name(self, people: Iterable[UserId]) -> bool:
        """Note that the document would name these people; return whether all of them agreed."""
        named = set(people)
        self.wanted |= named
        return named <= self.agreed.keys()


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes public of an item, with the bytes of its files by name."""

    document: PublicDocument
    files: Mapping[str, bytes] = field(default_factory=dict)


PUBLISH_ITEM = KindService[[Item, PublicNames], Publication]("publish item")
"""What would become public of an item now.

`ctx.who` may see the item, or is nobody where a job asks. Nobody stands in it who is not in
`PublicNames.agreed`: neither in a text, nor in a file. Raises `UserError`, which says why, if
nothing of it can be public yet: a vote that goes on, a sealed one.
"""


PUBLIC_CHANGED = Service[[Number], None]("public changed")
"""This item changed, or is gone: what was published of it is made anew."""


DECIDED = Service[[Item], None]("decided")
"""This decision is final: no vote that was sent in time can come any more."""


BECOMES_PUBLIC = Service[[RoomId], list[Line]]("becomes public")
"""Lines for a room in which a decision opens, if what is decided there becomes public."""


def public_line(ctx: Context, names: PublicNames) -> Callable[[Line], PublicText]:
    """Return what writes a sentence of the bot's in all languages, times in the network's zone.

    Whoever did not agree to be named is `SOMEBODY` in it, and noted as wanted.
    """
    renderer, zone = ctx.renderer, ctx.defaults.zone

    def tell(line: Line) -> PublicText:
        names.may_name(people_in((line,)))
        shown = _for_everybody(line, names.agreed)
        said = {
            language: renderer.render_line(shown, Reader(language, zone, "!", _LONG_AGO)).plain
            for language in LANGUAGES
        }
        original = said.pop("en")
        return PublicText.model_validate({"text": original, "language": "en", "translations": said})

    return tell


def typed_text(text: str) -> PublicText:
    """Return what a person wrote, with the translations that people made of it."""
    if isinstance(text, TranslatedText):
        return PublicText.model_validate(
            {
                "text": str(text),
                "language": text.language,
                "translations": dict(text.translations),
            }
        )
    return PublicText(text=text)


def _for_everybody(value: Any, agreed: Mapping[UserId, str]) -> Any:
    """Return a line without anybody who did not agree, and with the names that the others chose."""
    if isinstance(value, Line):
        values = {name: _for_everybody(one, agreed) for name, one in value.values.items()}
        return replace(value, values=values)
    if isinstance(value, tuple | list):
        return tuple(_for_everybody(one, agreed) for one in value)
    if isinstance(value, Person):
        return agreed.get(value.user) or SOMEBODY
    if isinstance(value, Moment):
        return replace(value, with_zone=True)
    return value
