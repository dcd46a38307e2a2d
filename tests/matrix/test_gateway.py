"""The sending side: nothing plain where it must not be, nothing twice, nobody let in by mistake."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.gateway import Gateway, Refused, TryLater
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.matrix.rooms.sent_event_search import TRANSACTION_FIELD
from bot.types import EventId, Media, RoomId, UserId
from storage import help_rooms, settings
from storage.database import Database
from tests.matrix.fakes import FakeMachine, running
from tests.matrix.homeserver import ANA, ME, ROOM, TOKEN, Homeserver

HERE = RoomId(ROOM)
BEA = UserId("@bea:one.example")
KEY = b"x" * 32
FORBIDDEN = (403, {"errcode": "M_FORBIDDEN", "error": "@ana:one.example is already in the room."})


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    home.now = int(datetime.now(UTC).timestamp() * 1000)
    return home


@pytest.fixture
async def gateway(server: Homeserver, db: Database) -> AsyncIterator[MatrixGateway]:
    gateway = MatrixGateway(Http(server.url, TOKEN), db, cast(CryptoMachine, FakeMachine()))
    yield gateway
    await gateway.close()


def machine(gateway: MatrixGateway) -> FakeMachine:
    return cast(FakeMachine, gateway.machine)


def sent(server: Homeserver) -> list[tuple[str, Any]]:
    return [(path.split("/")[-2], body) for path, body in server.bodies if "/send/" in path]


def test_it_is_a_gateway(gateway: MatrixGateway) -> None:
    seam: Gateway = gateway
    assert (seam.me, seam.device) == (ME, "DEVICE")


# --- sending ----------------------------------------------------------------------------------


async def test_unsigned_devices_read_only_in_a_help_room_and_only_texts_for_two(
    server: Homeserver, gateway: MatrixGateway, db: Database
) -> None:
    server.make_room()
    await gateway.send(HERE, "m.room.message", {"body": "secret"}, "one")
    async with db.transaction() as tx:
        await help_rooms.mark_open(tx, HERE, UserId(ANA), datetime.now(UTC), beside_signed=False)
    await gateway.send(HERE, "m.room.message", {"body": "help"}, "two")
    assert machine(gateway).to_everyone == [False, True]
    for kind in ("org.matrix.msc3381.poll.start", "m.reaction", "org.minga.link"):
        with pytest.raises(Refused):
            await gateway.send(HERE, kind, {}, kind)
    async with db.transaction() as tx:
        bea = UserId("@bea:one.example")
        await help_rooms.mark_open(tx, HERE, bea, datetime.now(UTC), beside_signed=False)
    with pytest.raises(Refused):  # Ana is a third person there
        await gateway.send(HERE, "m.room.message", {"body": "help"}, "three")
    assert len(sent(server)) == 2


@pytest.mark.parametrize("told", ["shared", "world_readable", "invited", "joined", "", None])
async def test_newcomers_may_have_what_is_for_all_where_the_room_shows_and_wants_it(
    server: Homeserver, gateway: MatrixGateway, db: Database, told: str | None
) -> None:
    server.make_room()
    if told is not None:
        server.set("m.room.history_visibility", {"history_visibility": told})
    await gateway.send(HERE, "m.room.message", {"body": "by itself"}, "one")
    async with db.transaction() as tx:
        await settings.set_value(tx, HERE, settings.HISTORY, "yes")
    await gateway.send(HERE, "m.room.message", {"body": "for all"}, "two")
    await gateway.send(HERE, "m.room.message", {"body": "for Ana"}, "three", readers=[UserId(ANA)])
    await gateway.send(HERE, "m.room.message", {"body": "alone"}, "four", alone=UserId(ANA))
    shows = told in ("shared", "world_readable")
    assert machine(gateway).marked == [False, shows, False, False]


async def test_what_helps_somebody_is_for_no_newcomer(
    server: Homeserver, gateway: MatrixGateway, db: Database
) -> None:
    server.make_room()
    server.set("m.room.history_visibility", {"history_visibility": "shared"})
    async with db.transaction() as tx:
        await settings.set_value(tx, HERE, settings.HISTORY, "yes")
        await help_rooms.mark_open(tx, HERE, UserId(ANA), datetime.now(UTC), beside_signed=False)
    await gateway.send(HERE, "m.room.message", {"body": "help"}, "one")
    assert machine(gateway).marked == [False]


async def test_what_is_sent_is_encrypted_to_those_the_server_calls_joined(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    server.member("@gone:x.example", "leave", "join")
    server.member("@asked:x.example", "invite")
    await gateway.send(HERE, "m.room.message", {"body": "secret"}, "txn")
    ((kind, body),) = sent(server)
    assert (kind, body["session_id"]) == ("m.room.encrypted", "own")
    assert body["ciphertext"]["content"] == {"body": "secret", TRANSACTION_FIELD: "txn"}
    assert machine(gateway).shared_with == [[ANA, ME]]


async def test_who_comes_in_while_keys_are_fetched_can_read_it(
    server: Homeserver, db: Database
) -> None:
    async with _bea_comes_while_keys_are_fetched(server, db) as gateway:
        await gateway.send(HERE, "m.room.message", {"body": "hello"}, "txn")
        assert machine(gateway).shared_with == [[ANA, ME], [ANA, BEA, ME]]
    assert len(sent(server)) == 1


async def test_what_is_for_one_waits_for_who_comes_in_while_keys_are_fetched(
    server: Homeserver, db: Database
) -> None:
    async with _bea_comes_while_keys_are_fetched(server, db) as gateway:
        with pytest.raises(TryLater):
            await gateway.send(HERE, "m.room.message", {"body": "x"}, "txn", alone=UserId(ANA))
    assert sent(server) == []


@asynccontextmanager
async def _bea_comes_while_keys_are_fetched(
    server: Homeserver, db: Database
) -> AsyncIterator[MatrixGateway]:
    server.make_room()
    fetching = FakeMachine()
    async with running(server.url, db, fetching) as (gateway, inbox):

        async def comes() -> None:
            server.member(BEA, "join")
            await inbox.until(lambda: BEA in {getattr(e, "user", None) for e in inbox.got})

        await inbox.until(lambda: inbox.got)
        fetching.meanwhile.append(comes)
        yield gateway


async def test_the_same_transaction_is_the_same_event(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    first = await gateway.send(HERE, "m.room.message", {"body": "x"}, "txn")
    assert await gateway.send(HERE, "m.room.message", {"body": "x"}, "txn") == first


async def test_a_reaction_alone_stays_plain(server: Homeserver, gateway: MatrixGateway) -> None:
    server.make_room()
    await gateway.send(HERE, "m.reaction", {"m.relates_to": {}}, "txn")
    assert [kind for kind, _ in sent(server)] == ["m.reaction"]


async def test_a_plain_room_that_became_encrypted_a_moment_ago_gets_nothing_plain(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room(encrypted=False)
    await gateway.send(HERE, "m.room.message", {"body": "plain"}, "1")
    server.set("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    await gateway.send(HERE, "m.room.message", {"body": "secret"}, "2")
    assert [kind for kind, _ in sent(server)] == ["m.room.message", "m.room.encrypted"]


async def test_a_room_whose_encryption_the_server_hides_gets_nothing_plain(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    await gateway.send(HERE, "m.room.message", {"body": "x"}, "1")
    del server.rooms[ROOM].state["m.room.encryption", ""]
    await gateway._mirror.fetch_state(HERE)
    await gateway.send(HERE, "m.room.message", {"body": "secret"}, "2")
    assert [kind for kind, _ in sent(server)] == ["m.room.encrypted"] * 2


async def test_nothing_is_sent_to_a_room_we_are_not_in(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room(joined=False)
    with pytest.raises(Refused):
        await gateway.send(HERE, "m.room.message", {"body": "x"}, "txn")
    assert not sent(server)


async def test_nothing_is_sent_before_the_rooms_state_is_known(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    server.refuse["/state"] = (502, {})
    with pytest.raises(TryLater):
        await gateway.send(HERE, "m.room.message", {"body": "x"}, "txn")
    assert not sent(server)


async def test_what_was_sent_is_found_again(server: Homeserver, gateway: MatrixGateway) -> None:
    server.make_room()
    before = datetime.now(UTC) - timedelta(minutes=1)
    ours = await gateway.send(HERE, "m.room.message", {"body": "x"}, "mine")
    for n in range(150):
        server.say(f"n{n}")
    assert await gateway.find_sent(HERE, "mine", before) == ours
    # Under another device the server does not tell the transaction: it stands in the ciphertext.
    event = next(e for e in server.rooms[ROOM].order if e["event_id"] == ours)
    event["unsigned"] = {}
    assert await gateway.find_sent(HERE, "mine", before) == ours
    event["sender"] = ANA
    assert await gateway.find_sent(HERE, "mine", before) is None
    assert await gateway.find_sent(HERE, "never", before) is None


# --- rooms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", ["join", "invite"])
async def test_inviting_who_is_there_already_is_done(
    server: Homeserver, gateway: MatrixGateway, now: str
) -> None:
    server.make_room()
    server.member("@eva:x.example", now)
    server.refuse["/invite"] = FORBIDDEN
    await gateway.invite(HERE, UserId("@eva:x.example"), "")
    with pytest.raises(Refused):
        await gateway.invite(HERE, UserId("@new:x.example"), "")


@pytest.mark.parametrize(
    ("how", "now", "done"),
    [
        ("kick", "leave", True),
        ("kick", "ban", True),
        ("kick", "join", False),
        ("kick", "invite", False),
        ("ban", "ban", True),
        ("ban", "leave", False),
        ("unban", "leave", True),
        ("unban", "ban", False),
    ],
)
async def test_removing_who_is_gone_already_is_done(
    server: Homeserver, gateway: MatrixGateway, how: str, now: str, done: bool
) -> None:
    server.make_room()
    server.member("@eva:x.example", now, "join")
    server.refuse[f"/{how}"] = FORBIDDEN
    if done:
        await gateway.remove(HERE, UserId("@eva:x.example"), "", how)
    else:
        with pytest.raises(Refused):
            await gateway.remove(HERE, UserId("@eva:x.example"), "", how)


async def test_joining_and_leaving(server: Homeserver, gateway: MatrixGateway) -> None:
    server.make_room(joined=False)
    await gateway.join(HERE)
    await gateway.send(HERE, "m.room.message", {"body": "x"}, "1")
    await gateway.leave(HERE)
    assert server.count("/forget") == 1
    with pytest.raises(Refused):
        await gateway.send(HERE, "m.room.message", {"body": "x"}, "2")
    server.refuse["/leave"] = FORBIDDEN
    await gateway.leave(HERE)


async def test_a_private_room_is_made_once(server: Homeserver, gateway: MatrixGateway) -> None:
    room = await gateway.make_private_room(UserId(ANA), "minga-abc")
    made = next(body for path, body in server.bodies if path.endswith("createRoom"))
    assert (made["invite"], made["is_direct"]) == ([ANA], True)
    state = {entry["type"]: entry["content"] for entry in made["initial_state"]}
    assert "m.room.encryption" in state
    assert state["m.room.canonical_alias"] == {}  # or the invitation shows it as the name
    assert not await gateway.get_state(room, "m.room.canonical_alias", "")  # would be its name
    server.refuse["createRoom"] = (400, {"errcode": "M_ROOM_IN_USE"})
    assert await gateway.make_private_room(UserId(ANA), "minga-abc") == room
    await gateway.send(room, "m.room.message", {"body": "x"}, "1")
    assert sent(server)[0][0] == "m.room.encrypted"


async def test_the_account_has_a_picture(server: Homeserver, gateway: MatrixGateway) -> None:
    await gateway.introduce("Minga")
    assert server.profile["displayname"] == "Minga"
    assert server.blobs[server.profile["avatar_url"].rpartition("/")[2]].startswith(b"\x89PNG")
    server.profile["avatar_url"] = "mxc://one.example/ours"
    await gateway.introduce("Ayni")
    assert server.profile == {"displayname": "Ayni", "avatar_url": "mxc://one.example/ours"}


async def test_somebody_elses_room_under_our_alias_is_not_ours(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    server.aliases["#minga-abc"] = ROOM
    server.refuse["createRoom"] = (400, {"errcode": "M_ROOM_IN_USE"})
    with pytest.raises(Refused):
        await gateway.make_private_room(UserId(ANA), "minga-abc")


async def test_state_is_the_servers(server: Homeserver, gateway: MatrixGateway) -> None:
    server.make_room()
    assert await gateway.get_state(HERE, "m.room.create", "") == {"room_version": "11"}
    assert await gateway.get_state(HERE, "m.room.topic", "") is None


# --- files --------------------------------------------------------------------------------------


async def test_a_file_goes_out_encrypted_and_comes_back_whole(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    data = secrets.token_bytes(100_000)
    up = await gateway.upload(data, "image/png")
    (stored,) = server.blobs.values()
    assert data not in stored and len(stored) == len(data)
    media = Media(up.file["url"], "../../etc/passwd", "image/png", 5, up.file)
    assert await gateway.download(media, 200_000) == data
    with pytest.raises(Refused, match="M_TOO_LARGE"):
        await gateway.download(media, 50_000)


@pytest.mark.parametrize("how", ["changed", "no hash", "no key", "wild"])
async def test_a_file_that_is_not_whole_is_refused(
    server: Homeserver, gateway: MatrixGateway, how: str
) -> None:
    up = await gateway.upload(b"x" * 1000, "text/plain")
    secret = dict(up.file)
    if how == "changed":
        server.blobs["blob0"] = b"y" * 1000
    elif how == "no hash":
        secret["hashes"] = {}
    elif how == "no key":
        secret["key"] = {"k": "short"}
    else:
        secret["iv"] = "A" * 4000
    with pytest.raises(Refused):
        await gateway.download(Media(up.file["url"], "x", "", 0, secret), 5000)


async def test_only_our_own_homeserver_is_asked_for_files(gateway: MatrixGateway) -> None:
    for url in ("https://evil.example/x", "mxc://a/../../x", "mxc://a/b?c", "mxc://a/b/c"):
        with pytest.raises(Refused):
            await gateway.download(Media(url, "x", "", 0, None), 5000)


async def test_what_is_for_one_waits_while_somebody_else_is_joined(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    server.member("@bea:one.example", "join")
    ana, content = UserId(ANA), {"msgtype": "m.text", "body": "for Ana"}
    with pytest.raises(TryLater):
        await gateway.send(HERE, "m.room.message", content, "alone", alone=ana)
    assert server.count("/send/") == 0


async def test_what_is_taken_away_between_two_is_unreadable_here_even_if_the_server_refuses(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    with pytest.raises(Refused):
        await gateway.redact(HERE, EventId("$vote"), "", "one")
    assert machine(gateway).forgotten == ["$vote"]


async def test_what_is_taken_away_in_a_room_of_many_can_be_read_by_who_has_it(
    server: Homeserver, gateway: MatrixGateway
) -> None:
    server.make_room()
    server.member("@bea:one.example", "join")
    with pytest.raises(Refused):
        await gateway.redact(HERE, EventId("$line"), "", "two")
    assert not machine(gateway).forgotten
