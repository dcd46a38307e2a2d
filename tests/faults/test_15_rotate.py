"""Keys for five messages each; then a kick, a ban, and a device that is logged out."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.faults.figures import Figure
from tests.faults.given_keys import GivenKeys, rotates
from tests.real.botprocess import BotProcess
from tests.real.fixtures import EnterPlain
from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.proxy import SYNC, Answer, Call, Proxy
from tests.real.servers import Pair

PERIOD, AFTER = 5, 20


async def says(ana: Member, room: str, bot: str, times: int) -> list[str]:
    """Let the bot send so many messages, and return the session of each."""
    found = []
    for _ in range(times):
        event = await ana.send(room, "!pendientes")
        heard = await ana.hears(partial(_answers, event), room=room, sender=bot)
        assert heard.failure is None and heard.session
        found.append(heard.session)
    return found


def _answers(event: str, heard: Heard) -> bool:
    return heard.reply_to == event


@pytest.mark.full  # tests/matrix/test_share.py has the rules of it in make test
async def test_who_is_gone_gets_no_key(
    figure: Figure, pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    figure.mark(
        "a new session before the 6th message; 0 keys for who was kicked or banned and for a device"
        " that was logged out, for the next 20 messages each"
    )
    here = pair.person("luz", pair.a)  # her server tells the bot at once that a device is gone
    ana, eva, bea, luz = await asyncio.gather(*map(plain, ("ana", "eva", "bea", here)))
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(
            tmp_path, pair.person("minga", pair.a), moderators=[ana.user], homeserver=proxy.url
        ) as bot,
    ):
        keys, told = GivenKeys.of(proxy), DevicesChanged()
        proxy.on(SYNC, told)
        room = await ana.create_room([eva.user, bea.user, luz.user])
        await rotates(ana, room, PERIOD)
        for one in (eva, bea, luz):
            await one.accept(room)
        await ana.invite(room, bot.user)
        await ana.hears("aquí estoy", room=room, sender=bot.user)
        sessions = await says(ana, room, bot.user, 20)
        longest = max(Counter(sessions).values())
        had, leaked, same = {}, {}, 0
        for gone, how in ((eva, "kick"), (bea, "ban"), (luz, "logout")):
            device, last = gone.device, (await says(ana, room, bot.user, 1))[-1]
            had[how] = keys.to(gone.user, device)
            told.users.clear()
            await leave(ana, gone, room, how)
            if how == "logout":
                await told.wait(gone.user, 60)
            first, *_others = await says(ana, room, bot.user, AFTER)
            leaked[how] = keys.to(gone.user, device) - had[how]
            same += first == last
    figure.result(
        f"at most {longest} messages with one session; keys after a kick {leaked['kick']}, a ban"
        f" {leaked['ban']}, a logout {leaked['logout']} ({AFTER} messages each; before, each had"
        f" {min(had.values())} or more); {same} of 3 times the old session went on",
        passed=longest <= PERIOD and not any(leaked.values()) and not same and all(had.values()),
        longest=longest,
        leaked=sum(leaked.values()),
    )


@dataclass
class DevicesChanged:
    """A fault on syncs that changes nothing, and knows whose devices the bot was told to ask for.

    One for the whole test: a sync that waits already would pass a later one by.
    """

    users: set[str] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, call: Call) -> Answer:
        answer = await call.forward()
        if answer.status == 200:
            self.users.update(answer.json.get("device_lists", {}).get("changed", []))
        self._news.set()
        return answer

    async def wait(self, user: str, within: float) -> None:
        async with asyncio.timeout(within):
            while user not in self.users:
                self._news.clear()
                await self._news.wait()


async def leave(ana: Member, gone: Member, room: str, how: str) -> None:
    if how == "logout":
        await gone.pause()
        await gone.client.logout()
        return
    act = ana.client.room_kick if how == "kick" else ana.client.room_ban
    await act(room, gone.user, "prueba")
    await gone.ear.until(lambda: gone.memberships.get(room) == "leave")
