"""Convert resources to and from the form that networks exchange: no people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from bot.api import Count, Line, Media, Table, UserError, _, barred, harmless, verbatim
from commands.library import texts
from commands.library.content import file_kinds, typed_entries, web_links
from commands.library.content.collection import key_only
from commands.library.content.web_links import Link
from commands.library.declaration import LONGEST, MEGABYTE
from commands.library.sources import facts
from commands.library.sources.facts import Facts
from commands.library.store import File, Resource

MOST_MEGABYTES = 50
"""The size of a file that no room exceeds."""


class Lies(Table):
    """The address of a file, what decrypts it, and what it claims to be."""

    url: Annotated[
        str, Field(pattern=r"^mxc://[a-zA-Z0-9.-]+(:[0-9]{1,5})?/[a-zA-Z0-9_-]+$", max_length=500)
    ]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    mime: Annotated[str, Field(max_length=100)]
    size: Annotated[Count, Field(ge=1, le=MOST_MEGABYTES * MEGABYTE)]
    k: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    iv: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{22}={0,2}$")]
    sha256: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=?$")]


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource to be shared, or a received one that was checked."""

    name: str
    text: str
    links: tuple[Link, ...]
    themes: tuple[str, ...]
    file: File | None
    facts: Facts | None
    doubtful: bool

    @property
    def kind(self) -> str:
        """`file`, `link` or `text`."""
        if self.file is not None:
            return "file"
        return "link" if len(self.links) == 1 else "text"


def thing_of(one: Resource, told: Facts | None) -> Thing:
    """Return a stored resource in the form to be shared."""
    found = web_links.clean(one.text)[1]
    return Thing(one.name, one.text, found, one.themes, one.file, told, one.doubtful)


def written(thing: Thing) -> dict[str, str]:
    """Return the body that is sent to other networks. Raises `UserError` for an unusable file."""
    body = {"name": thing.name, "text": thing.text, "themes": " ".join(thing.themes)}
    if thing.facts is not None:
        told = thing.facts
        body |= {"licence": told.licence, "publisher": told.publisher, "date": told.published}
    if thing.file is not None:
        body["file"] = _lies(thing.file.media).text()
    if thing.doubtful:
        body["doubtful"] = "yes"
    return body


def _lies(media: Media) -> Lies:
    secret = media.secret or {}
    try:
        return Lies(url=media.url, name=media.name, mime=media.mime, size=media.size,
                    k=secret["key"]["k"], iv=secret["iv"],
                    sha256=secret["hashes"]["sha256"])  # fmt: skip
    except (ValidationError, KeyError) as error:
        raise UserError(_("That file can't be opened from elsewhere.")) from error


def read(body: Mapping[str, str]) -> Thing:
    """Parse a received body, checked like a member's text. Raises `UserError`."""
    text, found = web_links.clean(harmless(body.get("text", "")).strip())
    file = _file(body["file"]) if "file" in body else None
    if len(text) > LONGEST or not (text or file):
        raise UserError(_("That is too long to keep: {most} letters at most.", most=LONGEST))
    told = Facts(*(_word(body.get(key, "")) for key in ("licence", "publisher", "date")))
    themes = typed_entries.themes_of(
        typed_entries.slug(one) for one in body.get("themes", "").split()
    )
    is_source = "publisher" in body
    return Thing(typed_entries.slug(body.get("name", "")), text, found, themes, file,
                 told if is_source else None, body.get("doubtful") == "yes")  # fmt: skip


def _word(said: str) -> str:
    return " ".join(harmless(said).split())[: facts.LONGEST]


def _file(said: str) -> File:
    try:
        lies = Lies.model_validate_json(said)
    except ValidationError as error:
        raise UserError(_("That file can't be opened from elsewhere.")) from error
    kind = file_kinds.of_mime(lies.mime)
    if kind is None:
        raise UserError(_("I don't keep this kind of file."))
    secret = key_only({"key": {"k": lies.k}, "iv": lies.iv, "hashes": {"sha256": lies.sha256}})
    name = file_kinds.file_name(lies.name, kind, "file")
    return File(Media(lies.url, name, kind.mime, lies.size, secret), mark="")


def lines(thing: Thing) -> list[Line]:
    """Return the whole content, for the person who decides about it."""
    said = [_("{name}:", name=f"#{thing.name}")]
    if thing.text:
        said.append(verbatim(barred(thing.text)))
    said += texts.odd(thing.links)
    if thing.themes:
        said.append(verbatim(texts.tags(thing.themes)))
    if thing.facts is not None and thing.facts.words:
        said.append(_("Source: {facts}", facts=tuple(map(verbatim, thing.facts.words))))
    if thing.file is not None:
        media = thing.file.media
        said.append(_("File: {name}, {type}, {size}", name=media.name, type=media.mime,
                       size=_size(media.size)))  # fmt: skip
    if thing.doubtful:
        said.append(_("unreviewed"))
    return said


def _size(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE // 10 else f"{-(-size // 1000)} kB"
