"""What is for machines is read by others' libraries: schema, feeds, calendar, tables, HTML."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import icalendar
import jsonschema
import pytest

from bot.types import LANGUAGES
from commands.public_site import paths
from commands.public_site.pages import PageMaker
from commands.public_site.published import PER_PAGE, SiteProfile, documents
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import MemoryReader, WrittenSite
from tests.source_files import ROOT

VALIDATOR = ROOT / "tests/real/js/node_modules/html-validate/bin/html-validate.mjs"
NODE = Path(sys.executable).with_name("node")
RULES = Path(__file__).with_name("html-validate.json")


async def test_each_record_keeps_to_the_schema(site: WrittenSite) -> None:
    site.reader.withdraw(4)
    await site.write([4], "withdrawn")
    schema = json.loads((site.folder / paths.SCHEMA).read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    records = [json.loads(path.read_text()) for path in sorted((site.folder / "record").iterdir())]
    assert len(records) == 10
    for record in records:
        validator.validate(record)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**record, "room": "!secret:example.org"})


async def test_the_same_document_has_the_same_bytes(tmp_path: Path) -> None:
    """Two networks publish a joint decision: one record, whoever writes it."""
    other = SiteProfile(
        "Rede Mangue", "another key", "America/Recife", ("pt",), "https://m.example/"
    )
    one = WrittenSite(tmp_path / "one", MemoryReader([world.decision(7)]))
    two = WrittenSite(tmp_path / "two", MemoryReader([world.decision(7)]), PageMaker(other))
    for site in (one, two):
        await site.write_all()
    for path in ("record/7.json", "files/7/result.json"):
        assert (one.folder / path).read_bytes() == (two.folder / path).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_feed_is_read_without_a_complaint(site: WrittenSite, language: str) -> None:
    feed = feedparser.parse((site.folder / language / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.language == language
    assert len(feed.entries) == 10
    assert len({entry.id for entry in feed.entries}) == 10
    newest = feed.entries[0]
    assert newest.title == "Pozos de agua"
    assert newest.link == "data-10.html"
    assert newest.published == "2025-11-24T16:09:00Z"
    assert next(one for one in feed.entries if one.title == "¿Abrimos la sede?").summary


async def test_with_an_address_links_are_whole(tmp_path: Path) -> None:
    profile = SiteProfile("Red", "key", "UTC", address="https://red.example/publico/")
    site = WrittenSite(tmp_path / "site", MemoryReader([world.event(1)]), PageMaker(profile))
    await site.write_all()
    feed = feedparser.parse((site.folder / "es/feed.xml").read_bytes())
    assert feed.entries[0].link == "https://red.example/publico/es/event-1.html"
    assert {one.rel: one.href for one in feed.feed.links}["self"].endswith("/es/feed.xml")
    read = icalendar.Calendar.from_ical((site.folder / "calendar.ics").read_bytes())
    assert read.walk("VEVENT")[0]["url"] == "https://red.example/publico/es/event-1.html"


async def test_the_calendar_has_the_events_in_their_zones(tmp_path: Path) -> None:
    shown = world.event(1)
    assert shown.event
    weekly = shown.event.model_copy(update={"repeats": "FREQ=WEEKLY;BYDAY=TH;COUNT=5"})
    days = {"all_day": True, "begins": 1_764_565_200, "ends": 1_764_738_000}
    off = {"cancelled": True, "repeats": "X;ATTACH:http://x.example", "zone": "Nowhere/At_all"}
    events = (
        shown.model_copy(update={"event": weekly}),
        world.event(2).model_copy(update={"event": shown.event.model_copy(update=days)}),
        world.event(3).model_copy(update={"event": shown.event.model_copy(update=off)}),
    )
    site = WrittenSite(tmp_path / "site", MemoryReader(events))
    await site.write_all()
    read = icalendar.Calendar.from_ical((site.folder / "calendar.ics").read_bytes())
    assert [zone["tzid"] for zone in read.walk("VTIMEZONE")] == ["America/Bogota"]
    first, second, third = read.walk("VEVENT")
    begins = first.decoded("dtstart")
    assert begins.utcoffset() == timedelta(hours=-5)
    assert begins.astimezone(UTC) == datetime.fromtimestamp(weekly.begins, UTC)
    assert first.decoded("rrule")["count"] == [5]
    assert second.decoded("dtstart") == date(2025, 12, 1)
    assert second.decoded("dtend") == date(2025, 12, 3)
    assert third["status"] == "CANCELLED"
    assert "rrule" not in third
    assert "attach" not in third
    page = (site.folder / "es/event-2.html").read_text(encoding="utf-8")
    assert "lunes 1 de diciembre de 2025" in page
    assert "martes 2 de diciembre de 2025" in page


async def test_the_calendar_moves_dates_of_a_series(tmp_path: Path) -> None:
    shown = world.event(1)
    assert shown.event
    begins = shown.event.begins
    moved = {
        "repeats": "FREQ=DAILY;COUNT=4",
        "left_out": (begins + world.DAY,),
        "added": (begins + world.DAY + 3_600,),
    }
    changed = shown.model_copy(update={"event": shown.event.model_copy(update=moved)})
    site = WrittenSite(tmp_path / "site", MemoryReader([changed]))
    await site.write_all()
    (entry,) = icalendar.Calendar.from_ical((site.folder / "calendar.ics").read_bytes()).walk(
        "VEVENT"
    )
    off, put = (entry.decoded(name).dts[0].dt for name in ("exdate", "rdate"))
    assert off.astimezone(UTC) == datetime.fromtimestamp(begins + world.DAY, UTC)
    assert put - off == timedelta(hours=1)


async def test_a_page_says_when_and_where_once(tmp_path: Path) -> None:
    fact = documents.PublicFact(name=world.typed("Lugar"), value=world.typed("Casa Azul"))
    shown = world.event(1).model_copy(update={"facts": (fact,)})
    site = WrittenSite(tmp_path / "site", MemoryReader([shown, world.event(2)]))
    await site.write_all()
    for page in ("es/event-1.html", "es/event-2.html"):
        assert (site.folder / page).read_text(encoding="utf-8").count("Casa Azul") == 1


async def test_tables_say_what_was_decided(tmp_path: Path) -> None:
    shown = [world.decision(n) for n in range(1, PER_PAGE + 3)]
    site = WrittenSite(tmp_path / "site", MemoryReader(shown))
    await site.write_all()
    package = json.loads((site.folder / paths.PACKAGE).read_text(encoding="utf-8"))
    tables = {one["name"]: one for one in package["resources"]}
    assert tables["results"]["path"] == ["tables/results-1.csv", "tables/results-2.csv"]
    last = (site.folder / "tables/results-2.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(last))
    assert list(rows[0].values()) == [str(PER_PAGE + 1), "Sí", "9", "0", "82", "true"]
    assert len(rows) == 4


async def test_a_data_set_says_its_licence_and_its_source(site: WrittenSite) -> None:
    package = json.loads((site.folder / "files/5/datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC-BY-4.0"}]
    assert package["sources"] == [
        {"title": "Instituto del Agua", "path": "https://example.org/pozos"}
    ]
    (resource,) = package["resources"]
    assert [one["name"] for one in resource["schema"]["fields"]] == ["municipio", "pozos"]
    assert resource["bytes"] == len(world.CSV)


async def test_a_table_says_the_types_of_its_columns(tmp_path: Path) -> None:
    shown = world.data(1)
    columns = (
        documents.PublicColumn(name="municipio", type="string"),
        documents.PublicColumn(name="pozos", type="integer"),
    )
    file = shown.files[0].model_copy(update={"columns": columns})
    reader = MemoryReader([shown.model_copy(update={"files": (file,)})])
    site = WrittenSite(tmp_path / "site", reader)
    await site.write_all()
    package = json.loads((site.folder / "files/1/datapackage.json").read_text(encoding="utf-8"))
    (resource,) = package["resources"]
    assert resource["schema"]["fields"][1] == {"name": "pozos", "type": "integer"}
    assert resource["encoding"] == "utf-8"


async def test_every_page_is_valid_html(site: WrittenSite) -> None:
    """By html-validate. What the script of the page that checks results makes is looked at with
    `make site-look`.
    """
    site.reader.withdraw(4, "Tenía nombres.")
    await site.write([4], "withdrawn")
    (site.folder / paths.VERIFY).unlink()
    node = await asyncio.create_subprocess_exec(
        *(NODE, VALIDATOR, "--config", RULES, "--formatter", "text", site.folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _none = await node.communicate()
    assert said.decode() == ""
    assert node.returncode == 0
