"""A check-in outlives the bot: its alarm lies at the homeserver, and comes with the bot gone."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

from bot.demo.synapse import HomeserverError
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element
from tests.real.patience import PATIENCE
from tests.real.proxy import Proxy, held
from tests.real.servers import Pair, Person

DELAYED = "/_matrix/client/unstable/org.matrix.msc4140/delayed_events"
PROMISE, LEFT, ALARM = (
    "el servidor les manda mi aviso",
    "nadie me dijo que ya volvió",
    "no me ha resp",
)
FULL = os.environ.get("MINGA_FULL") == "1"
"""Wait the 17 minutes until the homeserver's own clock sends it; else it is told to send it now."""
NOTE = "voy por la calle 45"


class Lying:
    """What lies at the bot's homeserver, as its account sees it from a device of our own."""

    def __init__(self, pair: Pair, account: Person) -> None:
        self._server = pair.a
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": account.id},
            "password": account.password,
        }
        path = "/_matrix/client/v3/login"
        self._token = str(self._server.call("POST", path, body)["access_token"])

    async def events(self) -> list[dict[str, Any]]:
        """All of it."""
        return list((await self._ask("GET", DELAYED))["delayed_events"])

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Ask as slowly as the homeserver wants: the bot uses up what it allows."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    call = self._server.call
                    return await asyncio.to_thread(call, method, path, body, self._token)
                except HomeserverError as error:
                    if "M_LIMIT_EXCEEDED" not in str(error):
                        raise
                    await asyncio.sleep(1)

    async def becomes(self, count: int, *, other_than: str = "") -> list[dict[str, Any]]:
        """Wait until so many lie there, and not this one."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.events()
                if len(found) == count and other_than not in {one["delay_id"] for one in found}:
                    return found
                await asyncio.sleep(2)  # the server tells nobody, and answers once a second

    async def comes_due(self) -> None:
        """Let the homeserver send all of it now, as if it were time."""
        for one in await self.events():
            await self._ask("POST", f"{DELAYED}/{one['delay_id']}/send", {})


async def says(one: Element, room: str, line: str) -> int:
    """Write a line; return when it was said, as the homeserver keeps it (ms)."""
    typed = await one.send(room, line)
    await one.ear.until(lambda: typed in one.ear.events)
    return one.ear.events[typed].at


def goes_out_after(left: dict[str, Any], said: int, minutes: int) -> bool:
    """Whether it is sent so long after a line was said (ms), however slow all of it was."""
    whole = minutes * 60_000
    delay, since = int(left["delay_ms"]), int(left["delayed_since_ts"])
    return delay <= whole <= since + delay - said


async def private_room(one: Element, bot: BotProcess) -> str:
    """The private room of this person and the bot."""
    room = await one.create_room(invite=[bot.user], direct=True)
    await one.joined(room, bot.user)
    await one.send(room, "hola")
    await one.hears("Hola", 60, room=room, sender=bot.user)
    return room


async def a_shared_room(bot: BotProcess, ana: Element, bea: Element) -> None:
    room = await ana.create_room(invite=[bot.user, bea.user], name="Sala")
    await ana.joined(room, bot.user)
    await bea.accept(room)
    await ana.greeted(room, bot.user)


async def test_the_alarm_arrives_with_the_bot_killed_and_its_disk_gone(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(element("ana"), element("bea"))
    account = pair.person("minga", pair.a)
    lying = Lying(pair, account)
    async with BotProcess(tmp_path / "bot", account, moderators=[ana.user]) as bot:
        await a_shared_room(bot, ana, bea)
        own = await private_room(ana, bot)
        await ana.send(own, f"regreso en 6 min {bea.user}; {NOTE}")
        told = await ana.hears(PROMISE, 60, room=own, sender=bot.user)
        assert "Para estas personas todavía no" in told.text
        home = await bea.called(within=40)
        await lying.becomes(1)
        await bot.kill()
        shutil.rmtree(bot.folder)
        if not FULL:
            await lying.comes_due()
        heard = await bea.hears(LEFT, 1_200 if FULL else 60, room=home, sender=bot.user)
        assert NOTE in heard.text and "me ocupo" in heard.text


async def test_ok_and_a_moved_time_reach_the_homeserver_and_nobody_is_told_twice(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(element("ana"), element("bea"))
    account = pair.person("minga", pair.a)
    lying = Lying(pair, account)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        await a_shared_room(bot, ana, bea)
        own, home = await private_room(ana, bot), await private_room(bea, bot)
        said = await says(ana, own, f"regreso en 20 min {bea.user}; {NOTE}")
        (first,) = await lying.becomes(1)
        assert goes_out_after(first, said, 31)
        assert first["type"] == "m.room.encrypted" and NOTE not in str(first)
        said = await says(ana, own, "regreso en 50 min")
        (second,) = await lying.becomes(1, other_than=first["delay_id"])
        assert goes_out_after(second, said, 61)
        await ana.hears("1 de 5", 60, room=own, sender=bot.user)
        await ana.send(own, "después")  # else that question takes the line
        await ana.send(own, "30 min más")
        await ana.hears("Te espero", 60, room=own, sender=bot.user)
        assert await lying.events() == [second], "only asked"
        await ana.send(own, "sí")
        (third,) = await lying.becomes(1, other_than=second["delay_id"])
        assert goes_out_after(third, said, 91)
        await bot.restart()
        assert await lying.events() == [third]
        await ana.send(own, "regreso ok")
        await ana.hears("No le avisé a nadie", 60, room=own, sender=bot.user)
        await lying.becomes(0)
        await goes_out_once(bot, lying, ana, bea, own, home)


async def goes_out_once(
    bot: BotProcess, lying: Lying, ana: Element, bea: Element, own: str, home: str
) -> None:
    """The homeserver has sent it while the bot was off: back again, it does not say it again."""
    await ana.send(own, f"regreso en 20 min {bea.user}; {NOTE}")
    await lying.becomes(1)
    await bot.kill()
    await lying.comes_due()
    await bea.hears(LEFT, 60, room=home, sender=bot.user)
    bot.later(minutes=32)
    await bot.start()
    await bot.ready()
    await ana.hears("Avisé a", 60, room=own, sender=bot.user)
    await ana.send(own, "regreso ok")
    await bea.hears("ya regresó y está bien", 60, room=home, sender=bot.user)
    assert not [one for one in await bea.timeline(home) if ALARM in one.text]


async def test_whom_a_call_accuses_loses_the_alarm_though_the_bot_is_killed_before_it_tells(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """It is killed once more, for ever, long before it would have told anybody."""
    ana, bea, carla = await asyncio.gather(*(element(who) for who in ("ana", "bea", "carla")))
    account = pair.person("minga", pair.a)
    lying = Lying(pair, account)
    async with (
        Proxy(account.server.url) as proxy,
        BotProcess(tmp_path / "bot", account, moderators=[bea.user], homeserver=proxy.url) as bot,
    ):
        room = await bea.create_room(invite=[bot.user, ana.user, carla.user], name="Sala")
        await bea.joined(room, bot.user)
        await asyncio.gather(ana.accept(room), carla.accept(room))
        await bea.greeted(room, bot.user)
        homes = await asyncio.gather(*(private_room(one, bot) for one in (ana, bea, carla)))
        own, beas, carlas = homes
        await ana.send(own, f"regreso en 6 min {bea.user} {carla.user}; {NOTE}")
        await lying.becomes(2)
        cancels = proxy.on(r"^POST \S*/delayed_events/", held(asyncio.Event()))
        await ana.send(own, f"panico {carla.user} me pega")
        await cancels.hit()
        await bot.kill()
        assert len(await lying.events()) == 2, "killed before the homeserver heard of it"
        proxy.off(cancels)
        await bot.start()
        await lying.becomes(1)
        await bot.kill()
        before = {one.id for one in await carla.timeline(carlas)}
        shutil.rmtree(bot.folder)
        await lying.comes_due()
        await bea.hears(LEFT, 60, room=beas, sender=bot.user)
        await lying.becomes(0)
        assert {one.id for one in await carla.timeline(carlas)} == before
