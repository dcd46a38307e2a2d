"""Unconfirmed devices, votes that wait, and what others may not take away."""

from __future__ import annotations

from bot.testing.talk import Talk
from bot.types import EventId, RoomId, Trust


async def test_an_unconfirmed_device_is_never_obeyed_however_often_it_writes(talk: Talk) -> None:
    for _ in range(4):
        await talk.says("bea", "!recordar mañana 17h; pan", trust=Trust.UNSIGNED)
    assert [one.kind for one in await talk.sent()] == ["m.reaction"] * 4
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    opening = (await talk.said())[0]
    await talk.says("bea", "2", reply=opening, trust=Trust.UNSIGNED)
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 0")


async def test_a_loose_room_has_no_say_in_a_strict_rooms_poll(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    poll = next(p for p in await talk.sent() if p.is_poll)
    loose = await talk.room(RoomId("!loose:test"), "Suelta", ["ana", "bea"], {"ana": 50})
    await talk.set("unsigned", "yes", loose)
    await talk.votes("bea", poll.event, (poll.answers[1],), room=loose, trust=Trust.UNSIGNED)
    await talk.says("bea", "!votar 1 2", room=loose, trust=Trust.UNSIGNED)
    await talk.hears("No existe el número 1")
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 0")


async def test_a_moderator_cannot_make_a_vote_disappear(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    poll = next(p for p in await talk.sent() if p.is_poll)
    tap = await talk.taps("bea", poll, 2)
    await talk.redacts("ana", tap)
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 1")
    await talk.redacts("bea", tap)
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 0")


async def test_a_vote_that_waits_for_its_poll_outlives_a_crash(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    poll = EventId("$bot2")  # what the server made of the second letter, not known to us yet
    await talk.votes("bea", poll, ("o2",))
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    await talk.restart()
    assert next(p for p in await talk.sent() if p.is_poll).event == poll
    await talk.machine.dispatcher.commit_batch("s2", talk.clock.at)
    await talk.machine.dispatcher.commit_batch("s3", talk.clock.at)
    await talk.says("ana", "!resultados 1")
    await talk.hears("Sur: 1")
