"""All that is public as one file: whole, checkable, the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.discovery import features
from bot.testing.talk import Talk
from commands.public_site.log.folder_check import check_folder
from commands.public_site.tests.conftest import judge as judge
from commands.public_site.tests.folder_judges import FolderJudges, browsed
from commands.publishing.places import export_file
from commands.publishing.places.tests.folder_world import (
    contents,
    faults,
    publish,
    talk_with_folder,
)
from commands.verify_page.tests.conftest import page_judge as page_judge


async def exported(talk: Talk, line: str = "!exportar publicado") -> bytes:
    """Ask for the file and return it."""
    await talk.sent()
    await talk.says("bea", line)
    (post,) = await talk.said()
    assert post.content["filename"] == export_file.FILE_NAME, post.plain
    return talk.gateway.files[post.content["file"]["url"]]


def unpacked(packed: bytes, path: Path) -> Path:
    """Return the folder that the file becomes."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(path / "unpacked")
    return path / "unpacked"


@pytest.mark.parametrize(
    "line",
    [
        "publicado",
        "lo publicado",
        "Publicaciones",
        "el sitio",
        "público",
        "o publicado",
        "published",
        "zip",
        "la carpeta",
        "todo lo publicado",
        "carpeta pública",
        "el zip de lo publicado",
        "el sitio web",
        "a pasta",
        "tudo que é público",
        "o site todo",
        "the zip",
        "the folder",
        "the public site",
        "everything public",
        "pubilcado",
    ],
)
async def test_lines_of_people_in_a_hurry(tmp_path: Path, line: str) -> None:
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        assert await exported(talk, f"!exportar {line}")


async def test_the_file_is_the_folder_whole_and_the_same_each_time(tmp_path: Path) -> None:
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        await publish(talk, 2, "Taller")
        packed = await exported(talk)
        assert packed == await exported(talk)
    made = unpacked(packed, tmp_path)
    assert faults(made) == [] and contents(made) == contents(tmp_path / "public")


@pytest.mark.parametrize("most", [500, 1])
async def test_the_page_checks_the_file_as_it_is_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: FolderJudges, most: int
) -> None:
    monkeypatch.setattr(export_file, "MOST_ITEMS", most)
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        await publish(talk, 2, "Taller")
        file = tmp_path / export_file.FILE_NAME
        file.write_bytes(await exported(talk))
    fine, said = judge.judge_files({file.name: file})
    assert fine, said["es"]
    made = unpacked(file.read_bytes(), tmp_path)
    assert judge(made)[0] and judge.judge_files(browsed(made)) == (fine, said)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("es/event-9.html", "Otra marcha")
    fine, said = judge.judge_files({file.name: file})
    assert not fine and "es/event-9.html se agregó" in said["es"], said["es"]


async def test_it_is_whole_however_late_it_is_asked_for(tmp_path: Path) -> None:
    """The calendar has what is over last, by the hour at which it was written."""
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        await publish(talk, 2, "Taller")
        await talk.says("ana", "!anunciar Hay asamblea")
        await talk.wait(timedelta(hours=53))  # the first is over
        await talk.says("ana", "!publicar 3")
        await talk.says("ana", "sí")
        await talk.wait(timedelta(days=20))
        packed = await exported(talk)
    made = unpacked(packed, tmp_path)
    assert faults(made) == [] and contents(made) == contents(tmp_path / "public")


async def test_what_is_not_in_it_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_file, "MOST_ITEMS", 1)
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        await publish(talk, 2, "Taller")
        made = unpacked(await exported(talk), tmp_path)
    assert check_folder(made).wrong == [] and check_folder(made).left_out > 0
    (made / "es/event-2.html").unlink()
    (made / "es/event-1.html").write_text("Marcha", encoding="utf-8")
    assert faults(made) == [
        "es/event-1.html was changed: it is not what the log says.",
        "es/event-2.html is missing.",
    ]


@pytest.fixture
async def bare_talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A network without a folder."""
    talk = await Talk.start(tmp_path / "minga.db", features())
    yield talk
    await talk.close()


async def test_it_needs_no_folder(bare_talk: Talk, tmp_path: Path) -> None:
    await publish(bare_talk, 1, "Marcha")
    assert faults(unpacked(await exported(bare_talk), tmp_path)) == []


async def test_what_is_too_large_is_left_out_and_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_file, "MOST_ITEMS", 1)
    await publish(talk, 1, "Marcha")
    await publish(talk, 2, "Taller")
    await talk.sent()
    await talk.says("bea", "!exportar publicado")
    (post,) = await talk.said()
    assert "nuev" in post.plain, post.plain


async def test_without_anything_public_there_is_no_file(talk: Talk) -> None:
    assert "no hay nada público" in await talk.answer("bea", "!exportar publicado")


async def test_while_all_pages_change_there_is_no_file_without_pages(tmp_path: Path) -> None:
    (own := tmp_path / "templates").mkdir()
    async with talk_with_folder(tmp_path, templates=own) as talk:
        await publish(talk, 1, "Marcha")
        (own / "style.css").write_text("body { color: teal }", encoding="utf-8")
        await talk.said()
        assert "todas las páginas" in await talk.answer("bea", "!exportar publicado")
        await publish(talk, 2, "Taller")
        assert faults(unpacked(await exported(talk), tmp_path)) == []


async def test_right_after_the_yes_it_is_being_made_ready(bare_talk: Talk) -> None:
    assert "Todavía no hay nada público" in await bare_talk.answer("bea", "!exportar publicado")
    await bare_talk.says("ana", "!evento Marcha en 50 horas")
    shown = await bare_talk.answer("ana", "!publicar 1")
    assert "Aún no hay página ni sala pública. Como archivo: `!exportar publicado`" in shown
    await bare_talk.says("ana", "sí")
    said = await bare_talk.answer("bea", "!exportar publicado")
    assert "Lo estoy preparando: prueba en un minuto" in said
    await bare_talk.wait(timedelta(0))
    assert await exported(bare_talk)
