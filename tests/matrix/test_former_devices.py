"""The device that a run gave up is signed out at this start, or at a later one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.gateway import TryLater
from bot.matrix import login
from bot.matrix.account_claim import Superseded
from bot.matrix.device_removal import sign_out_former
from bot.matrix.gateway import MatrixGateway
from bot.matrix.login import Account
from bot.matrix.run_record import CLAIM_TYPE, RunRecord
from bot.types import UserId
from storage.database import Database
from storage.encryption.keys import KEY_STORE, Keys
from storage.schema import migrate
from tests.matrix.homeserver import ME, Homeserver
from tests.matrix.test_claim import Bot
from tests.matrix.test_claim import old as old
from tests.matrix.test_claim import quick as quick
from tests.matrix.test_claim import server as server
from tests.operate.doctor.homeserver import PASSWORD, OperatorsServer

KEYS = Keys.from_root(b"r" * 32)


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


async def test_who_was_superseded_signs_nobody_out(
    server: Homeserver, old: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await old.crash()
    await old.start("TWO")
    assert old.claim.former_devices == ("ONE",)
    new = await Bot(server, tmp_path / "new").start("THREE")
    monkeypatch.setattr(old.claim, "_heard", float("-inf"))
    with pytest.raises(Superseded):
        await sign_out_former(old.http, Account(server.url, UserId(ME), PASSWORD), old.claim)
    assert not server.count("/delete_devices")
    await new.crash()


@pytest.mark.parametrize(
    "left",
    [{}, {"former": [], "device": "TWO"}, {"former": [f"NONE{n}" for n in range(10)]}],
)
async def test_a_thief_who_changes_the_account_s_data_hides_no_device(
    server: Homeserver, old: Bot, left: dict[str, object]
) -> None:
    """Our own disk knows which devices were used: the stolen one is theirs."""
    await old.crash()
    await old.start("TWO")
    shown = server.account_data[CLAIM_TYPE][1]
    server.tell(CLAIM_TYPE, {**shown, **left} if left else {})
    await old.crash()
    await old.start("TWO")
    assert old.claim.former_devices[:1] == ("ONE",)


def test_former_devices_of_a_record_are_names_and_not_many() -> None:
    many = [f"D{n}" for n in range(99)]
    for listed, found in (("ONE", 0), (["ONE", 1, "a b", None], 1), (many, 10)):
        record = RunRecord.read({"run": "x", "since": 1, "former": listed})
        assert record is not None
        assert len(record.former) == found


# --- a whole start --------------------------------------------------------------------------------


class Machine:
    """A folder in which a bot is connected, as often as a test wants, always as a new device."""

    def __init__(self, server: OperatorsServer, folder: Path, db: Database) -> None:
        self.server, self._folder, self._db = server, folder, db
        self._account = Account(server.url, UserId(ME), PASSWORD)

    async def starts_as_new_device(self) -> str:
        """Connect and end properly. Return the device."""
        await login.forget_session(self._db)
        for file in self._folder.glob(f"{KEY_STORE}*"):
            file.unlink()
        return await self.starts()

    async def starts(self) -> str:
        gateway = await MatrixGateway.connect(self._account, self._db, self._folder, KEYS)
        await gateway.close()
        return gateway.device

    @property
    def devices(self) -> list[str]:
        """What the homeserver lists."""
        return sorted(self.server.logins.values())


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    server = OperatorsServer()
    await server.start()
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})
    yield Machine(server, tmp_path, db)
    await db.close()
    await server.stop()


def refusing(
    part: str, status: int, body: dict[str, object]
) -> Callable[[web.Request], web.Response | None]:
    def answer(request: web.Request) -> web.Response | None:
        return web.json_response(body, status=status) if part in request.path else None

    return answer


async def test_a_new_device_signs_the_former_one_out(machine: Machine) -> None:
    one = await machine.starts()
    two = await machine.starts_as_new_device()
    assert machine.devices == [two] != [one]
    assert await machine.starts() == two
    assert machine.server.count("/delete_devices") == 1, "once"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 9000}),
        (502, {}),
        (404, {"errcode": "M_UNRECOGNIZED"}),
        (401, {"session": "s", "flows": [{"stages": ["m.oauth"]}]}),
    ],
)
async def test_a_homeserver_that_signs_no_device_out_keeps_no_bot_from_working(
    machine: Machine, status: int, body: dict[str, object]
) -> None:
    one = await machine.starts()
    machine.server.instead = refusing("/delete_devices", status, body)
    two = await machine.starts_as_new_device()
    assert machine.devices == sorted([one, two])
    machine.server.instead = lambda _request: None
    assert await machine.starts() == two
    assert machine.devices == [two], "the next start does it"


@pytest.mark.parametrize("breaks", ["/keys/", "/account_data/"])
async def test_a_start_that_breaks_off_leaves_the_former_device_to_the_next(
    machine: Machine, breaks: str
) -> None:
    await machine.starts()
    machine.server.instead = refusing(breaks, 503, {})
    with pytest.raises(TryLater):
        await machine.starts_as_new_device()
    machine.server.instead = lambda _request: None
    two = await machine.starts()
    assert machine.devices == [two]
