"""Store and show the facts of a source: publisher, date and licence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bot.api import Context, Day, Line, Number, _, verbatim
from commands.library.store import Resource
from storage.database import Tx

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a source. Each value may be empty."""

    licence: str = ""
    publisher: str = ""
    published: str = ""

    @property
    def known_values(self) -> tuple[str, ...]:
        """The facts of the source that are known, by name."""
        return tuple(filter(None, (self.publisher, self.published, self.licence)))


async def save_facts(tx: Tx, item: Number, facts: SourceFacts) -> None:
    """Store the facts of a resource as a source of data."""
    await tx.run(
        "INSERT OR REPLACE INTO library_source VALUES (?, ?, ?, ?)",
        item,
        facts.licence,
        facts.publisher,
        facts.published,
    )


async def delete_facts(tx: Tx, item: Number) -> None:
    """Delete the facts of a resource as a source of data. The resource stays."""
    await tx.run("DELETE FROM library_source WHERE item = ?", item)


async def get_facts(tx: Tx, item: Number) -> SourceFacts | None:
    """Return the facts of a resource as a source of data, or None if it is no source."""
    return (await facts_of(tx, [item])).get(item)


async def facts_of(tx: Tx, numbers: Iterable[Number]) -> dict[Number, SourceFacts]:
    """Return, of these resources, the facts of those that are sources of data."""
    rows = await tx.all(
        "SELECT * FROM library_source WHERE item IN (SELECT value FROM json_each(?))",
        json.dumps(list(numbers)),
    )
    return {
        Number(row["item"]): SourceFacts(row["licence"], row["publisher"], row["published"])
        for row in rows
    }


async def load_lines(ctx: Context, one: Resource) -> list[Line]:
    """Return the line with the facts of a resource, if it is a source of data."""
    facts = await get_facts(ctx.db, one.item)
    return [] if facts is None else facts_lines(one, facts)


def facts_lines(one: Resource, facts: SourceFacts) -> list[Line]:
    """Return the line with these facts of a source and the day of the last review."""
    known = tuple(map(verbatim, facts.known_values)) or (_("nobody wrote who publishes it"),)
    checked = _("checked {day}", day=Day(one.reviewed))
    return [_("Source: {facts}", facts=(*known, checked))]
