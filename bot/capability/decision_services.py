"""Services about the texts that rooms decide on, which other capabilities keep."""

from __future__ import annotations

from dataclasses import dataclass

from bot.capability.service import Service
from bot.delivery.effects import Callback, Effect
from bot.types import Line


@dataclass(frozen=True, slots=True)
class DecidableText:
    """A text that a room can decide on by its name, which `!proposal` opens for whoever types it.

    `title` becomes the question; the effects `before` and the lines `first` are posted above it.
    `then` is scheduled as that of a `Proposal` is.
    """

    title: Line
    then: Callback
    first: tuple[Line, ...] = ()
    before: tuple[Effect, ...] = ()


TEXT_TO_DECIDE = Service[[str], DecidableText | None]("text to decide")
"""The text that the words behind `!proposal` name in `ctx.place`, or None.

Raises `UserError` if the room can't decide on it now.
"""
