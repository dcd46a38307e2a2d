"""Import a table of sources, after a preview line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import (
    NOTHING,
    Answer,
    CommandPlace,
    Context,
    EventId,
    Line,
    Rest,
    Room,
    UserError,
    _,
    compact,
    fold,
    n_,
    one_line,
    spreadsheets,
    strip_hidden,
    words,
)
from commands.library import reviews, revisions, save_command, store
from commands.library.content import typed_entries, web_links
from commands.library.content.collection import Content
from commands.library.content.web_links import WebLink
from commands.library.declaration import LIBRARY_TOPIC, LONGEST_TEXT, MOST_PER_KEEPER
from commands.library.source_facts import LONGEST_VALUE, SourceFacts
from commands.library.store import Resource, Visibility
from commands.library.version_store import Source
from commands.sources import sheet, source_command
from commands.sources.declaration import feature

LARGEST_TABLE = 2_000_000
MOST_AT_ONCE = 200
MOST_SHOWN = 10
"""How many problems, and how many sources, a preview lists."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A line of the table that can be imported."""

    line: int
    title: str
    notes: str
    link: WebLink
    name: str
    themes: tuple[str, ...]
    facts: SourceFacts

    @property
    def text(self) -> str:
        """The text of the library's resource that is made of the row."""
        return "\n".join(filter(None, (self.title, self.link.shown, self.notes)))


@dataclass(slots=True)
class SourceImportPlan:
    """What an import would do. `later` counts lines beyond the limit of one import."""

    new: list[SourceRow]
    same: int
    later: int
    problems: list[Line]
    ignored: tuple[str, ...]


