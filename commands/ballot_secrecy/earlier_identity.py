"""Secret votes cast before the voter's Matrix identity changed: nobody can see or change them.

This holds even after the new identity was confirmed. Confirming it vouches for who writes now, and
does not give access to what was written before (docs/decisions/0024).
"""

from __future__ import annotations

from bot.api import Context, _
from commands.ballot_secrecy.ballot_store import SealedVote

VOTE_STAYS = (
    _("There is a vote here from before your Matrix identity changed: it counts as it was cast."),
    _("I don't show it and nobody changes it, so that new keys never open an old secret."),
)


async def is_of_earlier_identity(ctx: Context, kept: SealedVote) -> bool:
    """Return whether the person cast this vote, under another identity than their present one."""
    since = await ctx.identity_since()
    return kept.is_of(ctx.who) and since is not None and kept.receipt.at <= since.timestamp()
