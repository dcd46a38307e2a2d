"""Services of the anonymous box: the end of a link, and a person's data."""

from __future__ import annotations

from bot.api import (
    ADVICE_LINES,
    EXPORT_PERSON,
    FORGET,
    RETENTION_LINES,
    Answer,
    Context,
    Job,
    Line,
    UserId,
    _,
    items,
    n_,
)
from commands.anonymous_box import new_note, note_store
from commands.anonymous_box.declaration import FORGET_JOB, LINK_KEPT, feature

feature.rows("anonymous_box_note", room="room", on_clash="stay")
for table in ("anonymous_box_sent", "anonymous_box_muted"):
    feature.at_split(table, "stays")  # about who wrote to this bot


@feature.runs(FORGET_JOB)
async def forget_link(ctx: Context, job: Job) -> Answer:
    """Delete who wrote an anonymous message, 30 days after it was passed on (a job). Return what to
    say, if anything."""
    if job.item is not None:
        await note_store.delete_link(ctx.db, job.item)
        await note_store.delete_old_marks(ctx.db, ctx.now)
        await items.close(ctx.db, job.item)
    return None


@feature.offers(RETENTION_LINES)
async def retention_lines(_ctx: Context) -> list[Line]:
    """Return the lines for the room that say how long the author of an anonymous message is
    stored."""
    return [
        n_(
            "Who wrote an anonymous message (`box`): sealed, {count} day; then deleted.",
            "Who wrote an anonymous message (`box`): sealed, {count} days; then deleted.",
            LINK_KEPT.days,
        )
    ]


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete who wrote the anonymous messages of this person. Return lines that say what was
    deleted. A mute stays, or being forgotten would undo it."""
    found = await note_store.notes_of(ctx.db, person)
    for item in found:
        await ctx.cancel_jobs(item)
        await note_store.delete_link(ctx.db, item)
    if not found:
        return []
    return [
        n_(
            "that you wrote {count} anonymous message (it stays where it was read)",
            "that you wrote {count} anonymous messages (they stay where they were read)",
            len(found),
        )
    ]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return the anonymous messages of which this person is still stored as the author."""
    return [
        _("You wrote anonymous message {number}; only I know that.", number=item)
        for item in await note_store.notes_of(ctx.db, person)
    ]


@feature.offers(ADVICE_LINES.of("confidence"))
async def confidence_lines(ctx: Context) -> list[Line]:
    """Return how to tell something without one's name, if this person can; else an empty list."""
    names = tuple(one.name for one in await new_note.targets(ctx))
    if not names:
        return []
    return [_("Without your name: `box` and the words. It goes to: {names}.", names=names)]
