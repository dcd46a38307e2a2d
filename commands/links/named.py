"""Which networks are meant by the names behind a command."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.api import Context, UserError, _, bare
from commands.links import store, wire
from commands.links.store import Link, Peer

LONGEST = 400
"""Letters of what can be a name: an account, which has 255, or a network's name with it."""
_BETWEEN = re.compile(r",|\s(?:y|e|and)\s")


def parted(text: str, known: Collection[str]) -> list[str] | None:
    """The names in a list of them, folded; None if some word in it is part of no known name.

    A name may hold what stands between names (`Tierra y Libertad`): the longest is meant, unless
    only shorter ones account for all that was written.
    """
    cuts = [(0, 0), *((m.start(), m.end()) for m in _BETWEEN.finditer(text))]
    begins = [end for _start, end in cuts]
    ends = [start for start, _end in cuts[1:]] + [len(text)]
    found: list[list[str] | None] = [None] * len(begins) + [[]]
    for i in range(len(begins) - 1, -1, -1):
        for j in range(len(ends) - 1, i - 1, -1):
            if ends[j] - begins[i] > LONGEST:
                continue
            name, rest = _bare(text[begins[i] : ends[j]]), found[j + 1]
            if rest is not None and (name in known or (not name and i == j)):
                found[i] = [name, *rest] if name else rest
                break
    return found[0]


def _bare(text: str) -> str:
    return bare(" ".join(text.split()).strip("\"'“”«»"))


async def links_named(ctx: Context, named: str) -> list[tuple[Link, list[Peer]]]:
    """The links that are meant: all, or those of the networks that are named; who is in them."""
    meant = {peer.link for peer in await peers_named(ctx, named)}
    every = await store.linked(ctx.db)
    found = [one for one in await store.every(ctx.db) if one.item in meant]
    for one in found:
        if await wire.is_open(ctx, one):
            raise UserError(
                _("The room of link {number} is open to others, so nothing goes there now.",
                  number=one.item),
                _("How it stands: `!network`"),
            )  # fmt: skip
    return [(one, [peer for peer in every if peer.link == one.item]) for one in found]


async def peers_named(ctx: Context, named: str) -> list[Peer]:
    """The linked networks that are meant: all, or those that are named. Raises `UserError`."""
    every = await store.linked(ctx.db)
    if not every:
        raise UserError(
            _("No other network is linked with ours."),
            _("The network's moderators link one: `!network link @minga:example.org`"),
        )
    known = {name for peer in every for name in names_of(peer)}
    wanted = parted(named, known)
    if wanted is None:
        strange = next(
            name for one in _BETWEEN.split(named) if (name := _bare(one)) and name not in known
        )
        raise UserError(_("No linked network is called “{name}”. All of them: `!network`",
                          name=strange[:60]))  # fmt: skip
    return [peer for peer in every if not wanted or names_of(peer) & {*wanted}]


def names_of(peer: Peer) -> set[str]:
    """By what a network can be called: its name, its bot, the number of its link."""
    return {_bare(peer.name), _bare(peer.bot), str(peer.link)}
