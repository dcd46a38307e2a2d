"""Build the lines that show resources of the library."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Day, Line, Person, Say, SendFile, _, barred, verbatim
from commands.library.content import web_links
from commands.library.content.web_links import Link
from commands.library.store import File, Resource

SHORT = 70


def short(text: str) -> str:
    """Return the text on one line, cut to `LONGEST_SHOWN` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SHORT else f"{flat[: SHORT - 1]}…"


def called(one: Resource) -> str:
    """Return the name with `#`."""
    return f"#{one.name}"


def tags(themes: tuple[str, ...]) -> str:
    """Return the themes with `#`."""
    return " ".join(f"#{theme}" for theme in themes)


def about(one: Resource) -> str:
    """Return the content in short; of a file without words its name."""
    return short(one.text) or (one.file.media.name if one.file else "")


def words(one: Resource, text: str) -> Line:
    """Return the content. Another network's text is marked so that no line passes for ours."""
    return verbatim(barred(text) if one.origin else text)


def row(one: Resource) -> Line:
    """Return a resource as a line of a list: name, content, and notes."""
    mark: tuple[Line, ...] = (_("unreviewed"),) if one.doubtful else ()
    file: tuple[Line, ...] = (_("file"),) if one.file else ()
    origin: tuple[Line, ...] = (_("Shared by {network}", network=one.origin),) if one.origin else ()
    notes = (*file, *([verbatim(tags(one.themes))] if one.themes else ()), *origin, *mark)
    if not notes:
        return _("{name}: {text}", name=called(one), text=about(one))
    return _("{name}: {text} ({notes})", name=called(one), text=about(one), notes=notes)


def beneath(one: Resource) -> list[Line]:
    """Return who saved it and when, its themes, and whether it may be out of date."""
    kept = (
        _("{number}, kept by {person}, {day}", number=one.item, person=Person(one.keeper),
          day=Day(one.at))
        if one.keeper
        else _("{number}, kept {day}", number=one.item, day=Day(one.at))
    )  # fmt: skip
    notes: list[Line] = [kept]
    if one.version > 1:
        notes.append(_("corrected {day}", day=Day(one.changed)))
    if one.themes:
        notes.append(verbatim(tags(one.themes)))
    if one.seen == "network":
        notes.append(_("for the whole network"))
    lines = [_("{notes}", notes=tuple(notes))]
    if one.doubtful and one.origin:
        lines.append(_("Unreviewed: nobody there has said lately that it is still right."))
    elif one.doubtful:
        lines.append(
            _("Unreviewed: nobody has said lately that it is still right. If it is: "
              "`!still right {number}`", number=one.item)
        )  # fmt: skip
    return lines


def whole(ctx: Context, one: Resource, *further: Line) -> Say | SendFile:
    """Return a message with the whole resource; a file is posted anew, so people can open it."""
    _text, found = web_links.clean(one.text) if one.kind == "link" else ("", ())
    text = [words(one, one.text)] if one.text else []
    lines = (_("{name}:", name=called(one)), *text, *odd(found), *beneath(one), *further)
    return file(ctx, one, one.file, *lines) if one.file else said(ctx, one, *lines)


def said(ctx: Context, one: Resource, *lines: Line) -> Say:
    """Return an answer about a resource, which is redacted when the resource is removed."""
    event, thread = ctx.origin.event, ctx.origin.thread
    return Say(lines, reply_to=event, thread=thread, item=one.item, slot=slot(ctx))


def file(ctx: Context, one: Resource, kept: File, *caption: Line) -> SendFile:
    """Return a message with the file, which is redacted when the resource is removed."""
    return SendFile(
        kept.media.name,
        kept.media.mime,
        kept.media,
        caption,
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=one.item,
        slot=slot(ctx),
    )


def slot(ctx: Context) -> str:
    """Return the slot of a message about a resource, by which it can be redacted."""
    return f"said:{ctx.origin.event or ctx.now.timestamp()}"


def warnings(found: Sequence[Link]) -> list[Line]:
    """Return what the keeper should know of the links: removed trackers, odd letters."""
    if not any(link.stripped for link in found):
        return odd(found)
    return [_("I took out of the link what tells others who clicks on it."), *odd(found)]


def odd(found: Sequence[Link]) -> list[Line]:
    """Return a line for each address that may look like another one, with its true form."""
    return [
        _("Look twice: “{reads}” has unusual letters in it; its true address is {host}.",
          reads=link.reads, host=link.host)
        for link in {link.host: link for link in found if link.odd}.values()
    ]  # fmt: skip
