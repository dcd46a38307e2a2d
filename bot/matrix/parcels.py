"""Requests that name many people or devices: in parcels, several at a time, and around bad ones.

C5 is described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar

from bot.gateway import Refused, TryLater

IN_FLIGHT = 4
"""How many parcels are under way at a time."""
AT_A_STRETCH = 50
"""How many keys are checked or sessions started before others have their turn: about 30 ms."""
CHOKED_CODES = frozenset({"bad_json", "too_large"})
"""Codes of `Http` for an answer that a server gives only because of hostile content in it."""

T = TypeVar("T")


def parcels_of(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return the items in lists of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


async def for_each_parcel(
    act: Callable[[list[T]], Awaitable[None]], items: Sequence[T], size: int
) -> None:
    """Call `act` for the items in lists of at most `size`, several calls at a time.

    Where one fails the others are finished all the same; then its error is raised.
    """
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(parcel: Sequence[T]) -> None:
        async with gate:
            await act(list(parcel))

    ended = await asyncio.gather(*map(one, parcels_of(items, size)), return_exceptions=True)
    for error in ended:
        if error is not None:
            raise error


async def try_halving(
    items: list[Any],
    ask: Callable[[list[Any]], Awaitable[None]],
    gave_up: Callable[[Any], None],
    choked: frozenset[str] = CHOKED_CODES,
) -> None:
    """Call `ask` for all items. If the server fails on one of them, find it by halving and go on
    without it (C5).

    Calls `gave_up` for that item. Raises `TryLater` for other codes than `choked`.
    """
    try:
        await ask(items)
    except (Refused, TryLater) as error:
        if isinstance(error, TryLater) and error.code not in choked:
            raise
        if len(items) == 1:
            gave_up(items[0])
            return
        middle = len(items) // 2
        await try_halving(items[:middle], ask, gave_up, choked)
        await try_halving(items[middle:], ask, gave_up, choked)
