"""Dialogues that the bot begins: with one person, in private, one question at a time.

Each answer runs the dialogue's handler again from the start (docs/decisions/0006). A person's
next dialogue runs while no other question to them is open, and the others wait. There is always a
job scheduled for a person who has one.
"""

from __future__ import annotations

from bot.capability import room_policy
from bot.capability.context import Context, Origin
from bot.capability.feature import Answer
from bot.capability.resume_point import ResumePoint
from bot.capability.room_policy import Defaults, Policy
from bot.types import RoomId, UserId
from storage import dialogues, questions, rooms
from storage.database import Tx
from storage.dialogues import Dialogue


async def dialogue_place(tx: Tx, person: UserId, defaults: Defaults) -> tuple[Origin, Policy]:
    """Return the origin and policy of a person's private room, which need not exist yet."""
    private = await rooms.private_room(tx, person)
    room = await rooms.get(tx, private) if private else None
    return Origin(private or RoomId(person)), await room_policy.person_policy(
        tx, person, defaults, room
    )


async def continue_dialogue(ctx: Context) -> Answer:
    """Run the first dialogue waiting for this person, unless they have an open question. Return
    what to say, if anything.

    A dialogue whose question lapsed without an answer is deleted.
    """
    one = await dialogues.get_next(ctx.db, ctx.who)
    if one is None:
        return None
    asked = await questions.open_questions(ctx.db, ctx.who, ctx.said_at)
    if asked:
        first = min(question.until for question in asked)
        ctx.has_scheduled = await dialogues.schedule_next(ctx.db, ctx.who, first)
        return None
    last = await questions.get(ctx.db, RoomId(ctx.who), "", ctx.who)
    if last is not None and ResumePoint.from_json(last.payload.get("road")).dialogue == one.id:
        await end_dialogue(ctx.db, ctx, one.id)  # it lapsed; a late answer gets an explanation
        return None
    ctx.answers = dict(one.known)
    return await run_dialogue(ctx, one)


async def run_dialogue(ctx: Context, one: Dialogue) -> Answer:
    """Run a dialogue's handler and return its answer. When the handler returns, the dialogue has
    ended and is deleted."""
    feature = ctx.registry.features.get(one.feature)
    handler = feature.dialogues.get(one.name) if feature else None
    if handler is None:  # the capability was removed meanwhile
        await end_dialogue(ctx.db, ctx, one.id)
        return None
    ctx.feature, ctx.resume_point = one.feature, ResumePoint("dialogue", dialogue=one.id)
    answer = await handler(ctx, one.data)
    await end_dialogue(ctx.db, ctx, one.id)
    return answer


async def end_dialogue(tx: Tx, ctx: Context, dialogue: int) -> None:
    """Delete a dialogue and schedule the next one that waits for its person."""
    await dialogues.delete(tx, dialogue)
    if await dialogues.schedule_next(tx, ctx.who, ctx.now):
        ctx.has_scheduled = True
