"""What a run of the tests leaves when it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from getpass import getuser
from pathlib import Path

from tests.left_behind import remove_left_folders

ROOT = Path(__file__).parents[1]
WORKER = """
from tests.left_behind import end_with_parent
end_with_parent()
print("begun", flush=True)
import signal
signal.pause()
"""
RUN = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WORKER!r}])"


async def test_a_worker_ends_with_a_run_that_is_killed() -> None:
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert run.stdout is not None
    assert await run.stdout.readline() == b"begun\n"
    run.send_signal(signal.SIGKILL)
    async with asyncio.timeout(600):  # the worker holds the pipe open as long as it lives
        assert await run.stdout.read() == b""
    await run.wait()


def test_the_folders_of_runs_that_are_over_go(tmp_path: Path) -> None:
    over = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], os.environ)
    os.waitpid(over, 0)
    folders = {who: tmp_path / f"pytest-of-{getuser()}/pytest-{who}" for who in (over, os.getpid())}
    for who, folder in folders.items():
        folder.mkdir(parents=True)
        (folder / ".lock").write_text(str(who))
        (folder / "minga.db").touch()
    remove_left_folders(tmp_path)
    assert [who for who, folder in folders.items() if folder.exists()] == [os.getpid()]
