"""Whose devices the bot talks to, and who the bot is: on real servers and on Element's engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.matrix.crypto.devices import RetrySchedule
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.patience import PATIENCE
from tests.real.plain import Member
from tests.real.proxy import TO_DEVICE, Answer, Call, Fault, Proxy, changed, drop_request
from tests.real.servers import Pair, Person

OPEN = "No hay nada abierto."
WITHHELD = "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
ASK = "!pendientes"
IDENTITY = "keys/(device_signing|signatures)/upload"


@pytest.fixture
async def proxy(pair: Pair) -> AsyncIterator[Proxy]:
    """Between the bot and its homeserver."""
    async with Proxy(pair.a.url) as between:
        yield between


class Learns:
    """A fault on `keys/query` that changes nothing and tells when a device comes signed."""

    def __init__(self, user: str, device: str) -> None:
        self.user, self.device = user, device
        self.signed = asyncio.Event()

    async def __call__(self, call: Call) -> Answer:
        answer = await call.forward()
        shown = answer.json.get("device_keys", {}).get(self.user, {}).get(self.device, {})
        if len(shown.get("signatures", {}).get(self.user, {})) > 1:
            self.signed.set()
        return answer


async def a_room(ana: Element, bot: BotProcess, other: Element | Member) -> str:
    """A room of Ana, the bot and one more, in which the bot has not yet said a word."""
    room = await ana.create_room(invite=[other.user], name="Sala")
    await other.accept(room)
    await ana.joined(room, other.user)
    await ana.invite(room, bot.user)
    await ana.joined(room, bot.user)
    return room


async def test_an_unsigned_device_gets_no_key_and_gives_no_command_until_it_is_signed(
    pair: Pair, proxy: Proxy, element: Enter, tmp_path: Path
) -> None:
    ana, caro = await asyncio.gather(element("ana"), element("caro", strict=False, sign=False))
    account = pair.person("minga", pair.a)
    async with BotProcess(
        tmp_path, account, moderators=[ana.user, caro.user], homeserver=proxy.url
    ) as bot:
        room = await a_room(ana, bot, caro)
        await ana.greeted(room, bot.user)
        await caro.hears(lambda event: event.failure == WITHHELD, sender=bot.user)

        await caro.send(room, ASK)  # nothing comes of it but a mark
        await ana.hears(lambda event: event.type == "m.reaction", room=room, sender=bot.user)
        await caro.send(room, ASK)
        await ana.send(room, ASK)
        await ana.hears(OPEN, room=room, sender=bot.user)
        said = [one.text for one in ana.ear.all(room, bot.user, "m.room.message")]
        assert (len(said), said[-1]) == (2, OPEN)
        await caro.hears(lambda event: event.failure == WITHHELD, sender=bot.user)
        unread = caro.ear.all(room, bot.user, "m.room.message")
        assert [one.failure for one in unread] == [WITHHELD] * 2

        learns = Learns(caro.user, caro.device)
        proxy.on("keys/query", learns)
        await caro.sign()
        async with asyncio.timeout(PATIENCE):
            await learns.signed.wait()
        await caro.send(room, ASK)
        for member in (caro, ana):
            assert (await member.hears(OPEN, room=room, sender=bot.user)).shield == 0


async def test_a_loosened_room_gives_no_hold_on_the_network_and_who_was_put_out_none_on_the_room(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Nobody signed Caro's device: a server may have made it. Bea made an event and is put out."""
    ana, bea, caro = await asyncio.gather(
        element("ana"), element("bea"), element("caro", strict=False, sign=False)
    )
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user, caro.user]) as bot:
        room = await a_room(ana, bot, caro)
        other = await a_room(ana, bot, bea)
        await ana.greeted(room, bot.user)
        await ana.send(room, "!configurar dispositivos-sin-firma sí")
        await ana.hears("¿Sigo?", room=room, sender=bot.user)
        await ana.send(room, "sí")
        await ana.hears("Cambiado", room=room, sender=bot.user)
        await caro.joined(room, bot.user)  # else her app does not encrypt for it
        await caro.send(room, "!red conectar @minga:evil.example")
        await ana.hears("va más allá de esta sala", room=room, sender=bot.user)
        await caro.send(room, ASK)
        await ana.hears(OPEN, room=room, sender=bot.user)

        await ana.invite(room, bea.user)  # so that she goes on sharing a room with the bot
        await bea.accept(room)
        await ana.greeted(other, bot.user)
        await bea.send(other, "!evento Taller en 3 días 19h lugar: Casa")
        await bea.hears("Evento 1", room=other, sender=bot.user)
        own = await bea.create_room(invite=[bot.user], direct=True)
        await bea.joined(own, bot.user)
        await ana.kick(other, bea.user, "basta")
        await ana.send(other, "!cambiar 1 lugar: CASA SEGURA")
        await ana.hears("CASA SEGURA", room=other, sender=bot.user)
        for line in ("evento 1", "asistentes 1", "cambiar 1 lugar: calle falsa", "mover 1 mañana"):
            await bea.send(own, line)
            heard = await bea.hears("No existe el número 1", room=own, sender=bot.user)
            assert "CASA SEGURA" not in heard.text
        said = [one.text for one in ana.ear.all(other, bot.user, "m.room.message")]
        assert not any("calle falsa" in text for text in said)


