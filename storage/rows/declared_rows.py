"""Tables that hold rooms and people, as their owners declare them, and what is done with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.lines import Line
from bot.types import Number, RoomId, UserId
from storage.database import Tx

OnMove = Literal["move", "code", "keep"]
OnClash = Literal["stay", "drop", "replace"]
OnForget = Literal["delete", "item", "blank", "code", "keep"]
_ADDRESS = re.compile(r"(?=(@[\x21-\x39\x3b-\x7e]{0,254}:[A-Za-z0-9.\-\[\]:]{1,230}))")
"""A user id in a text, with what may follow it. One may begin inside another, as the local part may
hold `@` and nearly every other sign."""
Schema = Mapping[str, Mapping[str, bool]]
"""The columns of each table, and whether a column may be NULL."""


@dataclass(frozen=True, slots=True)
class DeclaredRows:
    """Columns of one table that hold a room's or a person's id, and what becomes of them.

    When a room is replaced (`on_move`), `room` is set to the new room ("move"), the owner's own
    function does it ("code"), or it stays ("keep"). If the new room has such a row already
    (`on_clash`), the old one stays where it is, is dropped, or replaces the other.
    When a person is forgotten (`on_forget`), the rows that name them in `person` are deleted, or
    go with their items ("item": with jobs, search entries and what other networks have), or
    lose the name ("blank": NULL where the column allows it, else ''), or the owner's own function
    does it ("code"), or they stay ("keep"). In `text` the person's address becomes `@`.
    `says` tells the person what went; it is a sentence with the count of rows, or one without.
    `where` is an SQL condition on the rows that are meant. `why` is the reason to keep something.
    """

    table: str
    room: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    on_move: OnMove = "move"
    on_clash: OnClash = "stay"
    on_forget: OnForget = "delete"
    says: Line | None = None
    where: str = ""
    why: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns that the declaration names."""
        return (*self.room, *self.person, *self.text)

    def filtered(self, condition: str) -> str:
        """Return an SQL condition for the rows that meet `condition` and that the declaration is
        about (`where`)."""
        return f"{condition} AND {self.where}" if self.where else condition


async def read_schema(tx: Tx) -> Schema:
    """Return the columns of every table of the database."""
    rows = await tx.all(
        'SELECT t.name AS "table", c.name AS "column", c."notnull" OR c.pk AS needed'
        " FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'"
    )
    found: dict[str, dict[str, bool]] = {}
    for row in rows:
        found.setdefault(row["table"], {})[row["column"]] = not row["needed"]
    return found


def check_against(schema: Schema, owner: str, declared: Sequence[DeclaredRows]) -> None:
    """Raise `ValueError` if the schema lacks a declared table or column, or one is declared
    twice."""
    seen: set[tuple[str, str, str]] = set()
    for rows in declared:
        for column in rows.columns:
            if column not in schema.get(rows.table, ()):
                raise ValueError(f"{owner} declares {rows.table}.{column}, which does not exist")
            key = (rows.table, column, rows.where)
            if key in seen:
                raise ValueError(f"{owner} declares {rows.table}.{column} twice")
            seen.add(key)


async def move_rows(tx: Tx, declared: Sequence[DeclaredRows], old: RoomId, new: RoomId) -> None:
    """Move the declared rows of a room to the room that replaced it.

    Rows that refer to each other by the room may move in any order: they are checked at the commit.
    """
    await tx.run("PRAGMA defer_foreign_keys = ON")
    for rows in declared:
        if rows.on_move != "move":
            continue
        way = "REPLACE" if rows.on_clash == "replace" else "IGNORE"
        for column in rows.room:
            which = rows.filtered(f"{column} = ?")
            query = f"UPDATE OR {way} {rows.table} SET {column} = ? WHERE {which}"  # noqa: S608
            await tx.run(query, new, old)
            if rows.on_clash == "drop":
                await tx.run(f"DELETE FROM {rows.table} WHERE {which}", old)  # noqa: S608


async def items_of(tx: Tx, rows: DeclaredRows, person: UserId) -> list[Number]:
    """Return the items of those declared rows that name a person."""
    key = "number" if rows.table == "item" else "item"
    which = rows.filtered(f"? IN ({', '.join(rows.person)})")
    query = f"SELECT {key} AS item FROM {rows.table} WHERE {which} ORDER BY {key}"  # noqa: S608
    return [Number(row["item"]) for row in await tx.all(query, person)]


async def people_in(tx: Tx, declared: Sequence[DeclaredRows]) -> set[UserId]:
    """Return everybody whom the declared rows name, in their columns or in their texts."""
    found: set[UserId] = set()
    for rows in declared:
        for column in (*rows.person, *rows.text):
            which = rows.filtered(f"instr({column}, '@')")
            query = f"SELECT DISTINCT {column} AS text FROM {rows.table} WHERE {which}"  # noqa: S608
            for row in await tx.all(query):
                found |= addresses_in(str(row["text"]))
    return found


def addresses_in(text: str) -> set[UserId]:
    """Return what may be a user id in a text, the text itself among it: more rather than less."""
    found = [text, *_ADDRESS.findall(text)]
    return {UserId(one.rstrip(after)) for one in found for after in ("", ".:", ".:-[]")}


async def forget_in_rows(
    tx: Tx, declared: Sequence[DeclaredRows], person: UserId
) -> list[tuple[DeclaredRows, int]]:
    """Delete a person's rows, blank their name in them or keep it, as each declaration says, and
    take their address out of texts. Return each declaration with the number of rows deleted or
    blanked.

    Call it after deleting the person's items, which takes the rows of these items with it.
    """
    schema = await read_schema(tx) if declared else {}
    found = []
    for rows in declared:
        for column in rows.text:
            await _remove_address(tx, rows, column, person)
        count = 0
        for column in rows.person:
            count += await _remove_name(tx, rows, column, person, schema)
        found.append((rows, count))
    return found


async def _remove_name(
    tx: Tx, rows: DeclaredRows, column: str, person: UserId, schema: Schema
) -> int:
    which = rows.filtered(f"{column} = ?")
    if rows.on_forget == "delete":
        return await tx.change(f"DELETE FROM {rows.table} WHERE {which}", person)  # noqa: S608
    if rows.on_forget == "blank":
        blank = "NULL" if schema[rows.table][column] else "''"
        query = f"UPDATE {rows.table} SET {column} = {blank} WHERE {which}"  # noqa: S608
        return await tx.change(query, person)
    return 0


async def _remove_address(tx: Tx, rows: DeclaredRows, column: str, person: UserId) -> None:
    if rows.on_forget in ("code", "keep"):
        return
    which = rows.filtered(f"instr({column}, ?)")
    found = await tx.all(
        f"SELECT DISTINCT {column} AS text FROM {rows.table} WHERE {which}",  # noqa: S608
        person,
    )
    query = f"UPDATE {rows.table} SET {column} = ? WHERE {rows.filtered(f'{column} = ?')}"  # noqa: S608
    for row in found:
        await tx.run(query, without_address(row["text"], person), row["text"])


def without_address(text: str, person: UserId) -> str:
    """Return the text with `@` in place of the person's address and of longer ones that begin
    so."""
    return re.sub(rf"{re.escape(person)}(?![\w-]|[.:][\w-])", "@", text)
