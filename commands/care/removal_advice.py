"""Says to whoever moderates how somebody is taken out of a room."""

from __future__ import annotations

from bot.api import (
    ADVICE_LINES,
    HOW_TO_REMOVE,
    Context,
    Line,
    Sentence,
    _,
    find_help_kind,
    moderated_rooms,
)
from commands.care.declaration import feature


def _is_harmless(text: str) -> bool:
    return find_help_kind(text) is None


feature.sentences.append(Sentence(HOW_TO_REMOVE, "help remove", only_if=_is_harmless))


@feature.offers(ADVICE_LINES.of("removal"))
async def removal_lines(ctx: Context) -> list[Line]:
    """Return how somebody is taken out, for whoever moderates a room; else nothing."""
    if not await moderated_rooms(ctx):
        return []
    return [
        _("To take somebody out of a room: `!remove @name:server` and why."),
        _("All that moderators can do: `!help moderation`"),
    ]
