"""A room's welcome: one for all who came in within the time that it waits."""

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
from commands.onboarding.base import feature
from commands.onboarding.welcome import store

WAIT = Setting(
    "welcome_wait",
    words("espera-bienvenida", "espera-boas-vindas", "welcome-wait"),
    Length(timedelta(minutes=1), timedelta(days=1)),
    str(10 * 60),
    _("How long the welcome waits for others who come in, so that one is for all of them."),
)
feature.settings.append(WAIT)
NAMED = 10
"""So many are named in a welcome; of the rest it says how many they are."""
LATE = timedelta(minutes=5)


async def waits(ctx: Context, room: Room, person: UserId) -> None:
    """Where no welcome is written, nothing is said. The first who comes starts the time."""
    if not await store.texts(ctx.db, room.room):
        return
    if await store.greet(ctx.db, room.room, person, ctx.read):
        pause = timedelta(seconds=int(await ctx.setting(WAIT, room.room)))
        await ctx.schedule("greet", ctx.read + pause, room=room.room)


@feature.job("greet")
async def greet(ctx: Context, job: Job) -> Answer:
    """Those who are still here, by name up to a number."""
    came, texts = await store.greeted(ctx.db, ctx.room), await store.texts(ctx.db, ctx.room)
    here = [one for one in came if await _is_here(ctx, one)]
    if not here or not texts:
        return None
    groups = await _by_text(ctx, here, texts)
    lines: list[Line] = []
    for text, people in groups.items():
        lines += [_names(people, NAMED // len(groups)), verbatim(text)]
    if ctx.read - job.due > LATE:
        lines.append(_("I say it {span} late, because I was away.", span=Span(ctx.read - job.due)))
    named = [one for people in groups.values() for one in people[: NAMED // len(groups)]]
    return Say(tuple(lines), room=ctx.room, mentions=tuple(named))


async def _is_here(ctx: Context, person: UserId) -> bool:
    return await rooms.membership(ctx.db, ctx.room, person) is Membership.JOIN


async def _by_text(
    ctx: Context, people: Sequence[UserId], texts: Mapping[str, str]
) -> dict[str, list[UserId]]:
    """Each reads it in their own language, else in the room's, else as it is written."""
    usual = texts.get(ctx.policy.language) or texts[min(texts)]
    found: dict[str, list[UserId]] = defaultdict(list)
    for person in people:
        language, _zone = await settings.person(ctx.db, person)
        found[texts.get(language or "", usual)].append(person)
    return found


def _names(people: Sequence[UserId], most: int) -> Line:
    shown = tuple(Person(one) for one in people[:most])
    more = len(people) - len(shown)
    if not more:
        return _("New here: {people}", people=shown)
    return n_("New here: {people} and {count} more", "New here: {people} and {count} more",
              more, people=shown)  # fmt: skip
