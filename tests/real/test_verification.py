"""Verification by emoji between Element's engine and the bot, begun by either."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bot.signing.fingerprints import fingerprint
from commands.verification.code_scan import CODE_BYTES
from commands.verification.emoji import EMOJI
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element, ElementError
from tests.real.heard import Heard
from tests.real.patience import PATIENCE
from tests.real.proxy import KEYS_QUERY, SYNC, TO_DEVICE, Proxy, changed, held
from tests.real.servers import Pair
from tests.real.test_polls import a_room

FULL = os.environ.get("MINGA_FULL") == "1"
ROUNDS = 10 if FULL else 2
"""In each direction."""


async def own_room(member: Element, bot: BotProcess) -> str:
    """The member's private room with the bot."""
    room = await member.create_room(invite=[bot.user], direct=True)
    return await greeted(member, bot, room)


async def greeted(member: Element, bot: BotProcess, room: str) -> str:
    """The member's private room, when the bot has come in and answered."""
    await member.joined(room, bot.user)
    await member.send(room, "hola")
    await member.hears("Hola", 40, room=room, sender=bot.user)
    return room


async def shows_the_same(
    member: Element, bot: BotProcess, room: str, shown: list[tuple[str, str]]
) -> None:
    """The bot shows these emoji, in this order, each with a word."""
    said = await member.hears("¿Son iguales?", 40, room=room, sender=bot.user)
    signs = [sign.replace("\ufe0f", "") for sign, _word in shown]
    known = "|".join(sign for sign, _word in EMOJI)
    assert re.findall(known, said.text) == signs
    words = {sign: word.msgid for sign, word in EMOJI}
    assert [words[sign] for sign in signs] == [word.lower() for _sign, word in shown]


