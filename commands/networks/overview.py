"""`!network`: which networks are linked, what is shared with each, and what waits here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Line,
    Number,
    RoomId,
    Words,
    _,
    names_page,
    quotable_line,
    rooms,
    shorten_line,
    split_page,
)
from commands.joint_decisions import store as joint_store
from commands.link_introductions.standing import LinkStanding, get_standing
from commands.link_introductions.texts import compare_later_lines, linked_state, waiting_lines
from commands.links import store
from commands.links.connection import hello_steps
from commands.links.declaration import may_decide_for_network
from commands.links.network_names import peers_called
from commands.links.protocol import outbound
from commands.links.store import Peer, PeerState
from commands.shares import room_trust, share_store
from commands.shares.share_store import ShareEntry

NETWORKS, NUMBERS_SHOWN, PAGE = 10, 12, 15
"""Networks on a page, numbers on a line, and things on a page."""
LONGEST_TITLE = 60
UNKNOWN_SHOWN_FOR = timedelta(days=30)
"""How long it is shown that a network said something unknown."""
STATES: dict[PeerState, Line] = {
    PeerState.ASKED: _("asked, no answer yet"),
    PeerState.MEETING: _("getting to know each other"),
    PeerState.CODE: _("the code waits to be compared"),
    PeerState.DOUBTED: _("waits for you again, as who introduced it deceived us"),
    PeerState.STOPPED: _("stopped"),
    PeerState.GONE: _("ended"),
}
"""How each state of a peer reads in the list; of a linked one, how its key became trusted."""


@dataclass(frozen=True, slots=True)
class PeerOverview:
    """What is shared with one network, as far as it may be read here.

    `away`: how many more there are in rooms that not everybody here reads.
    """

    ours: Sequence[ShareEntry]
    theirs: Sequence[ShareEntry]
    waiting: Sequence[ShareEntry]
    together: Sequence[ShareEntry]
    away: int
    moderates: bool

    @property
    def has_entries(self) -> bool:
        """Return whether anything is shared with the network."""
        return bool(self.ours or self.theirs or self.waiting or self.together)


async def show_networks(ctx: Context, page: int = 1) -> Answer:
    """Show all linked networks with the numbers of what is shared. Return what to say, if
    anything."""
    known = await _peers(ctx)
    if not known:
        return [
            _("No other network is linked with ours."),
            _("The network's moderators link one: `!network link @minga:example.org`"),
        ]
    pages = -(-len(known) // NETWORKS)
    page = min(max(page, 1), pages)
    shown = known[(page - 1) * NETWORKS : page * NETWORKS]
    lines, named = [_("Linked networks:"), *await _open_room_lines(ctx, shown)], ""
    standings = await _standings(ctx, shown)
    for peer in shown:
        found = await _peer_overview(ctx, peer)
        lines += [*_state_lines(ctx, peer, standings[peer.link]), *_number_lines(found)]
        named = named or (peer.name if found.has_entries else "")
    if named:
        lines.append(_("What that is: `!network {network}`", network=named))
    if page < pages:
        lines.append(_("More networks: `!network page {page}`", page=page + 1))
    return lines


async def show_network(ctx: Context, text: str) -> Answer:
    """Show the items shared with the network that the text names, or a page of them.

    Returns None if the text names no network.
    """
    meant, page = await _named(ctx, text), 1
    if not meant:
        page, name = split_page(text)
        if not name and names_page(text):
            return await show_networks(ctx, page)
        meant = await _named(ctx, name)
    if not meant:
        return None
    lines = await _open_room_lines(ctx, meant[:NETWORKS])
    standings = await _standings(ctx, meant[:NETWORKS])
    for peer in meant[:NETWORKS]:
        entries = _entry_lines(await _peer_overview(ctx, peer), await _may_read_titles(ctx))
        pages = max(-(-len(entries) // PAGE), 1)
        page = min(max(page, 1), pages)
        lines += _state_lines(ctx, peer, standings[peer.link])
        lines += compare_later_lines(peer)
        lines += await _trust_lines(ctx, peer)
        lines += entries[(page - 1) * PAGE : page * PAGE]
        if not entries:
            lines.append(_("Nothing is shared between us and {network}.", network=peer.name))
        if page < pages:
            lines.append(_("More: `!network {network} {page}`", network=peer.name, page=page + 1))
    return lines


async def _peers(ctx: Context) -> list[Peer]:
    return [p for p in await store.all_peers(ctx.db) if p.state is not PeerState.GONE]


async def _named(ctx: Context, text: str) -> list[Peer]:
    return peers_called(await _peers(ctx), text.removeprefix("#"))


async def _open_room_lines(ctx: Context, some: Sequence[Peer]) -> list[Line]:
    """Return a line for each of these links whose room is open to others."""
    every = [
        await store.get_link(ctx.db, number) for number in sorted({peer.link for peer in some})
    ]
    return [
        _("The room of link {number} is open to others: I say nothing there.", number=one.item)
        for one in every
        if one is not None and await outbound.is_room_open(ctx, one)
    ]


async def _standings(ctx: Context, some: Sequence[Peer]) -> dict[Number, LinkStanding]:
    return {number: await get_standing(ctx, number) for number in {peer.link for peer in some}}


def _state_lines(ctx: Context, peer: Peer, standing: LinkStanding) -> list[Line]:
    lines = [
        _(
            "{number} {name}: {state}",
            number=peer.link,
            name=peer.name or peer.bot,
            state=linked_state(standing, peer)
            if peer.state is PeerState.LINKED
            else STATES[peer.state],
        ),
        *waiting_lines(standing, peer),
    ]
    if ctx.now.timestamp() < peer.beyond + UNKNOWN_SHOWN_FOR.total_seconds():
        lines.append(
            _(
                "{network} says things that this version of me does not know. Whoever runs me can"
                " bring me up to date.",
                network=peer.name,
            )
        )
    if peer.state in (PeerState.CODE, PeerState.DOUBTED) and ctx.who in ctx.defaults.moderators:
        lines.append(
            _(
                "Code: {code}. The same for both? `!network compare {network}`",
                code=hello_steps.code_with_peer(ctx, peer),
                network=peer.name,
            )
        )
    return lines


async def _trust_lines(ctx: Context, peer: Peer) -> list[Line]:
    """Return a line about what this room takes in from the network without asking, if anything."""
    held = await share_store.trusted_kinds(ctx.db, ctx.room, peer.bot)
    kinds = [name for kind, name in room_trust.KIND_WORDS.items() if kind in held]
    if not kinds:
        return []
    return [
        _(
            "Without asking, this room takes in: {kinds}. To be asked again:"
            " `!network trust {network} {kind} no`",
            kinds=tuple(kinds),
            network=peer.name,
            kind=kinds[0],
        )
    ]


async def _peer_overview(ctx: Context, peer: Peer) -> PeerOverview:
    seen = await _readable_rooms(ctx)
    every = [
        await share_store.own_entries(ctx.db, peer.link),
        await share_store.peer_entries(ctx.db, peer.link, peer.bot),
        await joint_store.open_entries(ctx.db, peer.link),
    ]
    ours, theirs, together = ([e for e in some if e.room in seen] for some in every)
    waiting = await share_store.waiting_entries(ctx.db, peer.link, peer.bot)
    away = sum(map(len, every)) - len(ours) - len(theirs) - len(together)
    moderates = await ctx.moderates() or await _may_read_titles(ctx)
    return PeerOverview(ours, theirs, waiting, together, away, moderates)


async def _readable_rooms(ctx: Context) -> set[RoomId]:
    """Return the rooms whose things may be read here: this one, or in private the person's."""
    if not ctx.is_private:
        return {ctx.room}
    return {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}


