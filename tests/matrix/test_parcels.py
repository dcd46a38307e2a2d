"""Requests in parcels: several under way, each finished whatever becomes of the others."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway import TryLater
from bot.matrix.parcels import IN_FLIGHT, for_each_parcel, parcels_of


def test_nothing_is_left_out_and_nothing_comes_twice() -> None:
    assert [list(one) for one in parcels_of(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(parcels_of([], 2)) == []


async def test_so_many_are_under_way_and_no_more() -> None:
    waiting, most = asyncio.Event(), 0
    under_way: set[int] = set()

    async def act(parcel: list[int]) -> None:
        nonlocal most
        under_way.update(parcel)
        most = max(most, len(under_way))
        if len(under_way) == IN_FLIGHT:
            waiting.set()
        await waiting.wait()
        under_way.difference_update(parcel)

    async with asyncio.timeout(60):
        await for_each_parcel(act, range(3 * IN_FLIGHT), 1)
    assert most == IN_FLIGHT


async def test_one_failure_is_told_when_the_others_are_done() -> None:
    done: list[int] = []

    async def act(parcel: list[int]) -> None:
        if parcel == [0]:
            raise TryLater("http_502")
        await asyncio.sleep(0)
        done.extend(parcel)

    with pytest.raises(TryLater):
        await for_each_parcel(act, range(10), 1)
    assert sorted(done) == list(range(1, 10))
    await for_each_parcel(act, [], 1)
