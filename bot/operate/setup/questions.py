"""Asks the operator for what was not given, and checks each answer at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from bot.i18n import ToldError, _
from bot.lines import Line
from bot.operate.operator_errors import Stop, TemporaryStop
from bot.operate.operator_words import in_words, tell
from bot.text.command_words import NO, YES
from bot.text.normalisation import fold

Answer = TypeVar("Answer")
NEEDED = ("homeserver", "user_id", "name", "language", "timezone", "moderators")
"""What no bot can do without, and has no default that is right for everybody."""
_OPTION = {"moderators": "--moderator"}


def has_terminal() -> bool:
    """Return whether a terminal is there, so that somebody can be asked."""
    return sys.stdin.isatty()


def refuse_gaps(given: Mapping[str, Any], *, can_register: bool) -> None:
    """Raise `Stop` that names every missing option, if nobody can be asked for them."""
    if has_terminal():
        return
    missing = [_OPTION.get(one, f"--{one.replace('_', '-')}") for one in NEEDED if not given[one]]
    if not given["password_file"] and not given["access_token_file"] and not can_register:
        missing.append("--password-file")
    if missing:
        raise Stop(
            _(
                "There is no terminal to ask at. Give as options what is missing: {options}",
                options=", ".join(missing),
            )
        )


class Questions:
    """Asks one question after the other. At a terminal a wrong answer is asked for again.

    Without one, what is wrong with the options is gathered, to be told at once.
    """

    def __init__(self) -> None:
        self._wrong: list[Line] = []

    def ask(
        self, given: str, question: Line, check: Callable[[str], Answer], usual: str | None = None
    ) -> Answer | None:
        """Return the checked answer: the option that was given, or what is typed until it is right.

        None if what was given is wrong and nobody can be asked. Raises `TemporaryStop` for a
        homeserver in trouble.
        """
        typed = given
        while True:
            try:
                return check((typed or click.prompt(in_words(question), default=usual)).strip())
            except TemporaryStop:
                raise
            except ToldError as error:
                stop = Stop(*error.lines)
            except Stop as error:
                stop = error
            if not has_terminal():
                self._wrong += stop.lines
                return None
            stop.show()
            typed = ""

    def refuse_wrong(self) -> None:
        """Raise `Stop` if any option that was given is wrong."""
        if self._wrong:
            raise Stop(*self._wrong)


def confirm(question: Line, *, usual: bool = False) -> bool:
    """Ask a question and return whether the answer is yes, in any of our languages; ask again until
    it is clear."""
    hint = in_words(_("[Y/n]") if usual else _("[y/N]"))
    while True:
        typed = click.prompt(f"{in_words(question)} {hint}", default="", show_default=False)
        word = fold(str(typed).strip())
        if word in YES or (not word and usual):
            return True
        if word in NO or not word:
            return False
        tell(_("Please write yes or no."))


def ask_secret(question: Line, *, may_be_empty: bool = False) -> str:
    """Ask for a secret and return it without the blanks that come with pasting."""
    usual = "" if may_be_empty else None
    typed = click.prompt(in_words(question), hide_input=True, default=usual, show_default=False)
    return str(typed).strip()
