"""Parsing of the networks named behind a command."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NoReturn

from bot.api import Context, Line, Number, UserError, _, fold_answer
from commands.links import store
from commands.links.protocol import outbound
from commands.links.store import NetworkLink, Peer, PeerState

LONGEST_NAMED = 400
"""Letters of a name: an account has up to 255, a network's name may come with one."""
MOST_WORDS = 12
"""Words of a network's name of which parts are recognised."""
_READING = (PeerState.LINKED, PeerState.STOPPED, PeerState.DOUBTED, PeerState.GONE)
"""Networks that have read what was said in a link, those that have left since among them."""
_BETWEEN = re.compile(r",|\s(?:y|e|and)\s")


def split_names(text: str, known: Collection[str]) -> list[str] | None:
    """Return the names of networks in a list, folded; None if any word of it is no part of a known
    name.

    A name may contain a separator (`Tierra y Libertad`): the longest known name wins, unless only
    shorter ones account for the whole text.
    """
    cuts = [(0, 0), *((m.start(), m.end()) for m in _BETWEEN.finditer(text))]
    begins = [end for _start, end in cuts]
    ends = [start for start, _end in cuts[1:]] + [len(text)]
    found: list[list[str] | None] = [None] * len(begins) + [[]]
    for i in range(len(begins) - 1, -1, -1):
        for j in range(len(ends) - 1, i - 1, -1):
            if ends[j] - begins[i] > LONGEST_NAMED:
                continue
            name, rest = _bare_name(text[begins[i] : ends[j]]), found[j + 1]
            if rest is not None and (name in known or (not name and i == j)):
                found[i] = [name, *rest] if name else rest
                break
    return found[0]


def _bare_name(text: str) -> str:
    return fold_answer(" ".join(text.split()).strip("\"'“”«»"))


async def links_named(ctx: Context, named: str) -> list[tuple[NetworkLink, list[Peer]]]:
    """Return links that reach the networks that are named (or all), with the networks reached by
    each.

    They are as few as will do, so that who is in two of our links gets nothing twice, and those
    with the fewest others. Raises `UserError` for an unknown network, and if a link's room is open
    to others.
    """
    every = await store.linked_peers(ctx.db)
    chosen = _fewest_links(every, await peers_named(ctx, named))
    found = [one for one in await store.all_links(ctx.db) if one.item in chosen]
    for one in found:
        if await outbound.is_room_open(ctx, one):
            raise UserError(
                _(
                    "The room of link {number} is open to others, so nothing goes there now.",
                    number=one.item,
                ),
                _("How it stands: `!network`"),
            )
    return [(one, [peer for peer in every if peer.link == one.item]) for one in found]


def _fewest_links(every: Sequence[Peer], meant: Sequence[Peer]) -> set[Number]:
    """Return links in which all that are meant are, taking the one that reaches most first."""
    inside = {peer.link: {one.bot for one in every if one.link == peer.link} for peer in meant}
    wanted, chosen = {peer.bot for peer in meant}, set()
    while wanted:
        best = max(inside, key=lambda link: (len(inside[link] & wanted), -len(inside[link]), -link))
        chosen.add(best)
        wanted -= inside[best]
    return chosen


async def peers_named(ctx: Context, named: str) -> list[Peer]:
    """Return the linked networks that are named, or all if none is. Raises `UserError` if none is
    linked, and for a name that is unknown or fits several."""
    every = await store.linked_peers(ctx.db)
    if not every:
        raise UserError(
            _("No other network is linked with ours."),
            _("The network's moderators link one: `!network link @minga:example.org`"),
        )
    known = {name for peer in every for name in names_of(peer)}
    wanted = split_names(named, known)
    if wanted is None:
        wanted = split_names(named, known | unique_name_parts(every))
    if wanted is None:
        _raise_unknown_name(named, every)
    found = {(peer.link, peer.bot) for name in wanted for peer in peers_called(every, name)}
    return [peer for peer in every if not wanted or (peer.link, peer.bot) in found]


def peers_called(some: Sequence[Peer], name: str) -> list[Peer]:
    """Return the networks of this name; if there are none, the one with this part in its name.

    A part counts only if no other network's name has it.
    """
    name = _bare_name(name)
    whole = [peer for peer in some if name in names_of(peer)]
    if not name or whole or name not in unique_name_parts(some):
        return whole if name else []
    return [peer for peer in some if name in _name_parts(peer)]


def unique_name_parts(some: Iterable[Peer]) -> set[str]:
    """Return the parts of names that only one of these networks has: `mangue` of `Rede Mangue`."""
    owners: dict[str, set[str]] = {}
    for peer in some:
        for part in _name_parts(peer):
            owners.setdefault(part, set()).add(peer.bot)
    return {part for part, bots in owners.items() if len(bots) == 1}


def _name_parts(peer: Peer) -> set[str]:
    each = _bare_name(peer.name).split()[:MOST_WORDS]
    runs = (each[i:j] for i in range(len(each)) for j in range(i + 1, len(each) + 1))
    return {part for run in runs if not (part := " ".join(run)).isdecimal()}


def _raise_unknown_name(named: str, every: Sequence[Peer]) -> NoReturn:
    """Raise `UserError` about the first name that is unknown or fits several networks."""
    known = {name for peer in every for name in names_of(peer)} | unique_name_parts(every)
    name = next(n for one in _BETWEEN.split(named) if (n := _bare_name(one)) and n not in known)
    several = tuple(dict.fromkeys(peer.name for peer in every if name in _name_parts(peer)))
    if several:
        raise UserError(
            _(
                "“{name}” can be several networks: {names}. Please write the whole name.",
                name=name[:60],
                names=several,
            )
        )
    raise UserError(
        _("No linked network is called “{name}”. All of them: `!network`", name=name[:60])
    )


def names_of(peer: Peer) -> set[str]:
    """Return the names by which people can call a network: its name, its bot, the number of its
    link."""
    return {_bare_name(peer.name), _bare_name(peer.bot), str(peer.link)}


async def network_readers(ctx: Context, links: Iterable[Number]) -> list[Line]:
    """Return a line for `!visible` with the networks that read what is sent into these links, if
    there are any.

    Those that have left count too: what they read stays with them. None for a device that counts
    in one room only, as in `!network`.
    """
    if not ctx.is_trusted:
        return []
    names = [
        peer.name
        for link in links
        for peer in await store.peers_of_link(ctx.db, link)
        if peer.state in _READING and peer.name
    ]
    return [readers_line(names)] if names else []


def readers_line(names: Iterable[str]) -> Line:
    """Return the line of `!visible` that names the networks, each once, in which people can read a
    thing that was shared with them."""
    return _("whoever it is shown to in: {names}", names=tuple(dict.fromkeys(names)))
