"""What is kept of a person here: being named as the next delegate, until it is confirmed."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, Context, Line, UserId, _
from commands.organisations import nomination_store
from commands.organisations.declaration import feature

feature.rows(
    "organisations_nomination", person=("next", "delegate", "alternate"), on_forget="delete"
)


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the organisations for which the person is named or has to confirm
    somebody."""
    return [
        _("Organisation “{name}”: you are named, or confirm who is named", name=one.name)
        for one in await nomination_store.named_in(ctx.db, person)
    ]
