"""Items are read together, in the order that whoever asks wants."""

from __future__ import annotations

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Number
from storage import items


async def test_items_come_in_the_order_of_their_numbers_given(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        numbers = [
            await items.add(tx, "notes", "note", ROOM, user_id("ana"), title, talk.clock.at)
            for title in ("one", "two", "three")
        ]
        await items.delete(tx, numbers[1])
        found = await items.get_each(tx, [numbers[2], numbers[1], numbers[0], Number(99)])
        assert [one.title for one in found] == ["three", "one"]
        assert found[0] == await items.get(tx, numbers[2])
        assert await items.get_each(tx, []) == []
