"""The device that a run gave up is signed out at this start, or at a later one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.matrix.run_record import CLAIM_TYPE, RunRecord
from tests.matrix.homeserver import Homeserver
from tests.matrix.test_claim import Bot
from tests.matrix.test_claim import old as old
from tests.matrix.test_claim import quick as quick
from tests.matrix.test_claim import server as server


@pytest.mark.parametrize("end", ["stop", "crash"])
async def test_a_device_is_former_at_each_start_until_it_is_signed_out(
    server: Homeserver, old: Bot, tmp_path: Path, end: str
) -> None:
    """A start may break off before it signs out a device that was stolen."""
    await old.stop()
    new = await Bot(server, tmp_path / "new").start("TWO")
    await (new.stop if end == "stop" else new.crash)()
    await new.start("THREE")
    assert new.claim.former_devices == ("TWO", "ONE")
    await new.claim.note_signed_out()
    await new.crash()
    await new.start("THREE")
    assert not new.claim.former_devices
    await new.crash()


async def test_who_begins_anew_leaves_their_own_device_too(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    await old.stop()
    new = await Bot(server, tmp_path / "new").start("TWO")
    await new.stop()
    await old.start(take_over=True)
    await old.claim.finish_new_start("THREE")
    assert old.claim.former_devices == ("ONE", "TWO")


async def test_who_signed_devices_out_takes_the_account_from_nobody(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    new = await Bot(server, tmp_path / "new").start("TWO")
    before = server.account_data[CLAIM_TYPE]
    await old.claim.note_signed_out()
    assert server.account_data[CLAIM_TYPE] == before
    await new.crash()


def test_former_devices_of_a_record_are_names_and_not_many() -> None:
    many = [f"D{n}" for n in range(99)]
    for listed, found in (("ONE", 0), (["ONE", 1, "a b", None], 1), (many, 10)):
        record = RunRecord.read({"run": "x", "since": 1, "former": listed})
        assert record is not None
        assert len(record.former) == found
