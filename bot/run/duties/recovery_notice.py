"""Tells every room once that the bot came back without its data, after `minga recover`."""

from __future__ import annotations

from bot.i18n import _
from bot.lines import Moment
from bot.run.duties.new_identity import tell_rooms
from bot.run.environment import Environment
from storage.encryption import own_identity


async def announce_recovery(env: Environment) -> bool:
    """Tell each room that people read that the bot came back without its data, if that is so and
    they have not been told. Return whether it was.

    Call it only after a catch-up: the bot does not know its rooms before.
    """
    async with env.db.transaction() as tx:
        since = await own_identity.pending_recovery(tx)
        if since is None:
            return False
        lines = (
            _("I am back since {moment}, but all that I had kept is lost.", moment=Moment(since)),
            _("I am the same as before: nobody has to verify me again."),
            _("Polls, votes, events, tasks and settings of before are gone."),
            _(
                "No reminder and no notice of before will come: if you counted on one, set it up"
                " again now."
            ),
        )
        await tell_rooms(tx, env, lines)
        await own_identity.clear_recovery(tx)
    return True
