"""Of several bots on one account the one that started last works, and no other does anything."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.gateway import TryLater
from bot.lines import Line
from bot.matrix import account_claim
from bot.matrix.account_claim import AccountClaim, Superseded
from bot.matrix.http import Http
from bot.matrix.run_record import CLAIM_TYPE, RunRecord
from bot.types import UserId
from storage.database import Database
from storage.files import lock
from storage.schema import migrate
from tests.matrix.homeserver import ME, TOKEN, Homeserver


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    return home


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_claim, "LOOK_INTERVAL", 0.01)
    monkeypatch.setattr(account_claim, "STOP_TIMEOUT", 0.2)


class Bot:
    """A folder with a database, and one run on it after the other."""

    def __init__(
        self, server: Homeserver, folder: Path, report: Callable[[Line], None] = lambda _line: None
    ) -> None:
        self.server, self.folder, self.report = server, folder, report
        self.http = Http(server.url, TOKEN)

    @property
    def claim(self) -> AccountClaim:
        assert self._claim is not None
        return self._claim

    async def start(self, device: str = "ONE", *, take_over: bool = False) -> Bot:
        self.folder.mkdir(exist_ok=True)
        self.db = await Database.open(self.folder / "minga.db", b"k" * 32)
        await migrate(self.db, {})
        self._claim = AccountClaim(self.http, self.db, UserId(ME), self.folder, self.report)
        await self._claim.stake(device, take_over=take_over)
        return self

    async def stop(self) -> None:
        await self.claim.give_up()
        await self.crash()

    async def crash(self) -> None:
        await self.db.close()
        await self.http.close()
        self.http = Http(self.server.url, TOKEN)

    async def copied(self, folder: Path) -> Bot:
        """Another folder with all that is in this one now."""
        async with self.db.transaction() as tx:
            await tx.run("DELETE FROM secret")  # one commit, so that nothing is half on disk
        shutil.copytree(self.folder, folder)
        return Bot(self.server, folder)

    async def next_sync(self) -> None:
        answer = await self.http.call("GET", "/_matrix/client/v3/sync")
        await self.claim.note_sync(answer)

    async def syncs_until_superseded(self) -> None:
        """As a bot does: it stops, and says so."""
        with pytest.raises(Superseded):
            while True:
                await self.next_sync()
                await asyncio.sleep(0.005)
        await self.claim.give_up()


@pytest.fixture
async def old(server: Homeserver, tmp_path: Path) -> AsyncIterator[Bot]:
    bot = await Bot(server, tmp_path / "old").start()
    yield bot
    await bot.crash()


async def test_a_bot_starts_again_after_a_stop_and_after_a_crash_without_waiting(
    server: Homeserver, tmp_path: Path
) -> None:
    waited: list[Line] = []
    bot = await Bot(server, tmp_path / "old", waited.append).start()
    await bot.stop()
    await bot.start()
    await bot.crash()
    await bot.start()
    assert (bot.claim.is_stale, bot.claim.former_devices) == (False, ())
    await bot.next_sync()
    await bot.crash()
    await bot.start("TWO")
    assert (bot.claim.is_stale, bot.claim.former_devices) == (False, ("ONE",))
    await bot.crash()
    assert waited == []


async def test_the_older_bot_stops_and_the_newer_one_waits_for_that(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    stopping = asyncio.create_task(old.syncs_until_superseded())
    new = await Bot(server, tmp_path / "new").start("TWO")
    assert stopping.done() or server.account_data[CLAIM_TYPE][1]["stopped"]
    await stopping
    assert (new.claim.is_stale, new.claim.former_devices) == (False, ("ONE",))
    await new.next_sync()
    await new.stop()


async def test_a_bot_that_was_superseded_never_starts_again_by_itself(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    await old.crash()
    new = await Bot(server, tmp_path / "new").start("TWO")
    await new.crash()
    before = server.account_data[CLAIM_TYPE]
    with pytest.raises(Superseded, match=r"device TWO.*minga run --take-over"):
        await old.start()
    assert server.account_data[CLAIM_TYPE] == before
    await old.db.close()


async def test_who_takes_over_goes_on_as_after_a_restore(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    await old.crash()
    new = await Bot(server, tmp_path / "new").start("TWO")
    stopping = asyncio.create_task(new.syncs_until_superseded())
    await old.start(take_over=True)
    await stopping
    assert old.claim.is_stale
    await new.crash()


async def test_one_that_does_not_answer_is_not_waited_for_and_its_device_can_be_ended(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    new = await Bot(server, tmp_path / "new").start("TWO")
    assert (new.claim.former_devices, new.claim.is_stale) == (("ONE",), False)
    await new.stop()


async def test_a_copy_of_a_folder_in_use_goes_on_as_after_a_restore(
    old: Bot, tmp_path: Path
) -> None:
    copy = await old.copied(tmp_path / "copy")
    stopping = asyncio.create_task(old.syncs_until_superseded())
    await copy.start()
    await stopping
    assert copy.claim.is_stale
    await copy.stop()


async def test_a_copy_made_while_it_ran_is_noticed_though_the_bot_was_stopped_since(
    old: Bot, tmp_path: Path
) -> None:
    copy = await old.copied(tmp_path / "copy")
    await old.stop()
    await copy.start()
    assert copy.claim.is_stale
    await copy.stop()
    await old.db.close()


async def test_a_stale_copy_is_one_after_each_crash_until_it_has_begun_anew(
    old: Bot, tmp_path: Path
) -> None:
    copy = await old.copied(tmp_path / "copy")
    stopping = asyncio.create_task(old.syncs_until_superseded())
    await copy.start()
    await stopping
    for end in (copy.crash, copy.stop, copy.crash):
        await end()
        await copy.start()
        assert copy.claim.is_stale
    await copy.claim.finish_new_start("TWO")
    for end in (copy.crash, copy.stop):
        await end()
        await copy.start("TWO")
        assert not copy.claim.is_stale
    await copy.stop()


async def test_who_took_over_is_stale_after_each_crash_until_it_has_begun_anew(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    await old.crash()
    new = await Bot(server, tmp_path / "new").start("TWO")
    await new.stop()
    await old.start(take_over=True)
    for end in (old.crash, old.stop):
        await end()
        await old.start()
        assert old.claim.is_stale


async def test_a_folder_that_is_moved_while_the_bot_is_stopped_goes_on_as_it_was(
    old: Bot, tmp_path: Path
) -> None:
    await old.stop()
    shutil.copytree(old.folder, tmp_path / "moved")
    moved = await Bot(old.server, tmp_path / "moved").start()
    assert (moved.claim.is_stale, moved.claim.former_devices) == (False, ())
    await moved.stop()


async def test_a_copy_whose_first_start_was_broken_off_is_still_noticed(
    old: Bot, tmp_path: Path
) -> None:
    """Its operator does not want to wait, or has no password for a new device, and tries again."""
    copy = await old.copied(tmp_path / "copy")
    stopping = asyncio.create_task(old.syncs_until_superseded())
    for _again in range(2):
        await copy.start()
        assert copy.claim.is_stale
        await copy.stop()
    await copy.start()
    assert copy.claim.is_stale
    await copy.claim.finish_new_start("TWO")  # now it goes on from what there is
    await copy.stop()
    await copy.start("TWO")
    assert not copy.claim.is_stale
    await copy.crash()
    await stopping


async def test_a_copy_that_is_killed_while_it_waits_is_still_noticed(
    old: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(_self: AccountClaim, _before: RunRecord) -> bool:
        raise InterruptedError

    copy = await old.copied(tmp_path / "copy")
    with monkeypatch.context() as patch, pytest.raises(InterruptedError):
        patch.setattr(AccountClaim, "_wait_until_stopped", killed)
        await copy.start()
    await copy.crash()
    await copy.start()
    assert copy.claim.is_stale
    await copy.crash()


async def test_a_night_of_starts_in_vain_locks_nobody_out(server: Homeserver, old: Bot) -> None:
    """The homeserver answers, but takes nothing, as one whose disk is full."""
    await old.crash()
    for _again in range(account_claim.RUNS_REMEMBERED + 5):
        server.trouble = [None, (503, b"")]  # read, not written
        with pytest.raises(TryLater):
            await old.start()
        await old.crash()
    await old.start()
    await old.next_sync()


async def test_whoever_was_cut_off_asks_before_it_changes_anything(
    server: Homeserver, old: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = await Bot(server, tmp_path / "new").start("TWO")
    monkeypatch.setattr(old.claim, "_heard", float("-inf"))
    server.trouble = [(502, b"")]
    with pytest.raises(TryLater):  # nothing is known: nothing is done
        await old.http.call("PUT", "/_matrix/client/v3/rooms/!a:b/send/m.room.message/1", {})
    with pytest.raises(Superseded):
        await old.http.call("PUT", "/_matrix/client/v3/rooms/!a:b/send/m.room.message/1", {})
    with pytest.raises(Superseded):
        await old.http.upload(b"x")
    assert not server.count("/send/")
    assert not server.count("/upload")
    await new.crash()


async def test_a_homeserver_that_has_lost_some_days_does_not_stop_its_bot(
    server: Homeserver, old: Bot
) -> None:
    before = server.account_data[CLAIM_TYPE][1]
    await old.stop()
    await old.start()
    server.tell(CLAIM_TYPE, before)
    await old.next_sync()
    assert server.account_data[CLAIM_TYPE][1]["run"] != before["run"]
    del server.account_data[CLAIM_TYPE]
    server.tell(CLAIM_TYPE, {"run": ["nonsense"], "since": "x" * 9999})
    await old.next_sync()
    assert RunRecord.read(server.account_data[CLAIM_TYPE][1]) is not None


async def test_two_that_start_at_the_same_time_end_as_one(
    server: Homeserver, old: Bot, tmp_path: Path
) -> None:
    await old.crash()
    bots = [Bot(server, tmp_path / name) for name in ("a", "b")]
    found = await asyncio.gather(*(bot.start() for bot in bots), return_exceptions=True)
    working = [bot for bot, one in zip(bots, found, strict=True) if not isinstance(one, Superseded)]
    assert len(working) == 1
    await working[0].next_sync()
    for bot in bots:
        await bot.crash()


async def test_a_crash_between_our_own_disk_and_the_server_locks_nobody_out(
    server: Homeserver, old: Bot
) -> None:
    await old.crash()
    server.refuse["account_data"] = (503, {})
    with pytest.raises(TryLater):
        await old.start()
    await old.crash()
    server.refuse.clear()
    before = server.account_data[CLAIM_TYPE][1]["run"]
    server.trouble = [None, (503, b"")]  # read, not written
    with pytest.raises(TryLater):
        await old.start()
    assert server.account_data[CLAIM_TYPE][1]["run"] == before
    await old.crash()
    await old.start()
    await old.next_sync()


@pytest.mark.parametrize("end", ["stop", "crash"])
async def test_a_first_start_that_is_cut_off_can_be_repeated(
    server: Homeserver, old: Bot, tmp_path: Path, end: str
) -> None:
    """As `minga recover` is, on a machine that never worked for the account before."""
    await (old.stop if end == "stop" else old.crash)()
    new = Bot(server, tmp_path / "new")
    server.trouble = [None, (503, b"")]  # read, not written
    with pytest.raises(TryLater):
        await new.start("TWO")
    await new.crash()
    await new.start("TWO")
    assert (new.claim.is_stale, new.claim.former_devices) == (False, ("ONE",))
    await new.next_sync()
    await new.crash()


async def test_who_waits_is_told_why(server: Homeserver, old: Bot, tmp_path: Path) -> None:
    told: list[Line] = []
    await old.crash()
    new = await Bot(server, tmp_path / "new", told.append).start("TWO")
    await new.crash()
    [line] = told
    assert line == account_claim.WAITING
    assert len(line.in_english()) <= 120


async def test_a_broken_disk_does_not_hide_why_the_bot_ends(old: Bot) -> None:
    async with old.db.transaction() as tx:
        await tx.run("DROP TABLE run_history")
    await old.claim.give_up()


@pytest.mark.parametrize(
    "content",
    [{}, {"run": 1}, {"run": "a b"}, {"run": "x" * 65, "since": 1}, {"run": "x", "since": None}],
)
def test_what_is_no_record_is_none(content: dict[str, object]) -> None:
    assert RunRecord.read(content) is None


def test_the_sentence_holds_whatever_stands_in_the_record() -> None:
    record = RunRecord.read({"run": "x", "since": 2**80, "device": "\x1b[2J@ana:test"})
    assert record is not None
    assert "on 9999-12-31" in record.superseded_line().in_english()
    assert "@" not in record.superseded_line().in_english()


def test_a_folder_keeps_its_mark_and_a_copy_has_another(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    mark = lock.folder_id(tmp_path / "one")
    with lock.hold(tmp_path / "one"):
        assert lock.folder_id(tmp_path / "one") == mark
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert lock.folder_id(tmp_path / "two") != mark
