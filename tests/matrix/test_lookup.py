"""Looking up what stands in a room: a message and its file, a poll and its responses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.gateway import Refused
from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.http import Http
from bot.matrix.rooms import history_lookup
from bot.matrix.rooms.history_lookup import Lookup
from bot.types import EventId, MemberPoll, RoomId, Trust, UserId
from storage.membership.room import Room
from tests.matrix.fakes import FakeMachine
from tests.matrix.homeserver import ANA, ROOM, TOKEN, Homeserver

EVA = "@eva:two.example"
POLL = "org.matrix.msc3381.poll"
START = {
    f"{POLL}.start": {
        "question": {"org.matrix.msc1767.text": "¿Dónde?", "body": "¿Dónde?"},
        "kind": f"{POLL}.disclosed",
        "max_selections": 1,
        "answers": [
            {"id": "a", "org.matrix.msc1767.text": "Norte"},
            {"id": "b", "org.matrix.msc1767.text": "Sur"},
        ],
    }
}


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    home.make_room()
    return home


@pytest.fixture
async def look(server: Homeserver) -> AsyncIterator[Lookup]:
    http = Http(server.url, TOKEN)
    yield Lookup(http, cast(CryptoMachine, FakeMachine()))
    await http.close()


def room(power: Mapping[str, Any] | None = None, *, encrypted: bool = True) -> Room:
    at = datetime.now(UTC)
    rules = {"algorithm": "m.megolm.v1.aes-sha2"} if encrypted else None
    nobody: frozenset[UserId] = frozenset()
    levels = power or {"users": {ANA: 100}}
    return Room(
        RoomId(ROOM),
        "11",
        nobody,
        levels,
        rules,
        "",
        "invite",
        "shared",
        "",
        None,
        None,
        True,
        at,
        None,
    )


def start(server: Homeserver, sender: str = ANA) -> EventId:
    return EventId(server.put(server.sealed(START, f"{POLL}.start", sender))["event_id"])


def respond(
    server: Homeserver,
    poll: str,
    *answers: str,
    sender: str = ANA,
    session: str = "s",
    kind: str = "response",
) -> dict[str, Any]:
    inside = {f"{POLL}.{kind}": {"answers": list(answers)} if kind == "response" else {}}
    raw = server.sealed(inside, f"{POLL}.{kind}", sender, session)
    raw["content"]["m.relates_to"] = {"rel_type": "m.reference", "event_id": poll}
    raw["content"]["ciphertext"]["content"]["m.relates_to"] = raw["content"]["m.relates_to"]
    return server.put(raw)


async def found(look: Lookup, poll: EventId, where: Room | None = None) -> MemberPoll:
    poll_found = await look.poll(where or room(), poll)
    assert poll_found is not None
    return poll_found


async def test_a_poll_with_all_its_responses(server: Homeserver, look: Lookup) -> None:
    poll = start(server)
    respond(server, poll, "a")
    respond(server, poll, "b", sender=EVA)
    respond(server, "$another", "b", sender=EVA)
    seen = await found(look, poll)
    assert (seen.question, seen.answers, seen.most) == (
        "¿Dónde?",
        (("a", "Norte"), ("b", "Sur")),
        1,
    )
    assert {(v.sender, v.answers) for v in seen.votes} == {(ANA, ("a",)), (EVA, ("b",))}
    assert (seen.ended, seen.unread, seen.whole) == (None, 0, True)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (f"{POLL}.disclosed", True),
        ("m.disclosed", True),
        (f"{POLL}.undisclosed", False),
        ("org.example.new", False),
        (None, False),
    ],
)
async def test_counts_are_hidden_unless_the_poll_shows_them(
    server: Homeserver, look: Lookup, kind: str | None, shown: bool
) -> None:
    content = {f"{POLL}.start": {**START[f"{POLL}.start"], "kind": kind}}
    event = server.put(server.sealed(content, f"{POLL}.start"))
    assert (await found(look, EventId(event["event_id"]))).disclosed is shown


async def test_what_cannot_be_read_is_counted(server: Homeserver, look: Lookup) -> None:
    poll = start(server)
    respond(server, poll, "a", session="unknown")
    assert (await found(look, poll)).unread == 1


async def test_what_a_replaced_identity_chose_is_not_counted(server: Homeserver) -> None:
    poll = start(server)
    respond(server, poll, "a")
    respond(server, poll, "b", sender=EVA)
    machine, http = FakeMachine(trusts={EVA: Trust.REPLACED}), Http(server.url, TOKEN)
    seen = await found(Lookup(http, cast(CryptoMachine, machine)), poll)
    await http.close()
    assert [vote.sender for vote in seen.votes] == [ANA]


async def test_many_pages(
    server: Homeserver, look: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = start(server)
    for n in range(250):
        respond(server, poll, "a", sender=f"@p{n}:two.example")
    assert len((await found(look, poll)).votes) == 250
    monkeypatch.setattr(history_lookup, "MOST_PAGES", 2)
    cut = await found(look, poll)
    assert (len(cut.votes), cut.whole) == (200, False)


async def test_an_end_counts_from_the_author_or_who_may_redact(
    server: Homeserver, look: Lookup
) -> None:
    poll = start(server, EVA)
    respond(server, poll, kind="end", sender="@nobody:two.example")
    assert (await found(look, poll)).ended is None
    by_moderator = respond(server, poll, kind="end", sender=ANA)
    respond(server, poll, kind="end", sender=EVA)
    assert (await found(look, poll)).ended == by_moderator["origin_server_ts"]


async def test_plain_responses_in_an_encrypted_room_do_not_count(
    server: Homeserver, look: Lookup
) -> None:
    poll = start(server)
    content = {
        f"{POLL}.response": {"answers": ["a"]},
        "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
    }
    server.put(server.event(f"{POLL}.response", content, EVA))
    assert (await found(look, poll)).votes == ()
    assert len((await found(look, poll, room(encrypted=False))).votes) == 1


async def test_what_is_no_poll(server: Homeserver, look: Lookup) -> None:
    said = server.say("hello")
    assert await look.poll(room(), EventId(said["event_id"])) is None
    with pytest.raises(Refused):
        await look.poll(room(), EventId("$nothing"))


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {f"{POLL}.start": []},
        {f"{POLL}.start": {"answers": {"id": 3}, "question": 7, "max_selections": "x"}},
        {f"{POLL}.start": {"answers": [1, {"id": None}], "max_selections": -5}},
    ],
)
async def test_a_malformed_poll_breaks_nothing(
    server: Homeserver, look: Lookup, broken: dict[str, Any]
) -> None:
    event = server.put(server.sealed(broken, f"{POLL}.start"))
    seen = await found(look, EventId(event["event_id"]))
    assert (seen.answers, seen.most) == ((), 1)


async def test_a_message_and_its_file(server: Homeserver, look: Lookup) -> None:
    said = server.say("the protocol")
    message = await look.message(room(), EventId(said["event_id"]))
    assert message is not None
    assert (message.text, message.sender) == ("the protocol", ANA)
    secret = server.say("no key", session="unknown")
    assert await look.message(room(), EventId(secret["event_id"])) is None


def mend(server: Homeserver, first: Mapping[str, Any], text: str, sender: str = ANA) -> None:
    """The server tells the last edit of a message beside it."""
    relates = {"rel_type": "m.replace", "event_id": first["event_id"]}
    new = {"msgtype": "m.text", "body": text}
    edit = server.sealed({**new, "m.new_content": new, "m.relates_to": relates}, sender=sender)
    first["unsigned"]["m.relations"] = {"m.replace": edit}


async def test_a_message_is_as_its_last_edit_by_its_sender(
    server: Homeserver, look: Lookup
) -> None:
    first = server.put(server.sealed({"msgtype": "m.text", "body": "el lunes"}))
    event = EventId(first["event_id"])
    first.setdefault("unsigned", {})
    for sender, text, reads in ((ANA, "el martes", "el martes"), (EVA, "nunca", "el lunes")):
        mend(server, first, text, sender)
        seen = await look.message(room(), event)
        assert seen is not None
        assert (seen.text, seen.event) == (reads, event)
        assert (seen.edited_at is not None) is (reads == text)
    for nonsense in ({"event_id": 5}, "x", None):
        first["unsigned"]["m.relations"] = {"m.replace": nonsense}
        seen = await look.message(room(), event)
        assert seen is not None and seen.text == "el lunes"


async def test_the_rules_of_a_ban_list_by_id_and_by_alias(server: Homeserver, look: Lookup) -> None:
    content = {"entity": "@a:b.org", "recommendation": "m.ban"}
    server.set("m.policy.rule.user", content, key="k1")
    server.set("org.matrix.mjolnir.rule.server", {}, key="k2")
    server.aliases["#list"] = ROOM
    rules = [("user", "k1", content), ("server", "k2", {})]
    for place in (ROOM, "#list:one.example"):
        assert await look.ban_rules(place) == (ROOM, rules)
    with pytest.raises(Refused):
        await look.ban_rules("#nothing:one.example")


async def test_who_wrote_is_found_page_by_page_until_the_day_asked_for(
    server: Homeserver, look: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    old = now - timedelta(weeks=5)
    for n in range(120):
        server.put(server.event("m.room.message", {}, f"@old{n}:two.example", **stamped(old)))
    for n in range(250):
        server.put(server.event("m.room.message", {}, f"@p{n}:two.example", **stamped(now)))
    server.put(server.event("m.room.message", {}, "no address", **stamped(now)))
    found = await look.writers(RoomId(ROOM), now - timedelta(weeks=4))
    assert found is not None
    assert {one for one in found if one.endswith(":two.example")} == {
        f"@p{n}:two.example" for n in range(250)
    }
    monkeypatch.setattr(history_lookup, "MOST_PAGES", 2)
    assert await look.writers(RoomId(ROOM), now - timedelta(weeks=4)) is None


@pytest.mark.parametrize(
    ("content", "unsigned", "redacted"),
    [
        ({"body": "Marcha"}, {}, False),
        ({}, {"redacted_because": {}}, True),
        ({}, {}, True),
        ({"body": "Marcha"}, {"redacted_because": {}}, True),
    ],
)
async def test_what_was_redacted_differs_from_what_is_gone(
    server: Homeserver, look: Lookup, content: Any, unsigned: Any, redacted: bool
) -> None:
    event = server.put(server.event("m.room.message", content, unsigned=unsigned))["event_id"]
    assert await look.is_redacted(RoomId(ROOM), EventId(event)) is redacted
    with pytest.raises(Refused):
        await look.is_redacted(RoomId(ROOM), EventId("$gone"))


def stamped(at: datetime) -> dict[str, int]:
    return {"origin_server_ts": int(at.timestamp() * 1000)}
