"""Tracing wraps functions that exist, and a round trip's parts add up to the whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from benchmarks.round_trip import split
from benchmarks.tracing import POINTS, Span, find, trace


class Bot:
    """Something to trace."""

    async def fetch(self) -> str:
        return "sync"

    def decrypt(self) -> str:
        return "plain"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[str]:
        yield "tx"


@pytest.mark.parametrize("step", POINTS)
def test_each_step_is_a_function_of_the_bot(step: str) -> None:
    _owner, name, function = find(POINTS[step])
    assert callable(function), name


def test_each_call_is_a_span_and_says_what_it_said() -> None:
    spans: list[Span] = []
    here = f"{Bot.__module__}:Bot"
    trace(
        spans.append,
        {
            "sync": f"{here}.fetch",
            "decrypt": f"{here}.decrypt",
            "commit": f"{here}.transaction",
        },
    )

    async def use(bot: Bot) -> list[str]:
        async with bot.transaction() as tx:
            return [await bot.fetch(), bot.decrypt(), tx]

    assert asyncio.run(use(Bot())) == ["sync", "plain", "tx"]
    assert [span.name for span in spans] == ["sync", "decrypt", "commit"]
    assert all(span.began <= span.ended for span in spans)


def test_the_parts_of_a_round_trip_add_up() -> None:
    spans = [
        Span("sync", 0.0, 13.0),
        Span("commit", 13.1, 13.2),  # of something before
        Span("decrypt", 13.5, 14.0),
        Span("handle", 15.0, 18.0),
        Span("commit", 18.5, 20.5),
        Span("sync", 13.0, 25.0),
        Span("encrypt", 21.0, 22.0),
        Span("send", 22.5, 27.0),  # ends after the member has heard it
    ]
    parts = dict(split((10.0, 26.0), spans))
    assert parts == {
        "sync": 3.0,
        "to decrypt": 0.5,
        "decrypt": 0.5,
        "to handle": 1.0,
        "handle": 3.0,
        "to commit": 0.5,
        "commit": 2.0,
        "to encrypt": 0.5,
        "encrypt": 1.0,
        "to send": 0.5,
        "send": 3.5,
    }
    assert sum(parts.values()) == 16.0
