"""Import a table of sources, after a preview line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import (
    Answer,
    Context,
    EventId,
    Line,
    Room,
    UserError,
    Where,
    _,
    fold,
    glued,
    harmless,
    n_,
    spreadsheets,
    words,
)
from commands.library import reviews, revisions, save_command, store
from commands.library.content import typed_entries, web_links
from commands.library.content.collection import Taken
from commands.library.content.web_links import Link
from commands.library.declaration import KIND, LIBRARY, LONGEST, MOST, feature
from commands.library.sources import facts, sheet, source_command
from commands.library.sources.facts import Facts
from commands.library.store import Resource, Sight, Source

LARGEST = 2_000_000
AT_ONCE = 200
SHOWN = 10
"""How many problems, and how many sources, a preview lists."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that can be imported."""

    line: int
    title: str
    notes: str
    link: Link
    name: str
    themes: tuple[str, ...]
    facts: Facts

    @property
    def text(self) -> str:
        """The text of the resource made of it."""
        return "\n".join(filter(None, (self.title, self.link.shown, self.notes)))


@dataclass(slots=True)
class Plan:
    """What an import would do. `later` counts lines beyond the limit of one import."""

    new: list[Row]
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
    topic=LIBRARY,
    where=Where.ROOM,
)
async def take_in(ctx: Context, *, text: str = "") -> Answer:
    """Import a table of sources after confirmation. Raises `UserError` and `Asking`.

    Invalid lines are reported and skipped; sources that exist already stay as they are.
    """
    ctx.known.setdefault("event", ctx.origin.event or "")
    room = ctx.target
    assert room is not None
    written = text if text.strip() else str(ctx.file(LARGEST, spreadsheets.decoded))
    plan = await _plan(ctx, room, written)
    if not plan.new:
        raise UserError(*_nothing(plan))
    ctx.confirm(*_preview(plan, room))
    for row in plan.new:
        await _keep(ctx, room, row)
    await reviews.begin(ctx, room.room)
    count = len(plan.new)
    done = n_("Imported: {count} source.", "Imported: {count} sources.", count)
    return [done, _("All of them: `!source`")]


async def _keep(ctx: Context, room: Room, row: Row) -> None:
    number = await ctx.new_item(KIND, row.name, room.room)
    origin = Source(EventId(ctx.known["event"]), ctx.room)
    taken = Taken(row.text, (row.link,), None, origin)
    now = ctx.now
    one = Resource(
        number, room.room, row.name, taken.kind, row.text, None, "room", ctx.who, now, now, now,
        row.themes,
    )  # fmt: skip
    await revisions.write(ctx, one, taken)
    await source_command.write(ctx, one, row.facts)


# --- planning -------------------------------------------------------------------------------------


async def _plan(ctx: Context, room: Room, text: str) -> Plan:
    rows, plan = _rows(text)
    sight = Sight((room.room,), network=True)
    left = AT_ONCE if ctx.defaults.unlimited else await _left(ctx)
    names = {glued(part) for _line, cells in rows for part in _parts(cells.get("themes", ""))}
    seen: dict[str, int] = {}
    for line, cells in rows:
        try:
            row = _row(line, cells)
            first = seen.setdefault(row.link.known, line)
            if first != line:
                raise UserError(_("its link is in line {first} already.", first=first))
            if await store.same(ctx.db, sight, links=[row.link.known]) is not None:
                plan.same += 1
                continue
            if len(plan.new) >= min(left, AT_ONCE):
                plan.later += 1
                continue
            await save_command.check_themes(ctx, typed_entries.Typed("", "", row.themes), room.room)
            plan.new.append(await _named(ctx, row, sight, names))
        except UserError as error:
            plan.problems.append(_problem(line, cells.get("title", ""), error))
    return plan


async def _left(ctx: Context) -> int:
    return max(MOST - await store.count_of(ctx.db, ctx.who), 0)


def _rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], Plan]:
    """Return the lines by column. Raises `UserError` for a table without titles and links."""
    plain, sign = spreadsheets.separated(spreadsheets.tidied(text))
    found, broken = spreadsheets.cells(plain, sign or ";")
    if broken is not None:
        raise UserError(_("Line {line}: a quotation mark is not closed.", line=broken))
    head = [sheet.OF.get(fold(cell)) for cell in found[0][1]] if found else []
    if not {"title", "link"} <= set(head):
        raise UserError(
            _("The first line names the columns: at least `title` and `link`."),
            _("For example: `title;link;licence;publisher;date;themes;notes`"),
        )
    ignored = tuple(cell for cell, column in zip(found[0][1], head, strict=True)
                    if cell and column is None)  # fmt: skip
    rows = []
    for line, cells in found[1:]:
        padded = [*cells, *([""] * len(head))]
        named = {column: padded[n] for n, column in reversed(list(enumerate(head))) if column}
        rows.append((line, named))
    return rows, Plan([], 0, 0, [], ignored)


