"""An event on real servers: a strict member elsewhere makes it and taps, another one waits."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import POLL_START, Heard, all_read
from tests.real.plain import Member
from tests.real.servers import Pair

OPENING = re.compile(r"^Evento (\d+): Taller\n")


async def a_room(ana: Element, bot: BotProcess, *others: Member) -> str:
    """Ana's encrypted room, with the bot that she invited and that greeted."""
    room = await ana.create_room(
        invite=[bot.user, *(one.user for one in others)], name="Sala", version="12"
    )
    for one in others:
        await one.accept(room)
        await ana.joined(room, one.user)
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    return room


async def opened(ana: Element, room: str, bot: BotProcess) -> tuple[str, Heard, Heard]:
    """The number of the event, the message about it, and the native poll."""
    opening = await ana.hears(OPENING, room=room, sender=bot.user)
    poll = await ana.hears(lambda event: event.type == POLL_START, room=room, sender=bot.user)
    found = OPENING.search(opening.text)
    assert found
    return found[1], opening, poll


async def test_a_tap_takes_the_seat_and_who_waits_is_told_in_private_when_it_frees(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva)
        await ana.send(room, "!evento Taller mañana 19h cupo:1")
        number, opening, poll = await opened(ana, room, bot)
        assert "1 cupo" in opening.text
        assert list(poll.answers) == ["Voy", "Tal vez", "No voy"]
        await ana.vote(room, poll, "Voy")
        await eva.send(room, f"voy {number}")
        await eva.hears("lista de espera: número 1", room=room, sender=bot.user)
        await bot.kill()
        await ana.vote(room, poll, "No voy")
        await bot.start()
        letters = await eva.called(30)
        place = await eva.hears("Hay lugar", 30, room=letters, sender=bot.user)
        assert "19:00" in place.text
        await eva.send(letters, f"no voy {number}")
        await eva.hears("no vas a", room=letters, sender=bot.user)
        said = [one for one in await all_read(ana, room, bot.user) if one.encrypted]
        assert {(one.failure, one.shield) for one in said} == {(None, 0)}
        assert [one.type for one in said].count(POLL_START) == 1
        await bot.stop()
