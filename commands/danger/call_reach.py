"""Whom an open call for help reaches: its helpers, without whom its words leave out.

What the words say of each person was read once, as they were written, and is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.api import Context, NamedAs, UserId, alluded_people
from commands.danger import call_store
from commands.danger.call_store import PanicCall
from commands.danger.declaration import helpers_of


@dataclass(frozen=True, slots=True)
class CallReach:
    """Whom a call for help calls, and which helpers it does not: those whom its words leave out,
    and those who became helpers since it began."""

    called: list[UserId]
    left_out: list[UserId]
    newcomers: list[UserId]

    @property
    def leaves_out_all(self) -> bool:
        """Whether nobody is called, as the words leave out every helper."""
        return bool(self.left_out) and not self.called


async def reach_of(ctx: Context, one: PanicCall) -> CallReach:
    """Return whom an open call for help that has begun reaches now.

    Who joined the care team after the call began is called only if its words ask for them, or if no
    earlier helper is left. Who is named in doubt is called if nobody else is left.
    """
    now = await call_store.get_call(ctx.db, one.item) or one
    helpers = await helpers_of(ctx, now.author)
    named = await names_for(ctx, now, helpers)
    left = [person for person in helpers if not keeps_out(named.get(person))]
    sure = [person for person in left if not is_doubt(named.get(person))]
    newcomers: list[UserId] = []
    if any(person in now.called for person in sure):
        chosen = [person for person, _yes in await call_store.contacts_of(ctx.db, now.author)]
        newcomers = [
            person
            for person in sure
            if person not in (*now.called, *chosen) and named.get(person) is not NamedAs.CALLED
        ]
    called = [person for person in sure or left if person not in newcomers]
    left_out = [person for person in helpers if person not in (*called, *newcomers)]
    return CallReach(called, left_out, newcomers)


async def names_for(
    ctx: Context, one: PanicCall, people: Iterable[UserId]
) -> dict[UserId, NamedAs]:
    """Return how the words of an open call name each of these people whom they name: as was read
    when the words came, or by the names that they held. A doubt in spite of which somebody was
    called is none."""
    every = [*dict.fromkeys(people)]
    alluded = await call_store.alluded(ctx.db, one.item)
    found = {person: alluded[person] for person in every if person in alluded}
    fresh = [person for person in every if person not in found and person not in one.called]
    if fresh and (words := await call_store.names(ctx.db, one.item)):
        found |= await alluded_people.match_names(ctx, words, fresh)
    return {
        person: named
        for person, named in found.items()
        if not named.is_doubt or person not in one.called
    }


def people_left_out(named: Mapping[UserId, NamedAs], called: Collection[UserId]) -> list[UserId]:
    """Return who of those whom a call would reach is left out of it, as they are named: in doubt
    only while somebody else is called."""
    out = [one for one in called if keeps_out(named.get(one))]
    doubted = [one for one in called if is_doubt(named.get(one))]
    return [*out, *doubted] if len(out) + len(doubted) < len(called) else out


def keeps_out(named: NamedAs | None) -> bool:
    """Return whether the call is not to reach somebody, also if nobody else is left."""
    return named is not None and named.keeps_out


def is_doubt(named: NamedAs | None) -> bool:
    """Return whether the call is not to reach somebody while another is called."""
    return named is not None and named.is_doubt
