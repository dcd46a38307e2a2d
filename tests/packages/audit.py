"""Ask a registry for known vulnerabilities of what the lock installs: a part of `make check`.

It fails for each one that is known. Where no registry answers it says so and does not fail:
nothing is known then, which is not the same as nothing being there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.source_files import ROOT

TOOL = ROOT / "tests/packages/.venv/bin/pip-audit"
LOCK = "requirements.lock"
SECONDS = 90


def ask(*options: str) -> str:
    """Return pip-audit's report as JSON, empty where it could not make one."""
    command = [str(TOOL), "--disable-pip", "--require-hashes", "-r", LOCK, "--format", "json"]
    try:
        asked = subprocess.run(  # noqa: S603
            [*command, "--progress-spinner", "off", "--timeout", "10", *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return ""
    return asked.stdout


def read(report: str) -> tuple[list[str], int]:
    """Return what is to be said about a report, and the exit status: 1 for something found."""
    packages = _packages(report)
    asked = [one for one in packages if "skip_reason" not in one]
    found = [
        f"{one['name']} {one['version']}: {flaw['id']}, "
        f"mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in asked
        for flaw in one["vulns"]
    ]
    if found:
        return [f"pip-audit: known vulnerabilities in {LOCK}:", *found], 1
    if not asked:
        return ["pip-audit: could not ask, no registry answered: nothing is known either way"], 0
    if silent := [one["name"] for one in packages if "skip_reason" in one]:
        return [f"pip-audit: nothing known; could not ask about {', '.join(silent)}"], 0
    return [f"pip-audit: nothing known against {len(asked)} packages"], 0


def _packages(report: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except ValueError:
        return []
    return found


if __name__ == "__main__":
    lines, status = read(ask())
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(status)
