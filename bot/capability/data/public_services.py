"""Services by which capabilities say what of theirs can become public."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.capability.context import Context
from bot.capability.data import typed_names as typed_names
from bot.capability.feature import Answer
from bot.capability.service import KindService, Service
from bot.conversation.addresses import LIKE_ADDRESS, expand_links
from bot.conversation.mentions import find_people
from bot.delivery.kinds import public_posts as public_posts
from bot.delivery.rendering import Reader as Reader
from bot.delivery.rendering import people_in
from bot.documents import public_document as public_document
from bot.documents.public_document import LONGEST_TEXT, PublicDocument, PublicText
from bot.i18n import _
from bot.lines import Line, Moment, Person
from bot.text.normalisation import strip_hidden
from bot.text.translated_text import TranslatedText
from bot.types import LANGUAGES, Number, UserId
from storage.items import Item

SOMEBODY = _("somebody")
"""Stands in place of whoever did not agree to be named."""
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""Dates in public texts are written as for a reader of another time: whole, with the year."""
_PERSON_URI = re.compile(r"matrix:u/([\w.=/+%-]{1,250}:[\w.-]{1,250}(?::\d{1,5})?)(?:\?\S{0,200})?")
"""A person in a link of the scheme `matrix:` (Matrix specification, appendix "Matrix URI")."""
_HOUR = re.compile(r"@\d{1,2}(?:h|:\d{2})?\W{0,9}")
"""`@19:00` and `@19h`, which look like people."""
_LINK_OR_HANDLE = re.compile(
    r"https?://[^\s,;<>()]{1,2000}|(?<!\w)@\w[\w.\-=+@]{0,500}(?<![.\-=+@])"
)
"""A link, which stays as it is, or what is meant as a person: `@bea`, `@bea@example.org`."""
_SPACES = re.compile(r" {2,}")


@dataclass(slots=True)
class PublicNames:
    """Who may be named in what becomes public, and who would be.

    `agreed`: those who said yes, with the name that they are shown by. `wanted` collects everybody
    whom the document would name, so that they can be asked. `members`: whom a handle in a typed
    text (`@bea`) may mean, with their display names.
    """

    agreed: Mapping[UserId, str] = field(default_factory=dict)
    members: Mapping[UserId, str] = field(default_factory=dict)
    wanted: set[UserId] = field(default_factory=set)
    in_typed: bool = False

    def may_name(self, people: Iterable[UserId]) -> bool:
        """Return whether all these people agreed to be named in public, and note that a document
        would name them."""
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


DECIDED = Service[[Item], None]("decision final")
"""This decision is final: no vote that was sent in time can come any more."""


BECOMES_PUBLIC = Service[[Item, Sequence[str]], list[Line]]("becomes public")
"""Lines for the room in which this decision opens, if what comes out of it becomes public.

The texts are what people wrote of it: a name in them keeps it from becoming public by itself.
"""


CONSENT_GONE = Service[[Number], None]("consent gone")
"""What others agreed to of this item no longer holds: it is made anew, or else withdrawn."""


BEFORE_PUBLISHING = KindService[[Item], Answer]("before publishing")
"""Ask what others have to agree to before this can be shown as it becomes public.

None if nothing is left to ask.
"""


BEFORE_WITHDRAWING = KindService[[Item], Answer]("before withdrawing")
"""Take back what was agreed with others, who hand it out, too.

None if nothing was, or the person may only take it out of what we hand out.
"""


PART_OF = Service[[Item], Number | None]("part of")
"""The joint decision of which this vote is our part; None if it stands for itself."""


OWN_PART = KindService[[Item], Item | None]("own part")
"""Our own vote in this joint decision, by which it goes whether it becomes public by itself."""


ASK_BY_RULE = KindService[[Item, UserId], Answer]("ask by rule")
"""Ask, once, what others have to agree to before this becomes public by itself.

None if nothing is left to ask. The person had the room publish what it decides, or was the bot.
Raises `UserError`, which says why, if nobody can be asked.
"""


RELEASE = KindService[[Item, str], Answer]("release")
"""Bring out something of one's own that waits, now or at the time typed."""


def public_line(ctx: Context, names: PublicNames) -> Callable[[Line], PublicText]:
    """Return the function that writes a sentence of the bot's in all languages, times in the
    network's zone.

    Whoever did not agree to be named is `SOMEBODY` in it, and noted as wanted.
    """

    def tell(line: Line) -> PublicText:
        names.may_name(people_in((line,)))
        shown = _for_everybody(line, names.agreed)
        said = {language: _shorten(_say(ctx, shown, language)) for language in LANGUAGES}
        original = said.pop("en")
        return PublicText.model_validate({"text": original, "language": "en", "translations": said})

    return tell


def typed_text(ctx: Context, names: PublicNames) -> Callable[[str], PublicText]:
    """Return the function that makes public what a person wrote, with the translations that people
    made of it.

    Addresses, links to people and handles become the names of those who agreed, and `SOMEBODY` for
    everybody else; whoever is known is noted as wanted. Of people who are called by their name
    alone nothing is known. What hides or reorders letters is taken out, and what is longer than a
    document holds is cut, with `…`.
    """

    def write(text: str, language: str) -> str:
        somebody = _say(ctx, SOMEBODY, language or ctx.defaults.language)
        return _shorten(_name_people(strip_hidden(text), names, somebody))

    def tell(text: str) -> PublicText:
        if not isinstance(text, TranslatedText):
            return PublicText(text=write(text, ""))
        said = {language: write(one, language) for language, one in text.translations.items()}
        return PublicText.model_validate(
            {
                "text": write(str(text), text.language),
                "language": text.language,
                "translations": said,
            }
        )

    return tell


def _name_people(text: str, names: PublicNames, somebody: str) -> str:
    """Return the text with the names that people agreed to, and without all others."""
    if "matrix" in text:
        text = _SPACES.sub(" ", expand_links(_PERSON_URI.sub(r"@\1", text))).strip(" ")
    known = {**names.agreed, **names.members}
    for one in sorted(find_people(text, {}, known), key=lambda one: one.start, reverse=True):
        if one.user is None or (one.user not in known and _HOUR.fullmatch(one.typed)):
            continue
        names.in_typed = True
        names.may_name((one.user,))
        shown = names.agreed.get(one.user) or somebody
        text = f"{text[: one.start]}{shown}{text[one.end :]}"

    def hide(found: re.Match[str]) -> str:
        if found[0].startswith("http") or _HOUR.fullmatch(found[0]):
            return found[0]
        names.in_typed = True
        return somebody

    return _LINK_OR_HANDLE.sub(hide, LIKE_ADDRESS.sub(hide, text))


def _say(ctx: Context, line: Line, language: str) -> str:
    reader = Reader(language, ctx.defaults.zone, "!", _LONG_AGO)
    return ctx.renderer.render_line(line, reader).plain


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


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
