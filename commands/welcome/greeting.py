"""The greeting in a room: one message for all who came in while it was waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Job,
    Length,
    Line,
    Membership,
    Person,
    Room,
    Say,
    Setting,
    Span,
    UserId,
    _,
    n_,
    rooms,
    settings,
    verbatim,
    words,
)
from commands.welcome import store
from commands.welcome.declaration import GREET_JOB, feature

WAIT = Setting(
    "welcome_wait",
    words("espera-bienvenida", "espera-boas-vindas", "welcome-wait"),
    Length(timedelta(minutes=1), timedelta(days=1)),
    str(10 * 60),
    _("How long the welcome waits for others who come in, so that one is for all of them."),
)
feature.settings.append(WAIT)
MOST_NAMED = 10
"""How many people a welcome names; it counts the rest."""
LATE = timedelta(minutes=5)
"""A welcome that is later than this says how late it is."""


async def await_greeting(ctx: Context, room: Room, person: UserId) -> None:
    """Store that the person waits for the room's welcome, if one is written.

    The first one starts the time.
    """
    if not await store.get_texts(ctx.db, room.room):
        return
    if await store.add_waiting(ctx.db, room.room, person, ctx.now):
        pause = timedelta(seconds=int(await ctx.setting_value(WAIT, room.room)))
        await ctx.schedule(GREET_JOB, ctx.now + pause, room=room.room)


@feature.runs(GREET_JOB)
async def greet_newcomers(ctx: Context, job: Job) -> Answer:
    """Post the room's welcome for those who waited and are still in the room, each in their
    language. Return what to say, if anything."""
    came, texts = (
        await store.take_waiting(ctx.db, ctx.room),
        await store.get_texts(ctx.db, ctx.room),
    )
    here = [one for one in came if await _is_here(ctx, one)]
    if not here or not texts:
        return None
    groups = await _by_text(ctx, here, texts)
    lines: list[Line] = []
    for text, people in groups.items():
        lines += [_names(people, MOST_NAMED // len(groups)), verbatim(text)]
    if ctx.now - job.due > LATE:
        lines.append(_("I say it {span} late, because I was away.", span=Span(ctx.now - job.due)))
    named = [one for people in groups.values() for one in people[: MOST_NAMED // len(groups)]]
    return Say(tuple(lines), room=ctx.room, mentions=tuple(named))


async def _is_here(ctx: Context, person: UserId) -> bool:
    return await rooms.membership(ctx.db, ctx.room, person) is Membership.JOIN


async def _by_text(
    ctx: Context, people: Sequence[UserId], texts: Mapping[str, str]
) -> dict[str, list[UserId]]:
    """Group people by the text to show them: in their language, else the room's, else any."""
    usual = texts.get(ctx.policy.language) or texts[min(texts)]
    found: dict[str, list[UserId]] = defaultdict(list)
    for person in people:
        language, _zone = await settings.person_settings(ctx.db, person)
        found[texts.get(language or "", usual)].append(person)
    return found


def _names(people: Sequence[UserId], most: int) -> Line:
    shown = tuple(Person(one) for one in people[:most])
    more = len(people) - len(shown)
    if not more:
        return _("New here: {people}", people=shown)
    return n_(
        "New here: {people} and {count} more",
        "New here: {people} and {count} more",
        more,
        people=shown,
    )