def _row(line: int, cells: dict[str, str]) -> Row:
    """Return a line. Raises `UserError` if it can't be imported."""
    title = " ".join(harmless(cells["title"]).split())
    if not title:
        raise UserError(_("the title is missing."))
    if not cells["link"]:
        raise UserError(_("the link is missing."))
    _text, found = web_links.clean(cells["link"])
    if len(found) != 1:
        raise UserError(_("“{link}” is no link that I understand.", link=cells["link"][:60]))
    values = [" ".join(harmless(cells.get(key, "")).split())
              for key in ("licence", "publisher", "published")]  # fmt: skip
    if any(len(value) > facts.LONGEST for value in values):
        raise UserError(
            _("Licence, publisher and date have {most} letters at most.", most=facts.LONGEST)
        )
    notes = web_links.clean(harmless(cells.get("notes", "")).strip())[0]
    themes = (typed_entries.slug(part) for part in _parts(cells.get("themes", "")))
    row = Row(line, title, notes, found[0], "", typed_entries.themes_of(themes), Facts(*values))
    if len(row.text) > LONGEST:
        raise UserError(_("That is too long to keep: {most} letters at most.", most=LONGEST))
    return row


def _parts(typed: str) -> list[str]:
    parts = (part.strip().lstrip("#") for part in typed.replace(";", ",").split(","))
    return [part for part in parts if part]


async def _named(ctx: Context, row: Row, sight: Sight, names: set[str]) -> Row:
    """Return the row with a name that no resource, theme or other line has."""
    base = typed_entries.suggested(row.title) or typed_entries.suggested(row.link.host) or "x"
    for n in range(1, AT_ONCE + MOST):
        name = typed_entries.slug(
            base if n == 1 else f"{base[: typed_entries.MOST_LETTERS - 5]}-{n}"
        )
        taken = (
            glued(name) in names
            or await store.named(ctx.db, name, sight)
            or await store.is_theme(ctx.db, name, sight)
        )
        if not taken:
            names.add(glued(name))
            return Row(row.line, row.title, row.notes, row.link, name, row.themes, row.facts)
    raise UserError(_("too many things here are called so."))


def _problem(line: int, title: str, error: UserError) -> Line:
    if not title:
        return _("Line {line}: {what}", line=line, what=error.lines[0])
    return _("Line {line}, “{name}”: {what}", line=line, name=title[:40], what=error.lines[0])


# --- the preview ----------------------------------------------------------------------------------


def _preview(plan: Plan, room: Room) -> list[Line]:
    count = len(plan.new)
    told = {"room": room.name or _("that room")}
    head = n_("{count} new source for {room}:", "{count} new sources for {room}:", count, **told)
    rows: list[Line] = [
        _("Line {line}: #{name}, {title}, {link}", line=row.line, name=row.name,
          title=row.title[:80], link=row.link.shown[:120])
        for row in plan.new[:SHOWN]
    ]  # fmt: skip
    if count > SHOWN:
        rows.append(n_("and {count} more", "and {count} more", count - SHOWN))
    return [head, *rows, *_beside(plan)]


def _nothing(plan: Plan) -> list[Line]:
    return [_("There is nothing new to import."), *_beside(plan)]


def _beside(plan: Plan) -> list[Line]:
    """Return lines about what is skipped, and why."""
    lines: list[Line] = []
    if plan.same:
        lines.append(n_("{count} is here already.", "{count} are here already.", plan.same))
    if plan.later:
        lines.append(
            n_("{count} is for the next time: it is too much at once.",
               "{count} are for the next time: it is too much at once.", plan.later)
        )  # fmt: skip
    if plan.problems:
        left = n_("{count} line is left out:", "{count} lines are left out:", len(plan.problems))
        lines += [left, *plan.problems[:SHOWN]]
        if len(plan.problems) > SHOWN:
            more = len(plan.problems) - SHOWN
            lines.append(n_("and {count} more", "and {count} more", more))
    if plan.ignored:
        lines.append(_("I don't read these columns: {columns}", columns=_short(plan.ignored)))
    return lines


def _short(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(column[:30] for column in columns[:8])
