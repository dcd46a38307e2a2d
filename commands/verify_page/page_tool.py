"""The tool `minga verify-page FILE`: write the page that checks results."""

from __future__ import annotations

from pathlib import Path

import click

from bot.api import Line, _
from commands.verify_page import page
from commands.verify_page.declaration import feature

FILE = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))


@feature.tool(
    "verify-page",
    FILE,
    help=_("Write the page that checks results to FILE. It opens in any browser, offline."),
)
def write_page(file: Path) -> tuple[bool, list[Line]]:
    """Write the page that checks results to FILE. Return whether it was written, and the lines that
    say so. It opens in any browser, offline."""
    try:
        file.write_bytes(page.build_page())
    except OSError as error:
        return False, [_("I can't write {file}: {why}", file=str(file), why=error.strerror or "")]
    return True, [
        _("Written: {file}. It opens in any browser, offline.", file=str(file)),
        _("Its code: {code}", code=page.page_fingerprint()),
    ]
