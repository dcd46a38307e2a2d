"""Nothing that people type becomes markup, a path, a request or another line."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import icalendar
import pytest

from bot.types import LANGUAGES
from commands.public_site import paths
from commands.public_site.log.folder_check import check_folder
from commands.public_site.made_pages import find_forbidden
from commands.public_site.published import documents
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import MemoryReader, WrittenSite, typed
from tests.site import faults

MARKUP = "</title><script>alert(1)</script><img src=http://x.example/a onerror=alert(1)> \"'&lt;"
TRICKS = "seguro\u202egpj.exe\u2066\u200b"
NOT_IN_XML = "uno\ufffe\uffff\x0bdos"
LONG = "ñ" * 10_000
CALENDAR = "Fiesta\nEND:VCALENDAR\r\nBEGIN:VEVENT\nATTACH:http://x.example/\\;,"
TEMPLATE = "{{ 7 * 7 }} {% include 'x' %}"
TYPED = (MARKUP, TRICKS, NOT_IN_XML, LONG, CALENDAR, TEMPLATE)


def hostile(number: int, words: str) -> documents.PublicDocument:
    """Return a document with these words wherever somebody may have typed something."""
    said = typed(words)
    made = world.event if number % 2 else world.data
    document = made(number)
    update = {
        "title": said,
        "facts": (documents.PublicFact(name=said, value=said),),
        "paragraphs": (said, said),
        "rows": (documents.PublicRow(label=said, votes=1, percent=100),),
        "themes": (words[:60],),
    }
    if document.event:
        update["event"] = document.event.model_copy(update={"place": said})
    if document.data:
        told = {"link": words[:2000], "licence": words[:200], "publisher": words[:200]}
        update["data"] = document.data.model_copy(update=told)
    return document.model_copy(update=update)


@pytest.fixture
async def site(tmp_path: Path) -> WrittenSite:
    """A site of nothing but hostile words: each once as an event and once as data."""
    every = [hostile(n, words) for n, words in enumerate((*TYPED, *TYPED[1:], TYPED[0]), start=1)]
    site = WrittenSite(tmp_path / "site", MemoryReader(every))
    await site.write_all()
    return site


def bodies(site: WrittenSite) -> dict[str, str]:
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.folder.glob("es/*.html")}
    return {name: page.split("<body>")[1].split("</body>")[0] for name, page in pages.items()}


async def test_no_word_becomes_a_tag(site: WrittenSite) -> None:
    for name, body in bodies(site).items():
        assert find_forbidden(body) == "", name
    for path in site.folder.glob("*/*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page
        assert page.count("</title>") == 1
    assert list(faults(site.folder)) == []
    assert "&lt;script&gt;alert(1)" in bodies(site)["event-1.html"]


async def test_no_word_is_run_as_a_template(site: WrittenSite) -> None:
    page = next(body for name, body in bodies(site).items() if "7 * 7" in body)
    assert "{{ 7 * 7 }}" in page


async def test_nothing_hides_or_turns_what_is_around_it(site: WrittenSite) -> None:
    for path in site.folder.rglob("*"):
        if path.suffix in (".html", ".xml", ".ics", ".csv") and path.name != "verify.html":
            found = re.search(
                "[\u202a-\u202e\u2066-\u2069\u200b\ufffe\uffff\x0b]", path.read_text()
            )
            assert not found, path


async def test_a_long_title_is_whole_on_its_page_and_short_in_lists(site: WrittenSite) -> None:
    pages = bodies(site)
    assert any(LONG in body for name, body in pages.items() if "-" in name)
    for name in ("index.html", "events.html", "datasets.html"):
        assert "ñ" * 119 in pages[name]
        assert "ñ" * 121 not in pages[name]


async def test_a_value_that_closes_the_calendar_stays_a_value(site: WrittenSite) -> None:
    read = icalendar.Calendar.from_ical((site.folder / "calendar.ics").read_bytes())
    events = read.walk("VEVENT")
    assert len(events) == len(TYPED)
    assert not any("attach" in one for one in events)
    assert any("END:VCALENDAR" in str(one["summary"]) for one in events)


async def test_feeds_are_read_as_xml(site: WrittenSite) -> None:
    for language in LANGUAGES:
        feed = site.folder / language / paths.FEED
        titles = [one.text or "" for one in Xml.fromstring(feed.read_bytes()).iter()]  # noqa: S314
        assert any("<script>alert(1)" in title for title in titles)


async def test_no_cell_is_run_by_a_spreadsheet(tmp_path: Path) -> None:
    reader = MemoryReader([world.decision(1, '=HYPERLINK("http://x.example")')])
    site = WrittenSite(tmp_path / "site", reader)
    await site.write_all()
    table = (site.folder / "tables/decisions-1.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in table


async def test_only_addresses_of_the_web_can_be_followed(tmp_path: Path) -> None:
    words = 'javascript:alert(1) https://a.example/b?c=1&d="x file:///etc/passwd http://e.example.'
    shown = world.text(1).model_copy(update={"paragraphs": (typed(words),)})
    site = WrittenSite(tmp_path / "site", MemoryReader([shown]))
    await site.write_all()
    page = (site.folder / "es/text-1.html").read_text(encoding="utf-8")
    followed = re.findall(r'<a rel="([^"]+)" href="(http[^"]+)"', page)
    nobody = "noopener noreferrer nofollow"
    assert followed == [(nobody, "https://a.example/b?c=1&amp;d="), (nobody, "http://e.example")]
    assert 'href="javascript' not in page


async def test_the_folder_of_hostile_words_is_whole(site: WrittenSite) -> None:
    assert check_folder(site.folder).wrong == []
