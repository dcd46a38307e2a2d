"""Lines of the room's log in words: each capability describes what it wrote."""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.services import DESCRIBE_LOG_ENTRY
from bot.i18n import verbatim
from bot.lines import Line
from storage.log import LogEntry


async def describe_log_entry(ctx: Context, entry: LogEntry) -> Line:
    """Return an entry of a room's log as a sentence of the capability that wrote it.

    A declared line comes first, then the service `DESCRIBE_LOG_ENTRY`. If the capability is gone,
    or knows no such act or lacks a fact, return its name and the act's.
    """
    writer = ctx.registry.log_writer(entry.feature, entry.act)
    declared = writer.log_lines.get(entry.act) if writer is not None else None
    if declared is not None and (told := declared.fill(entry.facts)) is not None:
        return told
    for one in ctx.registry.family(entry.feature):
        describe = ctx.registry.offer_of(one.name, DESCRIBE_LOG_ENTRY)
        line = await describe(ctx, entry) if describe is not None else None
        if line is not None:
            return line
    return verbatim(f"{entry.feature}, {entry.act}")
