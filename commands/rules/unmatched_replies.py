"""Suggestions for an unmatched yes or no of people who have yet to accept the rules."""

from __future__ import annotations

from bot.api import UNMATCHED_LINES, Context, Line, _, rooms
from commands.onboarding import yes_or_no
from commands.rules import store
from commands.rules.declaration import feature

_NO = frozenset(("no", "nao", "nope", "not", "dont"))
_ACCEPTS = frozenset(("acepto", "aceptar", "aceptado", "aceito", "concordo", "agree", "accept"))


@feature.offers(UNMATCHED_LINES)
async def suggest_acceptance(ctx: Context, text: str) -> list[Line]:
    """Return lines on how to accept the rules, for a yes or no of a person who has yet to.

    Empty for any other line or person. No invitation is sent without acceptance, so this comes
    before what else a yes or a no may be about.
    """
    said = yes_or_no.said_words(text)
    answer, accepts = yes_or_no.parse(text), not _ACCEPTS.isdisjoint(said)
    if len(said) > yes_or_no.MOST_WORDS or (answer is None and not accepts):
        return []
    if not await _owes_acceptance(ctx):
        return []
    if answer is False or not _NO.isdisjoint(said):
        return [
            _(
                "I noted nothing: you have not accepted the rules. A moderator can say more"
                " about"
                " them."
            ),
            _("To accept them later: `I agree`"),
        ]
    return [_("To accept the rules write just: `I agree`")]


async def _owes_acceptance(ctx: Context) -> bool:
    """Tell whether the person has yet to accept the rules in force."""
    found = await store.current_rules(ctx.db)
    if found is None or await store.acceptance_time(ctx.db, found.version, ctx.who):
        return False
    return bool(await store.held_admissions(ctx.db, ctx.who)) or await rooms.shares_room(
        ctx.db, ctx.who
    )
