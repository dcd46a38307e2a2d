"""Services between capabilities: values with a signature, so that mypy checks both sides."""

from __future__ import annotations

from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)


class Service(Generic[P, R_co]):
    """Something that capabilities may offer each other: `Service[[RoomId], list[Line]]("pending")`.

    The parameters are those behind the context. Offer it with `@feature.offers(PENDING)`; ask for
    it with `ctx.registry.offers(PENDING)`, which is empty if no capability offers it.
    """

    def __init__(self, name: str) -> None:
        self.name = name


class KindService(Generic[P, R_co]):
    """A service that each kind of item has for itself: `CANCEL.of("poll")`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, kind: str) -> Service[P, R_co]:
        """Return the service for items of this kind."""
        return Service(f"{self.name}:{kind}")
