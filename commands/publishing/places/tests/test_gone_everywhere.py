"""What is withdrawn or taken out leaves every place, whatever the folder or the books were at."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.prefetch import FetchRequest, FetchSource, fetch
from bot.run import transactions
from bot.testing.talk import Talk
from bot.types import Number
from commands.publishing import store
from commands.publishing.places import folder as folder_module
from commands.publishing.places import write_job
from commands.publishing.places.folder_files import put_file, write_tail
from commands.publishing.places.tests.folder_world import (
    NOW,
    contents,
    faults,
    publish,
    talk_with_folder,
)
from commands.publishing.places.tests.test_public_room_command import PUBLIC, open_room, posts

HOUR = timedelta(hours=1)


def holding(folder: Path, text: str) -> list[str]:
    """Return the paths of the files in which this text stands."""
    return [path for path, content in contents(folder).items() if text.encode() in content]


def logged(folder: Path) -> list[tuple[int, str]]:
    """Return what the log says of items, in order."""
    lines = (folder / "log/000001.jsonl").read_text(encoding="utf-8").splitlines()
    changes = [one for line in lines for one in json.loads(line)["changes"]]
    return [(one["number"], one["what"]) for one in changes]


async def announce(talk: Talk, number: int = 1) -> None:
    """Make an announcement public, with Ana's yes to her name."""
    await talk.says("ana", "!anunciar Hay asamblea el viernes con leído")
    await talk.says("ana", f"!publicar {number}")
    await talk.says("ana", "sí")
    await talk.wait(NOW)
    await talk.tells("ana", "sí")
    await talk.wait(NOW)


# --- the folder -----------------------------------------------------------------------------------


