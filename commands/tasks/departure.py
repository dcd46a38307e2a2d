"""When somebody leaves a room, the tasks they had taken there become free."""

from __future__ import annotations

from bot.api import Answer, Context, MembershipChanged, Say, has_left, n_
from commands.tasks import task_store
from commands.tasks.declaration import feature


@feature.on(MembershipChanged)
async def free_tasks(ctx: Context, what: MembershipChanged) -> Answer:
    """Remove the person from tasks, and name to the room those that nobody has now. Return what to
    say, if anything."""
    if not await has_left(ctx, what):
        return None
    free = await task_store.remove_from_room(ctx.db, what.user, what.room)
    if not free:
        return None
    said = n_(
        "Who had this task is not in this room any more, and nobody has it now: {numbers}."
        " To take it: `!task {number} me`",
        "Who had these tasks is not in this room any more, and nobody has them now: {numbers}."
        " To take one: `!task {number} me`",
        len(free),
        numbers=", ".join(map(str, free[:20])),
        number=free[0],
    )
    return Say((said,), room=what.room)