def lost_keys_of(user: str) -> Fault:
    """A claim that is answered for everybody but one."""

    def change(body: Any) -> None:
        body["one_time_keys"].pop(user, None)

    return changed(change)


@pytest.mark.parametrize("what", ["claim", "to-device"])
async def test_who_could_not_be_reached_the_first_time_reads_the_next_message(
    pair: Pair, proxy: Proxy, element: Enter, plain: EnterPlain, tmp_path: Path, what: str
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    fault = (
        proxy.on("keys/claim", lost_keys_of(eva.user), times=1)
        if what == "claim"
        else proxy.on(TO_DEVICE + r"m\.room\.encrypted", drop_request, times=1)
    )
    async with BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot:
        room = await a_room(ana, bot, eva)
        assert (await ana.greeted(room, bot.user)).shield == 0
        assert fault.hits == 1
        if what == "claim":
            await eva.hears(lambda event: event.failure is not None, sender=bot.user)
        await asyncio.sleep(RetrySchedule.FIRST)  # on a busy machine it is not tried again before
        await ana.send(room, ASK)
        await eva.hears(OPEN, room=room, sender=bot.user)
        assert (await ana.hears(OPEN, room=room, sender=bot.user)).shield == 0


def half_told(user: str) -> Fault:
    """An answer that has a person's devices, and not who signed them."""

    def change(body: Any) -> None:
        if user in body.get("device_keys", {}):
            for part in ("master_keys", "self_signing_keys"):
                body.get(part, {}).pop(user, None)

    return changed(change)


async def test_a_first_command_counts_though_the_server_told_half_of_its_senders_keys(
    pair: Pair, proxy: Proxy, plain: EnterPlain, tmp_path: Path
) -> None:
    """Synapse does so while it fetches devices and signatures from another homeserver."""
    eva = await plain("eva")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[eva.user], homeserver=proxy.url) as bot:
        half = proxy.on("keys/query", half_told(eva.user), times=1)  # before it can ask
        room = await eva.create_room([bot.user])
        await eva.joined(room, bot.user)
        await eva.send(room, ASK)
        await eva.hears(OPEN, room=room, sender=bot.user)
        assert half.hits == 1


async def test_the_identity_outlives_a_restart_and_a_foreign_one_stops_the_bot(
    pair: Pair, proxy: Proxy, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    onlooker = await plain(pair.person("eva", pair.a))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=["@x:y"], homeserver=proxy.url) as bot:
        before = master(onlooker, account)
        uploads = proxy.count(IDENTITY)
        assert uploads == 2
        await bot.restart()
        assert (master(onlooker, account), proxy.count(IDENTITY)) == (before, uploads)

        await bot.stop()
        thief = await element(account, sign=False, strict=False)
        await thief.reset_identity()
        foreign = master(onlooker, account)
        assert foreign != before
        await bot.start()
        assert await bot.ends() != 0
        assert "another identity for this account" in bot.last_words()
        assert (master(onlooker, account), proxy.count(IDENTITY)) == (foreign, uploads)


def master(onlooker: Member, account: Person) -> Any:
    """The account's master key, as everybody sees it."""
    asked: dict[str, Any] = {"device_keys": {account.id: []}}
    path, token = "/_matrix/client/v3/keys/query", onlooker.client.access_token
    return account.server.call("POST", path, asked, token)["master_keys"][account.id]["keys"]
