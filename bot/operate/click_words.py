"""The words of click, which reads our command line, in the operator's language.

Click has its own translator, `_`, for files that gettext compiled. Ours are read as they are, so
each of its modules gets one that asks us.
"""

from __future__ import annotations

from typing import Any

from click import core, decorators, exceptions, formatting, parser, termui, types

from bot.i18n import _
from bot.lines import Line
from bot.operate.operator_words import sentence_template

MODULES: tuple[Any, ...] = (core, decorators, exceptions, formatting, parser, termui, types)
CLICK = (
    _("Usage:"),
    _("Options"),
    _("Positional arguments"),
    _("Commands"),
    _("Show this message and exit."),
    _("Show the version and exit."),
    _("default: {default}"),
    _("required"),
    _("Error: {message}"),
    _("Try '{command} {option}' for help."),
    _("Missing command."),
    _("Missing argument"),
    _("Missing option"),
    _("Missing parameter"),
    _("Missing {param_type}"),
    _("No such command {name!r}."),
    _("No such option {name!r}."),
    _("Option {name!r} does not take a value."),
    _("Invalid value: {message}"),
    _("Invalid value for {param_hint}: {message}"),
    _("Choose from:\n\t{choices}"),
    _("file"),
    _("directory"),
    _("path"),
    _("{name} {filename!r} does not exist."),
    _("{name} {filename!r} is a file."),
    _("{name} {filename!r} is a directory."),
    _("{name} {filename!r} is not readable."),
    _("{name} {filename!r} is not writable."),
    _("Could not open file {filename!r}: {message}"),
    _("Error: invalid input"),
    _("Error: The two entered values do not match."),
    _("Aborted!"),
    _("%(prog)s, version %(version)s"),
    _("Did you mean {possibility}?"),
    _("(Did you mean one of: {possibilities}?)"),
    _("Option {name!r} requires an argument."),
    _("Option {name!r} requires {nargs} arguments."),
    _("Got unexpected extra argument ({args})"),
    _("Got unexpected extra arguments ({args})"),
    _("{value!r} is not {choice}."),
    _("{value!r} is not one of {choices}."),
)
"""What an operator may meet of them."""
OPTIONS, COMMAND = _("[OPTIONS]"), _("COMMAND [ARGS]...")
"""What stands in the line of usage, which click leaves in English."""


def teach_click() -> None:
    """Make click print its own words in the operator's language from now on."""
    for module in MODULES:
        for name, say in (("_", _say), ("ngettext", _say_counted)):
            if hasattr(module, name):
                setattr(module, name, say)


def _say(english: str) -> str:
    return sentence_template(Line(english))


def _say_counted(one: str, several: str, count: int) -> str:
    return _say(one if count == 1 else several)
