"""Whose session it is (0025): keys announced by another account first, on real homeservers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from nio.crypto import Olm

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.patience import PATIENCE
from tests.real.plain import Member, post
from tests.real.proxy import SYNC, HeldBack, Proxy
from tests.real.servers import Pair


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Every room key that a plain member was given, by session: what a thief holds."""
    found: dict[str, dict[str, Any]] = {}
    handle = Olm._handle_room_key_event

    def noted(self: Any, sender: str, sender_key: str, payload: dict[str, Any]) -> Any:
        found[payload["content"]["session_id"]] = payload["content"]
        return handle(self, sender, sender_key, payload)

    monkeypatch.setattr(Olm, "_handle_room_key_event", noted)
    return found


async def announce(thief: Member, bot: str, content: dict[str, Any]) -> None:
    """Send the bot somebody else's room key as one's own, under Olm."""
    client, olm = thief.client, thief.client.olm
    assert olm is not None
    olm.users_for_key_query.add(bot)
    await client.keys_query()
    (device,) = olm.device_store.active_user_devices(bot)
    await client.keys_claim({bot: [device.id]})
    session = olm.session_store.get(device.curve25519)
    assert session is not None
    sealed = olm._olm_encrypt(session, device, "m.room_key", content)
    headers = {"Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {client.access_token}"
    path = "/_matrix/client/v3/sendToDevice/m.room.encrypted/claim"
    body = json.dumps({"messages": {bot: {device.id: sealed}}})
    assert (await client.send("PUT", path, body, headers)).status == 200


class HeldBackOf(HeldBack):
    """One person's to-device events are kept; the others' come, which `told` says."""

    def __init__(self, user: str) -> None:
        super().__init__()
        self.user, self.told = user, asyncio.Event()

    def _change(self, sync: Any) -> None:
        events = sync.setdefault("to_device", {}).setdefault("events", [])
        if not self.holding:
            super()._change(sync)
            return
        others = [event for event in events if event["sender"] != self.user]
        self.kept.extend(event for event in events if event["sender"] == self.user)
        events[:] = others
        if others:
            self.told.set()


async def test_a_vote_counts_though_another_account_announced_its_key_first(
    pair: Pair,
    element: Enter,
    plain: EnterPlain,
    tmp_path: Path,
    given: dict[str, dict[str, Any]],
) -> None:
    ana, mal = await element("ana"), await plain("mal")
    account = pair.person("minga", pair.a)
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        room = await ana.create_room(invite=[mal.user], name="Sala")
        await mal.accept(room)
        await ana.joined(room, mal.user)
        await ana.invite(room, bot.user)
        await ana.joined(room, bot.user)
        await ana.greeted(room, bot.user)

        hers = HeldBackOf(ana.user)
        proxy.on(SYNC, hers)
        await ana.send(room, "!encuesta ¿Dónde? Norte, Sur")
        asked = await mal.hears("!encuesta", room=room, sender=ana.user)
        assert asked.session is not None
        await announce(mal, bot.user, given[asked.session])
        async with asyncio.timeout(PATIENCE):
            await hers.told.wait()
        hers.release()
        vote = await ana.send(room, "!votar 1 2")

        await ana.hears("Encuesta 1", room=room, sender=bot.user)
        await ana.send(room, "!resultados 1")
        await ana.hears("Sur: 1", room=room, sender=bot.user)
        said = await mal.hears(lambda event: event.id == vote, room=room)
        assert said.session == asked.session


async def claim_identity_of(victim: Element, thief: Member) -> None:
    """List the identity key (Curve25519) of somebody else's device as one's own device's, and sign
    that as one's own."""
    client, olm = thief.client, thief.client.olm
    assert olm is not None
    asked = {"device_keys": {victim.user: [victim.device]}}
    found = await post(client, "keys/query", asked)
    theirs = found["device_keys"][victim.user][victim.device]
    listed: dict[str, Any] = {
        "user_id": thief.user,
        "device_id": thief.device,
        "algorithms": theirs["algorithms"],
        "keys": {
            f"curve25519:{thief.device}": theirs["keys"][f"curve25519:{victim.device}"],
            f"ed25519:{thief.device}": olm.account.identity_keys["ed25519"],
        },
    }
    signatures = {thief.user: {f"ed25519:{thief.device}": olm.sign_json(listed)}}
    await post(client, "keys/upload", {"device_keys": {**listed, "signatures": signatures}})
    await thief.sign()


async def test_who_lists_somebody_elses_key_as_their_own_takes_no_answer_from_them(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    """The bot encrypts for the thief first, then for both: each room begins a session anew."""
    ana, mal = await element("ana"), await plain("mal", sign=False)
    await claim_identity_of(ana, mal)
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user, mal.user]) as bot:

        async def is_given(room: str) -> None:
            def is_from_bot(one: Heard) -> bool:
                return one.sender == bot.user and one.type == "m.room.encrypted"

            given = await mal.hears(is_from_bot, 60, room=room)
            assert given.failure is not None, "it is encrypted for a key that is not the thief's"

        async def a_room() -> str:
            room = await ana.create_room(invite=[bot.user, mal.user])
            await mal.accept(room)
            await ana.joined(room, bot.user)
            await ana.greeted(room, bot.user)
            return room

        async def answers(room: str) -> None:
            last = await ana.send(room, "!estado")
            heard = await ana.hears(lambda one: one.reply_to == last, room=room, sender=bot.user)
            assert heard.failure is None

        await is_given(await mal.create_room([bot.user]))
        room = await a_room()
        for _n in range(3):
            await answers(room)
        await is_given(room)
        await bot.restart()
        await answers(room)
        await answers(await a_room())
