"""`minga demo` as people start it: without a terminal the tour, in a terminal the chat."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.demo.tour_script import TOUR
from bot.run import app
from tests.real.patience import patient

MINGA = str(Path(sys.executable).parent / "minga")
TOUR_SECONDS = 1200
START_SECONDS = 600


async def test_without_a_terminal_it_plays_the_tour(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(MINGA, "demo", "--folder", str(tmp_path / "demo-data")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(TOUR_SECONDS):
            said = (await process.communicate())[0].decode()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    found = {feature.name for feature in app.features()}
    for step in TOUR:
        if step.needs in found:
            assert re.search(re.sub(r"\{[a-z]+\}", r"\\d+", step.expected), said), step
    assert not _left_behind(tmp_path)


async def test_in_a_terminal_it_is_a_chat(tmp_path: Path) -> None:
    with _terminal("demo", "--folder", str(tmp_path / "demo-data")) as (pid, screen):
        await asyncio.to_thread(_read, screen, "ana>", START_SECONDS)
        os.write(screen, b"!ayuda\r")
        said = await asyncio.to_thread(_read, screen, "`!ayuda todo`", 30)
        assert "minga> " in said
        os.write(screen, b"/salir\r")
        await asyncio.to_thread(_read, screen, None, 30)
        assert await asyncio.to_thread(_status, pid) == 0
    assert not _left_behind(tmp_path)


def _hears_interrupts() -> None:
    """Whoever runs us in the background has had us ignore them, and so our children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def test_ctrl_c_ends_all_of_it(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(MINGA, "demo", "--folder", str(tmp_path / "demo-data")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_hears_interrupts,
    )
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        while b"ana>" not in await process.stdout.readline():
            assert process.returncode is None
        process.send_signal(2)
        rest = (await process.communicate())[0].decode()
    assert process.returncode == 130, rest
    assert "Traceback" not in rest
    assert not _left_behind(tmp_path)


def test_it_deletes_nothing_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    with _terminal("demo", "--scripted", "--folder", str(tmp_path)) as (pid, screen):
        said = _read(screen, None, 30)
        assert _status(pid) != 0
    assert "no borro nada" in said
    assert (tmp_path / "letter").read_text() == "mine"


@contextmanager
def _terminal(*words: str) -> Iterator[tuple[int, int]]:
    """`minga` in a terminal of its own: its process and our side of the terminal."""
    pid, screen = pty.fork()
    if pid == 0:
        environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        os.execve(MINGA, [MINGA, *words], environment)  # noqa: S606 - our own program
    try:
        yield pid, screen
    finally:
        os.close(screen)  # hangs up: whatever is still there ends
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)


def _read(screen: int, until: str | None, seconds: float) -> str:
    """What appears, up to `until` or, for None, to the end."""
    said, deadline = b"", time.monotonic() + patient(seconds)
    os.set_blocking(screen, False)
    while time.monotonic() < deadline:
        try:
            more = os.read(screen, 65536)
        except BlockingIOError:
            time.sleep(0.02)
            continue
        except OSError:
            more = b""
        said += more
        if until is None and not more:
            return said.decode(errors="replace")
        if until is not None and until.encode() in said:
            return said.decode(errors="replace")
        if not more:
            break
    raise AssertionError(f"{until!r} did not appear:\n{said.decode(errors='replace')}")


def _status(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _left_behind(folder: Path) -> list[str]:
    """Processes that still stand in the demo's folder (its homeserver does, while it runs)."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if place.readlink().is_relative_to(folder):
                found.append(str(place))
    return found
