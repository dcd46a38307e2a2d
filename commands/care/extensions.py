"""The service by which ban lists add to care, which does without where nobody offers it."""

from __future__ import annotations

from bot.api import Answer, Context, Number, Service, UserError, _

BAN_BY_NUMBER = Service[[Number], Answer]("ban by number")
"""Ban everybody whom something with this number names, after a confirmation.

Raises `UserError` if there is no such number, or it names nobody or too many.
"""


async def ban_by_number(ctx: Context, number: Number) -> Answer:
    """Ban everybody whom the item of this number names, such as a ban list's rule. Return what to
    say, if anything. Raises `UserError` if there is no such item here."""
    for offer in ctx.registry.offers(BAN_BY_NUMBER):
        return await offer(ctx, number)
    raise UserError(_("There is no number {number} here.", number=number))
