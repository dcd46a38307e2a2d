"""The capabilities' tools on the command line, in the terminal's language."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.capability.discovery import features
from bot.delivery.rendering import Reader, Renderer
from bot.i18n import Catalogue, _
from bot.operate.operator_words import terminal_language

UNKNOWN = (False, [_("This is no file of mine that I know.")])


def find_tool(name: str) -> click.Command | None:
    """Return the tool as a click command that prints its lines and exits with 0 if all is well."""
    found = features()
    tools = [f.tools[name] for f in found if name in f.tools]
    if not tools:
        return None

    def run(**given: Any) -> None:
        done = (tool.callback(**given) for tool in tools if tool.callback)
        fine, lines = next((one for one in done if one is not None), UNKNOWN)
        words = Catalogue.load([Path(__file__).parents[1], *(f.folder for f in found)])
        reader = Reader(terminal_language(os.environ), "UTC", "!", datetime.now(UTC))
        click.echo(Renderer(words).render_lines(lines, reader).plain)
        sys.exit(0 if fine else 1)

    return click.Command(name, callback=run, params=tools[0].params, help=tools[0].help)
