"""Who comes by a bridge and who reads along, from what a room's state and its accounts say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.capability import outsiders
from bot.capability.outsiders import BridgeSign, OutsideReaders
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, UserId
from storage import rooms
from storage.membership import room_outsiders, room_state

BOT = UserId("@telegrambot:test")
TELEGRAM = {
    "bridgebot": BOT,
    "protocol": {"id": "telegram", "displayname": "Telegram"},
    "channel": {"id": "123"},
}
GHOST = "@telegram_712345678:test"
POLICY = {"via": "orden.org", "public_keys": {"ed25519": "abc"}}


async def says_the_server(
    talk: Talk, kind: str, content: Mapping[str, Any], *, by: str = BOT, key: str = "k"
) -> None:
    """The room's state changes, as the bot's homeserver reports it."""
    event = {"type": kind, "state_key": key, "sender": by, "content": content}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, ROOM, [event], whole=False)


async def sign(talk: Talk, person: str) -> BridgeSign | None:
    async with talk.machine.db.reading() as tx:
        return await outsiders.bridge_sign(tx, ROOM, user_id(person))


async def readers(talk: Talk) -> OutsideReaders:
    async with talk.machine.db.reading() as tx:
        return await outsiders.outside_readers(tx, ROOM)


@pytest.mark.parametrize("kind", ["m.bridge", "uk.half-shot.bridge"])
async def test_a_bridge_and_its_accounts_are_known_by_the_rooms_state(
    talk: Talk, kind: str
) -> None:
    assert await sign(talk, BOT) is BridgeSign.LIKELY
    await says_the_server(talk, kind, TELEGRAM)
    assert await sign(talk, GHOST) is BridgeSign.SURE
    assert await sign(talk, "@telegram_rosa:test") is BridgeSign.SURE
    assert await sign(talk, BOT) is BridgeSign.SURE
    assert await sign(talk, "ana") is None
    assert await sign(talk, "@telegram_rosa:otra.org") is None, "of another server"
    assert await sign(talk, "@telegramera:test") is None
    assert await sign(talk, "@whatsapp_rosa:test") is None, "of another service"


@pytest.mark.parametrize(
    ("protocol", "account"),
    [
        ("discordgo", "@_discord_1122334455:test"),
        ("facebookgo", "@meta_100012345:test"),
        ("irc", "@irc.libera.chat_rosa:test"),
        ("signal", "@signal_0b2a44a4-1f6e-4a0e-8a9c-2f3b1f0a9d11:test"),
        ("whatsapp", "@whatsapp_573001234567:test"),
    ],
)
async def test_each_bridge_writes_its_service_in_its_own_way(
    talk: Talk, protocol: str, account: str
) -> None:
    await says_the_server(talk, "m.bridge", {**TELEGRAM, "protocol": {"id": protocol}})
    assert await sign(talk, account) is BridgeSign.SURE


@pytest.mark.parametrize(
    ("account", "found"),
    [
        (GHOST, BridgeSign.LIKELY),
        ("@whatsapp_lid-573001234567:otra.org", BridgeSign.LIKELY),
        ("@telegram_rosa:test", None),
        ("@signal-ana:test", None),
        ("@line_manager:test", None),
        ("@abbot:test", None),
    ],
)
async def test_without_a_bridge_in_the_state_a_name_is_a_guess_at_most(
    talk: Talk, account: str, found: BridgeSign | None
) -> None:
    assert await sign(talk, account) is found


async def test_a_moderator_cannot_make_a_bridge_of_anybody(talk: Talk) -> None:
    """Else whoever writes the room's state would take votes away."""
    for content in (
        {**TELEGRAM, "bridgebot": user_id("bea")},
        {**TELEGRAM, "protocol": {"id": "bea"}},
        {**TELEGRAM, "protocol": {"id": "b"}, "bridgebot": "@b:test"},
        {"bridgebot": user_id("bea")},
    ):
        await says_the_server(talk, "m.bridge", content, by=user_id("ana"))
        assert await sign(talk, "bea") is None
    await says_the_server(
        talk, "m.bridge", {**TELEGRAM, "protocol": {"id": "line"}}, by="@ana:test"
    )
    assert await sign(talk, "@line_manager:test") is None, "a name that people choose too"
    await says_the_server(
        talk, "m.bridge", {**TELEGRAM, "bridgebot": "@bea_x:test"}, by="@bea_x:test"
    )
    assert await sign(talk, "bea") is None


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"bridgebot": 7, "protocol": "telegram"},
        {"bridgebot": "x" * 300, "protocol": {"id": ["telegram"]}},
        {"protocol": {"id": "t" * 300, "displayname": {}}},
    ],
)
async def test_what_a_server_sends_askew_names_no_bridge(
    talk: Talk, content: Mapping[str, Any]
) -> None:
    await says_the_server(talk, "m.bridge", content, by="@x:test")
    assert (await readers(talk)).services == ()
    assert await sign(talk, GHOST) is BridgeSign.LIKELY


async def test_a_room_names_a_bounded_number_of_bridges(talk: Talk) -> None:
    for number in range(60):
        await says_the_server(talk, "m.bridge", TELEGRAM, by=f"@b{number}:test", key=str(number))
    async with talk.machine.db.reading() as tx:
        assert await tx.count("SELECT count(*) AS n FROM room_outsider") == 50


async def test_who_reads_along_is_who_is_there(talk: Talk) -> None:
    await says_the_server(talk, "m.bridge", TELEGRAM)
    assert (await readers(talk)).services == (), "neither its bot nor anybody of it is here"
    await talk.moves(GHOST, Membership.JOIN)
    assert (await readers(talk)).services == ("Telegram",)
    await says_the_server(talk, "m.bridge", {})
    found = await readers(talk)
    assert (found.services, found.likely_services) == ((), ("Telegram",))
    await talk.moves(GHOST, Membership.LEAVE)
    assert await readers(talk) == OutsideReaders()


async def test_an_unknown_service_is_named_as_its_bridge_names_it_but_shortened(
    talk: Talk,
) -> None:
    name = "Mi\nservicio\u202e " + "x" * 99
    protocol = {"id": "mio", "displayname": name}
    await says_the_server(talk, "m.bridge", {**TELEGRAM, "protocol": protocol})
    await talk.moves(BOT, Membership.JOIN)
    [shown] = (await readers(talk)).services
    assert shown.startswith("Mi servicio") and "\u202e" not in shown and len(shown) == 40


async def test_a_policy_server_counts_while_somebody_of_it_is_here(talk: Talk) -> None:
    await says_the_server(talk, "m.room.policy", POLICY, key="")
    assert (await readers(talk)).policy_servers == ()
    await talk.moves("@robot:orden.org", Membership.JOIN)
    assert (await readers(talk)).policy_servers == ("orden.org",)
    await says_the_server(talk, "m.room.policy", {"via": "orden.org"}, key="")
    assert (await readers(talk)).policy_servers == (), "without a key it has no effect"
    old = {"via": "orden.org", "public_key": "abc"}
    await says_the_server(talk, "org.matrix.msc4284.policy", old, key="")
    assert (await readers(talk)).policy_servers == ("orden.org",)


async def test_a_room_read_by_an_older_version_is_read_once_more(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        assert await room_outsiders.unknown_rooms(tx) == set()
        await tx.run("UPDATE room SET outsiders_known = 0")
        assert await room_outsiders.unknown_rooms(tx) == {ROOM}
        await rooms.mark_left(tx, ROOM)
        assert await room_outsiders.unknown_rooms(tx) == set()
