"""What the program says to its operator, in their language.

It is their terminal's. Where the terminal names none, as under systemd, it is the network's, as the
configuration says, and else English.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import click

from bot.i18n import Catalogue
from bot.lines import Line
from bot.types import LANGUAGES

USUAL_CONFIG = Path("config.toml")
_CODE = Path(__file__).parents[2]
_CONFIG: ContextVar[Path] = ContextVar("_CONFIG", default=USUAL_CONFIG)
"""The configuration that this process was started with."""


def terminal_language(environment: Mapping[str, str]) -> str | None:
    """Return the language set by gettext's variables; the first one that is set decides.

    None where they name none ("C", "POSIX"). English stands for those that we don't speak.
    """
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(variable):
            if value.partition(".")[0] in ("C", "POSIX"):
                return None
            return value[:2] if value[:2] in LANGUAGES else "en"
    return None


def configured_language(config: Path) -> str | None:
    """Return the network's language, or None if the file doesn't say it; it may be malformed."""
    try:
        found = tomllib.loads(config.read_text(encoding="utf-8"))["network"]["language"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found in LANGUAGES else None


def operator_language() -> str:
    """Return the operator's language."""
    return terminal_language(os.environ) or configured_language(_CONFIG.get()) or "en"


def speak_as_configured(_context: click.Context, _option: click.Parameter, config: Path) -> Path:
    """Use the configuration's language for the operator from now on, and return the configuration's
    path; a callback of `--config`."""
    _CONFIG.set(config)
    return config


def in_words(line: Line) -> str:
    """Return a line as text in the operator's language."""
    language = operator_language()
    return str(_render(line, _catalogue(language), language))


def sentence_template(line: Line) -> str:
    """Return a sentence in the operator's language with its unfilled holes."""
    language = operator_language()
    return _catalogue(language).template(line, language)


def tell(line: Line, *, err: bool = False) -> None:
    """Print a line in the operator's language."""
    click.echo(in_words(line), err=err)


def _render(value: Any, words: Catalogue, language: str) -> Any:
    if not isinstance(value, Line):
        return value
    values = {name: _render(one, words, language) for name, one in value.values.items()}
    return words.template(value, language).format_map(values)


@cache
def _catalogue(language: str) -> Catalogue:
    """Return the translations; none for English, which is in the code, and starts at once."""
    folders = () if language == "en" else (_CODE / "bot", _CODE / "storage")
    return Catalogue.load(folders)
