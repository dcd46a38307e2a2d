"""A capability that keeps things to be found, for these tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.api import (
    FINDABLE_KINDS,
    Context,
    Feature,
    Findable,
    FindableKind,
    Line,
    RoomId,
    UserId,
    search,
    words,
)
from bot.testing.talk import ROOM, Talk, user_id

BOOK, MUG = words("cuaderno", "caderno", "notebook", "libreta"), words("taza", "xícara", "mug")


def shelf(folder: Path) -> Feature:
    feature = Feature("shelf", folder)

    @feature.offers(FINDABLE_KINDS)
    async def kinds(_ctx: Context) -> Mapping[str, FindableKind]:
        return {
            "book": FindableKind(BOOK, Line("`#{name}`")),
            "mug": FindableKind(MUG, Line("`!shelf {number}`")),
        }

    return feature


async def keep(talk: Talk, name: str, title: str, text: str = "", **more: Any) -> None:
    """Put one on the shelf: a notebook of Ana's in the room, unless it is said otherwise."""
    room: RoomId = more.pop("room", ROOM)
    person: UserId = user_id(more.pop("by", "ana"))
    one = Findable(
        "shelf", name, "book", room, title, talk.clock.at, text, name=name, person=person
    )
    async with talk.machine.db.transaction() as tx:
        await search.index_entry(tx, replace(one, **more))
