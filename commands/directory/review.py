"""Ask people every half year whether their entry should stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import YES_NO, Answer, Context, Job, Line, Number, Say, _
from commands.directory import directory_store, removal, texts
from commands.directory.declaration import LAPSE_JOB, REVIEW_JOB, feature
from commands.directory.directory_store import DirectoryEntry

REVIEW_INTERVAL, ANSWER_PATIENCE = timedelta(days=180), timedelta(days=21)


async def schedule_review(ctx: Context, entry: DirectoryEntry) -> None:
    """Schedule when the person is next asked whether their entry in the directory still holds."""
    await ctx.cancel_jobs(entry.item)
    await ctx.schedule(REVIEW_JOB, ctx.now + REVIEW_INTERVAL, item=entry.item, room=entry.room)


@feature.runs(REVIEW_JOB)
async def begin_review(ctx: Context, job: Job) -> Answer:
    """Ask a person whether their directory entry still holds, and schedule its deletion if they
    don't answer. Return what to say, if anything."""
    entry = (
        await directory_store.get_entry(ctx.db, Number(job.item)) if job.item is not None else None
    )
    if entry is None:
        return None
    await directory_store.set_asked(ctx.db, entry.item, ctx.said_at)
    await ctx.begin_dialogue(
        "still so", entry.person, {"item": entry.item}, patience=ANSWER_PATIENCE
    )
    await ctx.schedule(LAPSE_JOB, ctx.said_at + ANSWER_PATIENCE, item=entry.item, room=entry.room)
    return None


@feature.dialogue("still so")
async def ask_review(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask whether an entry in the directory still holds; keep or remove it by the answer. Return
    what to say, if anything."""
    entry = await directory_store.get_entry(ctx.db, Number(data["item"]))
    if entry is None or entry.person != ctx.who:
        return None
    shown = texts.entry_line(entry)
    lines = [
        _("You are in the directory: {entry}", entry=shown),
        _("Is it still right, and shall it stay? `yes` or `no`"),
    ]
    if ctx.ask("stays", YES_NO, *lines) == "yes":
        await directory_store.set_asked(ctx.db, entry.item, None)
        await schedule_review(ctx, entry)
        return _("It stays. To change it: `!list-me {number} …`", number=entry.item)
    await removal.remove_entry(ctx, entry)
    return _removed_line(entry)


@feature.runs(LAPSE_JOB)
async def remove_unanswered(ctx: Context, job: Job) -> Answer:
    """Remove an entry of the directory whose review was not answered: silence is no consent. Return
    what to say, if anything."""
    entry = (
        await directory_store.get_entry(ctx.db, Number(job.item)) if job.item is not None else None
    )
    if entry is None or entry.asked is None:
        return None
    await removal.remove_entry(ctx, entry)
    return Say((_removed_line(entry),), to=entry.person)


def _removed_line(entry: DirectoryEntry) -> Line:
    return _(
        "Out of the directory: {number}, {words}. I keep nothing of it.",
        number=entry.item,
        words=texts.entry_name(entry),
    )
