"""Tells every room once that the bot's identity is new, after `minga init --new-identity`."""

from __future__ import annotations

from bot.capability.context import Origin
from bot.delivery.effects import Say
from bot.i18n import _
from bot.lines import Line, Moment
from bot.run.duties.restore_notice import NOWHERE, own_context
from bot.run.environment import Environment
from storage import rooms
from storage.database import Tx
from storage.encryption import own_identity


async def announce_identity(env: Environment) -> bool:
    """Tell each room that people read that the bot has a new identity. Return False if it has none.

    Call it only after a catch-up: a bot whose data was lost does not know its rooms before.
    """
    async with env.db.transaction() as tx:
        since = await own_identity.pending_new_identity(tx)
        if since is None:
            return False
        lines = (
            _(
                "My identity changed: whoever runs me made a new one on {moment}, because the"
                " keys of the old one were lost or replaced.",
                moment=Moment(since),
            ),
            _(
                "Your app may warn you. Ask whoever runs me, by phone or in person, whether it was"
                " them; then verify me again."
            ),
            _("Until then, write nothing here that could put anybody in danger."),
        )
        await tell_rooms(tx, env, lines)
        await own_identity.clear_new_identity(tx)
    return True


async def tell_rooms(tx: Tx, env: Environment, lines: tuple[Line, ...]) -> None:
    """Write the lines into the outbox for each room that people read."""
    ctx = await own_context(tx, env)
    effects = [Say(lines, room=one.room, loud=True) for one in await rooms.readable_rooms(tx)]
    await env.answers.write_answer(tx, effects, Origin(NOWHERE), ctx.said_at)
