"""Suggestions for replies that matched nothing: a yes, a no, a misspelt code or acceptance."""

from __future__ import annotations

import re

from bot.api import UNMATCHED_LINES, Context, Line, Person, _, fold, rooms
from commands.onboarding.codes import code_syntax, redemption
from commands.onboarding.companions import answers, store
from commands.onboarding.declaration import feature
from commands.onboarding.rules import store as rules_store

MOST_WORDS = 8
"""How many words such a line has at most."""
_NO = frozenset(("no", "nao", "nope", "not", "dont"))
_ACCEPTS = frozenset(("acepto", "aceptar", "aceptado", "aceito", "concordo", "agree", "accept"))


@feature.offers(UNMATCHED_LINES)
async def suggest_replies(ctx: Context, text: str) -> list[Line]:
    """Suggest what an unmatched private line may have meant; return no lines if there is no guess.

    Rules that the person has not accepted come first, since no invitation is sent without that.
    """
    if code_syntax.resembles_code(text):
        return redemption.explain_misread(text)
    said = re.findall(r"\w+", fold(text).replace("'", "").replace("’", ""))
    answer, accepts = answers.parse_yes_or_no(text), not _ACCEPTS.isdisjoint(said)
    if len(said) > MOST_WORDS or (answer is None and not accepts):
        return []
    if await _owes_acceptance(ctx):
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
    return [] if answer is None else await _open_turn_lines(ctx)


async def _owes_acceptance(ctx: Context) -> bool:
    """Tell whether the person has yet to accept the rules in force."""
    found = await rules_store.current_rules(ctx.db)
    if found is None or await rules_store.acceptance_time(ctx.db, found.version, ctx.who):
        return False
    return bool(await rules_store.held_admissions(ctx.db, ctx.who)) or await rooms.shares_room(
        ctx.db, ctx.who
    )


async def _open_turn_lines(ctx: Context) -> list[Line]:
    """Return a suggestion for each newcomer whom the person was asked to accompany."""
    return [
        _(
            "Is it about {person}? Then write `I can {number}` or `I can't {number}`.",
            person=Person(pair.newcomer),
            number=pair.item,
        )
        for pair in await store.open_turns_of(ctx.db, ctx.who)
        if pair.told_at is None and pair.person == ctx.who
    ]
