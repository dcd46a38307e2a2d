"""The page that checks a whole folder, in Debian's Chromium without a network: `make page-look`.

It is the file as it is handed out, opened as a file. The folders are those that `minga
verify-folder` is tried with (commands/public_site/tests/folder_cheats.py), chosen, dropped, and as
a ZIP file, packed by people or by the bot.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.async_api import Page

from commands.public_site.tests import folder_cheats as cheats
from commands.public_site.tests.conftest import grown as grown
from commands.public_site.tests.conftest import grown_once as grown_once
from commands.public_site.tests.folder_judges import pack
from commands.public_site.tests.site_world import WrittenSite
from commands.publishing.places import export_file
from commands.publishing.places.tests.folder_world import publish, talk_with_folder
from commands.publishing.places.tests.test_export_file import exported
from tests.clients.look_at_verify_page import accessibility_faults
from tests.clients.look_at_verify_page import context as context
from tests.clients.look_at_verify_page import opened as opened
from tests.clients.sizes import NARROW

WHOLE = "La carpeta está como la red la escribió"


@pytest.fixture
async def page(opened: Page) -> AsyncIterator[Page]:
    yield opened


async def judged(page: Page) -> str:
    """Ask for the check of what was chosen. Returns what the page says."""
    await page.click("#check-folder")
    return await answer(page)


async def answer(page: Page) -> str:
    await page.wait_for_selector("#report:focus")
    assert await page.inner_text("#progress") == ""
    return await page.inner_text("#report")


async def test_a_zip_file_and_an_earlier_head(page: Page, grown: WrittenSite) -> None:
    await page.set_input_files("#packed", pack(grown.folder, grown.folder.parent / "minga.zip"))
    await page.set_input_files("#earlier", grown.folder / "head.json")
    said = await judged(page)
    assert said.startswith(WHOLE)
    assert "Decisiones entre lo público: 8" in said
    assert "El head.json anterior está en el registro" in said
    assert "!estado" in await page.locator("#report code").all_inner_texts()
    assert grown.reader.items[1].document
    assert "1: ¿Abrimos la sede?" in said
    await page.click("#report .choices button >> nth=0")
    assert "Esto no es un resultado" in await answer(page), "it only stands for one"
    await page.click("#report button >> nth=0")
    assert (await answer(page)).startswith(WHOLE)


async def test_the_file_that_the_bot_hands_out(page: Page, tmp_path: Path) -> None:
    async with talk_with_folder(tmp_path) as talk:
        await publish(talk, 1, "Marcha")
        file = tmp_path / export_file.FILE_NAME
        file.write_bytes(await exported(talk))
    await page.set_input_files("#packed", file)
    said = await judged(page)
    assert said.startswith(WHOLE)
    assert "Publicaciones: 1, retiradas: 0" in said


async def test_a_folder_is_chosen(page: Page, grown: WrittenSite) -> None:
    await page.set_input_files("#folder", grown.folder)
    assert (await judged(page)).startswith(WHOLE)


@pytest.mark.parametrize(
    ("cheat", "named"),
    [one for one in cheats.CHEATS if one[0].__name__ in ("change_file", "add_file", "remove_file")],
)
async def test_what_was_changed_is_named(
    page: Page, grown: WrittenSite, cheat: cheats.Cheat, named: str
) -> None:
    cheat(grown)
    await page.set_input_files("#folder", grown.folder)
    said = await judged(page)
    assert said.startswith("No confíes en esta carpeta")
    assert named in said
    assert WHOLE not in said


@pytest.fixture
def on_disk(grown: WrittenSite) -> Iterator[Path]:
    """The folder where people have theirs: Chromium hands out nothing below /dev."""
    with TemporaryDirectory(dir="/var/tmp") as place:
        yield shutil.copytree(grown.folder, Path(place) / "site")


async def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders from the disk on the page, as a person does."""
    session = await page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(one) for one in paths], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        told = {"type": step, "x": 50, "y": 50, "data": data}
        await session.send("Input.dispatchDragEvent", told)


async def test_a_folder_is_dropped(page: Page, on_disk: Path) -> None:
    await drop(page, on_disk)
    assert (await answer(page)).startswith(WHOLE)


async def test_what_the_browser_refuses_is_said(page: Page, grown: WrittenSite) -> None:
    await page.evaluate(
        """() => {
            DataTransferItem.prototype.getAsFileSystemHandle = async () => {
                throw new DOMException("", "NotAllowedError");
            };
        }"""
    )
    await drop(page, grown.folder)
    assert "Este navegador no me deja leer" in await answer(page)


async def test_a_zip_file_is_dropped(page: Page, grown: WrittenSite) -> None:
    await drop(page, pack(grown.folder, grown.folder.parent / "minga.zip"))
    assert (await answer(page)).startswith(WHOLE)


async def test_all_that_lies_in_the_folder_is_dropped(page: Page, on_disk: Path) -> None:
    await drop(page, *on_disk.iterdir())
    assert (await answer(page)).startswith(WHOLE)


async def test_files_are_chosen_one_by_one(page: Page, grown: WrittenSite) -> None:
    names = ("head.json", "log/000001.jsonl", "es/decision-1.html")
    await page.set_input_files("#packed", [grown.folder / name for name in names])
    said = await judged(page)
    assert said.startswith("Estos archivos están como la red los escribió")


async def test_a_zip_file_in_the_field_of_a_result_is_checked_too(
    page: Page, grown: WrittenSite
) -> None:
    await page.set_input_files("#file", pack(grown.folder, grown.folder.parent / "minga.zip"))
    await page.click("#check")
    assert (await answer(page)).startswith(WHOLE)


async def test_with_the_keyboard_alone(page: Page, grown: WrittenSite) -> None:
    packed = pack(grown.folder, grown.folder.parent / "minga.zip")
    await page.focus("#check")
    reached = []
    for _part in range(4):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.id"))
        if reached[-1] == "packed":
            async with page.expect_file_chooser() as chooser:
                await page.keyboard.press("Space")
            await (await chooser.value).set_files(packed)
    assert reached == ["packed", "folder", "earlier", "check-folder"]
    await page.keyboard.press("Enter")
    assert (await answer(page)).startswith(WHOLE)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#report button >> text=Volver a todo")


@pytest.mark.parametrize(
    ("language", "title", "whole", "wrong"),
    [
        ("es", "Comprueba todo lo que una red hizo público", WHOLE, "No confíes en esta carpeta"),
        (
            "pt",
            "Confira tudo o que uma rede tornou público",
            "A pasta está como a rede a escreveu",
            "Não confie nesta pasta",
        ),
        (
            "en",
            "Check all that a network made public",
            "The folder is as the network wrote it",
            "Do not trust this folder",
        ),
    ],
)
async def test_it_is_accessible_in_each_language(
    page: Page, grown: WrittenSite, language: str, title: str, whole: str, wrong: str
) -> None:
    await page.click(f'[data-language="{language}"]')
    assert await page.inner_text("#all") == title
    for expected in (whole, wrong):
        await page.set_input_files("#folder", grown.folder)
        assert (await judged(page)).startswith(expected)
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW
        assert await accessibility_faults(page) == []
        cheats.change_file(grown)
