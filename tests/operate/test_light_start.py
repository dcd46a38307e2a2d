"""A bot that starts loads what it needs from then on, and nothing that few will ask for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = {
    *("PIL", "segno", "icalendar", "fpdf", "pypdf", "jinja2"),  # pictures, files and pages
    *("aiohttp.web", "prometheus_client"),  # the port that monitoring asks
    *("twisted", "zope"),  # what structlog tries
    *("nio", "peewee", "jsonschema", "Crypto", "h2"),  # only the members of tests need them
    *("snowballstemmer", "snowballstemmer.greek_stemmer"),  # 33 languages that nobody speaks here
    *("sqlite3", "apscheduler", "multiprocessing", "bot.testing", "pytest"),
}
START = """
import sys
from bot.run.optional_libraries import hide_optional_libraries
hide_optional_libraries()
import bot.run.app
bot.run.app.features()
print(*(name for name, module in sys.modules.items() if module))
"""


def test_nothing_is_loaded_that_a_start_does_not_need() -> None:
    root = Path(__file__).parents[2]
    made = subprocess.run(  # noqa: S603
        (sys.executable, "-c", START), cwd=root, capture_output=True, text=True, check=True
    )
    loaded = set(made.stdout.split())
    assert {"vodozemac", "bot.text.stems", "commands.polls"} <= loaded
    assert loaded & LATER == set()
