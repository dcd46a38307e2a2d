"""Talks that the bot begins itself: with one person, in private, one question at a time.

Each answer runs the dialogue anew with what is known (docs/decisions/0006). Whichever is the oldest
of a person goes on while nothing else is being asked of them; the others wait. A job is always to
come for each person who has one.
"""

from __future__ import annotations

from bot import policy
from bot.context import Context, Origin
from bot.feature import Answer
from bot.policy import Defaults, Policy
from bot.road import Road
from bot.types import RoomId, UserId
from storage import dialogues, questions, rooms
from storage.database import Tx
from storage.dialogues import Dialogue


async def place(tx: Tx, person: UserId, defaults: Defaults) -> tuple[Origin, Policy]:
    """A person alone, in their private room if there is one already."""
    private = await rooms.private_room(tx, person)
    room = await rooms.get(tx, private) if private else None
    return Origin(private or RoomId(person)), await policy.of_person(tx, person, defaults, room)


async def go_on(ctx: Context) -> Answer:
    """Ask what is next, unless something is being asked; forget what nobody answered."""
    one = await dialogues.first(ctx.db, ctx.who)
    if one is None:
        return None
    asked = await questions.open_to(ctx.db, ctx.who, ctx.now)
    if asked:
        first = min(question.until for question in asked)
        ctx.scheduled = await dialogues.nudge(ctx.db, ctx.who, first)
        return None
    last = await questions.waiting(ctx.db, RoomId(ctx.who), "", ctx.who)
    if last is not None and Road.of(last.payload.get("road")).dialogue == one.id:
        await over(ctx.db, ctx, one.id)  # it lapsed; who answers late is told so
        return None
    ctx.known = dict(one.known)
    return await run(ctx, one)


async def run(ctx: Context, one: Dialogue) -> Answer:
    """Run it with what is known; what it answers instead of asking is its end."""
    feature = ctx.registry.features.get(one.feature)
    handler = feature.dialogues.get(one.name) if feature else None
    if handler is None:  # the capability was taken out meanwhile
        await over(ctx.db, ctx, one.id)
        return None
    ctx.feature, ctx.road = one.feature, Road("dialogue", dialogue=one.id)
    answer = await handler(ctx, one.data)
    await over(ctx.db, ctx, one.id)
    return answer


async def over(tx: Tx, ctx: Context, dialogue: int) -> None:
    """It is done, refused or stopped: the person's next one may begin."""
    await dialogues.drop(tx, dialogue)
    if await dialogues.nudge(tx, ctx.who, ctx.read):
        ctx.scheduled = True
