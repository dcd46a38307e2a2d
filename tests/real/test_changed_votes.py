"""Votes that are edited, taken away, read in the wrong order, or of people who are put out.

On real servers: what is counted, and what who voted is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.real.hall import EVERYBODY, Hall, Poll
from tests.real.plain import Member
from tests.real.proxy import TO_DEVICE, Answer, Call, Proxy
from tests.real.servers import Pair

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = '!encuesta "¿Dónde?" "Norte" "Sur"'
STAYS = "No leo líneas editadas"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    """Made once for all tests."""
    async with Hall.of(pair, tmp_path_factory.mktemp("hall")) as made:
        yield made


async def counted(hall: Hall, poll: Poll) -> set[str]:
    """The lines of how it stands; all that was said in the room before is handled then."""
    return set((await hall.answer("ana", f"!resultados {poll.number}")).splitlines())


async def test_a_line_that_is_edited_before_or_after_the_end_changes_no_vote(hall: Hall) -> None:
    poll = await hall.opens("ana", ASK)
    bruno, celia = hall.people["bruno"], hall.people["celia"]
    lines = {}
    for name in ("bruno", "celia"):
        lines[name] = await hall.says(name, f"!votar {poll.number} 1")
        await hall.hears("Anotado: Norte")

    await bruno.edit(hall.room, lines["bruno"], f"!votar {poll.number} 2")
    told = await hall.hears(STAYS)
    assert told.reply_to == lines["bruno"] and "en un mensaje nuevo" in told.text
    result = await hall.closes(poll)
    await celia.edit(hall.room, lines["celia"], f"!votar {poll.number} 2")
    told = await hall.hears(STAYS)
    assert told.reply_to == lines["celia"] and "mensaje nuevo" not in told.text
    for said in (set(result.splitlines()), await counted(hall, poll)):
        assert {"Norte: 2", "Sur: 0"} <= said


async def test_a_tap_that_is_taken_away_brings_back_the_one_before(hall: Hall) -> None:
    poll = await hall.opens("ana", ASK)
    bruno, celia, dani = (hall.people[name] for name in ("bruno", "celia", "dani"))
    only = await bruno.vote(hall.room, poll.native, "Norte")
    await celia.vote(hall.room, poll.native, "Sur")
    last = await celia.vote(hall.room, poll.native, "Norte")
    tidied = await dani.vote(hall.room, poll.native, "Norte")
    assert {"Norte: 3", "Sur: 0"} <= await counted(hall, poll)
    await bruno.redact(hall.room, only)
    await celia.redact(hall.room, last)
    await hall.ana.redact(hall.room, tidied)  # who moderates takes away no vote
    result = await hall.closes(poll)
    assert {"Norte: 1", "Sur: 1", f"Votaron 2 de {EVERYBODY} personas."} <= set(result.splitlines())


async def test_what_was_changed_while_the_bot_was_off_counts_by_when_it_was(hall: Hall) -> None:
    """Bruno takes his tap away in time and Celia hers after the end; what Dani wrote was edited,
    and what Eva tapped was gone, before anybody counted it."""
    poll = await hall.opens("ana", f"{ASK} hasta en 2 horas")
    bruno, celia, dani, eva = hall.people.values()
    taps = [await one.vote(hall.room, poll.native, "Norte") for one in (bruno, celia)]
    assert "Norte: 2" in await counted(hall, poll)
    await hall.bot.kill()
    await bruno.redact(hall.room, taps[0])
    line = await hall.says("dani", f"!votar {poll.number} 2")
    await dani.edit(hall.room, line, f"!votar {poll.number} 1")
    await eva.redact(hall.room, await eva.vote(hall.room, poll.native, "Sur"))
    hall.bot.later(hours=3)
    await celia.redact(hall.room, taps[1])
    await hall.bot.start()
    await hall.hears(STAYS)
    result = await hall.result(poll)
    assert {"Norte: 1", "Sur: 1", f"Votaron 2 de {EVERYBODY} personas."} <= set(result.splitlines())


async def test_of_two_devices_of_a_person_what_was_said_last_counts(hall: Hall) -> None:
    """The room key of the first device comes when the second one's vote was counted."""
    poll = await hall.opens("ana", ASK)
    person = hall.persons["bruno"]
    kept: list[Call] = []

    async def hold(call: Call) -> Answer:
        kept.append(call)
        return Answer.of(200, {})

    async with Proxy(person.server.url) as proxy, Member() as other:
        await other.login(proxy.url, person.id, person.password, sign=False)
        await hall.people["bruno"].sign_device(other)
        proxy.on(TO_DEVICE, hold)
        await other.vote(hall.room, poll.native, "Norte")
        line = await other.send(hall.room, f"!votar {poll.number} 1")
        await hall.people["bruno"].vote(hall.room, poll.native, "Sur")
        assert {"Norte: 0", "Sur: 1"} <= await counted(hall, poll)
        proxy.heal()
        for call in kept:
            await call.forward()
        told = await hall.hears(lambda heard: heard.reply_to == line)
        assert "cuenta lo que tocaste o escribiste después" in told.text
        result = await hall.closes(poll)
        assert {"Norte: 0", "Sur: 1"} <= set(result.splitlines())


async def test_the_vote_of_who_is_banned_after_it_counts_also_if_it_is_read_later(
    hall: Hall,
) -> None:
    poll = await hall.opens("ana", ASK)
    bruno, celia, dani, eva = hall.people.values()
    await bruno.vote(hall.room, poll.native, "Sur")
    await hall.answer("celia", f"!votar {poll.number} 1")
    await banned(hall, bruno)  # handled
    await hall.bot.kill()
    await dani.vote(hall.room, poll.native, "Sur")
    await hall.says("eva", f"!votar {poll.number} 2")
    await banned(hall, dani)
    await banned(hall, eva)
    await hall.bot.start()
    await hall.bot.ready()
    result = await hall.closes(poll)
    assert {"Norte: 1", "Sur: 3"} <= set(result.splitlines())
    await banned(hall, celia)
    assert {"Norte: 1", "Sur: 3"} <= await counted(hall, poll)


async def banned(hall: Hall, who: Member) -> None:
    """Ana puts somebody out of the room, for good."""
    await hall.ana.set_state(hall.room, "m.room.member", {"membership": "ban"}, who.user)
