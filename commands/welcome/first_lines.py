"""What somebody who is new reads first in the help: where they are, and who is there for them."""

from __future__ import annotations

from datetime import timedelta

from bot.api import ARRIVAL_LINES, Context, Line, Person, UserId, _, rooms
from commands.onboarding.areas import permissions
from commands.welcome import store
from commands.welcome.companions import store as companions
from commands.welcome.declaration import feature

NEW_FOR = timedelta(days=14)
ROOMS_NAMED = 4


@feature.offers(ARRIVAL_LINES)
async def arrival_lines(ctx: Context, person: UserId) -> list[Line]:
    """Return the welcome for a person who came into the network less than `NEW_FOR` ago; none for
    others."""
    newcomer = await store.get_newcomer(ctx.db, person)
    shared = await rooms.shared_rooms(ctx.db, person)
    if newcomer is None or ctx.now - newcomer.since > NEW_FOR or not shared:
        return []
    names = tuple(permissions.room_label(room) for room in shared[:ROOMS_NAMED])
    more = ("…",) if len(shared) > ROOMS_NAMED else ()
    return [
        _(
            "Welcome to {network}. I am its bot. You are in: {rooms}",
            network=ctx.defaults.network,
            rooms=(*names, *more),
        ),
        *await _whom_to_ask(ctx, person),
    ]


async def _whom_to_ask(ctx: Context, person: UserId) -> list[Line]:
    """Name the person's companion, or else who moderates the network."""
    turns = await companions.turns_of_newcomer(ctx.db, person)
    told = [turn for turn in turns if turn.told_at is not None and not turn.is_over]
    if told:
        return [
            _(
                "{person} is there for you: write to them with any question.",
                person=Person(told[-1].person),
            )
        ]
    people = tuple(Person(one) for one in sorted(ctx.defaults.moderators))
    return [_("Any question? Ask {people}.", people=people)] if people else []
