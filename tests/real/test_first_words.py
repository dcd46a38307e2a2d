"""The first words in a room: what is said to the bot when it has just come, and what it says."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.delivery.arrivals import PAUSE_AFTER_JOIN
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import UNKNOWN_DEVICE, Element
from tests.real.proxy import Answer, Call, Fault, Proxy, bad_gateway, delayed, drop_response
from tests.real.servers import Pair
from tests.real.test_onboarding import a_room, comes_in, knock

ASK = "!pendientes"
OPEN = "No hay nada abierto."
ROOMS = 4
JOIN, STATE, KEYS = "POST .*/join/", "GET .*/state$", "POST .*/keys/query"


@pytest.mark.parametrize(
    ("path", "fault"),
    [(JOIN, delayed(0)), (JOIN, delayed(2)), (JOIN, drop_response), (STATE, bad_gateway)],
    ids=["a join", "a slow join", "a join whose answer is lost", "a state that comes late"],
)
async def test_what_is_said_as_soon_as_it_has_come_is_answered_and_nothing_from_before(
    pair: Pair, element: Enter, tmp_path: Path, path: str, fault: Fault
) -> None:
    """Ana speaks when her server says that the bot is there, before it has said a word."""
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        proxy.on(path, fault, times=ROOMS)
        await asyncio.gather(*(_ask_at_once(ana, bot) for _ in range(ROOMS)))


async def _ask_at_once(ana: Element, bot: BotProcess) -> None:
    room = await ana.create_room(name="Sala")
    await ana.send(room, ASK)  # before the bot is invited
    await ana.invite(room, bot.user)
    await ana.joined(room, bot.user)
    asked = [await ana.send(room, ASK)]
    await ana.greeted(room, bot.user)
    asked += [await ana.send(room, ASK)]

    def answered() -> list[str | None]:
        return [one.reply_to for one in ana.ear.all(room, bot.user) if one.reply_to]

    await ana.ear.until(lambda: len(answered()) >= len(asked), 40)
    assert answered() == asked


async def test_what_it_says_before_element_knows_its_device_is_read_when_element_is_opened_anew(
    pair: Pair, tmp_path: Path
) -> None:
    """Its device was published and signed before it came; Ana's server is slow to tell her.

    A strict Element does not try again by itself, but reads all that follows.
    """
    ana, account = pair.person("ana"), pair.person("minga", pair.a)
    async with (
        Proxy(pair.b.url) as proxy,
        Element() as member,
        BotProcess(tmp_path, account, moderators=[ana.id]) as bot,
    ):
        await member.login(proxy.url, ana.id, ana.password)
        heard = asyncio.Event()

        async def slow(call: Call) -> Answer:
            await heard.wait()
            return await call.forward()

        proxy.on(KEYS, slow)
        room = await member.create_room(invite=[bot.user], name="Sala")
        unread = await member.hears(
            lambda event: event.failure == UNKNOWN_DEVICE, 40, room=room, sender=bot.user
        )
        heard.set()
        await member.sees_signed(bot.user)
        await member.send(room, ASK)
        answer = await member.hears(OPEN, room=room, sender=bot.user)
        assert (answer.session, answer.shield) == (unread.session, 0)
        read = {one.id: one for one in await member.timeline(room)}[unread.id]
        assert ("!ayuda" in read.text, read.failure, read.shield) == (True, None, 0)


async def test_what_waited_for_who_comes_in_gives_their_app_the_time_to_learn_of_the_device(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """A strict Element never shows what comes before; on a phone its question takes a second."""
    host = pair.person("ana", pair.a)
    ana, dora = await asyncio.gather(element(host), element("dora"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        door = await a_room(ana, bot, "Vestíbulo")
        await ana.set_state(door, "m.room.join_rules", {"join_rule": "knock"})
        await ana.send(door, "!preguntas")
        await ana.hears("Quien toca a la puerta responde", room=door, sender=bot.user)
        await knock(pair, dora, door, host.id.partition(":")[2])
        (private,) = await comes_in(dora, set())
        asked = await dora.reads_first(
            "1 de 1: ¿Cómo supiste", room=private, sender=bot.user, within=60
        )
        came = max(one.at for one in await dora.timeline(private) if one.sender == dora.user)
        assert asked.at - came >= PAUSE_AFTER_JOIN * 1000
