"""No right to give accounts, which is how a bot begins."""

from __future__ import annotations

from datetime import datetime

from bot.gateway import AccountTrouble, Refused


class NoAccounts:
    """Implements `AccountOffice` where the operator has given no right."""

    async def trouble(self) -> AccountTrouble | None:
        """Return `off`: the right to give accounts is missing."""
        return "off"

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        """Raise `Refused`."""
        raise Refused("M_FORBIDDEN", "no right to give accounts")

    async def withdraw(self, token: str) -> None:
        """Raise `Refused`: what an earlier right gave, the operator must take back."""
        raise Refused("M_FORBIDDEN", "no right to give accounts")

    async def close(self) -> None:
        """Do nothing."""
