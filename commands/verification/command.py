"""`!verify`: the bot asks the person's app to verify it."""

from __future__ import annotations

from bot.api import Answer, Context, ItemAccess, Say, Topic, _, words
from commands.verification import exchange
from commands.verification.declaration import feature

SAFETY = Topic(
    "safety",
    words("protección", "proteção", "protection", "seguridad | segurança | safety"),
    _("To be safe"),
)


@feature.command(
    words(
        "verificar",
        "verificar",
        "verify",
        "verificarte, verifícame, verificación | verificar você, verificação | verification",
    ),
    help=_("let your app warn you if somebody takes my place, by comparing emoji"),
    example=_("For example: `!verify`"),
    topic=SAFETY,
    does=ItemAccess.READS,
)
async def verify(ctx: Context) -> Answer:
    """Begin a verification in private, or say where."""
    if not ctx.is_private:
        return Say((_("To verify me, write to me in private: `verify`"),), to=ctx.who)
    return await exchange.ask(ctx)
