"""A yes or no of the operator, in any of the three languages."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from bot.i18n import _
from bot.operate.setup.questions import confirm


@pytest.mark.parametrize(
    ("language", "typed", "usual", "told", "answer"),
    [
        ("es", "s", False, "[s/N]", "yes"),
        ("es", "Sí", False, "[s/N]", "yes"),
        ("es", "nada\nsi", False, "Escribe sí o no", "yes"),
        ("pt", "sim", False, "[s/N]", "yes"),
        ("pt", "não", True, "[S/n]", "no"),
        ("en", "y", False, "[y/N]", "yes"),
        ("en", "", True, "[Y/n]", "yes"),
        ("en", "", False, "[y/N]", "no"),
    ],
)
def test_yes_is_said_as_people_say_it(
    language: str, typed: str, usual: bool, told: str, answer: str
) -> None:
    @click.command()
    def ask() -> None:
        click.echo("yes" if confirm(_("Make a new one?"), usual=usual) else "no")

    said = CliRunner().invoke(ask, input=f"{typed}\n", env={"LC_ALL": language})
    assert said.exit_code == 0, said.output
    assert told in said.output
    assert said.output.splitlines()[-1].endswith(answer)
