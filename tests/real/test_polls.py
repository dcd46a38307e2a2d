"""A poll from its question to its result: a strict member elsewhere, taps and lines, kills."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import POLL_END, POLL_START, Heard, all_read
from tests.real.patience import PATIENCE
from tests.real.plain import Member
from tests.real.proxy import SEND, Answer, Call, Dropped, Proxy
from tests.real.servers import Pair

OPENING = re.compile(r"^Encuesta (\d+): ¿Dónde\?\n")
RESULT = re.compile(r"^Encuesta \d+, [“\"]¿Dónde\?[”\"]: (?:gana|empate|cerró)")
ASK = '!encuesta "¿Dónde?" "Norte" "Sur"'


@pytest.fixture
async def proxy(pair: Pair) -> AsyncIterator[Proxy]:
    """Between the bot and its homeserver."""
    async with Proxy(pair.a.url) as between:
        yield between


async def a_room(ana: Element, bot: BotProcess, *others: Member, version: str = "12") -> str:
    """Ana's encrypted room, with the bot that she invited and that greeted."""
    room = await ana.create_room(
        invite=[bot.user, *(one.user for one in others)], name="Sala", version=version
    )
    for one in others:
        await one.accept(room)
        await ana.joined(room, one.user)
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    return room


async def opened(ana: Element, room: str, bot: BotProcess) -> tuple[str, Heard, Heard]:
    """The number of the poll, its opening in words and the native poll."""
    opening = await ana.hears(OPENING, room=room, sender=bot.user)
    poll = await ana.hears(lambda event: event.type == POLL_START, room=room, sender=bot.user)
    found = OPENING.search(opening.text)
    assert found
    return found[1], opening, poll


async def reply(member: Member, to: Heard, text: str) -> str:
    """Answer a message of the bot."""
    relation = {"m.in_reply_to": {"event_id": to.id}}
    content = {"msgtype": "m.text", "body": text, "m.mentions": {}, "m.relates_to": relation}
    return await member.send_event(to.room, "m.room.message", content)


async def one_result(ana: Element, room: str, bot: BotProcess, within: float = 30) -> Heard:
    """The only result of the only poll of this room; all the bot ever said could be read."""
    result = await ana.hears(is_result, within, room=room, sender=bot.user)
    every = [one for one in await all_read(ana, room, bot.user) if one.encrypted]
    said = [one for one in every if one.content]  # the native poll is taken away
    assert {(one.failure, one.shield) for one in said} == {(None, 0)}
    assert [one.id for one in said if is_result(one)] == [result.id]
    assert [one.type for one in said].count(POLL_START) <= 1, "it is taken away"
    assert POLL_END not in [one.type for one in said], "apps would count the taps alone"
    return result


async def native_gone(ana: Element, poll: Heard) -> None:
    """Wait until Element sees the native poll taken away, with no end that it could count."""
    await ana.hears(lambda event: event.content.get("redacts") == poll.id, room=poll.room)
    state = await ana.poll_state(poll.room, poll.id)
    assert state is None or not state["ended"]


def is_result(event: Heard) -> bool:
    return event.type == "m.room.message" and bool(RESULT.search(event.text))


@pytest.mark.parametrize("version", ["11", "12"])
async def test_a_poll_with_a_tap_and_a_line_closes_by_itself(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path, version: str
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva, version=version)
        await ana.send(room, f"{ASK} hasta en 3 horas")
        number, opening, poll = await opened(ana, room, bot)
        await ana.vote(room, poll, "Norte")
        await eva.send(room, f"!votar {number} 1")
        await eva.hears("Anotado: Norte", room=room, sender=bot.user)
        await reply(eva, opening, "2")  # the last one counts
        await eva.hears("Anotado: Sur", room=room, sender=bot.user)
        bot.later(hours=4)
        result = await one_result(ana, room, bot)
        assert "empate" in result.text
        assert {"Norte: 1", "Sur: 1"} <= set(result.text.splitlines())
        await eva.hears(is_result, room=room, sender=bot.user)
        await native_gone(ana, poll)
        await bot.stop()


async def test_a_tap_on_a_poll_that_was_posted_but_not_noted_counts(
    pair: Pair, proxy: Proxy, element: Enter, tmp_path: Path
) -> None:
    """SIGKILL between the server's acceptance of the poll and our own commit."""
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot:
        room = await a_room(ana, bot)
        sent, killed = 0, asyncio.Event()

        async def die_after_the_poll(call: Call) -> Answer:
            nonlocal sent
            sent += 1
            answer = await call.forward()
            if sent == 2:  # the words come first, then the native poll
                await bot.kill()
                killed.set()
                raise Dropped
            return answer

        proxy.on(SEND, die_after_the_poll, times=2)
        await ana.send(room, ASK)
        number, _, poll = await opened(ana, room, bot)
        async with asyncio.timeout(
            PATIENCE
        ):  # on a busy machine she reads it before the bot is dead
            await killed.wait()
        await ana.vote(room, poll, "Norte")
        await bot.start()
        await bot.ready()
        await ana.send(room, f"!cerrar {number}")
        result = await one_result(ana, room, bot)
        assert "gana Norte" in result.text
        assert "Norte: 1" in result.text.splitlines()


async def test_a_poll_whose_deadline_passed_while_the_bot_was_off_counts_what_was_in_time(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva)
        await ana.send(room, f"{ASK} hasta en 2 horas")
        _, _, poll = await opened(ana, room, bot)
        await bot.kill()
        await ana.vote(room, poll, "Norte")
        bot.later(hours=3)
        await eva.hears(lambda event: event.type == POLL_START, room=room, sender=bot.user)
        await eva.vote(room, poll, "Sur")
        await bot.start()
        result = await one_result(ana, room, bot)
        assert "gana Norte" in result.text
        assert {"Norte: 1", "Sur: 0"} <= set(result.text.splitlines())
