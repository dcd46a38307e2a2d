"""The words of a line that may name an area. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.api import fold

_FILLERS = frozenset(
    "a al en para el la los las y e o ao em no na os as to in into the and area areas".split()  # noqa: SIM905
)


def without_fillers(words: Iterable[str]) -> list[str]:
    """Return an area's name without words that name nothing: `prensa` for `en el área prensa`."""
    return [word for word in words if fold(word) not in _FILLERS]
