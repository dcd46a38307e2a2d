"""Convert resources to and from the form that networks exchange: no people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from bot.api import (
    Count,
    Line,
    Media,
    StrictModel,
    UserError,
    _,
    bar_lines,
    one_line,
    strip_hidden,
    verbatim,
)
from commands.library import source_facts, texts
from commands.library.content import file_kinds, typed_entries, web_links
from commands.library.content.collection import key_only
from commands.library.content.web_links import WebLink
from commands.library.declaration import LONGEST_TEXT, MEGABYTE
from commands.library.source_facts import SourceFacts
from commands.library.store import File, Resource

MOST_MEGABYTES = 50
"""The size of a file that no room exceeds."""


class FileLocation(StrictModel):
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
class SharedResource:
    """A resource to be shared, or a received one that was checked."""

    name: str
    text: str
    links: tuple[WebLink, ...]
    themes: tuple[str, ...]
    file: File | None
    facts: SourceFacts | None
    doubtful: bool

    @property
    def kind(self) -> str:
        """The kind of content: `file`, `link` or `text`."""
        if self.file is not None:
            return "file"
        return "link" if len(self.links) == 1 else "text"


def to_shared(one: Resource, told: SourceFacts | None) -> SharedResource:
    """Return a stored resource in the form to be shared."""
    found = web_links.clean_links(one.text)[1]
    return SharedResource(one.name, one.text, found, one.themes, one.file, told, one.doubtful)


def write_body(thing: SharedResource) -> dict[str, str]:
    """Return a resource as it is sent to other networks.

    Raises `UserError` for an unusable file, and a text that they don't take.
    """
    if len(thing.text) > LONGEST_TEXT:
        raise UserError(
            _("Its text is too long to share: {most} letters at most.", most=LONGEST_TEXT)
        )
    body = {"name": thing.name, "text": thing.text, "themes": " ".join(thing.themes)}
    if thing.facts is not None:
        told = thing.facts
        body |= {"licence": told.licence, "publisher": told.publisher, "date": told.published}
    if thing.file is not None:
        body["file"] = _file_location(thing.file.media).to_json()
    if thing.doubtful:
        body["doubtful"] = "yes"
    return body


def _file_location(media: Media) -> FileLocation:
    secret = media.secret or {}
    try:
        return FileLocation(
            url=media.url,
            name=media.name,
            mime=media.mime,
            size=media.size,
            k=secret["key"]["k"],
            iv=secret["iv"],
            sha256=secret["hashes"]["sha256"],
        )
    except (ValidationError, KeyError) as error:
        raise UserError(_("That file can't be opened from elsewhere.")) from error


def read_body(body: Mapping[str, str]) -> SharedResource:
    """Return the resource in what another network sent, checked like a member's text. Raises
    `UserError` for what is too long or not accepted."""
    text, found = web_links.clean_links(strip_hidden(body.get("text", "")).strip())
    file = _read_file(body["file"]) if "file" in body else None
    if len(text) > LONGEST_TEXT or not (text or file):
        raise UserError(_("That is too long to keep: {most} letters at most.", most=LONGEST_TEXT))
    told = SourceFacts(
        *(_clean_value(body.get(key, "")) for key in ("licence", "publisher", "date"))
    )
    themes = typed_entries.unique_themes(
        typed_entries.make_name(one) for one in body.get("themes", "").split()
    )
    is_source = "publisher" in body
    return SharedResource(
        typed_entries.make_name(body.get("name", "")),
        text,
        found,
        themes,
        file,
        told if is_source else None,
        body.get("doubtful") == "yes",
    )


def _clean_value(said: str) -> str:
    return one_line(said)[: source_facts.LONGEST_VALUE]


def _read_file(said: str) -> File:
    try:
        lies = FileLocation.model_validate_json(said)
    except ValidationError as error:
        raise UserError(_("That file can't be opened from elsewhere.")) from error
    kind = file_kinds.kind_of_mime(lies.mime)
    if kind is None:
        raise UserError(_("I don't keep this kind of file."))
    secret = key_only({"key": {"k": lies.k}, "iv": lies.iv, "hashes": {"sha256": lies.sha256}})
    name = file_kinds.safe_file_name(lies.name, kind)
    return File(Media(lies.url, name, kind.mime, lies.size, secret), mark="")


def content_lines(thing: SharedResource) -> list[Line]:
    """Return lines with a received resource's whole content, for the person who decides about
    it."""
    said = [_("{name}:", name=f"#{thing.name}")]
    if thing.text:
        said.append(verbatim(bar_lines(thing.text)))
    said += texts.misleading_lines(thing.links)
    if thing.themes:
        said.append(verbatim(texts.format_themes(thing.themes)))
    if thing.facts is not None and thing.facts.known_values:
        said.append(_("Source: {facts}", facts=tuple(map(verbatim, thing.facts.known_values))))
    if thing.file is not None:
        media = thing.file.media
        said.append(
            _(
                "File: {name}, {type}, {size}",
                name=media.name,
                type=media.mime,
                size=_format_size(media.size),
            )
        )
    if thing.doubtful:
        said.append(_("unreviewed"))
    return said


def _format_size(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE // 10 else f"{-(-size // 1000)} kB"
