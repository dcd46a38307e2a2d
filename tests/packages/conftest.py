"""What `make packages` looks with, for the tests that need a tool of it."""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.source_files import ROOT

TOOLS = ROOT / "tests/packages/.venv"


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of the tools' programs, installed first where it is not there yet."""
    target = (TOOLS / ".installed").relative_to(ROOT)
    with Path(tempfile.gettempdir(), "minga-tools.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other processes of these tests may want it too
        done = subprocess.run(["make", str(target)], cwd=ROOT, capture_output=True, text=True)  # noqa: S603, S607
    assert done.returncode == 0, done.stderr
    return TOOLS / "bin"
