"""No right to give accounts, which is how a bot begins."""

from __future__ import annotations

from datetime import datetime

from bot.gateway import AccountTrouble, Refused


class NoAccounts:
    """Implements `AccountOffice` where the operator has given no right."""

    async def trouble(self) -> AccountTrouble | None:
        """Return `off`, because the bot has no right to create accounts."""
        return "off"

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        """Raise `Refused`, because the bot has no right to create accounts."""
        raise Refused("M_FORBIDDEN", "no right to give accounts")

    async def withdraw(self, token: str) -> None:
        """Raise `Refused`: registration tokens made under an earlier right must be deleted by the
        operator."""
        raise Refused("M_FORBIDDEN", "no right to give accounts")

    async def close(self) -> None:
        """Do nothing, because there is no connection."""
