"""The site of what is public, in Debian's Chromium without a network: `make site-look`.

It is opened as files. Axe looks at each kind of page in three languages, in light and dark, narrow
and wide; html-validate at what the page that checks results becomes; Frictionless at the data.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import frictionless
import pytest
from playwright.async_api import Browser, Page, Request

from bot.types import LANGUAGES
from commands.public_site import paths
from commands.public_site.published import PER_PAGE, documents
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import MemoryReader, WrittenSite
from commands.public_site.tests.test_hostile_words import LONG, MARKUP, hostile
from tests.clients.browser import browsing
from tests.clients.look_at_verify_page import SCHEMES, Scheme, accessibility_faults
from tests.clients.sizes import HEIGHTS, NARROW, WIDE
from tests.source_files import ROOT

VALIDATOR = ROOT / "tests/real/js/node_modules/html-validate/bin/html-validate.mjs"
RULES = ROOT / "commands/public_site/tests/html-validate.json"
PAGES = (
    *("index.html", "decisions.html", "decisions-1.html", "check.html", "decision-101.html"),
    *("event-102.html", "text-103.html", "announcement-104.html", "data-105.html"),
    *("event-203.html", "data-202.html", "decision-1.html"),
)
"""One of each kind of page: lists, items of each kind, hostile and long ones, one withdrawn."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with all that it can have."""
    reader = MemoryReader([world.decision(n) for n in range(1, 2 * PER_PAGE + 10)])
    for n, make in enumerate(world.MAKERS, start=101):
        reader.publish(make(n))
    off = world.event(201).event
    assert off
    yes = {"cancelled": True, "repeats": "FREQ=WEEKLY"}
    reader.publish(world.event(201).model_copy(update={"event": off.model_copy(update=yes)}))
    reader.publish(hostile(202, MARKUP))
    reader.publish(hostile(203, LONG))
    publish_table(reader)
    reader.withdraw(1, "Tenía nombres.")
    site = WrittenSite(tmp_path_factory.mktemp("look") / "site", reader)
    asyncio.run(site.write_all())
    return site.folder


def publish_table(reader: MemoryReader) -> None:
    """Publish a table whose columns have types, as the library hands it out."""
    content = b"municipio,pozos\r\nOlinda,3\r\nRecife,\r\n"
    types = (("municipio", "string"), ("pozos", "integer"))
    columns = tuple(
        documents.PublicColumn.model_validate({"name": name, "type": of}) for name, of in types
    )
    file = world.file_about("data-106.csv", "text/csv", content, "The table", "La tabla")
    told = {"files": (file.model_copy(update={"columns": columns}),)}
    reader.contents[106, file.name] = content
    reader.publish(world.data(106).model_copy(update=told))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


async def opened(
    browser: Browser, folder: Path, *, scheme: Scheme = "light", width: int = NARROW
) -> tuple[Page, list[str]]:
    """Return a page without a network, and a list of whatever it asks for outside of its folder."""
    context = await browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=scheme,
    )
    await context.set_offline(True)
    page = await context.new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type != "document" or not request.url.startswith(folder.as_uri()):
            asked.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.on("console", lambda said: asked.append(said.text))
    return page, asked


@pytest.mark.parametrize(("scheme", "width"), list(itertools.product(SCHEMES, (NARROW, WIDE))))
async def test_each_kind_of_page_is_accessible(
    browser: Browser, folder: Path, scheme: Scheme, width: int
) -> None:
    page, asked = await opened(browser, folder, scheme=scheme, width=width)
    found: list[str] = []
    addresses = [paths.INDEX, *(f"{lang}/{name}" for lang in LANGUAGES for name in PAGES)]
    for address in addresses:
        await page.goto((folder / address).as_uri())
        over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{address}: scrolls sideways by {over} px"] if over > 0 else []
        faults = await accessibility_faults(page, [scheme])
        found += [f"{address}: {fault}" for fault in faults]
    assert found == []
    assert asked == []


