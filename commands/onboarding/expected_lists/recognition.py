"""Recognition of expected people: at a door or in private they are let in."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Context, Effect, Line, Room, Say, Setting, Switch, UserId, _, log, words
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as areas
from commands.onboarding.areas.store import Area
from commands.onboarding.declaration import feature
from commands.onboarding.expected_lists import store
from commands.onboarding.expected_lists.store import Expected
from commands.onboarding.rules import gate
from commands.onboarding.rules.store import Coming

AGAIN = timedelta(hours=1)
"""Somebody who was let in is not let in again within this time."""
ADMITS = Setting(
    "list_admits",
    words("lista-sin-preguntas", "lista-sem-perguntas", "list-admits"),
    Switch(),
    "yes",
    _("Whoever is on an organisation's list is let in without questions and without a decision."),
    network=True,
)
feature.settings.append(ADMITS)


async def is_expected(ctx: Context, person: UserId) -> bool:
    """Tell whether a list lets this person in."""
    return await _list_of(ctx, person, None) is not None


async def at_the_door(ctx: Context, door: Room, person: UserId) -> list[Effect] | None:
    """Let the person in if a list opens this door.

    Returns None if there is no such list, so that they are asked like everybody else, and an empty
    list if they were let in within the last hour.
    """
    found = await _list_of(ctx, person, door)
    return await _let_in(ctx, *found, person, door) if found else None


async def in_private(ctx: Context, person: UserId) -> list[Effect]:
    """Let the person in if they are on a list; do nothing if not."""
    found = await _list_of(ctx, person, None)
    return await _let_in(ctx, *found, person, None) if found else []


async def noted(ctx: Context, person: UserId) -> list[Line]:
    """Return the lists that the person is on as lines, for those who decide at a door."""
    return [
        _("They are on list {number}, for “{area}”.", number=one.item, area=one.area)
        for one in await store.with_person(ctx.db, person, ctx.read)
    ]


async def _list_of(ctx: Context, person: UserId, door: Room | None) -> tuple[Expected, Area] | None:
    """Return the list that opens the door (without a door: any), and its area.

    A list counts only as long as its author moderates a room of the area.
    """
    if await ctx.setting(ADMITS) != "yes":
        return None
    for one in await store.with_person(ctx.db, person, ctx.read):
        area = await areas.named(ctx.db, one.area)
        if area is None or not await permissions.moderates_one(ctx, area, one.author):
            continue
        if door is None or await permissions.may_bring(ctx, one.author, door, area):
            return one, area
    return None


async def _let_in(
    ctx: Context, one: Expected, area: Area, person: UserId, door: Room | None
) -> list[Effect]:
    before = await store.entry(ctx.db, one, person)
    if before is None or (before.came is not None and ctx.read - before.came < AGAIN):
        return []
    await store.came(ctx.db, one, person, ctx.read)
    places = {room.room: room for room in [*([door] if door else []),
                                           *await permissions.rooms_of(ctx, area)]}  # fmt: skip
    for room in places:
        await log.add(
            ctx.db, room, ctx.now, feature.name, "list_came", person, {"number": one.item}, None
        )
    hello = _("Hello. {network} expects you: you are on the list for “{area}”.",
              network=ctx.defaults.network, area=area.name)  # fmt: skip
    coming = Coming(person, area.name, one.room, one.author, area.name, tuple(places), (), ctx.read)
    return [Say((hello,), to=person, loud=True), *await gate.come(ctx, coming)]
