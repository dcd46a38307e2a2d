"""Reactions, redactions and what other bots say: what comes to nothing costs no durable write."""

from __future__ import annotations

from bot.run.stages.limits import Limits
from bot.testing.talk import ROOM, Talk
from bot.types import EventId, Redaction, UserId
from storage import sync


async def changes(talk: Talk) -> int:
    async with talk.machine.db.reading() as tx:
        return tx.changes


async def seen(talk: Talk, event: EventId) -> bool:
    async with talk.machine.db.reading() as tx:
        return bool(await sync.seen_among(tx, [event]))


def redaction(talk: Talk, n: int, target: EventId) -> Redaction:
    bea = next(iter(talk.defaults.moderators))
    return Redaction(ROOM, EventId(f"$r{n}"), bea, talk.clock.at, target)


async def test_a_flood_of_redactions_of_nothing_writes_nothing_until_the_batch_is_settled(
    talk: Talk,
) -> None:
    before = await changes(talk)
    for n in range(500):
        await talk.happens(redaction(talk, n, EventId(f"$nothing{n}")))
    assert await changes(talk) == before
    assert not await seen(talk, EventId("$r499"))
    await talk.machine.dispatcher.commit_batch(
        "s1", talk.clock.at
    )  # in one commit, with the place in the sync
    assert await seen(talk, EventId("$r0"))
    assert await seen(talk, EventId("$r499"))


async def test_in_such_a_flood_a_vote_that_is_taken_back_is_taken_back(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    poll = next(p for p in await talk.sent() if p.is_poll)
    tap = await talk.taps("ana", poll, 2)
    for n in range(500):
        await talk.happens(redaction(talk, n, EventId(f"$nothing{n}")))
    taken = redaction(talk, 500, tap)
    await talk.happens(taken)
    assert await seen(talk, taken.event)
    await talk.happens(taken)  # told again, it changes nothing
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 0")


def test_reactions_and_other_bots_have_a_pace_and_nobody_uses_up_anothers(talk: Talk) -> None:
    limits, at = Limits(6), talk.clock.at
    ana, mal = UserId("@ana:test"), UserId("@mal:test")
    assert [limits.allows_signal(mal, at) for _ in range(61)] == [True] * 60 + [False]
    assert limits.allows_signal(ana, at)
    assert limits.allows(mal, ROOM, at, stranger=False)
