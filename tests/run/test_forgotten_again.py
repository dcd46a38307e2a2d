"""Who asked to be forgotten after a backup was made stays forgotten when it is restored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.gateway import Inbox, SignedOut, TryLater
from bot.matrix.gateway import MatrixGateway
from bot.operate.watch.service_manager import ServiceManager
from bot.run import app
from bot.run.duties.self_destruction import DestructionDue
from bot.testing.fake_gateway import FakeGateway
from bot.testing.fake_machine import KEY, build_machine
from bot.testing.talk import Talk, user_id
from bot.types import EventId
from storage.database import Database
from storage.files import restores
from storage.rows import forgotten_people, people
from storage.rows.forgotten_people import (
    LIST_TYPE,
    MOST_ENTRIES,
    MOST_LETTERS,
    MOST_OTHERS,
    ForgottenEntry,
    OtherList,
    find_people,
    open_list,
    other_lists,
    seal_list,
    with_entry,
)
from tests.operate.watch.notify_socket import Heard

BEA, ANA = user_id("bea"), user_id("ana")
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 25, tzinfo=UTC)
TODAY = int(NOW.timestamp()) // 86400


async def lives(talk: Talk, *who: str) -> None:
    for one in who:
        await talk.tells(one, "idioma pt")
        await talk.tells(one, "recordar en 2 horas; llamar a la abuela")
    await talk.sent()


async def forgets(talk: Talk, who: str) -> None:
    for line in ("borrarme", "sim"):
        await talk.tells(who, line)
    await talk.sent()


async def copy(talk: Talk, name: str = "copy") -> Path:
    """A backup, as far as this is about it."""
    target = talk.path.with_name(name)
    async with talk.machine.db.reading() as tx:
        await tx.run("VACUUM INTO ?", str(target))
    return target


async def go_back(talk: Talk, to: Path, *, restored: bool = True) -> None:
    """Start on that copy, as after a restore or, if not `restored`, after `minga rollback`."""
    await talk.machine.db.close()
    for left in talk.path.parent.glob(f"{talk.path.name}-*"):
        left.unlink()
    talk.path.write_bytes(to.read_bytes())
    if restored:
        db = await Database.open(talk.path, KEY)
        async with db.transaction() as tx:
            await restores.note_restore(tx, talk.clock.at - DAY)
        await db.close()
    talk.machine = await build_machine(
        talk.path, talk.gateway, talk.clock, talk.features, talk.defaults, talk.limits
    )


async def kept_of(talk: Talk, who: str) -> tuple[str | None, int]:
    """Their language, and how many reminders wait."""
    async with talk.machine.db.reading() as tx:
        found = await people.data_of(tx, user_id(who))
    return found.language, len(found.due)


@pytest.mark.parametrize("restored", [True, False])
async def test_who_was_forgotten_since_is_forgotten_again(talk: Talk, restored: bool) -> None:
    await lives(talk, "bea", "carla")
    made = await copy(talk)
    await forgets(talk, "bea")
    assert await kept_of(talk, "bea") == (None, 0)
    await go_back(talk, made, restored=restored)
    assert await kept_of(talk, "bea") == (None, 0)
    assert await kept_of(talk, "carla") == ("pt", 1)
    said = {post.room: post.plain for post in await talk.said()}
    if restored:
        assert "que te olvide: lo hice otra vez" in said[await talk.private("bea")]
        assert "meus-dados" in said[await talk.private("carla")]
    await lives(talk, "bea")
    await talk.restart()
    assert await kept_of(talk, "bea") == ("pt", 1), "who comes back is not forgotten at each start"


async def test_who_was_forgotten_before_the_copy_and_came_back_stays(talk: Talk) -> None:
    await lives(talk, "bea")
    await forgets(talk, "bea")
    await lives(talk, "bea")
    made = await copy(talk)
    await go_back(talk, made)
    assert await kept_of(talk, "bea") == ("pt", 1)


async def test_two_copies_restored_one_after_the_other_forget_all_of_both(talk: Talk) -> None:
    await lives(talk, "bea", "carla")
    first = await copy(talk, "first")
    await forgets(talk, "bea")
    second = await copy(talk, "second")
    await forgets(talk, "carla")
    await go_back(talk, second)
    assert (await kept_of(talk, "bea"), await kept_of(talk, "carla")) == ((None, 0), (None, 0))
    await go_back(talk, first)
    assert (await kept_of(talk, "bea"), await kept_of(talk, "carla")) == ((None, 0), (None, 0))


async def test_a_bot_that_cannot_read_the_list_keeps_it_for_one_that_can(talk: Talk) -> None:
    """A backup from before there was a list has no key: the bot makes another."""
    old = await copy(talk, "old")
    await lives(talk, "bea", "carla")
    made = await copy(talk)
    await forgets(talk, "bea")
    db = await Database.open(old, KEY)
    async with db.transaction() as tx:
        await tx.run("DELETE FROM forgotten_key")
    await db.close()
    await go_back(talk, old)
    await lives(talk, "ana")
    await forgets(talk, "ana")
    await go_back(talk, made)
    assert (await kept_of(talk, "bea"), await kept_of(talk, "carla")) == ((None, 0), ("pt", 1))
    await forgets(talk, "carla")
    async with talk.machine.db.reading() as tx:
        key = await forgotten_people.list_key(tx)
    content = talk.gateway.account[LIST_TYPE]
    assert len(open_list(key, content)) == 2
    assert len(other_lists(key, content, TODAY)) == 1


async def test_the_homeserver_learns_no_name_and_our_disk_keeps_no_hash(talk: Talk) -> None:
    await lives(talk, "bea")
    await forgets(talk, "bea")
    content = talk.gateway.account[LIST_TYPE]
    assert set(content) == {"sealed"}
    async with talk.machine.db.reading() as tx:
        key = await forgotten_people.list_key(tx)
        (entry,) = open_list(key, content)
        assert find_people(key, [entry], [ANA, BEA]) == [BEA]
        tables = [
            r["name"] for r in await tx.all("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        rows = [tuple(r) for t in tables for r in await tx.all(f'SELECT * FROM "{t}"')]  # noqa: S608
    assert entry.mark not in str(rows)
    assert entry.id in str(rows)


async def test_nothing_is_decided_while_the_homeserver_is_away(talk: Talk) -> None:
    talk.gateway.broken = True
    with pytest.raises(TryLater):
        await talk.machine.dispatcher.forget_again()
    talk.gateway.broken, talk.gateway.refuse = False, "M_FORBIDDEN"
    assert await talk.machine.dispatcher.forget_again() == frozenset()


# --- while the list can't be read -----------------------------------------------------------------


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Heard]:
    """What a bot tells that tries the homeserver again at once."""
    monkeypatch.setattr(app, "retry_delay", lambda *_given: 0.01)
    heard = Heard(str(tmp_path / "notify"))
    yield heard
    heard.close()


@pytest.fixture
async def away(talk: Talk, systemd: Heard) -> Start:
    """A start with the homeserver away."""
    talk.gateway.broken = True
    return Start(talk, systemd)


class Start:
    """All tasks of a bot, of which sync ends at once, or when it `may_end`."""

    def __init__(self, talk: Talk, systemd: Heard, *, goes_on: bool = False) -> None:
        self.talk = talk
        self.may_end = asyncio.Event()
        if not goes_on:
            self.may_end.set()
        self.systemd = systemd
        self.is_watched = asyncio.Event()
        self.has_synced = False
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        parts = {"run": self._sync, "introduce": self._introduce}
        gateway = cast("MatrixGateway", SimpleNamespace(**parts))
        service = ServiceManager(self.systemd.address)
        await app.run_tasks(self.talk.machine, gateway, "Minga", service, [self._watch])

    async def _watch(self) -> None:
        self.is_watched.set()

    async def _sync(self, _inbox: Inbox) -> None:
        self.has_synced = True
        await self.may_end.wait()
        raise SignedOut

    async def _introduce(self, _name: str) -> None:
        await asyncio.Event().wait()


async def test_watchdog_metrics_and_backups_do_not_wait_for_the_list(away: Start) -> None:
    async with asyncio.timeout(10):
        await away.is_watched.wait()
    assert not away.has_synced and not away.task.done()
    await away.systemd.until("STATUS=Waiting for the homeserver.")
    away.talk.gateway.broken = False
    with pytest.raises(ExceptionGroup) as ended:
        await away.task
    assert away.has_synced and ended.group_contains(SignedOut)


async def test_nothing_is_sent_and_no_job_runs_before_the_list_is_read(
    talk: Talk, systemd: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer lies in the outbox and a reminder is due, of somebody who may be on the list."""
    await lives(talk, "bea")
    await talk.tells("bea", "recordar en 5 horas; comprar pan")  # the answer is not sent yet
    talk.clock.at += timedelta(hours=3)
    talk.machine.dispatcher.note_answer(talk.clock.at)
    talk.machine.dispatcher.contact.mark_handled(talk.clock.at)
    asked, sent, may_read = Countdown(30), Countdown(2), asyncio.Event()

    async def account_data(_gateway: object, _kind: str) -> dict[str, Any]:
        asked.count()
        if not may_read.is_set():
            raise TryLater("away")
        return {}

    post = FakeGateway.post

    def posting(*given: Any, **more: Any) -> EventId:
        sent.count()
        return post(*given, **more)

    monkeypatch.setattr(FakeGateway, "account_data", account_data)
    monkeypatch.setattr(FakeGateway, "post", posting)
    start = Start(talk, systemd, goes_on=True)
    await asked.over()
    assert sent.left == 2 and not start.has_synced
    async with talk.machine.db.reading() as tx:
        waiting = await tx.count("SELECT count(*) AS n FROM job WHERE due <= ?", when(talk))
    assert waiting == 1
    may_read.set()
    await sent.over()
    start.may_end.set()
    with pytest.raises(ExceptionGroup) as ended:
        await start.task
    assert ended.group_contains(SignedOut)
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM job WHERE due <= ?", when(talk))


