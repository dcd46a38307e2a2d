"""What the crypto asks of HTTP, and how it reads JSON that nobody vouches for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

MEGOLM = "m.megolm.v1.aes-sha2"
OLM = "m.olm.v1.curve25519-aes-sha2"


class Http(Protocol):
    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        timeout: float = 60,  # noqa: ASYNC109 - a deadline of the request, not of the caller
    ) -> dict[str, Any]:
        """One request, one JSON answer. Raises `Refused`, `TryLater` or `SignedOut`."""


def table(value: Any, *path: str) -> dict[str, Any]:
    """The object found along `path`; empty where the sender put something else."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def word(value: Any, limit: int = 255) -> str:
    """A short text, or '' for whatever else came. No id or key is longer (spec, appendix)."""
    return value if isinstance(value, str) and len(value) <= limit else ""
