"""What the bot keeps beside its account at the homeserver (spec §Client config)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateway import Refused
from bot.matrix.http import Http, path_segment
from bot.types import UserId


class AccountData:
    """The part of a gateway that reads and writes the account's data."""

    _http: Http
    _me: UserId

    async def account_data(self, kind: str) -> Mapping[str, Any] | None:
        try:
            return await self._http.call("GET", self._account_path(kind))
        except Refused as error:
            if error.code != "M_NOT_FOUND":
                raise
        return None

    async def set_account_data(self, kind: str, content: Mapping[str, Any]) -> None:
        await self._http.call("PUT", self._account_path(kind), content)

    def _account_path(self, kind: str) -> str:
        return f"/_matrix/client/v3/user/{path_segment(self._me)}/account_data/{path_segment(kind)}"