async def test_with_the_keyboard_alone(browser: Browser, folder: Path) -> None:
    """The first stop leads past what is above; every link is reached in the order that it stands
    in, and followed.
    """
    page, asked = await opened(browser, folder)
    await page.goto((folder / "es/decision-101.html").as_uri())
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    assert await page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    links = await page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    reached = [await page.evaluate("document.activeElement.href")]
    for _link in links[1:]:
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.href"))
    assert reached == links
    await page.goto((folder / "es/decision-101.html").as_uri())
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/es/decisions-*.html")
    assert asked == []


async def test_a_stranger_reads_it_without_scripts(browser: Browser, folder: Path) -> None:
    """From the first page to when, by what rule, how many, and how it is checked."""
    context = await browser.new_context(java_script_enabled=False)
    await context.set_offline(True)
    page = await context.new_page()
    await page.goto((folder / "index.html").as_uri())
    await page.click("text=Português")
    await page.click("text=Decisões")
    await page.click("text=¿Abrimos la sede? >> nth=0")
    said = await page.inner_text("main")
    for fact in ("quinta-feira, 3 de dezembro de 2026", "dois terços", "11 de 20", "result.json"):
        assert fact in said
    await page.click("text=Como conferir isto")
    assert "minga verify-folder" in await page.inner_text("main")
    await page.click("text=verify.html")
    await page.wait_for_url("**/verify.html")


async def test_the_policy_stops_what_a_template_might_let_in(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    """The browser itself refuses, even if our own look at a template failed."""
    page, asked = await opened(browser, tmp_path)
    stopped: list[str | None] = []
    page.on("requestfailed", lambda request: stopped.append(request.failure))
    whole = (folder / "es/text-103.html").read_text(encoding="utf-8")
    evil = (
        '<script>document.title = "run"</script><img src="https://x.example/a.png">'
        '<p style="color: red" onclick="x()">x</p><iframe src="https://x.example"></iframe>'
    )
    file = tmp_path / "evil.html"
    file.write_text(whole.replace("<article>", f"<article>{evil}"), encoding="utf-8")
    await page.goto(file.as_uri())
    assert "run" not in await page.title()
    refused = [one for one in asked if "Content Security Policy" in one]
    assert len(refused) >= 4
    asked_of_others = [one for one in asked if one.startswith("http")]
    assert stopped == ["csp"] * len(asked_of_others)


async def test_the_page_that_checks_results_is_valid_html(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    page, asked = await opened(browser, folder)
    await page.goto((folder / paths.VERIFY).as_uri())
    await page.wait_for_selector("h1:not(:empty)")
    made = (await page.content()).replace("<!DOCTYPE html>", "<!DOCTYPE html>\n")
    (tmp_path / "verify.html").write_text(made, encoding="utf-8")
    node = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("node"), VALIDATOR, "--config", RULES),
        *("--formatter", "text", tmp_path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _none = await node.communicate()
    assert said.decode() == ""
    assert asked == []


@pytest.mark.parametrize(
    "package", [paths.PACKAGE, "files/105/datapackage.json", "files/106/datapackage.json"]
)
def test_frictionless_finds_nothing_in_the_data(
    folder: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = folder / package
    monkeypatch.chdir(where.parent)
    report = frictionless.validate(where.name)
    assert report.flatten(["type", "message", "note"]) == []
    assert report.valid
    assert report.stats["tasks"] >= 1


def test_frictionless_finds_a_wrong_number(folder: Path) -> None:
    """So that what it does not find means something."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        table = folder / "tables/results-2.csv"
        before = table.read_bytes()
        table.write_bytes(before.replace(b",9,", b",nine,", 1))
        try:
            report = frictionless.validate(paths.PACKAGE)
        finally:
            table.write_bytes(before)
    assert [kind for (kind,) in report.flatten(["type"])] == ["type-error"]
