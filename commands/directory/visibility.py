"""Who may see an entry, checked anew each time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from bot.api import (
    Context,
    MissingArgument,
    Number,
    RoomId,
    UserError,
    UserId,
    _,
    may_see_of,
    rooms,
    split_number,
)
from commands.directory.directory_store import DirectoryEntry


async def searched_rooms(ctx: Context) -> Sequence[RoomId]:
    """Return the rooms whose directory entries may be shown here; in private all of the asker's."""
    if ctx.answers_one_person:
        return [room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)]
    return [ctx.room]


async def may_see(ctx: Context, entry: DirectoryEntry, person: UserId) -> bool:
    """Return whether the person may see the directory entry.

    Its owner must still be in its room, and the person too; for network entries, in any room.
    """
    return await may_see_of(ctx, entry.person, entry.room, person, network=entry.network)


_TO = re.compile(r"\A(?:a|to|para)\s{1,5}(?=[#\d])", re.IGNORECASE)


async def find_number(_ctx: Context, text: str) -> tuple[Number, str]:
    """Return the directory entry's number that begins a text and the text behind it. Raises
    `MissingArgument` if the text begins with none."""
    found = split_number(_TO.sub("", text.strip()))
    if found is None:
        raise MissingArgument("text", _("the number and your words"))
    return found[0], found[1].strip(" \t\n,;:")


LetterNumber = Annotated[Number, find_number]


def unknown_entry(number: Number) -> UserError:
    """Return the refusal for a number under which the person sees no directory entry."""
    return UserError(
        _("There is no contact {number} here.", number=number),
        _("Who wants to be found: `!directory`"),
    )
