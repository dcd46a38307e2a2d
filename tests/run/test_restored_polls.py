"""After a restore no second, false result is proclaimed: what is unknown is said to be unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import KEYS, ROOM, Talk
from storage.files import backup, restoration


class Disk:
    """A talk whose database can be copied, and lost."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.copy = talk.path.with_name("copy.db")
        self.made = talk.clock.at

    async def back_up(self) -> None:
        self.made = self.talk.clock.at
        await backup._copy(self.talk.path, KEYS, self.copy)

    async def dies(self) -> None:
        """The copy is all that is left, and the bot begins anew on it."""
        await self.talk.sent()
        await self.talk.machine.db.close()
        for left in self.talk.path.parent.glob(f"{self.talk.path.name}*"):
            left.unlink()
        await restoration._prepare_restored(self.copy, KEYS, self.made)
        self.copy.rename(self.talk.path)
        await self.talk.restart()


@pytest.fixture
def room_language() -> str:
    return "en"


async def room_hears(talk: Talk) -> str:
    return "\n".join(post.plain for post in await talk.said(ROOM))


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_poll_whose_end_has_passed_has_no_second_result(talk: Talk) -> None:
    disk = Disk(talk)
    await talk.says("ana", "!poll Where? North, South until today 18h")
    await talk.says("ana", "!vote 1 2")
    await talk.sent()
    await disk.back_up()
    await talk.wait(timedelta(hours=1))
    await talk.says("bea", "!vote 1 1")
    await talk.says("carla", "!vote 1 1")
    await talk.wait(timedelta(hours=9))
    assert "North" in await room_hears(talk)
    await disk.dies()
    told = await room_hears(talk)
    assert "ends without a result: I don't know the votes after" in told
    assert "10:00" in told and "!extend 1 until" in told
    await talk.wait(timedelta(days=3))
    assert "South" not in await room_hears(talk)
    assert "cancelled" in await talk.answer("bea", "!close 1")
    assert "South" not in await talk.answer("bea", "!results 1")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_its_author_goes_on_with_it(talk: Talk) -> None:
    disk = Disk(talk)
    await talk.says("bea", "!poll Where? North, South until today 18h")
    await talk.says("ana", "!vote 1 2")
    await talk.sent()
    await disk.back_up()
    await talk.wait(timedelta(hours=9))
    await disk.dies()
    await talk.sent()
    assert "You can't change poll 1" in await talk.answer("carla", "!extend 1 until tomorrow 18h")
    await talk.says("bea", "!extend 1 until tomorrow 18h")
    posts = await talk.sent()
    assert "Bea goes on with poll 1. Who voted after" in posts[0].plain
    poll = next(post for post in posts if post.is_poll)
    await talk.taps("carla", poll, 1)
    await talk.says("bea", "!vote 1 1")
    await talk.sent()
    await talk.wait(timedelta(days=1))
    assert "3 of 3 people voted" in await room_hears(talk)


async def test_a_poll_whose_end_is_to_come_goes_on(talk: Talk) -> None:
    disk = Disk(talk)
    await talk.says("ana", "!poll Where? North, South until tomorrow 18h")
    await talk.says("ana", "!vote 1 2")
    await talk.sent()
    await disk.back_up()
    await talk.says("bea", "!vote 1 1")
    await talk.sent()
    await disk.dies()
    told = await room_hears(talk)
    assert "Poll 1, “Where?”, goes on. Who voted after" in told
    await talk.answer("bea", "!vote 1 1")
    await talk.wait(timedelta(days=2))
    assert "2 of 3 people voted" in await room_hears(talk)


async def test_a_result_that_was_said_is_not_corrected_any_more(talk: Talk) -> None:
    disk = Disk(talk)
    await talk.says("ana", "!poll Where? North, South")
    await talk.says("ana", "!vote 1 2")
    early = talk.clock.at
    talk.clock.at += timedelta(minutes=5)
    await talk.says("ana", "!close 1")
    await talk.sent()
    talk.clock.at = early + timedelta(minutes=1)
    await talk.says("bea", "!vote 1 1", late=True)
    talk.clock.at = early + timedelta(minutes=6)
    await talk.sent()
    await disk.back_up()
    await disk.dies()
    assert "had closed. The result that I said last holds." in await room_hears(talk)
    await talk.wait(timedelta(minutes=10))
    await talk.hears_nothing()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_secret_ballot_is_lost(talk: Talk) -> None:
    disk = Disk(talk)
    await talk.room(ROOM, "Room", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    await talk.says("ana", "!poll Where? North, South secret until Friday 18h")
    await talk.tells("bea", "vote 1 2 full moon")
    await talk.sent()
    await disk.back_up()
    await disk.dies()
    assert "Secret ballot 1, “Where?”, ends without a result" in await room_hears(talk)
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT 1 FROM ballot_secrecy_key") == []
    await talk.wait(timedelta(days=7))
    assert await talk.said(ROOM) == []


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_nothing_falls_due_before_the_restore_is_known(talk: Talk) -> None:
    """Even where the process dies again at once."""
    disk = Disk(talk)
    await talk.says("ana", "!poll Where? North, South until today 18h")
    await talk.sent()
    await disk.back_up()
    await talk.wait(timedelta(hours=9))
    await disk.dies()
    await talk.restart()
    posts = await talk.said(ROOM)
    assert sum(post.plain.startswith("I was restored") for post in posts) == 1
    assert not any("South" in post.plain for post in posts)
