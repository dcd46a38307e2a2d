"""Export and import the organisations of a room as a file. An import is all or nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Line,
    Room,
    SendFile,
    UserError,
    UserId,
    _,
    n_,
    spreadsheets,
    words,
)
from commands.organisations import organisation_changes, organisation_table, voter_texts
from commands.organisations.organisation_changes import OrganisationChange, Pair
from commands.organisations.organisation_table import OrganisationRow, OrganisationTable
from commands.poll_book import voter_store
from commands.poll_book.people import Crowd

LARGEST = 500_000
"""The largest file in bytes: thousands of organisations."""
MOST_ROWS = 2000
MOST_PROBLEMS = 10
FILE = words("votantes.csv", "votantes.csv", "voters.csv")


async def export_organisations(ctx: Context, room: Room) -> Answer:
    """Send the room's organisations as a table to the moderator in private. Return what to say, if
    anything.

    Raises `UserError` if there are none.
    """
    every = await voter_store.organisations_in(ctx.db, room.room)
    if not every:
        raise UserError(_("There are no organisations here yet."), organisation_changes.EXAMPLE)
    language = (await ctx.policy_of_person(ctx.who)).language
    data = organisation_table.write_table(
        language,
        [(one.name, one.delegate or "", one.alternate or "", str(one.weight)) for one in every],
    )
    await ctx.log("voters", {"kind": "export", "count": len(every)}, room=room.room)
    file = SendFile(
        FILE.in_language(language),
        "text/csv",
        data,
        caption=(
            n_(
                "{count} organisation as a table, for a spreadsheet.",
                "{count} organisations as a table, for a spreadsheet.",
                len(every),
            ),
            _("Changed there, send it back with `!voters import` as its text."),
        ),
        to=None if ctx.is_private else ctx.who,
    )
    return [file] if ctx.is_private else [_("I sent you the table in private."), file]


async def import_organisations(ctx: Context, room: Room, text: str) -> Answer:
    """Add and change organisations from a file or pasted lines, after showing a preview. Return
    what to say, if anything.

    Raises `UserError` with the lines that are wrong, and then changes nothing.
    """
    written = _read(ctx, text)
    crowd = replace(await Crowd.read(ctx, room.room), strict=True)
    known = {
        voter_store.comparable_name(one.name): one
        for one in await voter_store.organisations_in(ctx.db, room.room)
    }
    pairs, problems = _compare(written, known, crowd)
    if problems:
        raise UserError(*_refused(problems))
    if not pairs:
        raise UserError(_("There is no organisation in it."), *_how())
    changes = [(before, after) for before, after in pairs if before != after]
    if not changes:
        return n_(
            "It is so already: {count} organisation.",
            "It is so already: {count} organisations.",
            len(pairs),
        )
    rolled = await voter_store.keys_on_open_rolls(ctx.db, room.room)
    ctx.confirm(*_preview(written, pairs, changes, known, rolled, set(crowd.names)))
    await organisation_changes.make_changes(ctx, room.room, "import", changes)
    return [
        n_("Imported: {count} organisation.", "Imported: {count} organisations.", len(changes)),
        _("It stands in `!log`. To go back: `!undo`"),
    ]


def _read(ctx: Context, text: str) -> OrganisationTable:
    if text.strip():
        return organisation_table.parse_table(text)
    if ctx.origin.media is None:
        raise UserError(_("I find no table with it."), *_how())
    return organisation_table.parse_table(spreadsheets.decode_text(ctx.attached_file(LARGEST)))


def _how() -> tuple[Line, Line]:
    return (
        _("Send the file (CSV) with `!voters import` as its text, or write the lines below it:"),
        _("organisation; delegate; alternate; weight"),
    )


# --- what it changes ------------------------------------------------------------------------------


def _compare(
    written: OrganisationTable, known: dict[str, voter_store.Organisation], crowd: Crowd
) -> tuple[list[Pair], list[Line]]:
    """Return each organisation before and after, and the lines that are wrong."""
    problems = list(written.problems)
    if len(written.rows) > MOST_ROWS:
        problems.append(
            _(
                "Those are {count} organisations; I take up to {most}.",
                count=len(written.rows),
                most=MOST_ROWS,
            )
        )
        return [], problems
    pairs: list[Pair] = []
    seen: dict[str, int] = {}
    for row in written.rows:
        try:
            name = organisation_changes.clean_name(row.name)
            first = seen.setdefault(voter_store.comparable_name(name), row.line)
            if first != row.line:
                raise UserError(_("it is in line {first} already.", first=first))
            before = known.get(voter_store.comparable_name(name))
            pairs.append(
                (before, organisation_changes.apply_change(_wish(row, name), before, crowd))
            )
        except UserError as error:
            problems.append(_problem(row, error))
    return pairs, sorted(problems, key=lambda line: int(line.values.get("line", 0)))


def _wish(row: OrganisationRow, name: str) -> OrganisationChange:
    return OrganisationChange(name, row.delegate, row.alternate, row.weight)


def _problem(row: OrganisationRow, error: UserError) -> Line:
    what = error.lines[0]
    if not row.name:
        return _("Line {line}: {what}", line=row.line, what=what)
    return _(
        "Line {line}, “{name}”: {what}",
        line=row.line,
        name=row.name[:40],
        what=what,
    )


def _refused(problems: list[Line]) -> list[Line]:
    lines = [
        n_(
            "I imported nothing: {count} line has to be looked at.",
            "I imported nothing: {count} lines have to be looked at.",
            len(problems),
        ),
        *problems[:MOST_PROBLEMS],
    ]
    if len(problems) > MOST_PROBLEMS:
        lines.append(_("And {count} more.", count=len(problems) - MOST_PROBLEMS))
    return [*lines, _("What fits: organisation; `@name:server`; `@name:server`; 20")]


def _preview(
    written: OrganisationTable,
    pairs: list[Pair],
    changes: list[Pair],
    known: dict[str, voter_store.Organisation],
    rolled: set[str],
    here: set[UserId],
) -> list[Line]:
    """Describe how many are new, changed or unchanged, the first changes and their effects."""
    new = sum(before is None for before, _after in changes)
    lines = [
        _(
            "New: {new}. Changed: {changed}. As before: {same}. Not in it, they stay: {rest}.",
            new=new,
            changed=len(changes) - new,
            same=len(pairs) - len(changes),
            rest=len(known) - (len(pairs) - new),
        )
    ]
    after = [one for _before, one in changes if one is not None]
    lines += [
        voter_texts.change_line(b, a) for b, a in changes[: voter_texts.MOST_SHOWN] if a is not None
    ]
    if len(changes) > voter_texts.MOST_SHOWN:
        lines.append(_("And {count} more.", count=len(changes) - voter_texts.MOST_SHOWN))
    if written.ignored:
        lines.append(_("I don't read these columns: {names}", names=written.ignored[:10]))
    return [*lines, *voter_texts.consequence_lines(after, rolled, here, fresh=new > 0)]