def when(talk: Talk) -> float:
    return talk.clock.at.timestamp()


class Countdown:
    """So often something is to happen."""

    def __init__(self, left: int) -> None:
        self.left = left
        self._over = asyncio.Event()

    def count(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self._over.set()

    async def over(self) -> None:
        async with asyncio.timeout(10):
            await self._over.wait()


async def test_the_end_of_the_network_does_not_wait_for_the_list(away: Start) -> None:
    away.talk.machine.dispatcher.ended.set()
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(10):
            await away.task
    assert ended.group_contains(DestructionDue)
    assert not away.has_synced


# --- the list -------------------------------------------------------------------------------------


def entry(number: int, day: int = TODAY) -> ForgottenEntry:
    return ForgottenEntry(f"{number:016x}", f"{number:032x}", day)


def test_only_the_key_opens_the_list_and_its_length_says_little() -> None:
    key = b"k" * 32
    one, many = (seal_list(key, [entry(n) for n in range(count)]) for count in (1, 40))
    assert open_list(key, one) == [entry(0)]
    assert open_list(b"x" * 32, one) == []
    assert len(one["sealed"]) == len(many["sealed"])
    most = seal_list(key, [entry(n) for n in range(MOST_ENTRIES)])
    assert len(json.dumps(most)) < 60_000


def test_lists_with_other_keys_are_few_and_end_after_a_year() -> None:
    key, sealed = b"k" * 32, [seal_list(bytes([n]) * 32, [entry(n)])["sealed"] for n in range(9)]
    aside = [OtherList(one, TODAY - 365 * (n == 1)) for n, one in enumerate(sealed)]
    content = seal_list(key, [entry(1)], aside)
    assert other_lists(key, content, TODAY) == aside[:MOST_OTHERS]
    assert other_lists(key, content, TODAY + 1) == [aside[0], *aside[2:MOST_OTHERS]]
    assert open_list(bytes([2]) * 32, content) == [entry(2)]
    full = seal_list(key, [entry(n) for n in range(MOST_ENTRIES)], aside)
    assert 0 < len(full["others"]) < MOST_OTHERS
    assert len(json.dumps(full)) < MOST_LETTERS + 1000
    junk = {"sealed": "AAAA", "others": [[1, 2], "?", ["AAAA", TODAY], [None, None]]}
    assert other_lists(key, junk, TODAY) == [] == open_list(key, junk)


@pytest.mark.parametrize(
    "content", [{}, {"sealed": 1}, {"sealed": "?"}, {"sealed": "AAAA"}, {"sealed": ""}]
)
def test_what_a_homeserver_makes_up_is_no_list(content: dict[str, object]) -> None:
    assert open_list(b"k" * 32, content) == []


def numbers(entries: Sequence[ForgottenEntry]) -> list[int]:
    return [int(one.id, 16) for one in entries]


def test_an_entry_stands_once_for_a_year_and_the_list_has_an_end() -> None:
    old, young = entry(1, TODAY - 366), entry(2, TODAY - 365)
    assert numbers(with_entry([old, young], entry(3))) == [2, 3]
    assert numbers(with_entry([young, entry(3)], entry(3))) == [2, 3]
    again = ForgottenEntry("f" * 16, young.mark, TODAY)
    assert with_entry([young, entry(3)], again) == [entry(3), again], "nobody pushes others out"
    many = [entry(n) for n in range(MOST_ENTRIES)]
    assert numbers(with_entry(many, entry(9999)))[:2] == [1, 2]
    assert len(with_entry(many, entry(9999))) == MOST_ENTRIES


async def test_an_old_list_that_a_homeserver_shows_again_forgets_nobody(talk: Talk) -> None:
    """Its ids may be deleted here by then, and who it was may have come back."""
    async with talk.machine.db.transaction() as tx:
        fresh = await forgotten_people.add_entry(tx, BEA, NOW)
        shown = [fresh, entry(1, TODAY - 366), entry(2, TODAY - 365)]
        assert numbers(await forgotten_people.unknown_entries(tx, shown, NOW)) == [2]
        await forgotten_people.add_entry(tx, ANA, NOW + 367 * DAY)
        left = [row["id"] for row in await tx.all("SELECT id FROM forgotten_entry")]
    assert len(left) == 1 and fresh.id not in left
