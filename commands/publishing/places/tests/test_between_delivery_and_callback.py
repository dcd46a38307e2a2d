"""A post that is delivered is not lost, also before the job has run that stores its event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.testing.talk import Talk
from commands.publishing.making import NOWHERE, POST_JOB, RESTORED_JOB
from commands.publishing.places.tests.folder_world import publish
from commands.publishing.places.tests.test_public_room_command import PUBLIC, open_room, posts
from commands.publishing.places.tests.test_restored_posts import standing
from storage import jobs


async def deliver_behind(talk: Talk, name: str, payload: Mapping[str, Any]) -> None:
    """Publish 1, and deliver its post while a job that was due before is still to run."""
    await open_room(talk)
    await publish(talk, 1, "Marcha", room_says=False)
    await talk.wait(timedelta(seconds=1))  # its post is in the outbox
    async with talk.machine.db.transaction() as tx:
        await jobs.add(tx, POST_JOB.feature, name, NOWHERE, talk.clock.at, payload=payload)
    talk.clock.at += timedelta(seconds=1)
    await talk.machine.outbox.deliver_pending()
    await posts(talk)


async def test_nothing_is_posted_twice_and_all_of_it_can_be_withdrawn(talk: Talk) -> None:
    await deliver_behind(talk, POST_JOB.name, {})
    (post,) = await standing(talk)
    assert "Marcha" in post
    await talk.says("ana", "!retirar 1")
    await posts(talk)
    assert await standing(talk) == []


@pytest.mark.parametrize("last", [0, 1])
async def test_a_restored_copy_takes_away_nothing_that_the_books_are_about_to_know(
    talk: Talk, last: int
) -> None:
    await deliver_behind(talk, RESTORED_JOB.name, {"room": PUBLIC, "last": last})
    await talk.wait(timedelta(minutes=2))
    await posts(talk)
    (post,) = await standing(talk)
    assert "Marcha" in post
