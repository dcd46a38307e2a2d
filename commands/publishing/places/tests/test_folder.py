"""What becomes public is written into the folder, signed, whatever becomes of folder and books."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest

from bot.testing.talk import Talk
from bot.types import UserId
from commands.public_site import pages
from commands.public_site.published import PublishedItem
from commands.publishing.places import folder as folder_module
from commands.publishing.places import snapshot, write_job
from commands.publishing.places.tests.folder_world import (
    NOW,
    contents,
    copy_of,
    faults,
    publish,
    talk_with_folder,
)
from tests.site import faults as broken_links

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def seqs(talk: Talk) -> list[int]:
    async with talk.machine.db.reading() as tx:
        return await tx.column(int, "SELECT seq FROM publishing_entry ORDER BY seq")


async def test_what_becomes_public_stands_in_the_folder_and_its_log(
    talk: Talk, folder: Path
) -> None:
    await publish(talk, 1, "Marcha")
    assert faults(folder) == []
    page = (folder / "es/event-1.html").read_text(encoding="utf-8")
    assert "Marcha" in page and "Plaza" in page
    await publish(talk, 2, "Taller")
    assert faults(folder) == [] and await seqs(talk) == [1, 2]
    await talk.says("ana", "!retirar 1")
    await talk.wait(NOW)
    assert faults(folder) == [] and await seqs(talk) == [1, 2, 3]
    assert "Marcha" not in "".join(
        content.decode() for path, content in contents(folder).items() if path.endswith(".html")
    )
    assert '"what":"withdrawn"' in (folder / "log/000001.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "empty"),
    [("!evento Marcha en 50 horas", "datasets"), ("!anunciar Hay asamblea", "events")],
)
async def test_no_link_leads_nowhere_where_there_is_only_one_kind(
    talk: Talk, folder: Path, line: str, empty: str
) -> None:
    for said in (line, "!publicar 1", "sí"):
        await talk.says("ana", said)
    await talk.sent()
    await talk.wait(NOW)
    assert list(broken_links(folder)) == [] and faults(folder) == []
    assert "Todavía nada." in (folder / f"es/{empty}.html").read_text(encoding="utf-8")


async def test_nothing_is_written_again_when_nothing_changed(talk: Talk, folder: Path) -> None:
    await publish(talk, 1, "Marcha")
    before = contents(folder)
    await talk.wait(DAY * 3)
    assert contents(folder) == before and await seqs(talk) == [1]


async def test_many_are_written_some_at_a_time(
    talk: Talk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_job, "MOST_ITEMS", 2)
    for number in range(1, 6):
        await publish(talk, number, f"Taller de cosas {number * 11}", room_says=False)
    await talk.wait(NOW)
    assert faults(folder) == [] and len(await seqs(talk)) == 3


async def test_the_calendar_has_what_comes_next(
    talk: Talk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MOST_DATES", 2)
    for number, text in enumerate(("Marcha", "Taller", "Feria"), start=1):
        await publish(talk, number, text)
    assert dates_of(folder) == ["Marcha", "Taller"]
    await talk.wait(timedelta(hours=53))  # the first is over
    await publish(talk, 4, "Fiesta")
    assert dates_of(folder) == ["Feria", "Taller"]


def dates_of(folder: Path) -> list[str]:
    """Return what stands in the calendar of the folder, sorted."""
    file = icalendar.Calendar.from_ical((folder / "calendar.ics").read_bytes())
    return sorted(str(event["SUMMARY"]) for event in file.walk("VEVENT"))


async def test_a_restored_copy_takes_over_what_was_signed_since(tmp_path: Path) -> None:
    """Never two different signed entries with the same number."""
    folder = tmp_path / "public"
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
    shutil.copy(tmp_path / "minga.db", tmp_path / "copy.db")
    async with talk_with_folder(tmp_path, later=1_000) as talk:
        await publish(talk, 2, "Taller")
        await talk.says("ana", "!retirar 1")
        await talk.wait(NOW)
    ahead = (folder / "log/000001.jsonl").read_bytes()
    shutil.copy(tmp_path / "copy.db", tmp_path / "minga.db")
    for name in ("minga.db-wal", "minga.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    async with talk_with_folder(tmp_path, later=2_000) as talk:
        await talk.wait(HOUR)
        await publish(talk, 2, "Otra cosa")
        await talk.wait(HOUR)
        after = (folder / "log/000001.jsonl").read_bytes()
        assert after.startswith(ahead) and len(after) > len(ahead)
        assert faults(folder) == []
        assert "Otra cosa" in (folder / "es/event-2.html").read_text(encoding="utf-8")
        assert "Marcha" not in (folder / "es/event-1.html").read_text(encoding="utf-8")


async def test_an_emptied_folder_is_written_again_in_whole(talk: Talk, folder: Path) -> None:
    await publish(talk, 1, "Marcha")
    before = contents(folder)
    shutil.rmtree(folder)
    folder.mkdir()
    await talk.wait(DAY * 2)
    after = contents(folder)
    assert faults(folder) == [] and after.keys() == before.keys()
    assert after["log/000001.jsonl"].startswith(before["log/000001.jsonl"])
    assert len(await seqs(talk)) == 2


async def test_what_somebody_changed_by_hand_is_written_again(talk: Talk, folder: Path) -> None:
    await publish(talk, 1, "Marcha")
    page = folder / "es/event-1.html"
    page.write_text("<h1>Otra cosa</h1>", encoding="utf-8")
    (folder / "es/index.html").unlink()
    assert len(faults(folder)) == 2
    await talk.wait(DAY * 2)
    assert faults(folder) == [] and "Marcha" in page.read_text(encoding="utf-8")


async def test_a_cut_log_is_written_again(talk: Talk, folder: Path) -> None:
    await publish(talk, 1, "Marcha")
    await publish(talk, 2, "Taller")
    log = folder / "log/000001.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole.splitlines(keepends=True)[0])
    await publish(talk, 3, "Asamblea")
    await talk.wait(HOUR)
    assert faults(folder) == [] and log.read_bytes().startswith(whole)


async def test_what_lay_in_the_folder_before_is_not_touched(talk: Talk, folder: Path) -> None:
    (folder / "fotos").mkdir()
    (folder / "fotos/una.jpg").write_bytes(b"foto")
    await publish(talk, 1, "Marcha")
    told = [post.plain for post in await talk.said()]
    assert any("algo que no es mío" in one for one in told), told
    await talk.wait(HOUR)
    await talk.hears_nothing()
    assert contents(folder) == {"fotos/una.jpg": b"foto"}
    shutil.rmtree(folder / "fotos")
    await talk.wait(HOUR)
    assert faults(folder) == []


async def test_another_bots_folder_is_not_touched(tmp_path: Path) -> None:
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        before = contents(tmp_path / "public")
    (tmp_path / "minga.db").unlink()
    async with talk_with_folder(tmp_path, bot=UserId("@otra:test")) as talk:
        await publish(talk, 1, "Taller")
        assert "no es mío" in "\n".join(post.plain for post in await talk.said())
    assert contents(tmp_path / "public") == before


@pytest.mark.parametrize("state", ["gone", "full"])
async def test_a_folder_that_cannot_be_written_is_tried_again(
    talk: Talk, folder: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    await publish(talk, 1, "Marcha")
    await talk.sent()
    away = folder.with_name("away")
    with monkeypatch.context() as patched:
        if state == "gone":
            folder.rename(away)
        else:

            def full(*_args: object) -> None:
                raise OSError(28, "No space left on device")

            patched.setattr(folder_module, "put_file", full)
        await publish(talk, 2, "Taller")
        await talk.wait(HOUR)
        told = [post.plain for post in await talk.said() if "No puedo escribir" in post.plain]
        assert len(told) == 1, told
        assert "Evento 3" in await talk.answer("bea", "!evento Otro en 90 horas")
    if state == "gone":
        away.rename(folder)
    await talk.wait(HOUR)
    assert faults(folder) == [] and (folder / "es/event-2.html").exists()


async def test_no_link_leads_out_of_the_folder(talk: Talk, folder: Path, tmp_path: Path) -> None:
    await publish(talk, 1, "Marcha")
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(folder / "record")
    (folder / "record").symlink_to(outside)
    (folder / "es/events.html").unlink()
    (tmp_path / "secret").write_text("secreto", encoding="utf-8")
    (folder / "es/events.html").symlink_to(tmp_path / "secret")
    await publish(talk, 2, "Taller")
    await talk.wait(HOUR)
    assert list(outside.iterdir()) == []
    assert (tmp_path / "secret").read_text(encoding="utf-8") == "secreto"
    (folder / "record").unlink()
    await talk.wait(DAY * 2)
    assert faults(folder) == [] and not (folder / "es/events.html").is_symlink()


async def test_one_that_no_page_can_be_made_of_keeps_back_no_other(
    talk: Talk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pages.PageMaker.item

    def breaks(self: pages.PageMaker, item: PublishedItem) -> pages.Pages:
        if item.number == 1:
            raise ZeroDivisionError
        return real(self, item)

    monkeypatch.setattr(pages.PageMaker, "item", breaks)
    await publish(talk, 1, "Marcha", room_says=False)
    await publish(talk, 2, "Taller")
    assert "ninguna página de 1" in "\n".join(post.plain for post in await talk.said())
    assert faults(folder) == []
    assert (folder / "es/event-2.html").exists() and not (folder / "es/event-1.html").exists()


async def test_the_folder_begins_with_what_was_public_before_it(tmp_path: Path) -> None:
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
    old = copy_of(tmp_path / "public", "old")
    shutil.rmtree(tmp_path / "public")
    (tmp_path / "public").mkdir()
    async with talk_with_folder(tmp_path, later=1_000) as talk:
        await publish(talk, 2, "Taller")
        await talk.wait(HOUR)
        assert faults(tmp_path / "public") == []
        assert contents(old).keys() <= contents(tmp_path / "public").keys()


async def test_a_new_language_of_the_network_gets_its_pages(talk: Talk, folder: Path) -> None:
    await publish(talk, 1, "Marcha")
    await talk.set("language", "pt")
    await publish(talk, 2, "Taller")
    await talk.wait(HOUR)
    assert faults(folder) == []
    assert {"es/event-1.html", "pt/event-1.html"} <= contents(folder).keys()


async def test_a_practice_room_writes_nothing(talk: Talk, folder: Path) -> None:
    assert list(folder.iterdir()) == []
    await talk.says("ana", "!práctica")
    await talk.wait(NOW)
    assert list(folder.iterdir()) == []
