"""A secret vote from before the voter's Matrix identity changed: nobody sees or changes it.

Not even after the new identity was confirmed: who confirms answers for who writes now, not for what
may be read of before (docs/decisions/0024).
"""

from __future__ import annotations

from bot.api import Context, Number, _
from commands.polls.secret import votes
from commands.polls.secret.receipt import Receipt

STAYS = (
    _("There is a vote here from before your Matrix identity changed: it counts as it was cast."),
    _("I don't show it and nobody changes it, so that new keys never open an old secret."),
)


async def stands(ctx: Context, number: Number) -> bool:
    """Did the person vote here under the identity that they had before?"""
    got = await votes.check(ctx.db, number, ctx.who)
    return got is not None and not await is_own(ctx, got)


async def is_own(ctx: Context, got: Receipt) -> bool:
    """Was it cast by who the person is now?"""
    since = await ctx.identity_since()
    return since is None or got.at > since.timestamp()
