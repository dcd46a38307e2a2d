"""The capabilities' tools on the command line, in the operator's language."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.capability.discovery import features
from bot.delivery.rendering import Reader, Renderer
from bot.i18n import Catalogue, _
from bot.lines import Line
from bot.operate.operator_words import operator_language

UNKNOWN = (False, [_("This is no file of mine that I know.")])


def find_tool(name: str) -> click.Command | None:
    """Return the tool as a click command that prints its lines and exits with 0 if all is well."""
    found = features()
    offering = [f for f in found if name in f.tools]
    tools = [f.tools[name] for f in offering]
    if not tools:
        return None

    def run(**given: Any) -> None:
        done = (tool.callback(**given) for tool in tools if tool.callback)
        fine, lines = next((one for one in done if one is not None), UNKNOWN)
        words = Catalogue.load([Path(__file__).parents[1], *(f.folder for f in found)])
        reader = Reader(operator_language(), "UTC", "!", datetime.now(UTC))
        click.echo(Renderer(words).render_lines(lines, reader).plain)
        sys.exit(0 if fine else 1)

    return _translated(tools[0], offering[0].folder, run)


def _translated(tool: click.Command, folder: Path, run: Callable[..., None]) -> click.Command:
    """Return the tool with its help in the operator's language; in English nothing is read."""
    language = operator_language()
    words = Catalogue.load(() if language == "en" else (folder,))
    params = [copy(param) for param in tool.params]
    for param in params:
        if isinstance(param, click.Option) and param.help:
            param.help = words.template(Line(param.help), language)
    about = words.template(Line(tool.help or ""), language)
    return click.Command(tool.name, callback=run, params=params, help=about)
