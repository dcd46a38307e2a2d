"""How tables hang together: which rows go with an item, and which item goes with which."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to another table's row and goes with it."""

    table: str
    column: str
    to: str
    to_column: str


@dataclass(frozen=True, slots=True)
class SchemaPaths:
    """The references between all tables, as the schema declares them."""

    columns: dict[str, tuple[str, ...]]
    keys: dict[str, tuple[str, ...]]
    references: tuple[Reference, ...]
    with_item: frozenset[str]
    """Tables whose rows are deleted with an item."""

    def item_column(self, table: str) -> str | None:
        """Return the column that is the table's key and the number of an item, or None."""
        key = self.keys.get(table, ())
        if len(key) != 1:
            return None
        return key[0] if any(self._is_item(one) for one in self._of(table, key[0])) else None

    def item_references(self, table: str) -> list[str]:
        """Return the columns by which rows of the table are deleted with an item."""
        named = {r.column for r in self.references if r.table == table and r.to in self.with_item}
        return sorted(named)

    def pairs(self) -> list[tuple[str, str, str]]:
        """Return each table whose item belongs to another item, with both columns: a loan belongs
        to its thing."""
        found = []
        for one in self.references:
            own = self.item_column(one.table)
            if own is not None and one.column != own and self._is_item(one):
                found.append((one.table, own, one.column))
        return found

    def _of(self, table: str, column: str) -> list[Reference]:
        return [r for r in self.references if (r.table, r.column) == (table, column)]

    def _is_item(self, one: Reference) -> bool:
        """Return whether the column holds the number of an item, maybe by way of other tables."""
        if one.to == "item":
            return one.to_column == "number"
        return one.to_column == self.item_column(one.to)


async def read_paths(tx: Tx) -> SchemaPaths:
    """Return the foreign keys between all tables of the database."""
    tables = [r["name"] for r in await tx.all("SELECT name FROM sqlite_master WHERE type='table'")]
    columns, keys = {}, {}
    references: list[Reference] = []
    for table in tables:
        found = await tx.all("SELECT name, pk FROM pragma_table_xinfo(?)", table)
        columns[table] = tuple(r["name"] for r in found)
        keys[table] = tuple(r["name"] for r in sorted(found, key=lambda r: r["pk"]) if r["pk"])
    for table in tables:
        for r in await tx.all("SELECT * FROM pragma_foreign_key_list(?)", table):
            if r["on_delete"] == "CASCADE":
                # Without a column the key is meant. A key of two columns is named in full.
                target = r["to"] or keys[r["table"]][0]
                references.append(Reference(table, r["from"], r["table"], target))
    return SchemaPaths(columns, keys, tuple(references), _reaching_items(references))


def _reaching_items(references: list[Reference]) -> frozenset[str]:
    found = {"item"}
    while more := {r.table for r in references if r.to in found} - found:
        found |= more
    return frozenset(found)
