"""An entry that names a message which is not out yet: it waits for that one, or goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.delivery.event_content import TARGET_PLACEHOLDER
from bot.gateway import Refused, TryLater
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Number
from storage import items, outbox_entries
from storage.database import Database
from tests.delivery.test_outbox import kinds
from tests.delivery.test_outbox_workers import failing, letter, patient

REPLY = {"m.in_reply_to": {"event_id": TARGET_PLACEHOLDER}}
EDIT = {"rel_type": "m.replace", "event_id": TARGET_PLACEHOLDER}


async def on_message(
    talk: Talk, text: str, *, private: bool = False, relates: Mapping[str, Any] = REPLY
) -> None:
    """Write a message of an item for the room, and one that stands on it."""
    async with talk.machine.db.transaction() as tx:
        await items.add(tx, "reminders", "list", ROOM, user_id("ana"), "", talk.clock.now())
        await tx.run("UPDATE item SET number = 7")
        first: int | None = None
        for body in (text, f"about {text}"):
            content: dict[str, Any] = {"msgtype": "m.text", "body": body}
            if first:
                content["m.relates_to"] = relates
            first = await outbox_entries.add(
                tx,
                room=ROOM,
                person=user_id("bea") if private and first else None,
                kind="event",
                payload={"type": "m.room.message", "content": content},
                device="FAKE",
                at=talk.clock.at,
                item=None if first else Number(7),
                slot=None if first else "opening",
                ref=f"letter:{first}" if first else None,
            )


@pytest.mark.parametrize("private", [False, True])
async def test_a_reply_to_a_message_that_was_refused_is_said_alone(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, private: bool
) -> None:
    await talk.private("bea")
    await on_message(talk, "uno", private=private)
    failing(monkeypatch, Refused("M_FORBIDDEN"))
    await letter(talk, "dos")
    said = await talk.said()
    assert {post.plain for post in said} == {"about uno", "dos"}
    assert not any(post.content.get("m.relates_to") for post in said)
    assert await kinds(talk) == []


@pytest.mark.parametrize("private", [False, True])
async def test_an_edit_of_a_message_that_was_refused_is_never_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, private: bool
) -> None:
    await talk.private("bea")
    await on_message(talk, "uno", private=private, relates=EDIT)
    failing(monkeypatch, Refused("M_FORBIDDEN"))
    await letter(talk, "dos")
    assert [post.plain for post in await talk.said()] == ["dos"]
    assert await kinds(talk) == []


async def test_what_stands_on_a_message_that_is_delivered_while_it_is_looked_at_is_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.private("bea")
    await on_message(talk, "uno", private=True)
    async with talk.machine.db.reading() as tx:
        first, second = await outbox_entries.entries_after(tx, 0)
    get = outbox_entries.get

    async def gone_meanwhile(db: Database, number: int) -> outbox_entries.OutboxEntry | None:
        """The second entry was read while it waited; then the first one was delivered."""
        found = await get(db, number)
        if found is not None and found.waits_for is not None:
            async with db.transaction() as tx:
                await outbox_entries.finish(tx, first, ROOM, EventId("$uno"), {})
        return found

    monkeypatch.setattr(outbox_entries, "get", gone_meanwhile)
    row = await outbox_entries.get(talk.machine.db, second.id)
    assert await talk.machine.outbox._deliver(row) is None
    (said,) = talk.gateway.posted.values()
    assert said.plain == "about uno"
    assert said.content["m.relates_to"]["m.in_reply_to"] == {"event_id": "$uno"}


async def test_what_stands_on_a_message_in_another_room_goes_out_once_that_one_has(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.private("bea")
    await on_message(talk, "uno", private=True)
    failing(monkeypatch, TryLater("http_502"), TryLater("http_502"))
    await patient(talk)[0].deliver_pending()
    assert await kinds(talk) == []
    assert [post.plain for post in await talk.said()] == ["uno", "about uno"]
