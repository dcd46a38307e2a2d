"""The operator has to do something first: a plain line and an exit status, never a traceback."""

from __future__ import annotations

from typing import Any

import click

OPERATOR_MUST_ACT = 78
"""Exit status (sysexits' EX_CONFIG) at which a restart is no use; minga.service knows it."""
A_BUG = 70


class Stop(click.ClickException):
    exit_code = OPERATOR_MUST_ACT

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)
