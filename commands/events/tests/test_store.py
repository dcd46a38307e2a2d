"""What comes in a room is found by an index, however many events there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from bot.testing.talk import ROOM, Talk
from commands.events import store
from storage.database import Tx


class Explained:
    """A transaction that notes how each of its queries is carried out."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.plans: list[str] = []

    async def all(self, query: str, *values: Any) -> list[Any]:
        rows = await self._tx.all(f"EXPLAIN QUERY PLAN {query}", *values)
        self.plans.append("\n".join(row["detail"] for row in rows))
        return await self._tx.all(query, *values)


async def test_no_list_of_what_comes_reads_all_events(plain: Talk) -> None:
    now = plain.clock.at
    async with plain.machine.db.transaction() as tx:
        explained = Explained(tx)
        asked = cast(Tx, explained)
        await store.soonest_events(asked, [ROOM], 5)
        await store.upcoming_events(asked, ROOM, 5)
        await store.events_between(asked, ROOM, now, now + timedelta(days=7))
    soonest, upcoming, between = explained.plans
    for plan in explained.plans:
        assert "SCAN e" not in plan and "MULTI-INDEX OR" not in plan, plan
        assert "SEARCH s USING COVERING INDEX item_shown_room (room=?)" in plan, plan
    assert all("INDEX events_next (room=? AND next_at>?" in plan for plan in (soonest, upcoming))
    assert "INDEX events_next (room=? AND next_at>? AND next_at<?)" in between
    assert "INDEX events_series (room=? AND next_at>? AND next_at<?)" in between
