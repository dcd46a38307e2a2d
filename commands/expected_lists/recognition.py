"""Recognition of expected people: at a door or in private they are let in."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Context, Effect, Line, Room, Say, Setting, Switch, UserId, _, log, words
from commands.expected_lists import store
from commands.expected_lists.declaration import feature
from commands.expected_lists.store import ExpectedList
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store
from commands.onboarding.areas.store import RoomArea
from commands.rules import gate
from commands.rules.store import Admission

READMIT_AFTER = timedelta(hours=1)
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
    """Return whether a list of expected people lets this person in."""
    return await _list_of(ctx, person, None) is not None


async def admit_at_door(ctx: Context, door: Room, person: UserId) -> list[Effect] | None:
    """Let the person in if a list of expected people opens this door.

    Returns None if there is no such list, so that they are asked like everybody else, and an empty
    list if they were let in within the last hour.
    """
    found = await _list_of(ctx, person, door)
    return await _let_in(ctx, *found, person, door) if found else None


async def admit_in_private(ctx: Context, person: UserId) -> list[Effect]:
    """Let the person in if they are on a list of expected people; do nothing if not. Return what to
    send."""
    found = await _list_of(ctx, person, None)
    return await _let_in(ctx, *found, person, None) if found else []


async def list_notes(ctx: Context, person: UserId) -> list[Line]:
    """Return lines, for those who decide at a door, with the lists of expected people that the
    person is on."""
    return [
        _("They are on list {number}, for “{area}”.", number=one.item, area=one.area)
        for one in await store.lists_with_person(ctx.db, person, ctx.now)
    ]


async def _list_of(
    ctx: Context, person: UserId, door: Room | None
) -> tuple[ExpectedList, RoomArea] | None:
    """Return the list that opens the door (without a door: any), and its area.

    A list counts only as long as its author moderates a room of the area.
    """
    if await ctx.setting_value(ADMITS) != "yes":
        return None
    for one in await store.lists_with_person(ctx.db, person, ctx.now):
        area = await area_store.find_area(ctx.db, one.area)
        if area is None or not await permissions.moderates_any_room(ctx, area, one.author):
            continue
        if door is None or await permissions.may_bring(ctx, one.author, door, area):
            return one, area
    return None


feature.log_line("list_came", _("came in by list {number}"))


async def _let_in(
    ctx: Context, one: ExpectedList, area: RoomArea, person: UserId, door: Room | None
) -> list[Effect]:
    before = await store.find_person(ctx.db, one, person)
    if before is None or (before.came_at is not None and ctx.now - before.came_at < READMIT_AFTER):
        return []
    await store.record_arrival(ctx.db, one, person, ctx.now)
    places = {
        room.room: room
        for room in [*([door] if door else []), *await permissions.rooms_of(ctx, area)]
    }
    for room in places:
        await log.add(
            ctx.db, room, ctx.said_at, feature.name, "list_came", person, {"number": one.item}, None
        )
    hello = _(
        "Hello. {network} expects you: you are on the list for “{area}”.",
        network=ctx.defaults.network,
        area=area.name,
    )
    coming = Admission(
        person, area.name, one.room, one.author, area.name, tuple(places), (), ctx.now
    )
    return [Say((hello,), to=person, loud=True), *await gate.let_in(ctx, coming)]
