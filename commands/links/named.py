"""Which networks are meant by the names behind a command."""

from __future__ import annotations

import re

from bot.api import Context, UserError, _, bare
from commands.links import store, wire
from commands.links.store import Link, Peer, State


async def links_named(ctx: Context, named: str) -> list[tuple[Link, list[Peer]]]:
    """The links that are meant: all, or those of the networks that are named."""
    wanted = {bare(name) for name in re.split(r",|\s(?:y|e|and)\s", named) if bare(name)}
    found = []
    for one in await store.every(ctx.db):
        every = [p for p in await store.peers(ctx.db, one.item) if p.state is State.LINKED]
        meant = [p for p in every if not wanted or {bare(p.name), str(one.item), p.bot} & wanted]
        wanted -= {name for p in meant for name in (bare(p.name), str(one.item), p.bot)}
        if meant and await wire.is_open(ctx, one):
            raise UserError(
                _("The room of link {number} is open to others, so nothing goes there now.",
                  number=one.item),
                _("How it stands: `!network`"),
            )  # fmt: skip
        if meant:
            found.append((one, every))
    if wanted:
        raise UserError(_("No linked network is called “{name}”. All of them: `!network`",
                          name=sorted(wanted)[0][:60]))  # fmt: skip
    if not found:
        raise UserError(
            _("No other network is linked with ours."),
            _("The network's moderators link one: `!network link @minga:example.org`"),
        )
    return found
