"""`!network`: which networks are linked, what is shared with each, and what waits here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.api import Answer, Context, Line, Number, RoomId, Words, _, quotable, rooms
from commands.links import store
from commands.links.connection import handshake
from commands.links.declaration import speaks_for_all
from commands.links.network_names import called
from commands.links.protocol import outbound
from commands.links.shares import room_trust, share_store
from commands.links.shares.share_store import Entry
from commands.links.store import Peer, State

NETWORKS, NUMBERS, PAGE = 10, 12, 15
"""Networks on a page, numbers on a line, and things on a page."""
LONGEST_TITLE = 60
BEYOND_FOR = timedelta(days=30)
"""How long it is shown that a network said something unknown."""
_PAGE = re.compile(r"(?:p[aá]gina|page) ?:? ?(\d{1,3})", re.IGNORECASE)
_LAST = re.compile(r"\s(?:(?:p[aá]gina|page) ?:? ?)?(\d{1,3})$", re.IGNORECASE)
STATES: dict[State, Line] = {
    State.ASKED: _("asked, no answer yet"),
    State.MEETING: _("getting to know each other"),
    State.CODE: _("the code waits to be compared"),
    State.LINKED: _("linked"),
    State.STOPPED: _("stopped"),
    State.GONE: _("ended"),
}
"""How each state of a peer reads in the list."""


@dataclass(frozen=True, slots=True)
class Between:
    """What is shared with one network, as far as it may be read here.

    `away`: how many more there are in rooms that not everybody here reads.
    """

    ours: Sequence[Entry]
    theirs: Sequence[Entry]
    waiting: Sequence[Entry]
    together: Sequence[Entry]
    away: int
    moderates: bool

    @property
    def any(self) -> bool:
        """Tell whether there is anything to list."""
        return bool(self.ours or self.theirs or self.waiting or self.together)


async def every(ctx: Context, page: int = 1) -> Answer:
    """List all linked networks with the numbers of what is shared."""
    known = await _peers(ctx)
    if not known:
        return [
            _("No other network is linked with ours."),
            _("The network's moderators link one: `!network link @minga:example.org`"),
        ]
    pages = -(-len(known) // NETWORKS)
    page = min(max(page, 1), pages)
    shown = known[(page - 1) * NETWORKS : page * NETWORKS]
    lines, named = [_("Linked networks:"), *await _open(ctx, shown)], ""
    for peer in shown:
        found = await _between(ctx, peer)
        lines += [*_state(ctx, peer), *_numbers(found)]
        named = named or (peer.name if found.any else "")
    if named:
        lines.append(_("What that is: `!network {network}`", network=named))
    if page < pages:
        lines.append(_("More networks: `!network page {page}`", page=page + 1))
    return lines


async def one(ctx: Context, text: str) -> Answer:
    """Show what is shared with the network that is named, or a page of the list.

    Returns None if the text names no network.
    """
    text = text.strip()
    if found := _PAGE.fullmatch(text):
        return await every(ctx, int(found[1]))
    meant, page = await _named(ctx, text), 1
    if not meant and (last := _LAST.search(text)):
        meant, page = await _named(ctx, text[: last.start()]), int(last[1])
    if not meant:
        return None
    lines = await _open(ctx, meant[:NETWORKS])
    for peer in meant[:NETWORKS]:
        entries = _entries(await _between(ctx, peer), await _reads_titles(ctx))
        pages = max(-(-len(entries) // PAGE), 1)
        page = min(max(page, 1), pages)
        lines += [*_state(ctx, peer), *await _trusted(ctx, peer)]
        lines += entries[(page - 1) * PAGE : page * PAGE]
        if not entries:
            lines.append(_("Nothing is shared between us and {network}.", network=peer.name))
        if page < pages:
            lines.append(_("More: `!network {network} {page}`", network=peer.name, page=page + 1))
    return lines


async def _peers(ctx: Context) -> list[Peer]:
    return [p for p in await store.everybody(ctx.db) if p.state is not State.GONE]


async def _named(ctx: Context, text: str) -> list[Peer]:
    return called(await _peers(ctx), text.removeprefix("#"))


async def _open(ctx: Context, some: Sequence[Peer]) -> list[Line]:
    """Return a line for each of these links whose room is open to others."""
    every = [await store.get(ctx.db, number) for number in sorted({peer.link for peer in some})]
    return [
        _("The room of link {number} is open to others: I say nothing there.", number=one.item)
        for one in every
        if one is not None and await outbound.is_open(ctx, one)
    ]


def _state(ctx: Context, peer: Peer) -> list[Line]:
    lines = [_("{number} {name}: {state}", number=peer.link, name=peer.name or peer.bot,
               state=STATES[peer.state])]  # fmt: skip
    if ctx.read.timestamp() < peer.beyond + BEYOND_FOR.total_seconds():
        lines.append(
            _("{network} says things that this version of me does not know. Whoever runs me can"
              " bring me up to date.", network=peer.name)
        )  # fmt: skip
    if peer.state is State.CODE and ctx.who in ctx.defaults.moderators:
        lines.append(_("Code: {code}. The same for both? `!network accept {number}`",
                       code=handshake.code_of(ctx, peer), number=peer.link))  # fmt: skip
    return lines


async def _trusted(ctx: Context, peer: Peer) -> list[Line]:
    """Return a line about what this room takes in from the network without asking, if anything."""
    held = await share_store.trusted_in(ctx.db, ctx.room, peer.bot)
    kinds = [name for kind, name in room_trust.KINDS.items() if kind in held]
    if not kinds:
        return []
    return [
        _("Without asking, this room takes in: {kinds}. To be asked again:"
          " `!network trust {network} {kind} no`", kinds=tuple(kinds), network=peer.name,
          kind=kinds[0])
    ]  # fmt: skip


async def _between(ctx: Context, peer: Peer) -> Between:
    seen = await _rooms(ctx)
    every = [
        await share_store.ours(ctx.db, peer.link),
        await share_store.theirs(ctx.db, peer.link, peer.bot),
        await share_store.together(ctx.db, peer.link),
    ]
    ours, theirs, together = ([e for e in some if e.room in seen] for some in every)
    waiting = await share_store.asked(ctx.db, peer.link, peer.bot)
    away = sum(map(len, every)) - len(ours) - len(theirs) - len(together)
    moderates = await ctx.moderates() or await _reads_titles(ctx)
    return Between(ours, theirs, waiting, together, away, moderates)


async def _rooms(ctx: Context) -> set[RoomId]:
    """Return the rooms whose things may be read here: this one, or in private the person's."""
    if not ctx.private:
        return {ctx.room}
    return {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}