@feature.command(
    words(
        "importar fuentes",
        "importar fontes",
        "import sources",
        "fuentes importar, importar datos | fontes importar, importar dados"
        " | sources import, import data",
    ),
    help=_("many sources at once: a table (CSV) with titles and links"),
    example=_("For example: `!import sources` as the text of the file, or in reply to it"),
    topic=LIBRARY_TOPIC,
    where=CommandPlace.ROOM,
)
async def import_sources(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Import a CSV table, with `title` and `link` named in its first line, into the library. Return
    how many sources are new. Raises `AnswerNeeded` to ask first, and `UserError` if none is new,
    for a table without those columns, or for a no. Invalid lines are reported and skipped; sources
    that exist already stay as they are."""
    ctx.answers.setdefault("event", ctx.origin.event or "")
    room = ctx.target_room
    written = text or str(ctx.attached_file(LARGEST_TABLE, spreadsheets.decode_text))
    plan = await _plan_import(ctx, room, written)
    if not plan.new:
        raise UserError(*_nothing_lines(plan))
    ctx.confirm(*_preview_lines(plan, room))
    for row in plan.new:
        await _save_row(ctx, room, row)
    await reviews.begin_reviews(ctx, room.room)
    count = len(plan.new)
    done = n_("Imported: {count} source.", "Imported: {count} sources.", count)
    return [done, _("All of them: `!source`")]


async def _save_row(ctx: Context, room: Room, row: SourceRow) -> None:
    number = await revisions.add_own_item(ctx, row.name, room.room)
    origin = Source(EventId(ctx.answers["event"]), ctx.room)
    taken = Content(row.text, (row.link,), None, origin)
    now = ctx.said_at
    one = Resource(
        number,
        room.room,
        row.name,
        taken.kind,
        row.text,
        None,
        "room",
        ctx.who,
        now,
        now,
        now,
        row.themes,
    )
    await revisions.write_resource(ctx, one, taken)
    await source_command.write_facts(ctx, one, row.facts)


# --- planning -------------------------------------------------------------------------------------


async def _plan_import(ctx: Context, room: Room, text: str) -> SourceImportPlan:
    rows, plan = _parse_table(text)
    sight = Visibility((room.room,), network=True)
    left = MOST_AT_ONCE if ctx.defaults.unlimited else await _count_left(ctx)
    names = {
        compact(part) for _line, cells in rows for part in _split_themes(cells.get("themes", ""))
    }
    seen: dict[str, int] = {}
    for line, cells in rows:
        try:
            row = _parse_row(line, cells)
            first = seen.setdefault(row.link.known, line)
            if first != line:
                raise UserError(_("its link is in line {first} already.", first=first))
            if await store.find_duplicate(ctx.db, sight, links=[row.link.known]) is not None:
                plan.same += 1
                continue
            if len(plan.new) >= min(left, MOST_AT_ONCE):
                plan.later += 1
                continue
            await save_command.check_themes(
                ctx, typed_entries.TypedEntry("", "", row.themes), room.room
            )
            plan.new.append(await _with_free_name(ctx, row, sight, names))
        except UserError as error:
            plan.problems.append(_problem_line(line, cells.get("title", ""), error))
    return plan


async def _count_left(ctx: Context) -> int:
    return max(MOST_PER_KEEPER - await store.count_kept_by(ctx.db, ctx.who), 0)


def _parse_table(text: str) -> tuple[list[tuple[int, dict[str, str]]], SourceImportPlan]:
    """Return the lines by column. Raises `UserError` for a table without titles and links."""
    plain, sign = spreadsheets.find_separator(spreadsheets.tidy_text(text))
    found, broken = spreadsheets.read_rows(plain, sign or ";")
    if broken is not None:
        raise UserError(_("Line {line}: a quotation mark is not closed.", line=broken))
    head = [sheet.COLUMN_OF_WORD.get(fold(cell)) for cell in found[0][1]] if found else []
    if not {"title", "link"} <= set(head):
        raise UserError(
            _("The first line names the columns: at least `title` and `link`."),
            _("For example: `title;link;licence;publisher;date;themes;notes`"),
        )
    ignored = tuple(
        cell for cell, column in zip(found[0][1], head, strict=True) if cell and column is None
    )
    rows = []
    for line, cells in found[1:]:
        padded = [*cells, *([""] * len(head))]
        named = {column: padded[n] for n, column in reversed(list(enumerate(head))) if column}
        rows.append((line, named))
    return rows, SourceImportPlan([], 0, 0, [], ignored)


def _parse_row(line: int, cells: dict[str, str]) -> SourceRow:
    """Return a line. Raises `UserError` if it can't be imported."""
    title = one_line(cells["title"])
    if not title:
        raise UserError(_("the title is missing."))
    if not cells["link"]:
        raise UserError(_("the link is missing."))
    _text, found = web_links.clean_links(cells["link"])
    if len(found) != 1:
        raise UserError(_("“{link}” is no link that I understand.", link=cells["link"][:60]))
    values = [one_line(cells.get(key, "")) for key in ("licence", "publisher", "published")]
    if any(len(value) > LONGEST_VALUE for value in values):
        raise UserError(
            _(
                "Licence, publisher and date have {most} letters at most.",
                most=LONGEST_VALUE,
            )
        )
    notes = web_links.clean_links(strip_hidden(cells.get("notes", "")).strip())[0]
    themes = (typed_entries.make_name(part) for part in _split_themes(cells.get("themes", "")))
    row = SourceRow(
        line, title, notes, found[0], "", typed_entries.unique_themes(themes), SourceFacts(*values)
    )
    if len(row.text) > LONGEST_TEXT:
        raise UserError(_("That is too long to keep: {most} letters at most.", most=LONGEST_TEXT))
    return row


def _split_themes(typed: str) -> list[str]:
    parts = (part.strip().lstrip("#") for part in typed.replace(";", ",").split(","))
    return [part for part in parts if part]


async def _with_free_name(
    ctx: Context, row: SourceRow, sight: Visibility, names: set[str]
) -> SourceRow:
    """Return the row with a name that no resource, theme or other line has."""
    base = typed_entries.suggest_name(row.title) or typed_entries.suggest_name(row.link.host) or "x"
    for n in range(1, MOST_AT_ONCE + MOST_PER_KEEPER):
        name = typed_entries.make_name(
            base if n == 1 else f"{base[: typed_entries.LONGEST_NAME - 5]}-{n}"
        )
        taken = (
            compact(name) in names
            or await store.resources_named(ctx.db, name, sight)
            or await store.is_theme(ctx.db, name, sight)
        )
        if not taken:
            names.add(compact(name))
            return SourceRow(row.line, row.title, row.notes, row.link, name, row.themes, row.facts)
    raise UserError(_("too many things here are called so."))


def _problem_line(line: int, title: str, error: UserError) -> Line:
    if not title:
        return _("Line {line}: {what}", line=line, what=error.lines[0])
    return _("Line {line}, “{name}”: {what}", line=line, name=title[:40], what=error.lines[0])


# --- the preview ----------------------------------------------------------------------------------


def _preview_lines(plan: SourceImportPlan, room: Room) -> list[Line]:
    count = len(plan.new)
    told = {"room": room.name or _("that room")}
    head = n_("{count} new source for {room}:", "{count} new sources for {room}:", count, **told)
    rows: list[Line] = [
        _(
            "Line {line}: #{name}, {title}, {link}",
            line=row.line,
            name=row.name,
            title=row.title[:80],
            link=row.link.shown[:120],
        )
        for row in plan.new[:MOST_SHOWN]
    ]
    if count > MOST_SHOWN:
        rows.append(n_("and {count} more", "and {count} more", count - MOST_SHOWN))
    return [head, *rows, *_skipped_lines(plan)]


def _nothing_lines(plan: SourceImportPlan) -> list[Line]:
    return [_("There is nothing new to import."), *_skipped_lines(plan)]


def _skipped_lines(plan: SourceImportPlan) -> list[Line]:
    """Return lines about what is skipped, and why."""
    lines: list[Line] = []
    if plan.same:
        lines.append(n_("{count} is here already.", "{count} are here already.", plan.same))
    if plan.later:
        lines.append(
            n_(
                "{count} is for the next time: it is too much at once.",
                "{count} are for the next time: it is too much at once.",
                plan.later,
            )
        )
    if plan.problems:
        left = n_("{count} line is left out:", "{count} lines are left out:", len(plan.problems))
        lines += [left, *plan.problems[:MOST_SHOWN]]
        if len(plan.problems) > MOST_SHOWN:
            more = len(plan.problems) - MOST_SHOWN
            lines.append(n_("and {count} more", "and {count} more", more))
    if plan.ignored:
        lines.append(
            _("I don't read these columns: {columns}", columns=_short_columns(plan.ignored))
        )
    return lines


def _short_columns(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(column[:30] for column in columns[:8])
