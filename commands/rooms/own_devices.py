"""`!security` and `!sign-out`: a person's own devices, how to confirm them, how to sign one out."""

from __future__ import annotations

from bot.api import Answer, Context, ItemAccess, Line, Say, _, help_rooms, n_, words
from commands.rooms.declaration import YOURS, feature
from commands.rooms.identity_changes import unconfirmed_lines

MOST_SHOWN = 10


@feature.command(
    words(
        "seguridad",
        "segurança",
        "security",
        "mi celular, mi teléfono, mi dispositivo, mis dispositivos, mi otro dispositivo |"
        " meu celular, meu telefone, meu dispositivo, meus dispositivos, meu outro aparelho |"
        " my phone, my device, my devices, my other device",
    ),
    help=_("whether your devices are confirmed as yours, and what to tap"),
    example=_("For example: `!security`"),
    topic=YOURS,
    does=ItemAccess.READS,
)
async def security(ctx: Context) -> Answer:
    """Show the asker's devices and which are confirmed, always in private. Return the answer."""
    return _in_private(ctx, [*await _device_lines(ctx), *await unconfirmed_lines(ctx)])


@feature.command(
    words(
        "cerrar sesión", "encerrar sessão", "sign out", "desloguear | deslogar | log out, log off"
    ),
    help=_("how you sign out a device of yours, also one that was taken"),
    example=_("For example: `!sign out`"),
    topic=YOURS,
    does=ItemAccess.READS,
)
async def sign_out(ctx: Context) -> Answer:
    """Say how a person signs out a device, which only they can, always in private. Return the
    answer.

    How people say that in sentences: `bot/text/spoken.py`.
    """
    found = ctx.fetched.devices(ctx.who)
    known = (*found.signed, *found.unsigned)[:MOST_SHOWN]
    lines: list[Line] = [
        _("Only you can sign out a device. In Element: Settings, Sessions, choose it, Sign out."),
        _("In Element X: your picture, Manage devices. In FluffyChat: Settings, Devices."),
        _("Did somebody take it? Change your password there too. In danger: `panic`"),
    ]
    if known:
        lines.append(_("These are your devices: {devices}", devices=known))
    return _in_private(ctx, lines)


def _in_private(ctx: Context, lines: list[Line]) -> Answer:
    """Return the lines, to the asker alone."""
    if ctx.is_private:
        return lines
    return [_("I wrote to you in private."), Say(tuple(lines), to=ctx.who, loud=True)]


async def _device_lines(ctx: Context) -> list[Line]:
    found = ctx.fetched.devices(ctx.who)
    if not found.signed and not found.unsigned:
        return [_("I see no device of yours that encrypts. Please write again in a while.")]
    lines = []
    if found.signed:
        lines.append(
            n_(
                "{count} device of yours is confirmed: {devices}",
                "{count} devices of yours are confirmed: {devices}",
                len(found.signed),
                devices=found.signed[:MOST_SHOWN],
            )
        )
    if not found.unsigned:
        return [*lines, _("All is well: there is nothing to do.")]
    await help_rooms.mark_told_of_device(ctx.db, ctx.who)
    return [
        *lines,
        n_(
            "{count} is not confirmed yet: {devices}. It can't read me, and I do nothing that it"
            " says.",
            "{count} are not confirmed yet: {devices}. They can't read me, and I do nothing that"
            " they say.",
            len(found.unsigned),
            devices=found.unsigned[:MOST_SHOWN],
        ),
        _("On that device, in Element X: your picture, Encryption, Confirm your identity."),
        _(
            "In Element: Settings, Security, Verify this session. In FluffyChat: Settings, Chat"
            " backup."
        ),
        _("One that you don't use any more: sign it out in your app. I notice when it is done."),
    ]