async def _reads_titles(ctx: Context) -> bool:
    """Tell whether titles of waiting things may be read here, as in the moderators' room."""
    if ctx.private:
        return await speaks_for_all(ctx)
    return ctx.room == await ctx.moderators_room()


def _numbers(found: Between) -> list[Line]:
    """Return a line for each sort of thing, with the first numbers of it."""
    lines = []
    for text, some in (
        (_("Shared with them: {numbers}"), found.ours),
        (_("From them: {numbers}"), found.theirs),
        (_("Decided together: {numbers}"), found.together),
    ):
        if some:
            lines.append(Line(text.msgid, {"numbers": _first(some)}))
    if found.waiting and found.moderates:
        lines.append(_("Waiting for a moderator: {numbers}", numbers=_first(found.waiting)))
    elif found.waiting:
        lines.append(_("Waiting for a moderator: {count}", count=len(found.waiting)))
    if found.away:
        lines.append(_("In other rooms: {count}", count=found.away))
    return lines


def _first(some: Sequence[Entry]) -> tuple[Number | Line, ...]:
    more = len(some) - NUMBERS
    rest = (_("{count} more", count=more),) if more > 0 else ()
    return (*(one.number for one in some[:NUMBERS]), *rest)


def _entries(found: Between, titles: bool) -> list[Line]:
    """Return a line for each thing; a waiting one with its kind only where its title is secret."""
    lines = []
    for one in found.waiting if found.moderates else ():
        kind: Words | str = room_trust.KINDS.get(one.kind, one.kind)
        lines.append(
            _("{number} {title}: waits: `!network accept {number}`", number=one.number,
              title=_short(one.title))
            if titles and one.title
            else _("{number} ({kind}): waits: `!network accept {number}`", number=one.number,
                   kind=kind)
        )  # fmt: skip
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
    title = quotable(title)
    return f"“{title}”" if len(title) <= LONGEST_TITLE else f"“{title[: LONGEST_TITLE - 1]}…”"
