"""What a handler is, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from bot.delivery.effects import Effect
from bot.lines import Line
from storage.membership.room import Room

Answer = Line | Effect | Iterable[Line | Effect] | None
Handler = Callable[..., Awaitable[Answer]]
FindHomes = Callable[[Any, str], Awaitable[Sequence[Room]]]
"""`(ctx, text)`: returns the rooms that a private line may be for; none: all that are shared."""
