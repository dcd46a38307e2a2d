"""How an accepted answer is acknowledged in a room: a ✓ on the message, or a line.

In a big room thirty people who answer would make thirty lines that nobody reads.
"""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.settings import OneOf, Setting
from bot.delivery.effects import React, Say
from bot.i18n import _
from bot.text.command_words import words
from storage import rooms, settings

CHECK_MARK = "✓"
"""Not encrypted: it shows that something was accepted, never what."""
BIG_ROOM = 12
"""From so many people on, bots left out, a room gets a ✓ if it did not choose."""
AUTOMATIC, ALWAYS, LINES = "automatic", "yes", "no"

ACKNOWLEDGEMENTS = Setting(
    "short_answers",
    words("respuestas-breves", "respostas-breves", "short-answers"),
    OneOf(
        {
            AUTOMATIC: words("automático", "automático", "automatic", "auto"),
            ALWAYS: words("siempre", "sempre", "always", "✓, sí, si, sim, yes, on"),
            LINES: words("líneas", "linhas", "lines", "línea, linha, line, no, não, off"),
        }
    ),
    AUTOMATIC,
    _("Votes and answers: a ✓ (`always`), a line (`lines`), or a ✓ from 12 people on."),
)


async def is_big_room(ctx: Context) -> bool:
    """Return whether a room has so many people that a line written to one of them disturbs many."""
    listed = (await settings.settings_of(ctx.db, ctx.room)).get("bots", "").split()
    here = set(await rooms.members(ctx.db, ctx.room))
    return len(here - {ctx.me, *listed}) >= BIG_ROOM


async def acknowledge(ctx: Context, said: Say) -> Say | React:
    """Return `said`, or in its place a ✓ as a reaction to the message answered, by the room's
    setting.

    Use it for what was accepted just as it was asked for. Where something is off, say it in words.
    """
    event = ctx.origin.event
    if ctx.is_private or event is None:
        return said
    wish = await ctx.setting_value(ACKNOWLEDGEMENTS)
    if wish == ALWAYS or (wish == AUTOMATIC and await is_big_room(ctx)):
        return React(event, CHECK_MARK)
    return said
