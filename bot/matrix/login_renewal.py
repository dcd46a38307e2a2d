"""A fresh token for the same device, where the homeserver let the bot's token lapse."""

from __future__ import annotations

import asyncio

import structlog

from bot.matrix.http import Http
from bot.matrix.login import (
    Account,
    DeadLogin,
    UnusableAccount,
    explain_dead_token,
    log_in_again,
)
from storage.database import Database

_log = structlog.get_logger()


class LoginRenewal:
    """Logs in again after a soft logout (spec §Soft logout): the device and its keys live on.

    Without it the bot would end, and systemd would not start it again: an operator has to mend a
    login that is dead, but this one is not.
    """

    def __init__(self, http: Http, db: Database, key: bytes, account: Account) -> None:
        self._http = http
        self._db = db
        self._key = key
        self._account = account
        self._turn = asyncio.Lock()

    async def renew(self, lapsed: str) -> None:
        """Log in again in place of the token `lapsed`, unless another request has done so
        meanwhile.

        Raises `DeadLogin` if the account's password is not accepted any more, and `TryLater` if the
        homeserver can't answer now.
        """
        async with self._turn:
            if self._http.token != lapsed:
                return
            _log.warning("the homeserver let the login lapse: logging in again")
            try:
                self._http.token = await log_in_again(self._db, self._key, self._account)
            except UnusableAccount as unfit:
                raise DeadLogin(*unfit.lines) from None


def keep_logged_in(http: Http, db: Database, key: bytes, account: Account) -> None:
    """Make `http` log in again when the homeserver lets its token lapse, if the account's password
    is known.

    If it is not known, requests with a dead token raise `DeadLogin`, which tells the operator what
    to do.
    """
    if account.password is not None:
        http.renew = LoginRenewal(http, db, key, account).renew
    else:
        http.explain = explain_dead_token