async def test_both_directions_with_elements_engine(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(element("ana"), element("bea"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        hall = await a_room(ana, bot)
        await ana.invite(hall, bea.user)
        room = await bea.create_room(invite=[bot.user], direct=True)  # it does not know her yet
        await bea.accept(hall)
        await greeted(bea, bot, room)
        assert not await bea.is_verified(bot.user)
        for number in range(ROUNDS):
            for asked in (False, True):
                bea.ear.forget()
                if asked:
                    await bea.send(room, "verificar")
                if number == 1:
                    await bot.restart()
                shown = await bea.verify(bot.user, room, asked=asked)
                await shows_the_same(bea, bot, room, shown)
                await bea.send(room, "sí")
                assert (await bea.compared(same=True))["done"]
                await bea.hears("te avisa si alguien toma mi lugar", 40, room=room, sender=bot.user)
                # Element cancels a second one until a sync after the end of the first.
                await bea.send(room, "gracias")
                await bea.hears("Con gusto", 40, room=room, sender=bot.user)
        assert await bea.is_verified(bot.user)
        await bot.stop()


async def test_from_device_to_device_in_both_directions(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea, eva = await asyncio.gather(*(element(who) for who in ("ana", "bea", "eva")))
    account, told = pair.person("minga", pair.a), asyncio.Event()
    async with (
        Proxy(account.server.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        hall = await a_room(ana, bot)
        await asks_as_a_stranger(ana, bot, proxy, hall, eva)
        slow = proxy.on(KEYS_QUERY, held(told))
        await ana.invite(hall, bea.user)
        (device,) = (await bea.fingerprints(bot.user))["devices"]
        await bea.accept(hall)  # the bot may hear of it, and of her devices, after her request
        assert await bea.meet(bot.user, "", device=device) == "m.user", "there is no private room"
        proxy.off(slow)
        told.set()
        room = await own_room(bea, bot)
        for number in range(ROUNDS):
            for asked in (False, True):
                bea.ear.forget()
                if asked:
                    await bea.send(room, "verificar dispositivos")
                if number == 1:
                    await bot.restart()
                shown = await bea.verify(bot.user, room, asked=asked, device=device)
                await shows_the_same(bea, bot, room, shown)
                await bea.send(room, "sí")
                assert (await bea.compared(same=True))["done"]
                await bea.hears("te avisa si alguien toma mi lugar", 40, room=room, sender=bot.user)
                await bea.send(room, "gracias")  # as above: a sync between two of them
                await bea.hears("Con gusto", 40, room=room, sender=bot.user)
        assert await bea.is_verified(bot.user)
        await bot.stop()


async def asks_as_a_stranger(
    ana: Element, bot: BotProcess, proxy: Proxy, hall: str, eva: Element
) -> None:
    """Who shares no room with the bot gets no answer, and gets it once she does."""
    (device,) = (await eva.fingerprints(bot.user))["devices"]
    arrived = asyncio.Event()

    def look(sync: Any) -> None:
        if any(one["sender"] == eva.user for one in sync.get("to_device", {}).get("events", [])):
            arrived.set()

    looks = proxy.on(SYNC, changed(look))
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        meeting = group.create_task(eva.meet(bot.user, "", device=device))
        await arrived.wait()
        await ana.send(hall, "!estado")  # heard in a later sync
        await ana.hears("Aquí estoy", 40, room=hall, sender=bot.user)
        assert proxy.count(TO_DEVICE + r"m\.key\.verification") == 0 and not meeting.done()
        proxy.off(looks)
        await ana.invite(hall, eva.user)
        await eva.accept(hall)
    assert meeting.result() == "m.user", "there is no private room"


async def test_only_one_of_the_devices_that_were_asked_goes_on(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    person = pair.person("ana")
    ana, tablet = await element(person), await element(person, sign=False)
    await ana.share_secrets(tablet)
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        await a_room(ana, bot)
        room = await own_room(ana, bot)
        (device,) = (await ana.fingerprints(bot.user))["devices"]
        await ana.send(room, "verificar dispositivos")
        await asyncio.gather(ana.asked(bot.user), tablet.asked(bot.user))
        shown = await ana.verify(bot.user, room, asked=True, device=device)
        await shows_the_same(ana, bot, room, shown)
        assert await tablet.called_off(bot.user) == "m.accepted"
        await ana.send(room, "sí")
        assert (await ana.compared(same=True))["done"]
        await bot.stop()


async def test_who_asks_before_the_bot_is_in_their_private_room_is_answered(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """As apps do at a tap on “Verify” in the profile: they make a room and ask there at once."""
    ana = await element("ana")
    account, asked = pair.person("minga", pair.a), asyncio.Event()
    async with (
        Proxy(account.server.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        await a_room(ana, bot)
        proxy.on("POST .*/join/", held(asked))
        room = await ana.create_room(invite=[bot.user], direct=True)
        async with asyncio.TaskGroup() as group:
            verifying = group.create_task(ana.verify(bot.user, room))
            await ana.ear.until(lambda: any(map(is_request, ana.ear.all(room, ana.user))))
            asked.set()
        await shows_the_same(ana, bot, room, verifying.result())
        await bot.stop()


def is_request(event: Heard) -> bool:
    return event.content.get("msgtype") == "m.key.verification.request"


async def picture(member: Element, bot: BotProcess, room: str) -> bytes:
    """The bot's picture, as an app decrypts it."""
    shown = await member.hears("escanea esta imagen", 40, room=room, sender=bot.user)
    return await member.download(shown)


@pytest.mark.parametrize("by_device", [False, True])
async def test_the_app_scans_the_bots_picture(
    pair: Pair, element: Enter, tmp_path: Path, by_device: bool
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        await a_room(ana, bot)
        room = await own_room(ana, bot)
        (device,) = (await ana.fingerprints(bot.user))["devices"]
        how: dict[str, Any] = {"device": device} if by_device else {}
        for asked in (False, True):
            ana.ear.forget()
            if asked:
                await ana.send(room, "verificar dispositivos" if by_device else "verificar")
            await ana.meet(bot.user, room, asked=asked, scans=True, **how)
            await ana.scan(await picture(ana, bot, room))
            await ana.hears("Muestra un escudo", 40, room=room, sender=bot.user)
            assert await ana.is_verified(bot.user) == asked, "not before the bot's own done"
            await ana.send(room, "sí")
            assert (await ana.scanned())["done"]
            await ana.hears("te avisa si alguien toma mi lugar", 40, room=room, sender=bot.user)
            await ana.send(room, "gracias")
            await ana.hears("Con gusto", 40, room=room, sender=bot.user)
            assert await ana.is_verified(bot.user)
        await bot.stop()


async def test_a_picture_that_was_changed_verifies_nothing(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        await a_room(ana, bot)
        room = await own_room(ana, bot)
        await ana.meet(bot.user, room, scans=True)
        shown = await picture(ana, bot, room)
        with pytest.raises(ElementError):  # a byte of a key: the app sees it itself
            await ana.scan(shown, flip=CODE_BYTES + 1)
        await ana.scan(shown, flip=1)  # a byte of the secret: the bot sees it
        assert (await ana.scanned())["code"] == "m.key_mismatch"
        await ana.hears("alguien puede estar en medio", 40, room=room, sender=bot.user)
        assert not await ana.is_verified(bot.user)
        ana.ear.forget()
        await ana.send(room, "gracias")
        await ana.hears("Con gusto", 40, room=room, sender=bot.user)
        shown_emoji = await ana.verify(bot.user, room, scans=True)
        await shows_the_same(ana, bot, room, shown_emoji)
        await bot.stop()


async def test_the_bot_tells_the_keys_that_the_app_knows(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot)
        known = await ana.fingerprints(bot.user)
        await ana.send(room, "!estado")
        said = await ana.hears("La clave de mi identidad", 40, room=room, sender=bot.user)
        for key in (known["identity"], *known["devices"].values()):
            assert fingerprint(key) in said.text
        await bot.stop()


async def test_pictures_that_differ_end_it_in_both(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        await a_room(ana, bot)
        room = await own_room(ana, bot)
        await ana.verify(bot.user, room)
        await ana.hears("¿Son iguales?", 40, room=room, sender=bot.user)
        await ana.send(room, "no")
        await ana.hears("alguien puede estar en medio", 40, room=room, sender=bot.user)
        assert not (await ana.compared(same=True))["done"]
        assert not await ana.is_verified(bot.user)
        ana.ear.forget()
        await ana.verify(bot.user, room)
        await ana.hears("¿Son iguales?", 40, room=room, sender=bot.user)
        assert (await ana.compared(same=False))["code"] == "m.mismatched_sas"
        await ana.hears("Tu aplicación detuvo la verificación", 40, room=room, sender=bot.user)
        await bot.stop()
