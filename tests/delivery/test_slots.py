"""How many deliveries run at once, and what is deleted while it waits for its turn."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery import outbox as outbox_module
from bot.delivery.outbox import Outbox
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import Talk, user_id
from bot.types import Number, UserId
from storage import outbox_entries
from storage.outbox_entries import OutboxEntry
from tests.delivery.test_outbox import private_letter
from tests.delivery.test_outbox_workers import letter, patient


async def test_what_is_deleted_while_it_waits_for_its_turn_is_not_posted(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, slots_for = asyncio.Event(), Outbox._slots_for

    async def seen(self: Outbox, row: OutboxEntry | None) -> asyncio.Semaphore:
        slots = await slots_for(self, row)
        waits.set()
        return slots

    monkeypatch.setattr(Outbox, "_slots_for", seen)
    await letter(talk, "uno")
    outbox = patient(talk)[0]
    for _slot in range(outbox_module.MOST_PARALLEL):
        await outbox._slots.acquire()
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        tasks.create_task(outbox.deliver_pending())
        await waits.wait()
        assert outbox._slots.locked()
        async with talk.machine.db.transaction() as tx:
            await tx.run("DELETE FROM letter")
        for _slot in range(outbox_module.MOST_PARALLEL):
            outbox._slots.release()
    assert talk.gateway.posted == {}


async def test_what_is_deleted_while_its_readers_devices_are_asked_for_is_not_posted(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is about another item, and what is another person's, is."""
    db, lacks = talk.machine.db, FakeGateway.lacks_signed_device
    about, other = Number(7), Number(8)
    homes = {await talk.private(who): who for who in ("bea", "carla")}
    for item, who in ((about, "bea"), (about, "bea"), (other, "bea"), (about, "carla")):
        await private_letter(talk, who)
        async with db.transaction() as tx:
            await tx.run("UPDATE letter SET item = ? WHERE item IS NULL", item)

    async def asked(self: FakeGateway, user: UserId) -> bool:
        async with db.transaction() as tx:
            await outbox_entries.delete_about(tx, about, [user_id("bea")])
        return await lacks(self, user)

    monkeypatch.setattr(FakeGateway, "lacks_signed_device", asked)
    await talk.machine.outbox.deliver_pending()
    said = [homes[post.room] for post in talk.gateway.posted.values()]
    assert sorted(said) == ["bea", "carla"]


async def test_a_private_entry_of_somebody_here_does_not_wait_behind_dead_servers(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await talk.private("bea")
    outbox = patient(talk)[0]
    await private_letter(talk, "bea")
    await private_letter(talk, "absent")
    async with talk.machine.db.reading() as tx:
        entries = await outbox_entries.entries_after(tx, 0)
    slots = [await outbox._slots_for(one) for one in entries]
    assert slots == [outbox._slots, outbox._federated_slots]
    await outbox.deliver_pending()
    assert room in {post.room for post in talk.gateway.posted.values()}
    assert await outbox._slots_for(None) is outbox._slots, "gone meanwhile"
