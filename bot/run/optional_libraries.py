"""Hide libraries that ours would take along, if they happen to be installed."""

from __future__ import annotations

import sys

NOT_USED = ("twisted", "pytz")
"""Tried by structlog, and by Babel."""


def hide_optional_libraries() -> None:
    """Let each import of them fail from now on, as where they are not installed.

    They take about 5 MiB. Call it before anything that tries them is imported.
    """
    for name in NOT_USED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # what import takes for missing
