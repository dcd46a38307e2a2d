"""Services of the codes: what is kept of a person, and what is said of a misspelt code."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, UNMATCHED_LINES, Context, Line, UserId, n_
from commands.codes import code_syntax, redemption, store
from commands.codes.declaration import feature

feature.rows("codes_use", person="person", says=n_("{count} code used", "{count} codes used", 0))
feature.rows("codes_guess", person="person")
feature.rows(
    "codes_stranger",
    person="person",
    room="room",
    on_move="keep",
    why="their private room, which the bot leaves if nothing comes of it",
)


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return a line with how many invitation codes a person used."""
    used = await store.count_uses_of(ctx.db, person)
    return [n_("{count} code used", "{count} codes used", used)] if used else []


@feature.offers(UNMATCHED_LINES)
async def explain_misread_code(_ctx: Context, text: str) -> list[Line]:
    """Return why a private line that looks like an invitation code can't be one."""
    return redemption.explain_misread(text) if code_syntax.resembles_code(text) else []
