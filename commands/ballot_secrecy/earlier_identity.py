"""Secret votes cast before the voter's Matrix identity changed: nobody can see or change them.

This holds even after the new identity was confirmed. Confirming it vouches for who writes now, and
does not give access to what was written before (docs/decisions/0024).
"""

from __future__ import annotations

from bot.api import Context, Number, _
from commands.ballot_secrecy import ballot_votes
from commands.ballot_secrecy.files.receipt import Receipt

VOTE_STAYS = (
    _("There is a vote here from before your Matrix identity changed: it counts as it was cast."),
    _("I don't show it and nobody changes it, so that new keys never open an old secret."),
)


async def has_earlier_vote(ctx: Context, number: Number) -> bool:
    """Return whether the person voted in this ballot under an earlier identity."""
    got = await ballot_votes.own_receipt(ctx.db, number, ctx.who)
    return got is not None and not await is_of_current_identity(ctx, got)


async def is_of_current_identity(ctx: Context, got: Receipt) -> bool:
    """Return whether the receipt is from the person's present identity."""
    since = await ctx.identity_since()
    return since is None or got.at > since.timestamp()
