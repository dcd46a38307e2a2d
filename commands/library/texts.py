"""Build the lines that show resources of the library."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.api import (
    Context,
    Day,
    Line,
    Media,
    Person,
    Say,
    SendFile,
    _,
    bar_lines,
    shorten_line,
    verbatim,
)
from commands.library.content import web_links
from commands.library.content.web_links import WebLink
from commands.library.declaration import LONGEST_TEXT
from commands.library.store import Resource

LONGEST_SHOWN = 70


shorten_text = partial(shorten_line, most=LONGEST_SHOWN)


def resource_name(one: Resource) -> str:
    """Return the name of a resource with `#` in front."""
    return f"#{one.name}"


def format_themes(themes: tuple[str, ...]) -> str:
    """Return themes, each with `#` in front."""
    return " ".join(f"#{theme}" for theme in themes)


def short_content(one: Resource) -> str:
    """Return a resource's text, shortened to a line; the file's name where it has no text."""
    return shorten_text(one.text) or (one.file.media.name if one.file else "")


def content_line(one: Resource, text: str) -> Line:
    """Return a line with a resource's content. Another network's text is marked so that no line
    passes for ours."""
    return verbatim(bar_lines(text) if one.origin else text)


def resource_row(one: Resource) -> Line:
    """Return a resource as a line of a list: name, content, and notes."""
    mark: tuple[Line, ...] = (_("unreviewed"),) if one.doubtful else ()
    file: tuple[Line, ...] = (_("file"),) if one.file else ()
    origin: tuple[Line, ...] = (_("Shared by {network}", network=one.origin),) if one.origin else ()
    notes = (*file, *([verbatim(format_themes(one.themes))] if one.themes else ()), *origin, *mark)
    if not notes:
        return _("{name}: {text}", name=resource_name(one), text=short_content(one))
    return _(
        "{name}: {text} ({notes})", name=resource_name(one), text=short_content(one), notes=notes
    )


def detail_lines(one: Resource) -> list[Line]:
    """Return lines about a resource: who saved it and when, its themes, and whether it may be out
    of date."""
    kept = (
        _(
            "{number}, kept by {person}, {day}",
            number=one.item,
            person=Person(one.keeper),
            day=Day(one.at),
        )
        if one.keeper
        else _("{number}, kept {day}", number=one.item, day=Day(one.at))
    )
    notes: list[Line] = [kept]
    if one.version > 1:
        notes.append(_("corrected {day}", day=Day(one.changed)))
    if one.themes:
        notes.append(verbatim(format_themes(one.themes)))
    if one.seen == "network":
        notes.append(_("for the whole network"))
    lines = [_("{notes}", notes=tuple(notes))]
    if one.doubtful and one.origin:
        lines.append(_("Unreviewed: nobody there has said lately that it is still right."))
    elif one.doubtful:
        lines.append(
            _(
                "Unreviewed: nobody has said lately that it is still right. If it is: "
                "`!still right {number}`",
                number=one.item,
            )
        )
    return lines


def whole_resource(ctx: Context, one: Resource, *further: Line) -> Say | SendFile:
    """Return a message, to be sent, that shows a whole resource of the library; it carries the file
    itself, so people can open it."""
    _text, found = web_links.clean_links(one.text) if one.kind == "link" else ("", ())
    rest = (*misleading_lines(found), *detail_lines(one), *further)
    return content_message(ctx, one, _("{name}:", name=resource_name(one)), *rest)


def content_message(ctx: Context, one: Resource, head: Line, *rest: Line) -> Say | SendFile:
    """Return a message with the text and the file of a resource, below a heading.

    A text that is too long for a message is a file.
    """
    if one.file is None and len(one.text) > LONGEST_TEXT:
        return _file_message(
            ctx, one, f"{one.name}.txt", "text/plain", one.text.encode(), head, *rest
        )
    lines = (head, *([content_line(one, one.text)] if one.text else []), *rest)
    if one.file is not None:
        media = one.file.media
        return _file_message(ctx, one, media.name, media.mime, media, *lines)
    return resource_message(ctx, one, *lines)


def resource_message(ctx: Context, one: Resource, *lines: Line) -> Say:
    """Return an answer about a resource, which is redacted when the resource is removed."""
    event, thread = ctx.origin.event, ctx.origin.thread
    return Say(lines, reply_to=event, thread=thread, item=one.item, slot=message_slot(ctx))


def _file_message(
    ctx: Context, one: Resource, name: str, mime: str, data: Media | bytes, *caption: Line
) -> SendFile:
    """Return a message with a file, which is redacted when the resource is removed."""
    return SendFile(
        name,
        mime,
        data,
        caption,
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=one.item,
        slot=message_slot(ctx),
    )


def message_slot(ctx: Context) -> str:
    """Return the name under which the bot's message about a resource is stored with the item, so
    that it is found when it has to be redacted. It is another one for each line that is
    answered."""
    return f"said:{ctx.origin.event or ctx.said_at.timestamp()}"


def link_warnings(found: Sequence[WebLink]) -> list[Line]:
    """Return lines about the links for the resource's keeper: removed trackers, odd letters."""
    if not any(link.stripped for link in found):
        return misleading_lines(found)
    return [
        _("I took out of the link what tells others who clicks on it."),
        *misleading_lines(found),
    ]


def misleading_lines(found: Sequence[WebLink]) -> list[Line]:
    """Return a line for each web address that may look like another one, with its true form."""
    return [
        _(
            "Look twice: “{reads}” has unusual letters in it; its true address is {host}.",
            reads=link.reads,
            host=link.host,
        )
        for link in {link.host: link for link in found if link.is_misleading}.values()
    ]
