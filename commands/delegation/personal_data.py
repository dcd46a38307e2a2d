"""What is kept of a person: to whom they gave their vote, whose they hold, who voted for them."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, Context, Line, Person, UserId, _
from commands.delegation import store, texts
from commands.delegation.declaration import feature
from commands.poll_book import proxy_store

feature.rows(
    "delegation_given",
    room="room",
    person=("giver", "taker"),
    says=_("to whom you gave your vote, and whose vote you held"),
)


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the votes that a person gave or holds, and the polls in which somebody
    voted for them."""
    return [
        *(texts.given_line(one) for one in await store.of_person(ctx.db, person)),
        *(
            _("Poll {number}: {who} voted for you", number=number, who=Person(who))
            for number, who in await proxy_store.votes_cast_for(ctx.db, person)
        ),
    ]
