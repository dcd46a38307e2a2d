"""What the inbound sessions need of the file in which they stand."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any, Protocol

from bot.types import UserId


class SessionFile(Protocol):
    """A `KeyStore`, as far as `MegolmSessions` need it."""

    pickle_key: bytes

    def run(self, sql: str, *args: Any) -> Any: ...

    def atomic(self) -> AbstractContextManager[Any]: ...

    def keyed_hash(self, *words: str) -> str: ...

    def knows_device_of(self, user: UserId) -> bool: ...

    def known_people(self) -> Collection[UserId]: ...
