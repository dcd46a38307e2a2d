"""What is under way at a door is remembered once, and goes along when its room is replaced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.testing.talk import Talk
from bot.types import RoomId
from commands.doors import door_marks

OLD, NEW = RoomId("!old:test"), RoomId("!new:test")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


async def test_each_mark_is_set_once_and_again_after_it_was_taken(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        assert [await door_marks.mark_look(tx, OLD) for _time in range(2)] == [True, False]
        assert [await door_marks.mark_knocks(tx, OLD, first) for first in (7, 8)] == [True, False]
        assert await door_marks.take_knocks(tx, OLD) == 7
        assert await door_marks.take_knocks(tx, OLD) == 0
        assert not await door_marks.mark_look(tx, OLD), "the one mark leaves the other"
        await door_marks.clear_look(tx, OLD)
        assert await door_marks.mark_look(tx, OLD)


async def test_a_crowd_is_counted_for_a_day_by_room_and_homeserver(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        counts = [await door_marks.count_in_crowd(tx, OLD, "far.org", NOW) for _one in range(3)]
        assert counts == [1, 2, 3]
        assert await door_marks.count_in_crowd(tx, OLD, "near.org", NOW) == 1
        assert await door_marks.count_in_crowd(tx, NEW, "far.org", NOW) == 1
        assert await door_marks.count_in_crowd(tx, OLD, "far.org", NOW + timedelta(hours=23)) == 4
        assert await door_marks.count_in_crowd(tx, OLD, "far.org", NOW + timedelta(days=1)) == 1


async def test_they_join_those_of_the_room_that_replaces_it(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await door_marks.mark_knocks(tx, OLD, 7)
        await door_marks.mark_look(tx, NEW)
        await door_marks.count_in_crowd(tx, OLD, "far.org", NOW)
        await door_marks.move_room(tx, OLD, NEW)
        assert not await door_marks.mark_look(tx, NEW)
        assert await door_marks.take_knocks(tx, NEW) == 7
        assert await door_marks.count_in_crowd(tx, NEW, "far.org", NOW) == 2
        assert await door_marks.mark_look(tx, OLD), "nothing of the old room is left"
