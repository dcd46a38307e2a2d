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


def sentence(error: BaseException) -> str | None:
    """What the operator has to mend, if that is what this error says."""
    from bot.config import ConfigError
    from bot.gateway import SignedOut
    from bot.matrix.login import Unfit
    from storage.database import WrongKey
    from storage.keys import SecretError
    from storage.lock import Busy
    from storage.migrate import DatabaseTooNew

    match error:
        case ConfigError() | SecretError() | Unfit() | Busy():
            return str(error)
        case WrongKey():
            return f"The key does not open {error}; nothing was changed."
        case DatabaseTooNew():
            return f"A newer Minga wrote this database ({error}): install that one."
        case SignedOut():
            why = str(error) or "The homeserver does not know our login any more."
            return f"{why} The bot stopped. See: minga doctor"
        case _:
            return None
