"""Invitation codes after a restore from backup: one that was taken back opens again."""

from __future__ import annotations

from datetime import datetime

from bot.api import AFTER_RESTORE, Context, Effect, Moment, Say, _, n_
from commands.codes import store
from commands.codes.command import SHOWN
from commands.codes.declaration import feature


@feature.offers(AFTER_RESTORE)
async def name_open_codes(ctx: Context, made: datetime) -> list[Effect]:
    """Return for each of the network's moderators the codes that are open as of `made` (UTC), one
    of which may have been taken back since."""
    found = await store.open_codes(ctx.db, ctx.said_at)
    if not found:
        return []
    lines = (
        n_(
            "{count} code opens as on {moment}, even if it was taken back since: {numbers}",
            "{count} codes open as on {moment}, even if they were taken back since: {numbers}",
            len(found),
            moment=Moment(made),
            numbers=", ".join(str(one.item) for one in found[:SHOWN]),
        ),
        _("To see them: `!code` · to take one back: `!cancel {number}`", number=found[0].item),
    )
    return [Say(lines, to=one, loud=True) for one in sorted(ctx.defaults.moderators)]
