"""`!verify`: the bot asks the person's app to verify it."""

from __future__ import annotations

from bot.api import Answer, Context, ItemAccess, Say, SubCommands, Topic, _, words
from commands.verification import requests
from commands.verification.declaration import feature

SAFETY = Topic(
    "safety",
    words("protección", "proteção", "protection", "seguridad | segurança | safety"),
    _("To be safe"),
)


SUBS = SubCommands()


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
    subs=SUBS,
)
async def verify(ctx: Context) -> Answer:
    """Begin a verification between the person's app and the bot in private, or say where that can
    be done. Return the answer."""
    return await requests.ask_in_room(ctx) if ctx.is_private else _where(ctx)


@SUBS.sub(
    words(
        "dispositivos",
        "dispositivos",
        "devices",
        "mis dispositivos | meus dispositivos | my devices",
    ),
    help=_("to ask all your devices at once, outside of this room"),
    example=_("For example: `!verify devices`"),
)
async def verify_devices(ctx: Context) -> Answer:
    """Begin a verification from device to device: nothing of it stands in the room. Return the
    answer."""
    return await requests.ask_devices(ctx) if ctx.is_private else _where(ctx)


def _where(ctx: Context) -> Answer:
    return Say((_("To verify me, write to me in private: `verify`"),), to=ctx.who)
