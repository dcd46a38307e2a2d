"""`!status`: whether the bot is well."""

from __future__ import annotations

from importlib.metadata import version

from bot.api import (
    Answer,
    Context,
    ItemAccess,
    Line,
    Moment,
    Reach,
    _,
    fingerprint,
    n_,
    read_machine_state,
    words,
)
from commands.rooms.bot_permissions import missing_acts
from commands.rooms.declaration import YOURS, feature
from commands.rooms.identity_changes import unconfirmed_lines


@feature.command(
    words("estado", "status", "status", "cómo estás | |"),
    help=_("whether I am well"),
    example=_("For example: `!status`"),
    topic=YOURS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def status(ctx: Context) -> Answer:
    """Show the room's encryption, the bot's rights, version, clock, and what waits or is late.
    Return the answer.

    To a moderator of the network, in private, also how the machine is.
    """
    room = ctx.policy.room
    lines = [_("I am here and answering. Version {version}.", version=version("minga"))]
    if room is not None and room.is_encrypted:
        lines.append(_("This room is encrypted: its servers can't read what is said."))
    else:
        lines.append(_("This room is not encrypted: its servers can read all that is said."))
    if ctx.policy.values.get("unsigned") == "yes":
        lines.append(_("Here I also obey devices that nobody confirmed as theirs."))
    lines += await unconfirmed_lines(ctx)
    if room is not None and not ctx.is_private and missing_acts(ctx, room):
        lines.append(_("There are things that I may not do here: `!permissions`"))
    lines.append(_("My clock: {moment}", moment=Moment(ctx.said_at)))
    lines.append(_("My address: {address}", address=ctx.me))
    lines += _key_lines(ctx)
    lines.append(_("The key I sign results with: {key}", key=ctx.signer.public))
    count = await ctx.count_undelivered(ctx.who)
    if count:
        lines.append(
            n_(
                "{count} message of mine to you is still on its way.",
                "{count} messages of mine to you are still on their way.",
                count,
            )
        )
    else:
        lines.append(_("Nothing of mine to you is still on its way."))
    late, since = await ctx.late_jobs()
    if since is not None:
        lines.append(
            n_(
                "{count} thing that I have to do is late, since {moment}.",
                "{count} things that I have to do are late, the first since {moment}.",
                late,
                moment=Moment(since),
            )
        )
    return lines + await _machine_lines(ctx)


async def _machine_lines(ctx: Context) -> list[Line]:
    """Return how the machine is, in words; nothing to who does not look after it."""
    state = await read_machine_state(ctx)
    if state is None:
        return []
    lines = []
    if state.last_sync is not None:
        lines.append(_("I last read the homeserver {moment}.", moment=Moment(state.last_sync)))
    if state.oldest_letter is not None:
        lines.append(
            n_(
                "{count} message waits, since {moment}: for the homeserver or its reader.",
                "{count} messages wait, since {moment}: for the homeserver or their readers.",
                state.letters_late,
                moment=Moment(state.oldest_letter),
            )
        )
    lines.append(
        _("The disk is nearly full. Whoever runs me has to make room.")
        if state.disk_is_low
        else _("There is room on the disk.")
    )
    if state.last_backup is None:
        lines.append(_("There is no backup of me yet. Whoever runs me can make one."))
    elif state.backup_is_old:
        old = _("The last backup is old: {moment}.", moment=Moment(state.last_backup))
        lines.append(old)
    else:
        lines.append(_("The last backup: {moment}.", moment=Moment(state.last_backup)))
    return lines


def _key_lines(ctx: Context) -> list[Line]:
    """Return our keys as `minga doctor` tells them, to compare with what an app shows of us."""
    own = ctx.fetched.devices(ctx.me)
    keys = [
        _("My device {device} has the key: {key}", device=name, key=fingerprint(key))
        for name, key in own.keys.items()
        if key
    ]
    if own.master is None:
        return keys
    return [_("The key of my identity: {key}", key=fingerprint(own.master)), *keys]
