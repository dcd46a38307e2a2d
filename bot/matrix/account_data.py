"""What the bot keeps beside its account at the homeserver (spec §Client config)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateway import Refused
from bot.matrix.crypto.wire import JsonHttp
from bot.matrix.http import Http, path_segment
from bot.types import UserId


def account_data_path(user: UserId, kind: str) -> str:
    """Return the path of an account's data of this type."""
    return f"/_matrix/client/v3/user/{path_segment(user)}/account_data/{path_segment(kind)}"


async def read_account_data(http: JsonHttp, user: UserId, kind: str) -> dict[str, Any]:
    """Return an account's data of this type, {} if there is none. Raises `Refused` or
    `TryLater`."""
    try:
        return await http.call("GET", account_data_path(user, kind))
    except Refused as error:
        if error.code != "M_NOT_FOUND":
            raise
        return {}


class AccountData:
    """The part of a gateway that reads and writes the account's data."""

    _http: Http
    _me: UserId

    async def account_data(self, kind: str) -> Mapping[str, Any]:
        return await read_account_data(self._http, self._me, kind)

    async def set_account_data(self, kind: str, content: Mapping[str, Any]) -> None:
        await self._http.call("PUT", account_data_path(self._me, kind), content)
