"""What the program says to its operator, in the language of their terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import click

from bot.i18n import Catalogue
from bot.types import LANGUAGES, Line


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return the language set by gettext's variables; the first one that is set decides."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(variable):
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


def in_words(line: Line) -> str:
    """Return a sentence in the operator's language."""
    language = terminal_language(os.environ)
    return _catalogue(language).template(line, language).format_map(line.values)


def tell(line: Line, *, err: bool = False) -> None:
    """Print a sentence in the operator's language."""
    click.echo(in_words(line), err=err)


@cache
def _catalogue(language: str) -> Catalogue:
    """Return the translations; none for English, which is in the code, and starts at once."""
    return Catalogue.load(() if language == "en" else (Path(__file__).parents[1],))
