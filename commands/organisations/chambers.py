"""`!voters chamber governments: Lima, Quito`: in which chamber an organisation votes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.api import Answer, Context, Line, Room, RoomId, UserError, _, fold, n_, one_line
from commands.organisations.declaration import feature
from commands.poll_book import voter_store
from commands.poll_book.extensions import CHAMBER_VOTERS
from commands.poll_book.people import NOBODY_WORDS
from commands.poll_book.voter_store import Organisation, Voter, comparable_name
from storage.database import Tx

EXAMPLE = _("For example: `!voters chamber governments: Lima, Quito`")
LONGEST_NAME = 40
_REST = re.compile(
    r"(?:(?:el|o|the) )?resto?|(?:l[ao]s )?demas|(?:[ao]s )?demais|(?:the )?others|tod[ao]s|all"
)
_COLON = re.compile(r"^\s*(?P<name>[^:]{1,80}):\s*(?P<rest>\S.*)$", re.DOTALL)


async def chamber_names(tx: Tx, room: RoomId) -> dict[int, str]:
    """Return the name of the chamber (a group that votes apart) of each organisation of a room that
    has one, by its id."""
    rows = await tx.all(
        "SELECT c.organisation, c.name FROM organisations_chamber c"
        " JOIN poll_book_organisation o ON o.id = c.organisation WHERE o.room = ?",
        room,
    )
    return {row["organisation"]: row["name"] for row in rows}


async def set_chamber(tx: Tx, organisation: int, name: str) -> None:
    """Store the chamber (a group that votes apart) that an organisation belongs to; there is one
    as soon as an organisation belongs to it. The name '' takes the organisation out."""
    await tx.run("DELETE FROM organisations_chamber WHERE organisation = ?", organisation)
    if name:
        await tx.run(
            "INSERT INTO organisations_chamber VALUES (?, ?, ?)",
            organisation,
            name,
            comparable_name(name),
        )


@feature.offers(CHAMBER_VOTERS)
async def voters_of_chamber(ctx: Context, room: RoomId, name: str) -> list[Voter]:
    """Return the organisations of a chamber as they go on a roll; none if the chamber is not
    known."""
    wanted = comparable_name(name.strip("\"' "))
    named = await chamber_names(ctx.db, room)
    return [
        Voter(one.key, one.name, one.weight, one.delegate, one.alternate)
        for one in await voter_store.organisations_in(ctx.db, room)
        if comparable_name(named.get(one.id or 0, "")) == wanted
    ]


async def put_into_chamber(ctx: Context, room: Room, text: str) -> Answer:
    """Put organisations into a chamber (a group that votes apart), or show the chambers. Return
    what to say, if anything. Raises `UserError` for a line without a colon, a name that doesn't
    fit, and an organisation that is unknown or in a chamber already."""
    every = await voter_store.organisations_in(ctx.db, room.room)
    named = await chamber_names(ctx.db, room.room)
    if not text.strip():
        return _list(every, named)
    found = _COLON.match(text)
    if found is None:
        raise UserError(_("Write the chamber, a colon and the organisations."), EXAMPLE)
    name = one_line(found["name"]).strip("\"' ")
    if len(name) > LONGEST_NAME or "," in name:
        raise UserError(_("A chamber's name has up to {most} letters.", most=LONGEST_NAME), EXAMPLE)
    name = "" if fold(name) in NOBODY_WORDS else name
    chosen = _chosen(every, named, found["rest"])
    before = {one.id or 0: named.get(one.id or 0, "") for one in chosen}
    for one in chosen:
        await set_chamber(ctx.db, one.id or 0, name)
    facts = {"name": name, "count": len(chosen)}
    undo = {"before": [[key, value] for key, value in before.items()]}
    await ctx.log("chamber", facts, room=room.room, undo=undo)
    return [
        *_list(every, await chamber_names(ctx.db, room.room)),
        _("Decisions that are open already stay as they are."),
        _("It stands in `!log`. To go back: `!undo`"),
    ]


feature.log_line(
    "chamber",
    n_(
        "chamber “{name}”: {count} organisation",
        "chamber “{name}”: {count} organisations",
        0,
    ),
)


@feature.undo("chamber")
async def undo_chamber(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Put the organisations back into the chambers in which they were, for `!undo`. Return what to
    say, if anything."""
    for organisation, name in kept["before"]:
        await set_chamber(ctx.db, int(organisation), str(name))
    return None


def _chosen(
    every: Sequence[Organisation], named: Mapping[int, str], text: str
) -> list[Organisation]:
    """Return the organisations that a list names; `the rest` are those without a chamber."""
    if _REST.fullmatch(fold(text.strip(" ."))):
        found = [one for one in every if one.id not in named]
        if not found:
            raise UserError(_("Each organisation is in a chamber already."))
        return found
    by_name = {comparable_name(one.name): one for one in every}
    parts = [part.strip("\"' .") for part in re.split(r"[,;\n]", text) if part.strip("\"' .")]
    unknown = [part for part in parts if comparable_name(part) not in by_name]
    if unknown or not parts:
        raise UserError(
            _("There is no organisation “{name}” here.", name=(unknown or [""])[0][:60]),
            _("All there are: `!voters`"),
        )
    return [by_name[comparable_name(part)] for part in dict.fromkeys(parts)]


def _list(every: Sequence[Organisation], named: Mapping[int, str]) -> list[Line]:
    """Return one line for each chamber, with how many organisations are in it."""
    counts: dict[str, int] = {}
    for name in named.values():
        counts[name] = counts.get(name, 0) + 1
    if not counts:
        return [_("No organisation is in a chamber."), EXAMPLE]
    lines: list[Line] = [
        n_("{name}: {count} organisation", "{name}: {count} organisations", count, name=name)
        for name, count in sorted(counts.items())
    ]
    left = len(every) - len(named)
    if left:
        lines.append(n_("In none: {count}", "In none: {count}", left))
    return lines
