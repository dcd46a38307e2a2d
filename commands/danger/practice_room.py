"""`!practice`: a room where everything can be tried and nothing counts or is kept."""

from __future__ import annotations

import secrets

from bot.api import (
    Answer,
    Callback,
    CommandPlace,
    Context,
    CreateRoom,
    Invite,
    Job,
    Line,
    Membership,
    MembershipChanged,
    Person,
    RoomId,
    Say,
    UserId,
    _,
    items,
    settings,
    words,
)
from commands.danger.declaration import PRACTICE_OPENED_JOB, SAFETY, feature

PRACTICE_KEY = "practice"
"""Read by `bot/run/practice_rooms.py`: events of such a room go to a bot of their own."""
ROOM_NAME = _("Practice")


@feature.command(
    words(
        "práctica",
        "prática",
        "practice",
        "prueba, ensayo, sala de prueba | teste, treino, sala de teste | test, rehearsal",
    ),
    help=_("a practice room: everything can be tried there, nothing counts and nothing is kept"),
    example=_("For example: `!practice`"),
    topic=SAFETY,
    where=CommandPlace.PRIVATE,
)
async def open_practice(ctx: Context) -> Answer:
    """Create a practice room, where nothing counts, and invite the person to it. Return the
    answer."""
    number = await ctx.add_item("practice", "", RoomId(ctx.who))
    name = await ctx.render_line(ROOM_NAME, ctx.room)
    then = Callback.of(PRACTICE_OPENED_JOB, number)
    return [
        _("I open a practice room and invite you: try there whatever you like, also `panic`."),
        CreateRoom(f"practice-{secrets.token_hex(8)}", name, then),
    ]


@feature.runs(PRACTICE_OPENED_JOB)
async def finish_opening(ctx: Context, job: Job) -> Answer:
    """Mark the new room as a practice room and invite the person who asked for it. Return what to
    say, if anything.

    If the homeserver made none, tell them so.
    """
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None:
        return None
    await items.delete(ctx.db, item.number)
    if job.payload["code"]:
        said: Line = _("The homeserver opened no practice room. Please try again later.")
        return Say((said,), to=UserId(item.author))
    room = RoomId(str(job.payload["room"]))
    await settings.set_value(ctx.db, room, PRACTICE_KEY, "yes")
    language, _zone = await settings.person_settings(ctx.db, UserId(item.author))
    if language:
        await settings.set_value(ctx.db, room, "language", language)
    return Invite(UserId(item.author), room)


@feature.on(MembershipChanged)
async def greet_member(ctx: Context, moved: MembershipChanged) -> Answer:
    """Explain the practice room to each person who joins: they cannot read what was said before.
    Return what to say, if anything."""
    if ctx.policy.values.get(PRACTICE_KEY) != "yes" or moved.user == ctx.me:
        return None
    if moved.after is not Membership.JOIN or moved.before is Membership.JOIN:
        return None
    lines = (
        _(
            "This room is for practice, {who}: nothing counts, nothing is kept, and nobody outside"
            " hears of it.",
            who=Person(moved.user),
        ),
        _("What I would write to somebody in private stands here, marked. For example: `!panic`"),
        _("In real danger don't write here: write to me in private, or in another room."),
    )
    return Say(lines)
