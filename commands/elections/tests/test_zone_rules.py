"""A zone gets other rules while people may stand: the ballot is drawn when candidacies end."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import Talk
from commands.elections.tests.test_elections import called, stand, told
from storage import jobs


async def test_a_ballot_that_was_planned_for_a_wall_time_is_drawn_when_candidacies_end(
    talk: Talk,
) -> None:
    await called(talk, seats=1)
    every = await jobs.due_jobs(talk.machine.db, talk.clock.at + timedelta(days=30))
    (job,) = [one for one in every if one.name == "opens"]
    assert (job.wall, job.zone) == (None, None)
    async with talk.machine.db.transaction() as tx:
        await jobs.reschedule(tx, job.id, job.due - timedelta(hours=1))  # as new rules would
    await stand(talk, "ana", "bea")
    await talk.wait_until(job.due - timedelta(hours=1))
    await talk.hears_nothing()
    assert "Anotado" in await told(talk, "carla", "me postulo 1 por el huerto")
    await talk.wait_until(job.due)
    assert any("3 candidaturas" in post.plain for post in await talk.said())
