"""An entry that names a message which is not out yet: it waits for that one, or goes with it."""

from __future__ import annotations

import pytest

from bot.gateway import Refused, TryLater
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Number
from storage import items, outbox_entries
from tests.delivery.test_outbox import kinds
from tests.delivery.test_outbox_workers import failing, letter, patient


async def on_message(talk: Talk, text: str, *, private: bool = False) -> None:
    """Write a message of an item for the room, and one that names it as what it replies to."""
    async with talk.machine.db.transaction() as tx:
        await items.add(tx, "reminders", "list", ROOM, user_id("ana"), "", talk.clock.now())
        await tx.run("UPDATE item SET number = 7")
        first: int | None = None
        for body in (text, f"about {text}"):
            content = {"msgtype": "m.text", "body": body}
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


async def test_what_stands_on_a_message_that_was_refused_is_never_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.private("bea")
    await on_message(talk, "uno", private=True)
    failing(monkeypatch, Refused("M_FORBIDDEN"))
    await letter(talk, "dos")
    said = [post.plain for post in await talk.said()]
    assert "about uno" not in said
    assert "dos" in said
    assert await kinds(talk) == []


async def test_what_stands_on_a_message_in_another_room_goes_out_once_that_one_has(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.private("bea")
    await on_message(talk, "uno", private=True)
    failing(monkeypatch, TryLater("http_502"), TryLater("http_502"))
    await patient(talk)[0].deliver_pending()
    assert await kinds(talk) == []
    assert [post.plain for post in await talk.said()] == ["uno", "about uno"]
