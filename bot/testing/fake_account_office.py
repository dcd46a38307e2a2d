"""A homeserver's registration tokens, for tests; `FakeGateway.accounts`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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