class FullDisk:
    """A disk that can be full. `written`: the texts of the files that were written to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        self.written: list[str] = []
        self._put = put_file
        monkeypatch.setattr(folder_module, "put_file", self.put)
        monkeypatch.setattr(folder_module, "write_tail", self.write_tail)

    def put(self, top: int, path: str, content: bytes | None) -> None:
        if content is not None:
            self._require_room()
            self.written.append(content.decode())
        self._put(top, path, content)

    def write_tail(self, top: int, path: str, begin: int, text: bytes) -> None:
        if text:
            self._require_room()
        write_tail(top, path, begin, text)

    def _require_room(self) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(monkeypatch)


async def waiting(talk: Talk) -> str:
    """Return what waits for the folder."""
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT content FROM publishing_unwritten")
    return b"".join(row["content"] or b"" for row in rows).decode()


@pytest.mark.parametrize("state", ["full", "away"])
async def test_what_was_withdrawn_before_it_could_be_written_never_is(
    talk: Talk, folder: Path, disk: FullDisk, state: str
) -> None:
    await publish(talk, 1, "Marcha")
    disk.is_full = True
    await publish(talk, 2, "Taller", room_says=False)
    await publish(talk, 3, "Feria")
    assert "Taller" in await waiting(talk)
    if state == "away":
        folder.rename(folder.with_name("away"))
    await talk.says("ana", "!retirar 2")
    await talk.wait(HOUR)
    assert "Taller" not in await waiting(talk)
    disk.is_full = False
    if state == "away":
        folder.with_name("away").rename(folder)
    await talk.wait(HOUR)
    assert "Taller" not in "".join(disk.written) and holding(folder, "Taller") == []
    assert faults(folder) == [] and (folder / "es/event-1.html").exists()
    assert (folder / "es/event-2.html").exists(), "it says that there was something"
    assert {"es/event-3.html", "record/3.json", "calendar.ics"} <= set(holding(folder, "Feria"))


async def test_a_name_that_was_taken_back_before_it_could_be_written_never_is(
    talk: Talk, folder: Path, disk: FullDisk
) -> None:
    await talk.says("ana", "!anunciar Hay asamblea el viernes con leído")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    await talk.wait(NOW)
    disk.is_full = True
    await talk.tells("ana", "sí")
    await talk.wait(NOW)
    assert "Ana" in await waiting(talk)
    await talk.tells("ana", "!retirar mi nombre 1")
    await talk.wait(HOUR)
    assert "Ana" not in await waiting(talk)
    disk.is_full = False
    await talk.wait(HOUR)
    assert "Ana" not in "".join(disk.written) and holding(folder, "Ana") == []
    assert holding(folder, "asamblea") != [] and faults(folder) == []


@pytest.mark.parametrize("waits", [False, True], ids=["alone", "behind another"])
async def test_what_is_withdrawn_leaves_a_folder_with_no_room_for_anything_new(
    talk: Talk, folder: Path, disk: FullDisk, waits: bool
) -> None:
    await publish(talk, 1, "Marcha")
    disk.is_full = True
    if waits:
        await publish(talk, 2, "Taller")
        assert holding(folder, "Marcha") != []
    await talk.says("ana", "!retirar 1")
    await talk.wait(HOUR)
    assert holding(folder, "Marcha") == []
    disk.is_full = False
    await talk.wait(HOUR)
    assert faults(folder) == [] and holding(folder, "Marcha") == []
    assert (folder / "es/event-1.html").exists(), "it says that there was something"
    assert (holding(folder, "Taller") != []) == waits


async def test_a_name_that_is_taken_back_leaves_a_full_folder(
    talk: Talk, folder: Path, disk: FullDisk
) -> None:
    await announce(talk)
    assert holding(folder, "Ana") != []
    disk.is_full = True
    await talk.tells("ana", "!retirar mi nombre 1")
    await talk.wait(HOUR)
    assert holding(folder, "Ana") == []
    disk.is_full = False
    await talk.wait(HOUR)
    assert holding(folder, "asamblea") != [] and faults(folder) == []


async def test_nothing_goes_from_a_full_folder_for_what_only_comes_in(
    talk: Talk, folder: Path, disk: FullDisk
) -> None:
    await publish(talk, 1, "Marcha")
    before = contents(folder)
    disk.is_full = True
    await publish(talk, 2, "Taller")
    await talk.wait(HOUR)
    assert contents(folder) == before


async def test_what_is_withdrawn_while_its_page_is_made_is_never_written(
    talk: Talk, folder: Path, disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fetch
    left = ["once"]

    async def withdraws_meanwhile(gateway: FetchSource, wanted: FetchRequest) -> object:
        found = await real(gateway, wanted)
        if wanted.name.startswith("pages") and left:
            left.clear()
            async with talk.machine.db.transaction() as tx:
                await store.mark_withdrawn(tx, Number(1), store.ASKED, talk.clock.at)
                await tx.run("INSERT INTO publishing_change (number, at) VALUES (1, 0)")
        return found

    monkeypatch.setattr(write_job, "MOST_ITEMS", 1)
    monkeypatch.setattr(transactions, "fetch", withdraws_meanwhile)
    await publish(talk, 1, "Marcha")
    assert left == [] and "Marcha" not in "".join(disk.written)
    assert faults(folder) == [] and (folder / "es/event-1.html").exists()


async def test_no_page_stays_in_a_language_that_no_room_uses_any_more(
    talk: Talk, folder: Path
) -> None:
    await talk.set("language", "pt")
    await publish(talk, 1, "Marcha")
    assert "pt/event-1.html" in holding(folder, "Marcha")
    await talk.set("language", "es")
    await talk.says("ana", "!retirar 1")
    await talk.wait(HOUR)
    assert holding(folder, "Marcha") == [] and faults(folder) == []
    assert not [path for path in contents(folder) if path.startswith("pt/")]
    await talk.set("language", "pt")
    await publish(talk, 2, "Taller")
    assert {"pt/event-1.html", "pt/event-2.html"} <= contents(folder).keys()
    assert faults(folder) == []


# --- the public room ------------------------------------------------------------------------------


async def room_events(talk: Talk) -> tuple[list[str], list[str]]:
    """Return which events of the public room were taken away, and what was posted there."""
    gone, said = [], []
    for _round in range(4):
        await talk.wait(NOW)
        for post in await talk.sent():
            gone += [post.content["redacts"]] if post.kind == "redact" else []
            said += [post.plain] if post.room == PUBLIC and post.kind == "m.room.message" else []
    return gone, said


async def test_no_edit_in_the_public_room_keeps_a_name(talk: Talk) -> None:
    """What an edit replaces stays readable there for everybody."""
    await open_room(talk)
    await talk.says("ana", "!anunciar Hay asamblea el viernes con leído")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert len(await posts(talk)) == 1
    await talk.tells("ana", "sí")
    gone, (named,) = await room_events(talk)
    assert len(gone) == 1 and "Ana" in named
    await talk.tells("ana", "!retirar mi nombre 1")
    gone, (bare,) = await room_events(talk)
    assert len(gone) == 1 and "Ana" not in bare and "asamblea" in bare


async def test_the_public_room_does_not_wait_for_the_folder(talk: Talk, folder: Path) -> None:
    await open_room(talk)
    await publish(talk, 1, "Marcha")
    assert len(await posts(talk)) == 1
    folder.rename(folder.with_name("away"))
    await talk.says("ana", "!retirar 1")
    gone, said = await room_events(talk)
    assert len(gone) == 1 and said == []
    await publish(talk, 2, "Taller")
    (said_of_two,) = await posts(talk)
    assert "Taller" in said_of_two


# --- a restored copy ------------------------------------------------------------------------------


def restore(tmp_path: Path) -> None:
    """Put the copy of the books in their place."""
    shutil.copy(tmp_path / "copy.db", tmp_path / "minga.db")
    for name in ("minga.db-wal", "minga.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)


async def test_a_restored_copy_publishes_nothing_that_was_withdrawn_since(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        await publish(talk, 2, "Taller")
    shutil.copy(tmp_path / "minga.db", tmp_path / "copy.db")
    async with talk_with_folder(tmp_path, later=1_000) as talk:
        await talk.says("ana", "!retirar 1")
        await talk.wait(NOW)
    restore(tmp_path)
    async with talk_with_folder(tmp_path, later=2_000) as talk:
        await talk.wait(timedelta(days=1))
        assert "ya no es" in "\n".join(post.plain for post in await talk.said())
        assert holding(folder, "Marcha") == [] and holding(folder, "Taller") != []
        assert faults(folder) == []
        assert logged(folder) == [(1, "published"), (2, "published"), (1, "withdrawn")]
        await talk.says("ana", "!publicar 1")
        await talk.says("ana", "sí")
        await talk.wait(NOW)
        assert logged(folder)[-1] == (1, "published"), "what comes back is published again"


async def test_a_restored_copy_brings_no_name_back(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    async with talk_with_folder(tmp_path) as talk:
        await announce(talk)
        assert holding(folder, "Ana") != []
    shutil.copy(tmp_path / "minga.db", tmp_path / "copy.db")
    async with talk_with_folder(tmp_path, later=1_000) as talk:
        await talk.tells("ana", "!retirar mi nombre 1")
        await talk.wait(NOW)
        assert holding(folder, "Ana") == []
    restore(tmp_path)
    async with talk_with_folder(tmp_path, later=2_000) as talk:
        await talk.wait(timedelta(days=1))
        assert holding(folder, "Ana") == [] and faults(folder) == []
        assert "!publicar 1" in "\n".join(post.plain for post in await talk.said())
        await talk.says("ana", "!publicar 1")
        await talk.says("ana", "sí")
        await talk.wait(NOW)
        assert holding(folder, "asamblea") != [] and holding(folder, "Ana") == []
        assert "Tu nombre" in "\n".join(post.plain for post in await talk.said()), "asked anew"


async def test_what_a_restored_copy_does_not_know_is_withdrawn_in_the_log(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
    shutil.copy(tmp_path / "minga.db", tmp_path / "copy.db")
    async with talk_with_folder(tmp_path, later=1_000) as talk:
        await publish(talk, 2, "Taller")
    restore(tmp_path)
    async with talk_with_folder(tmp_path, later=2_000) as talk:
        await talk.wait(timedelta(days=1))
        assert holding(folder, "Taller") == [] and holding(folder, "Marcha") != []
        assert faults(folder) == []
        assert logged(folder) == [(1, "published"), (2, "published"), (2, "withdrawn")]
