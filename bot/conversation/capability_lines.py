"""What capabilities say to lines that are no command: a greeting, or what nothing understood."""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.services import GREETING_NAME, HELLO_LINES, UNMATCHED_LINES
from bot.conversation import small_talk
from bot.types import Line


async def unmatched_lines(ctx: Context, text: str) -> list[Line]:
    """Return what a capability makes of a line that nothing else understood."""
    for unmatched in ctx.registry.offers(UNMATCHED_LINES):
        if lines := await unmatched(ctx, text):
            return list(lines)
    return []


async def hello_lines(ctx: Context, text: str) -> list[Line]:
    """Return what can be done now, if the line is a greeting or thanks."""
    if not small_talk.is_greeting(text):
        return []
    return [line for hello in ctx.registry.offers(HELLO_LINES) for line in await hello(ctx)]


async def greeting_name(ctx: Context) -> str | None:
    """Return the name that this person wants to be called, for private rooms only."""
    for called in ctx.registry.offers(GREETING_NAME):
        if (name := await called(ctx, ctx.who)) is not None:
            return str(name)
    return None
