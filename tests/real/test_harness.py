"""The real parts work with each other before the bot comes in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import POLL_RESPONSE
from tests.real.plain import Member
from tests.real.proxy import (
    SEND,
    SYNC,
    HeldBack,
    Proxy,
    bad_gateway,
    drop_response,
    limited,
)
from tests.real.servers import Pair


@pytest.fixture
async def proxy(pair: Pair) -> AsyncIterator[Proxy]:
    async with Proxy(pair.b.url) as between:
        yield between


async def _two_in_a_room(pair: Pair, element: Enter, version: str) -> tuple[Element, Element, str]:
    """Ana on `b` made it and Bea on `a` is in it; both are strict."""
    ana, bea = await asyncio.gather(element("ana"), element(pair.person("bea", pair.a)))
    room = await ana.create_room(invite=[bea.user], version=version)
    await bea.accept(room)
    await ana.joined(room, bea.user)
    return ana, bea, room


async def test_two_strict_members_on_two_servers_read_each_other_without_a_shield(
    pair: Pair, element: Enter
) -> None:
    ana, bea, room = await _two_in_a_room(pair, element, "12")
    assert ":" not in room  # as only version 12 has it

    await ana.send(room, "¿Nos juntamos el jueves?")
    heard = await bea.hears("jueves")
    assert (heard.encrypted, heard.shield) == (True, 0)
    await bea.reply(room, "Sí, a las 19:00", heard.id)
    answer = await ana.hears("19:00")
    assert (answer.shield, answer.reply_to) == (0, heard.id)
    await ana.send_file(room, "acta.txt", "text/plain", b"Acuerdos")
    assert await bea.download(await bea.hears("acta.txt")) == b"Acuerdos"


async def test_a_native_poll_goes_round_between_two_servers(pair: Pair, element: Enter) -> None:
    ana, bea, room = await _two_in_a_room(pair, element, "11")
    made, _ = await ana.start_poll(room, "¿Dónde?", ["Norte", "Sur"])
    poll = await bea.hears("¿Dónde?")
    assert poll.id == made
    await bea.vote(room, poll, "Sur")
    vote = await ana.hears(lambda event: event.type == POLL_RESPONSE)
    assert (vote.shield, vote.content[POLL_RESPONSE]["answers"]) == (0, [poll.answers["Sur"]])
    await ana.end_poll(room, made)
    await bea.hears("Ended.")
    state = await bea.poll_state(room, made)
    assert state == {"ended": True, "votes": {bea.user: [poll.answers["Sur"]]}}


async def test_strict_members_leave_out_a_device_until_its_owner_signs_it(
    pair: Pair, element: Enter
) -> None:
    person = pair.person("caro", pair.a)
    ana, first = await asyncio.gather(element("ana"), element(person))
    # strict too, it would not even send: "your device is not verified"
    second = await element(person, sign=False, strict=False)
    room = await ana.create_room(invite=[person.id])
    await first.accept(room)
    await ana.joined(room, person.id)

    await ana.send(room, "solo firmados")
    await first.hears("solo firmados")
    withheld = "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"  # its word may come behind the event
    await second.hears(lambda event: event.failure == withheld)
    await second.send(room, "desde el aparato sin firmar")
    await ana.hears(lambda event: event.failure == "UNSIGNED_SENDER_DEVICE")

    await first.sign_device(second)
    await ana.sees_signed(person.id, second.device)
    await ana.send(room, "ahora sí")
    assert (await second.hears("ahora sí")).shield == 0


async def test_a_device_may_be_signed_with_keys_from_another(pair: Pair, element: Enter) -> None:
    person = pair.person("dora")
    first, second = await element(person), await element(person, sign=False)
    assert await first.devices(person.id) == {first.device: True, second.device: False}
    await first.share_secrets(second)
    assert await first.devices(person.id) == {first.device: True, second.device: True}


async def test_a_plain_member_signed_by_its_owner_is_read_by_a_strict_one(
    pair: Pair, element: Enter, plain: EnterPlain
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain(pair.person("eva", pair.a)))
    room = await ana.create_room(invite=[eva.user])
    await eva.accept(room)
    await ana.joined(room, eva.user)
    await ana.send(room, "hola Eva")
    await eva.hears("hola Eva")
    # A server that hears late from another asks it for ten at most, and leaves a gap before them.
    lines = [f"línea {number}" for number in range(10)]
    await eva.send_all(room, lines)
    # Each is decrypted on its own: which is told first, nobody says.
    heard = [await ana.hears(re.compile(f"^{line}$"), room=room) for line in lines]
    assert {one.shield for one in heard} == {0}
    told = [one.text for one in await ana.timeline(room) if one.sender == eva.user]
    assert told[-10:] == lines


async def test_a_plain_member_finds_what_a_limited_sync_left_out(
    pair: Pair, plain: EnterPlain
) -> None:
    eva, fia = await asyncio.gather(plain("eva"), plain("fia"))
    room = await eva.create_room([fia.user])
    await fia.accept(room)
    await eva.joined(room, fia.user)
    await fia.pause()
    await eva.send_all(room, [f"línea {number}" for number in range(150)])
    fia.resume()
    await fia.ear.until(lambda: len(fia.ear.all(room, eva.user, "m.room.message")) == 150)
    assert not [one for one in fia.ear.all(room) if one.failure]
    told = [one.text for one in await fia.timeline(room) if one.type == "m.room.message"]
    assert told == [f"línea {number}" for number in range(150)]


async def test_a_cut_heals(pair: Pair, element: Enter, plain: EnterPlain) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain(pair.person("eva", pair.a)))
    room = await ana.create_room(invite=[eva.user])
    await eva.accept(room)
    await ana.joined(room, eva.user)
    await ana.send(room, "antes")
    await eva.hears("antes")

    await asyncio.to_thread(pair.cut)
    await ana.send(room, "durante, desde b")
    await eva.send(room, "durante, desde a")
    assert not [one for one in eva.ear.all(room, ana.user) if "durante" in one.text]
    await asyncio.to_thread(pair.heal)
    await eva.hears("durante, desde b", within=30)
    assert (await ana.hears("durante, desde a", within=30)).shield == 0


async def test_the_proxy_does_to_a_member_what_bad_networks_do(
    pair: Pair, proxy: Proxy, plain: EnterPlain
) -> None:
    person = pair.person("gil")
    async with Member() as gil:
        await gil.login(proxy.url, person.id, person.password)
        hana = await plain("hana")
        room = await gil.create_room([hana.user])
        await hana.accept(room)
        await gil.joined(room, hana.user)

        lost = proxy.on(SEND, drop_response, times=1)
        slow = proxy.on(SEND, limited(100), times=1)
        sent = await gil.send(room, "una sola vez", txn="fixed")  # nio itself tries again
        assert (lost.hits, slow.hits, proxy.count(SEND)) == (1, 1, 3)
        assert (await hana.hears("una sola vez")).id == sent
        said = [one for one in await hana.timeline(room) if one.text == "una sola vez"]
        assert len(said) == 1

        held = HeldBack()
        proxy.on(SYNC, held)
        await hana.send(room, "sin llave todavía")
        await held.arrived()
        await gil.hears(lambda event: event.failure is not None)
        held.release()
        await hana.send(room, "y otra")
        await gil.hears("sin llave todavía")


async def test_the_proxy_refuses_and_accepts_again(proxy: Proxy) -> None:
    url = f"{proxy.url}/_matrix/client/versions"
    async with aiohttp.ClientSession() as session:
        rule = proxy.on("versions", bad_gateway)
        assert (await session.get(url)).status == 502
        proxy.off(rule)
        await proxy.refuse()
        with pytest.raises(aiohttp.ClientError):
            await session.get(url)
        await proxy.accept()
        assert (await session.get(url)).status == 200


async def test_a_homeserver_comes_back_on_the_same_data(pair: Pair, element: Enter) -> None:
    ana = await element("ana")
    room = await ana.create_room()
    await asyncio.to_thread(pair.b.kill)
    await asyncio.to_thread(pair.b.start)
    await ana.send(room, "sigo aquí")
    assert [one.text for one in await ana.timeline(room)][-1] == "sigo aquí"
