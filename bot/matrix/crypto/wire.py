"""What the encryption needs of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

MEGOLM = "m.megolm.v1.aes-sha2"
OLM = "m.olm.v1.curve25519-aes-sha2"


class JsonHttp(Protocol):
    """The HTTP client that the encryption uses."""

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        timeout: float = 60,  # noqa: ASYNC109 - a deadline of the request, not of the caller
    ) -> dict[str, Any]:
        """Make one request and return its JSON object.

        Raises `Refused`, `TryLater` or `SignedOut`.
        """