async def _may_read_titles(ctx: Context) -> bool:
    """Tell whether titles of waiting things may be read here, as in the moderators' room."""
    if ctx.is_private:
        return await may_decide_for_network(ctx)
    return ctx.room == await ctx.moderators_room()


def _number_lines(found: PeerOverview) -> list[Line]:
    """Return a line for each sort of thing, with the first numbers of it."""
    lines = []
    for text, some in (
        (_("Shared with them: {numbers}"), found.ours),
        (_("From them: {numbers}"), found.theirs),
        (_("Decided together: {numbers}"), found.together),
    ):
        if some:
            lines.append(Line(text.msgid, {"numbers": _first_numbers(some)}))
    if found.waiting and found.moderates:
        lines.append(_("Waiting for a moderator: {numbers}", numbers=_first_numbers(found.waiting)))
    elif found.waiting:
        lines.append(_("Waiting for a moderator: {count}", count=len(found.waiting)))
    if found.away:
        lines.append(_("In other rooms: {count}", count=found.away))
    return lines


def _first_numbers(some: Sequence[ShareEntry]) -> tuple[Number | Line, ...]:
    more = len(some) - NUMBERS_SHOWN
    rest = (_("{count} more", count=more),) if more > 0 else ()
    return (*(one.number for one in some[:NUMBERS_SHOWN]), *rest)


def _entry_lines(found: PeerOverview, titles: bool) -> list[Line]:
    """Return a line for each thing; a waiting one with its kind only where its title is secret."""
    lines = []
    for one in found.waiting if found.moderates else ():
        kind: Words | str = room_trust.KIND_WORDS.get(one.kind, one.kind)
        lines.append(
            _(
                "{number} {title}: waits: `!network accept {number}`",
                number=one.number,
                title=_short(one.title),
            )
            if titles and one.title
            else _(
                "{number} ({kind}): waits: `!network accept {number}`", number=one.number, kind=kind
            )
        )
    for text, some in (
        (_("{number} {title}: from them"), found.theirs),
        (_("{number} {title}: shared with them"), found.ours),
        (_("{number} {title}: decided together"), found.together),
    ):
        lines += [Line(text.msgid, {"number": e.number, "title": _short(e.title)}) for e in some]
    if found.waiting and not found.moderates:
        lines.append(_("Waiting for a moderator: {count}", count=len(found.waiting)))
    if found.away:
        lines.append(_("In other rooms: {count}", count=found.away))
    return lines


def _short(title: str) -> str:
    return f"“{shorten_line(quotable_line(title), LONGEST_TITLE)}”"
