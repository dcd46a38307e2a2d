"""What apps put inside the ciphertext and what outside: the rule of decision 0025 rests on it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nio.crypto import InboundGroupSession

from tests.real.conftest import Enter, EnterPlain
from tests.real.heard import POLL_RESPONSE
from tests.real.plain import Member

MESSAGES = "/_matrix/client/v3/rooms/{}/messages"


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The relations that plain nio's members find inside ciphertexts, by body or type."""
    found: list[dict[str, Any]] = []
    decrypt = InboundGroupSession.decrypt

    def noted(self: Any, message: str) -> Any:
        opened = decrypt(self, message)
        payload = json.loads(opened[0])
        if payload not in found:  # whoever said it reads it too
            found.append(payload)
        return opened

    monkeypatch.setattr(InboundGroupSession, "decrypt", noted)
    return found


def named(content: dict[str, Any]) -> str | None:
    """The event that a relation names."""
    relates = content.get("m.relates_to", {})
    found: str | None = relates.get("m.in_reply_to", relates).get("event_id")
    return found


async def outside(member: Member, room: str) -> list[str]:
    """What the relations outside of the ciphertexts name, of each one that has any."""
    headers = {"Authorization": f"Bearer {member.client.access_token}"}
    path = MESSAGES.format(room) + "?dir=b&limit=50"
    answer = await member.client.send("GET", path, None, headers)
    page = await answer.json()
    sealed = [one for one in page["chunk"] if one["type"] == "m.room.encrypted"]
    return sorted(filter(None, (named(one["content"]) for one in sealed)))


async def test_elements_engine_puts_relations_inside_and_outside(
    element: Enter, plain: EnterPlain, inside: list[dict[str, Any]]
) -> None:
    ana, eva = await element("ana"), await plain("eva")
    room = await ana.create_room(invite=[eva.user])
    await eva.accept(room)
    await ana.joined(room, eva.user)
    first = await ana.send(room, "first")
    poll, _ = await ana.start_poll(room, "q?", ["a", "b"])
    native = await eva.hears(lambda event: event.id == poll, room=room)
    await ana.reply(room, "reply", first)
    await ana.thread(room, "thread", first)
    await ana.edit(room, first, "edited")
    await ana.vote(room, native, "a")
    await ana.end_poll(room, poll)
    await ana.send(room, "over")
    await eva.hears("over", room=room)
    targets = [named(one["content"]) for one in inside if "m.relates_to" in one["content"]]
    assert sorted(map(str, targets)) == sorted([first, first, first, poll, poll])
    assert await outside(eva, room) == sorted([first, first, first, poll, poll])


async def test_plain_nio_does_so_too(plain: EnterPlain, inside: list[dict[str, Any]]) -> None:
    eva, zed = await plain("eva"), await plain("zed")
    room = await eva.create_room(invite=[zed.user])
    await zed.accept(room)
    await eva.joined(room, zed.user)
    first = await eva.send(room, "first")
    relates = {"m.in_reply_to": {"event_id": first}}
    reply = {"msgtype": "m.text", "body": "reply", "m.relates_to": relates}
    await eva.send_event(room, "m.room.message", reply)
    tap = {"m.relates_to": {"rel_type": "m.reference", "event_id": first}}
    await eva.send_event(room, POLL_RESPONSE, tap | {POLL_RESPONSE: {"answers": ["x"]}})
    await eva.send(room, "over")
    await zed.hears("over", room=room)
    targets = [named(one["content"]) for one in inside if "m.relates_to" in one["content"]]
    assert targets == [first, first]
    assert await outside(zed, room) == [first, first]
