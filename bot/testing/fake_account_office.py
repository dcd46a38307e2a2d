"""A homeserver's accounts, for tests: registration tokens, and what is kept beside the bot's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.gateway import AccountTrouble, Refused


@dataclass(slots=True)
class FakeAccountOffice:
    """Implements `AccountOffice` in memory. `tokens`: how many may register, and until when."""

    why_not: AccountTrouble | None = "off"
    refuse: str | None = None
    tokens: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    async def trouble(self) -> AccountTrouble | None:
        return self.why_not

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        if self.refuse is not None:
            raise Refused(self.refuse)
        self.tokens[token] = (uses, until)

    async def withdraw(self, token: str) -> None:
        if self.why_not == "off":
            raise Refused("M_FORBIDDEN")
        self.tokens.pop(token, None)


@dataclass(slots=True)
class FakeAccountData:
    """The part of `FakeGateway` that keeps data beside the account: `account`, by its type."""

    account: dict[str, Mapping[str, Any]] = field(default_factory=dict, kw_only=True)

    def _fail(self) -> None:
        """Raise what the test wants every request to meet."""
        raise NotImplementedError

    async def account_data(self, kind: str) -> Mapping[str, Any]:
        self._fail()
        return self.account.get(kind, {})

    async def set_account_data(self, kind: str, content: Mapping[str, Any]) -> None:
        self._fail()
        self.account[kind] = json.loads(json.dumps(content))
