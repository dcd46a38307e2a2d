"""Everyone in their own language, on their own clock, with their own share of the bot's time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot import dates
from tests.real.botprocess import BotProcess
from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.servers import Pair

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK, OPEN, TOO_FAST = "!pendientes", "No hay nada abierto.", "Son muchos mensajes juntos."
A_SERVER = 10
"""Times what one person may ask in a minute (bot/run/stages/limits.py)."""
FLOOD = 10


@dataclass(slots=True)
class Crowd:
    """A Spanish room of the bot, of Dora on its own server, and of one more on the other one than
    a server may have answered at once when each asks once."""

    bot: BotProcess
    room: str
    dora: Member
    others: list[Member]

    async def hears(self, member: Member, text: str, room: str | None = None) -> Heard:
        return await member.hears(text, room=room or self.room, sender=self.bot.user)

    def answers(self, member: Member, to: list[str]) -> list[str]:
        """What the bot said to these lines, as a member heard it."""
        said = member.ear.all(self.room, self.bot.user, "m.room.message")
        return [one.text[: len(TOO_FAST)] for one in said if one.reply_to in to]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crowd(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crowd]:
    """Made once for all tests."""
    async with AsyncExitStack() as stack:

        async def enter(number: int) -> Member:
            member = await stack.enter_async_context(Member())
            await member.login(*pair.person("member", pair.b if number else pair.a).door)
            return member

        dora, ana, *more = await asyncio.gather(*map(enter, range(A_SERVER + 2)))
        folder = tmp_path_factory.mktemp("people")
        account = pair.person("minga", pair.a)
        bot = BotProcess(folder, account, moderators=[ana.user], capable=True)
        await stack.enter_async_context(bot)
        invited = [dora, *more]
        room = await ana.create_room(invite=[bot.user, *(one.user for one in invited)])
        await asyncio.gather(*(one.accept(room) for one in invited))
        await ana.joined(room, bot.user)
        yield Crowd(bot, room, dora, [ana, *more])


def shows(heard: Heard, zone: str, language: str) -> bool:
    """Does it say the time at which it was said (a minute may have begun since it was asked)?"""
    said = datetime.fromtimestamp(heard.at / 1000, UTC)
    times = (said - timedelta(minutes=1), said)
    return any(dates.say_moment(at, zone, language, now=said) in heard.text for at in times)


async def test_a_room_and_a_person_have_their_own_language_and_clock(crowd: Crowd) -> None:
    ana, bea = crowd.others[:2]
    other = await ana.create_room(invite=[crowd.bot.user])
    await crowd.hears(ana, "!ayuda", other)
    for line in ("!config idioma português", "!config zona Tokio"):
        await ana.send(other, line)
        await crowd.hears(ana, "¿Sigo?" if "idioma" in line else "Confirma?", other)
        await ana.send(other, "sí")
        await crowd.hears(ana, "!desfazer", other)
    await bea.send(crowd.room, "!idioma português")
    await crowd.hears(bea, "en privado")
    await bea.send(crowd.room, "!zona Lisboa")
    await crowd.hears(bea, "(Lisboa)")

    for room, zone, language, words in (
        (other, "Asia/Tokyo", "pt", "Sua hora: "),
        (crowd.room, "America/Bogota", "es", "Tu hora: "),
    ):
        await ana.send(room, "!effect clock")
        assert shows(await crowd.hears(ana, words, room), zone, language)
    await bea.send(crowd.room, "!effect private-clock")
    private = await bea.called()
    assert shows(await crowd.hears(bea, "Sua hora: ", private), "Europe/Lisbon", "pt")


async def test_who_asks_too_much_is_told_once_and_slows_nobody_down(crowd: Crowd) -> None:
    """One command a minute for a person; their flood costs the others of their server nothing."""
    ana, flooder, *more = crowd.others
    everybody = [crowd.dora, *crowd.others]
    crowd.bot.environment["MINGA_LIMITS__COMMANDS_PER_MINUTE"] = "1"
    await asyncio.gather(*(one.pause() for one in more))  # Ana hears for all
    await crowd.bot.restart()
    await asyncio.gather(*(one.send(crowd.room, "hola") for one in everybody))

    flood = await flooder.send_all(crowd.room, [ASK] * FLOOD)
    asked = await asyncio.gather(*(one.send(crowd.room, ASK) for one in (ana, *more)))
    await ana.ear.until(lambda: len(crowd.answers(ana, asked)) == len(asked))
    last = await crowd.dora.send(crowd.room, ASK)  # the other server has its own share
    await ana.ear.until(lambda: bool(crowd.answers(ana, [last])))

    assert crowd.answers(ana, flood) == [OPEN, TOO_FAST]
    # Who shares a room with the bot is no stranger: the server's share does not bind them.
    assert crowd.answers(ana, asked).count(OPEN) == len(asked)
    assert crowd.answers(ana, [last]) == [OPEN]
