"""Fixtures for the tests in `tests/` and in every capability, and when conversations begin."""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from tempfile import gettempdir
from typing import Any

import pytest
from hypothesis import settings

from bot.capability.feature import Feature
from bot.capability.room_policy import NO_FOLDER, PublicFolder
from bot.run.app import features
from bot.testing.kept_files import KEPT
from bot.testing.talk import START_TIME, Talk
from storage.encryption.key_header import SCRYPT
from tests.beginnings import any_instant, pinned, read_start, write_start
from tests.left_behind import end_with_parent, remove_left_folders
from tests.memory import keep_files_in_memory
from tests.work_queue import TwoEndedQueue, begin_elsewhere, sort_items

pytest_plugins = ["tests.real.fixtures", "tests.processor_time"]
PROJECT = Path(__file__).parent
_STARTED = pytest.StashKey[datetime]()
settings.register_profile("minga", deadline=None)  # how busy the machine is proves nothing
settings.load_profile("minga")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--start", help="when conversations begin (2027-12-31T23:50-05:00)")


def pytest_configure(config: pytest.Config) -> None:
    """The beginning that was asked for, else any; a worker has that of all the others.

    The program speaks the terminal's language, and in tests English, wherever they run.
    """
    os.environ.pop("LC_ALL", None)
    os.environ |= {"LANG": "C.UTF-8", "LC_MESSAGES": "en"}
    keep_files_in_memory(os.environ)
    told = getattr(config, "workerinput", None)
    if told is None:
        remove_left_folders(Path(os.environ.get("PYTEST_DEBUG_TEMPROOT", gettempdir())))
    else:
        end_with_parent()
        worker = int(told["workerid"].removeprefix("gw"))
        config.args[:] = begin_elsewhere(
            config.args, worker, told["workercount"], config.option.ignore or ()
        )
    given: str | None = config.option.start
    given = getattr(config, "workerinput", {}).get("start", given)
    config.option.start = given or write_start(any_instant(SystemRandom()))
    try:
        config.stash[_STARTED] = START_TIME.at = read_start(config.option.start)
    except ValueError:
        raise pytest.UsageError(f"--start: {config.option.start!r} is no date and time") from None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A worker of xdist is given the arguments that were typed, and besides them this."""
    node.workerinput["start"] = node.config.option.start


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoEndedQueue | None:
    return TwoEndedQueue(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_report_header(config: pytest.Config) -> list[str]:
    at = config.option.start
    header = [f"conversations begin on {config.stash[_STARTED]:%A} (UTC), START={at}"]
    if _is_root() and not _is_open_to_others():
        header.append(f"left out: tests that act as other users, who can't read {PROJECT}")
    return header


def _is_root() -> bool:
    return os.geteuid() == 0


def _is_open_to_others() -> bool:
    """Return whether any user may enter the project's folder."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (PROJECT, *PROJECT.parents))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    if exitstatus:
        terminalreporter.write_line(f"Again with the same beginning: START={config.option.start}")


def pytest_collection() -> None:
    """Sixteen thousand tests stay until the end: the collector need not walk them even once, while
    they are found or afterwards."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    START_TIME.at = item.config.stash[_STARTED]
    if marker := item.get_closest_marker("begins"):
        at, _why = marker.args
        START_TIME.at = pinned(START_TIME.at, at)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only root can try is tried where root runs the tests; else it is counted as left out.

    It acts as other users, who must be able to read the project: not in a folder like /root.
    What `full` marks runs with MINGA_FULL=1 alone: in `make test` another test shows a share.
    """
    sort_items(items)
    without = [] if os.environ.get("MINGA_FULL") == "1" else ["full"]
    without += [] if _is_root() and _is_open_to_others() else ["root"]
    left = [item for item in items if any(map(item.get_closest_marker, without))]
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session", autouse=True)
def kept_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Conversations of one process take the same open files, one after the other."""
    with KEPT.kept_in(tmp_path_factory.mktemp("kept")):
        yield


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    """What the bot of `talk` can do: everything. Tests that need other capabilities override it."""
    return features()


@pytest.fixture
def room_language() -> str:
    """The language of `talk`'s first room. Tests in another language override it."""
    return "es"


@pytest.fixture
def public() -> PublicFolder:
    """The folder for what is public of `talk`: none. Tests that need one override it."""
    return NO_FOLDER


@pytest.fixture
async def talk(
    tmp_path: Path, capabilities: Sequence[Feature], room_language: str, public: PublicFolder
) -> AsyncIterator[Talk]:
    """A room in Bogotá. Tests that need more there override it by a `talk` that takes this one."""
    path = tmp_path / "minga.db"
    talk = await Talk.start(path, capabilities, language=room_language, public=public)
    yield talk
    await talk.close()


@pytest.fixture
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase takes 3 ms of processor to try, not 0.4 s: what it costs is not tried there."""
    monkeypatch.setitem(SCRYPT, "n", 2**10)
