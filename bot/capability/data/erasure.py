"""Deletes a person's data on their request: each capability's first, then the core's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.capability.context import Context
from bot.capability.link_services import ITEM_DELETED
from bot.capability.services import FORGET
from bot.i18n import n_
from bot.lines import Line
from bot.types import Number, UserId
from storage import items, jobs, search_index
from storage.rows import declared_rows, people


async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's data in this transaction. Return a line for each thing deleted."""
    said: list[Line] = []
    for name in ctx.registry.features:
        said += await forget_in_capability(ctx, name, person)
    if began := await people.count_begun(ctx.db, person):
        said.append(
            n_(
                "{count} thing that you began goes on, as nobody's",
                "{count} things that you began go on, as nobody's",
                began,
            )
        )
    await people.forget_person(ctx.db, person)
    return said


async def forget_in_capability(ctx: Context, name: str, person: UserId) -> list[Line]:
    """Delete what one capability keeps of a person. Return a line for each thing deleted.

    Its own function runs first, while the rows that it declares still name the person.
    """
    forget = ctx.registry.offer_of(name, FORGET)
    said = list(await forget(ctx, person)) if forget is not None else []
    declared = ctx.registry.features[name].declared_rows
    found = [
        (rows, await _delete_items(ctx, name, await declared_rows.items_of(ctx.db, rows, person)))
        for rows in declared
        if rows.on_forget == "item"
    ]
    found += await declared_rows.forget_in_rows(ctx.db, declared, person)
    return said + [_count_line(rows.says, count) for rows, count in found if count and rows.says]


async def _delete_items(ctx: Context, name: str, numbers: Sequence[Number]) -> int:
    """Delete items of a capability and what belongs to them. Return how many there were."""
    for number in numbers:
        for gone in ctx.registry.offers(ITEM_DELETED):
            await gone(ctx, number)
        await jobs.cancel(ctx.db, [one.name for one in ctx.registry.family(name)], number)
        await search_index.delete(ctx.db, name, str(number))
        await items.delete(ctx.db, number)
    return len(numbers)


def _count_line(line: Line, count: int) -> Line:
    """Return a declared sentence with this count."""
    if line.plural is None:
        return line
    return replace(line, values={**line.values, "count": count}, count=count)
