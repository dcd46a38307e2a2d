"""Contacts whom an open call for help of a check-in's author leaves out are told nothing; where it
reaches nobody, only those whom it accuses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.api import LEFT_OUT_OF_CALL, Context, Line, Person, UserId, _
from commands.safety import check_in_store
from commands.safety.check_in_store import CheckIn


@dataclass(frozen=True, slots=True)
class Spared:
    """A check-in without the contacts whom a call for help leaves out, these contacts, and what
    its author reads of that."""

    one: CheckIn
    gone: tuple[UserId, ...] = ()
    lines: tuple[Line, ...] = ()


async def people_left_out(ctx: Context, author: UserId, people: Collection[UserId]) -> set[UserId]:
    """Return which of these people an open call for help of a check-in's author leaves out."""
    out: set[UserId] = set()
    for left_out in ctx.registry.offers(LEFT_OUT_OF_CALL):
        out |= await left_out(ctx, author, people)
    return out


async def people_told(ctx: Context, one: CheckIn) -> list[UserId]:
    """Return the contacts of a check-in whom no open call for help of its author leaves out."""
    out = await people_left_out(ctx, one.author, one.named)
    return [person for person in one.named if person not in out]


async def check_ins_for(ctx: Context, person: UserId) -> list[CheckIn]:
    """Return the check-ins of which a contact may hear: those that name them and whose author's
    call for help does not leave them out."""
    named = await check_in_store.check_ins_naming(ctx.db, person)
    return [one for one in named if person in await people_told(ctx, one)]


async def without_left_out(ctx: Context, one: CheckIn) -> Spared:
    """Return a check-in without the contacts whom an open call for help of its author leaves out,
    and what the author reads of that."""
    out = await people_left_out(ctx, one.author, one.named)
    if not out:
        return Spared(one)
    gone = tuple(person for person in one.named if person in out)
    left = replace(one, named=tuple(person for person in one.named if person not in out))
    who = tuple(Person(person, full=True) for person in gone)
    lines = [_("Your call for help is about {who}: I tell them nothing of your return.", who=who)]
    if not left.named:
        lines.append(_("Now nobody would be told! Name somebody: `back-by 22:00 @ana:server.org`"))
    return Spared(left, gone, tuple(lines))
