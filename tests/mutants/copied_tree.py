"""A copy of the project in which mutants are tried: the work tree is never changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LONGEST = 4 * 3600.0
"""Seconds that all tests of one run may take."""
PATIENCE = 60.0
"""Seconds that a test may take with a mutant, beyond five times what it takes without: to fail
costs time too, and other work may hold the machine."""
ALWAYS = (
    *("-m", "pytest", "-q", "-s", "-x", "-p", "no:cacheprovider", "-p", "tests.mutants.trial"),
    *("-o", "tmp_path_retention_policy=none", "--hypothesis-seed=1", "--tb=no"),
    "--start=2027-03-10T10:00-05:00",  # so that a second run finds the same survivors
)


class CopiedTree:
    """The project's files as they stand in the work tree, and its tests run among them."""

    def __init__(self, root: Path, folder: Path, *, copy: bool = True) -> None:
        self._folder = folder
        if copy:
            self._copy(root)

    def _copy(self, root: Path) -> None:
        listed = subprocess.run(  # noqa: S603 - the project's own files
            [
                shutil.which("git") or "git",
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ],
            cwd=root,
            check=True,
            capture_output=True,
        ).stdout
        for name in filter(None, listed.decode().split("\0")):
            if (root / name).is_file():
                (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self._folder / name).write_bytes((root / name).read_bytes())

    def write(self, module: str, source: str) -> None:
        """Replace the text of the module in the copy."""
        (self._folder / module).write_text(source, encoding="utf-8")

    def try_mutants(
        self, tests: Sequence[str], numbers: Sequence[int], patience: float = PATIENCE
    ) -> dict[int, str]:
        """Return the verdict on each mutant by its number. Raises `RuntimeError` for failures."""
        path, verdicts = self._folder / "order.json", self._folder / "verdicts.jsonl"
        order = {"numbers": numbers, "verdicts": str(verdicts), "patience": patience}
        path.write_text(json.dumps(order), "utf-8")
        done = self._run(tests, LONGEST, MINGA_MUTANTS=str(path))
        if done.returncode != 0 or not verdicts.exists():
            raise RuntimeError(done.stdout[-2000:])
        lines = verdicts.read_text("utf-8").splitlines()
        return dict(map(json.loads, lines))

    def try_from_the_start(self, tests: Sequence[str], number: int, limit: float) -> str:
        """Return the verdict on a mutant in a new process; `timed out` after `limit` seconds."""
        try:
            done = self._run(tests, limit, MINGA_MUTANT=str(number))
        except subprocess.TimeoutExpired:
            return "timed out"
        return "alive" if done.returncode == 0 else "killed"

    def _run(
        self, tests: Sequence[str], limit: float, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the tests of the project itself
            [sys.executable, *ALWAYS, f"--basetemp={self._folder / 'tmp'}", *tests],
            cwd=self._folder,
            env={**os.environ, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=limit,
            check=False,
        )
