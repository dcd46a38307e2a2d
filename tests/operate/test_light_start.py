"""A bot that starts loads what it needs from then on, and nothing that few will ask for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = {
    *("PIL", "segno", "icalendar", "fpdf", "pypdf", "jinja2"),  # pictures, files and pages
    *("xml.etree.ElementTree", "statistics"),  # a feed, the counts of a questionnaire
    *("aiohttp.web", "prometheus_client"),  # the port that monitoring asks
    *("twisted", "zope", "pytz"),  # what structlog and Babel try
    *("nio", "peewee", "jsonschema", "Crypto", "h2"),  # only the members of tests need them
    *("snowballstemmer", "snowballstemmer.greek_stemmer"),  # 33 languages that nobody speaks here
    *("sqlite3", "apscheduler", "multiprocessing", "bot.testing", "pytest"),
    *("bot.operate.init", "bot.operate.split.command", "bot.operate.backups.restore_command"),
}
START = """
import sys
from bot.run.optional_libraries import hide_optional_libraries
hide_optional_libraries()
from bot.operate import cli
import bot.run.app
bot.run.app.features()
print(*(name for name, module in sys.modules.items() if module))
"""

RUN = """
import asyncio, contextlib, gc, ssl, sys
import minga.__main__
from bot.operate import cli

with contextlib.suppress(AttributeError):  # there is no service manager
    asyncio.run(cli._run_app(None, None, take_over=False))
known = [one.get_ca_certs() for one in gc.get_objects() if isinstance(one, ssl.SSLContext)]
print([name for name in ("twisted", "pytz") if sys.modules[name]], known)
"""

BUILT = """
import gc
import bot.run.app
from pydantic import TypeAdapter
bot.run.app.features()
known = [one for one in gc.get_objects() if isinstance(one, TypeAdapter)]
print(len(known) > 1, [one for one in known if one.pydantic_complete])
"""

FIRST = """
import asyncio, sys
from bot.distress import vocabulary
from bot.operate import cli
def prepare():
    print("bot.run.app" in sys.modules)
    sys.exit()
vocabulary.prepare = prepare
asyncio.run(cli._run_app(None, None, take_over=False))
"""

FIRST_LINE = """
import asyncio, logging, re, sys, tempfile
from pathlib import Path
from bot.distress import vocabulary
vocabulary.prepare()
from bot.run.app import features
from bot.testing.talk import Talk

async def talk():
    with tempfile.TemporaryDirectory() as folder:
        one = await Talk.start(Path(folder) / "minga.db", features())
        known, compiled, compile = {*sys.modules}, [], re._compiler.compile
        def note(pattern, *more):
            compiled.append(pattern)
            return compile(pattern, *more)
        re._compiler.compile = note
        await one.says("ana", "!pendientes")
        answers = await one.said()
        re._compiler.compile = compile
        print(len(answers), {*sys.modules} - known, compiled)
        await one.close()

logging.disable()
asyncio.run(talk())
"""


def run(program: str) -> str:
    """What a program prints that runs in a Python of its own."""
    root = Path(__file__).parents[2]
    made = subprocess.run(  # noqa: S603
        (sys.executable, "-c", program), cwd=root, capture_output=True, text=True, check=True
    )
    return made.stdout


def test_the_command_itself_loads_no_optional_library_and_no_certificates() -> None:
    """`minga run` of a machine where Babel's pytz is installed; aiohttp read them twice."""
    assert run(RUN) == "[] [[], []]\n"


def test_nothing_is_loaded_that_a_start_does_not_need() -> None:
    loaded = set(run(START).split())
    assert {"vodozemac", "bot.text.stems", "commands.polls"} <= loaded
    assert loaded & LATER == set()


def test_what_reads_signed_documents_is_built_when_the_first_one_is_read() -> None:
    """The two that read any kind of them took a MiB."""
    assert run(BUILT) == "True []\n"


def test_what_needs_memory_for_a_moment_comes_before_what_keeps_it() -> None:
    """Compiled last, the calls for help would leave 4 MiB behind that nothing uses."""
    assert run(FIRST) == "False\n"


def test_the_first_line_of_the_machine_waits_for_no_module_and_no_pattern() -> None:
    """The calls for help alone took a tenth of a second when the first line had them compiled."""
    assert run(FIRST_LINE) == "1 set() []\n"
