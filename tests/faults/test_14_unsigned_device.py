"""Somebody logs in a further device of a member, which nobody signs; then replaces her identity."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.faults.figures import Figure
from tests.faults.given_keys import GivenKeys, rotates
from tests.real.botprocess import BotProcess
from tests.real.fixtures import Enter, EnterPlain
from tests.real.plain import Member
from tests.real.proxy import Proxy
from tests.real.servers import Pair

ROUNDS = 20
NOTHING_OPEN = "No hay nada abierto"
ALERT = "tiene una identidad nueva de Matrix"


@pytest.mark.full  # tests/real/test_trust.py and test_new_identity.py show it in make test
async def test_a_strangers_device_gets_nothing(
    figure: Figure, pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    figure.mark(
        "it gets 0 of 20 room keys; 0 of 20 of its commands are accepted, 20 of 20 of the signed"
        " device are; a replaced identity alerts who moderates, 1 of 1"
    )
    person = pair.person("bea")
    ana, bea = await asyncio.gather(plain("ana"), plain(person))
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(
            tmp_path, pair.person("minga", pair.a), moderators=[ana.user], homeserver=proxy.url
        ) as bot,
    ):
        keys = GivenKeys.of(proxy)
        room = await ana.create_room([bea.user])
        await rotates(ana, room, 1)
        await bea.accept(room)
        mal = await element(person, strict=False, sign=False)
        await ana.invite(room, bot.user)
        await bea.hears("aquí estoy", room=room, sender=bot.user)
        before = keys.to(bea.user, bea.device)
        good = [await answered(bea, room, bot.user) for _ in range(ROUNDS)]
        given = keys.to(bea.user, bea.device) - before
        evil = [await mal.send(room, "!pendientes") for _ in range(ROUNDS)]
        await answered(bea, room, bot.user)  # all before it is handled
        replies = [one.reply_to for one in bea.ear.all(room, bot.user, "m.room.message")]
        accepted = sum(event in replies for event in evil)
        stolen = keys.to(bea.user, mal.device)
        await mal.reset_identity()
        await ana.hears(ALERT, room=room, sender=bot.user)
    figure.result(
        f"room keys for the stranger's device {stolen}, for the signed one {given}; commands"
        f" accepted {accepted} of {ROUNDS} and {sum(good)} of {ROUNDS}; the replaced identity was"
        " told at once",
        passed=(stolen, accepted, sum(good)) == (0, 0, ROUNDS) and given >= ROUNDS,
        stolen=stolen,
        given=given,
        accepted=accepted,
    )


async def answered(member: Member, room: str, bot: str) -> bool:
    event = await member.send(room, "!pendientes")
    heard = await member.hears(lambda one: one.reply_to == event, room=room, sender=bot)
    return heard.failure is None and NOTHING_OPEN in heard.text
