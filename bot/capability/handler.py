"""What a handler is, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from bot.delivery.effects import Effect
from bot.lines import Line

Answer = Line | Effect | Iterable[Line | Effect] | None
Handler = Callable[..., Awaitable[Answer]]
