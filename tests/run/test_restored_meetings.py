"""After a restore in the middle of a meeting the room knows what is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from tests.run.test_restored_polls import Disk, room_hears, room_language

__all__ = ["room_language"]


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_meeting_goes_on_and_says_from_when_lines_are_lost(talk: Talk) -> None:
    disk = Disk(talk)
    await talk.says("ana", "!meeting start")
    await talk.says("ana", "agreed: bread")
    await talk.sent()
    await disk.back_up()
    await talk.wait(timedelta(hours=1))
    await talk.says("ana", "agreed: water")
    await disk.dies()
    said = await room_hears(talk)
    assert "Meeting 1 goes on, but what I kept after" in said
    assert "10:00" in said
    await talk.says("ana", "!meeting end")
    minutes = await room_hears(talk)
    assert "· bread" in minutes
    assert "water" not in minutes
