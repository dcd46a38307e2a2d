"""The counts of a poll for each of its rooms: a vote belongs to the room in which it was cast."""

from __future__ import annotations

import re
from collections import Counter

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    RoomId,
    Say,
    UserError,
    _,
    fold,
    n_,
    rooms,
    verbatim,
)
from commands.decision_rules.ballots import Ballot, Profile
from commands.poll_book import texts, vote_store
from commands.poll_book.poll import Poll

MOST_SHOWN = 100
"""How many rooms one message lists, those with the most votes first; the others are summed."""
_ROOMS_WORD = re.compile(r"\b(?:por |per |by )?(?:salas?|rooms?)\b")


def asks_for_rooms(text: str) -> bool:
    """Return whether the words behind `!results` ask for the votes of each room."""
    return _ROOMS_WORD.search(fold(text)) is not None


def without_rooms(text: str) -> str:
    """Return the words behind `!results` without those that ask for the votes of each room."""
    return _ROOMS_WORD.sub("", fold(text)) if asks_for_rooms(text) else text


async def show_rooms(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Show a poll's votes of each room, in private. A room that the reader is not in has no name.
    Return what to say, if anything.

    Raises `UserError` for a poll of one room, and where counts are not visible yet.
    """
    if not item.others:
        raise UserError(
            _("Poll {number} stands in one room only.", number=item.number),
            _("Its counts: `!results {number}`", number=item.number),
        )
    if poll.ended is None and not poll.rule.interim:
        raise UserError(_("I show the counts at the end."), texts.turnout_line(poll))
    lines = (texts.head_line(poll), *await _room_lines(ctx, item, poll))
    return Say(lines, to=ctx.who, item=item.number)


async def _room_lines(ctx: Context, item: Item, poll: Poll) -> list[Line]:
    profiles = await vote_store.profiles_by_room(ctx.db, item.number)
    mine = {room.room: room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    voted = sorted(profiles, key=lambda room: (-sum(profiles[room].values()), room or ""))
    lines = [
        _counts_line(
            poll,
            verbatim(mine[room].name or room)
            if room is not None and room in mine
            else _("a room that you are not in"),
            profiles[room],
        )
        for room in voted[:MOST_SHOWN]
    ]
    if rest := voted[MOST_SHOWN:]:
        total = sum((Counter(profiles[room]) for room in rest), Counter[Ballot]())
        name = n_("{count} room more", "{count} rooms more, together", len(rest))
        lines.append(_counts_line(poll, name, total))
    silent = len(set(item.rooms).difference(room for room in profiles if room is not None))
    if silent:
        lines.append(
            n_("No votes yet from {count} room.", "No votes yet from {count} rooms.", silent)
        )
    return [*lines, *await _lost_lines(ctx, item.rooms)]


def _counts_line(poll: Poll, name: Line, profile: Profile) -> Line:
    counts = texts.count_lines(poll, poll.kind.tally(profile, poll.question))
    return Line("{room}: {counts}", {"room": name, "counts": tuple(counts)})


async def _lost_lines(ctx: Context, places: tuple[RoomId, ...]) -> list[Line]:
    """Say in how many of the rooms the bot is not any more. Their votes still count."""
    lost = 0
    for place in places:
        known = await rooms.get(ctx.db, place)
        lost += known is None or not known.joined
    if not lost:
        return []
    return [
        n_(
            "I am not in {count} of the rooms any more; what was voted there counts.",
            "I am not in {count} of the rooms any more; what was voted there counts.",
            lost,
        )
    ]
