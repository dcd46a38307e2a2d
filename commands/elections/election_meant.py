"""Find the election that a line is about: by its number, its vote's number, or the only one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.api import Context, Item, Number, UserError, _, find_meant, items
from commands.elections import election_store
from commands.elections.election_store import Election


@dataclass(frozen=True, slots=True)
class FoundElection:
    """An election and its item."""

    one: Election
    item: Item


async def find_election(ctx: Context, text: str) -> tuple[FoundElection, str]:
    """Return the election that begins a text, and the text left over.

    Raises `MissingArgument` if none is clear, and `UserError` if the number is no election's.
    """
    item, rest = await find_meant(
        ctx,
        text,
        "election",
        "poll",
        open_in=(election_store.waiting_elections,),
        label=_("the number of the election"),
    )
    one = await election_store.get_election(
        ctx.db, item.number
    ) or await election_store.get_election_of_poll(ctx.db, item.number)
    if one is None:
        raise UserError(_("{number} is no election.", number=item.number))
    return FoundElection(one, await _item(ctx, one.item)), rest.strip()


ElectionMeant = Annotated[FoundElection, find_election]
"""An argument: by its number, its vote's number, a reply, or the only one that waits here."""


async def _item(ctx: Context, number: Number) -> Item:
    found = await items.get(ctx.db, number)
    if found is None:
        raise UserError(_("There is no number {number} here.", number=number))
    return found
