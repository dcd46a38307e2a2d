"""Services of welcomes and companions: a person's data, and answers that matched nothing."""

from __future__ import annotations

from bot.api import (
    EXPORT_PERSON,
    FORGET,
    UNMATCHED_LINES,
    Context,
    Line,
    Person,
    UserId,
    _,
)
from commands.onboarding import yes_or_no
from commands.welcome import personal_data
from commands.welcome.companions import personal_data as companions_data
from commands.welcome.companions import store as turns
from commands.welcome.declaration import feature

feature.rows("welcome_offer", person="person")
feature.rows("welcome_companion", person=("newcomer", "person"), on_forget="code")
feature.rows("welcome_text", room="room", on_clash="drop")
feature.rows("welcome_greeting", room="room", on_clash="drop", person="person")
feature.rows("welcome_newcomer", person="person")


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's turns of accompanying, as companion or newcomer. Return lines that say what
    was deleted."""
    await companions_data.forget(ctx, person)
    return []


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the facts stored about a person's arrival and companions."""
    return [
        *await personal_data.export(ctx, person),
        *await companions_data.export(ctx, person),
    ]


@feature.offers(UNMATCHED_LINES)
async def suggest_turns(ctx: Context, text: str) -> list[Line]:
    """Return lines for a bare yes or no that may be about accompanying a newcomer."""
    if len(yes_or_no.said_words(text)) > yes_or_no.MOST_WORDS or yes_or_no.parse(text) is None:
        return []
    return [
        _(
            "Is it about {person}? Then write `I can {number}` or `I can't {number}`.",
            person=Person(pair.newcomer),
            number=pair.item,
        )
        for pair in await turns.open_turns_of(ctx.db, ctx.who)
        if pair.told_at is None and pair.person == ctx.who
    ]
