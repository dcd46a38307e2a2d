"""Services for other capabilities: log lines, areas, moved rooms, a person's data."""

from __future__ import annotations

from bot.api import (
    ACCEPTED_RULES,
    ADD_TO_AREA,
    AREA_ROOMS,
    DESCRIBE_LOG_ENTRY,
    EXPORT_PERSON,
    FORGET,
    MOVE_ROOM,
    Context,
    Effect,
    Line,
    Moment,
    RoomId,
    UserId,
    _,
    items,
    log,
    n_,
)
from commands.onboarding.areas import command
from commands.onboarding.areas import store as area_store
from commands.onboarding.codes import store as code_store
from commands.onboarding.companions import personal_data as companions_data
from commands.onboarding.declaration import feature
from commands.onboarding.doors import ballot, vouches
from commands.onboarding.doors import store as door_store
from commands.onboarding.expected_lists import list_end
from commands.onboarding.expected_lists import store as list_store
from commands.onboarding.invitations import store as invitation_store
from commands.onboarding.rules import store as rules_store
from commands.onboarding.welcome import personal_data as welcome_data
from commands.onboarding.welcome import store as welcome_store
from commands.onboarding.welcome import welcome_texts


@feature.offers(DESCRIBE_LOG_ENTRY)
async def describe(_ctx: Context, entry: log.LogEntry) -> Line | None:
    """Return the sentence for an entry of the log, or None for an unknown act."""
    facts = entry.facts
    if entry.act == "added":
        return _("put this room into the area “{area}”", area=facts["area"])
    if entry.act == "removed":
        return _("took this room out of the area “{area}”", area=facts["area"])
    if entry.act == "joined":
        return _(
            "put the room “{name}” into the area “{area}”", name=facts["name"], area=facts["area"]
        )
    if entry.act == "invited":
        return n_("invited {count} person", "invited {count} people", facts["count"])
    if entry.act == "code_made":
        return _(
            "made code {number} for the area “{area}”, for {uses} people",
            number=facts["number"],
            area=facts["area"],
            uses=facts["uses"],
        )
    if entry.act == "code_used":
        return _("used code {number}", number=facts["number"])
    if entry.act == "code_over":
        return _("took back code {number}", number=facts["number"])
    if entry.act in ("admitted", "rejected") and facts.get("poll"):
        named = {"number": facts["number"], "poll": facts["poll"]}
        if entry.act == "admitted":
            return _("let in request {number}, as proposal {poll} decided", **named)
        return _("turned down request {number}, as proposal {poll} decided", **named)
    if entry.act == "admitted":
        return _("let in request {number}", number=facts["number"])
    if entry.act == "rejected":
        return _("turned down request {number}", number=facts["number"])
    if entry.act == "questions":
        return n_(
            "changed what is asked at the door: {count} question",
            "changed what is asked at the door: {count} questions",
            facts["count"],
        )
    if entry.act == "list_made":
        return n_(
            "made list {number} for the area “{area}”: {count} person",
            "made list {number} for the area “{area}”: {count} people",
            facts["count"],
            number=facts["number"],
            area=facts["area"],
        )
    if entry.act == "list_grew":
        return n_(
            "added {count} person to list {number}",
            "added {count} people to list {number}",
            facts["count"],
            number=facts["number"],
        )
    if entry.act == "list_came":
        return _("came in by list {number}", number=facts["number"])
    if entry.act == "list_over":
        return _("ended list {number}", number=facts["number"])
    if entry.act == "rules":
        return _("wrote version {version} of the network's rules", version=facts["version"])
    return welcome_texts.describe_entry(entry.act, facts)


@feature.offers(AREA_ROOMS)
async def area_rooms(ctx: Context, name: str) -> list[RoomId]:
    """Return the rooms of an area; none if there is no area of that name."""
    found = await area_store.find_area(ctx.db, name)
    return list(found.rooms) if found else []


@feature.offers(ACCEPTED_RULES)
async def acceptance_line(ctx: Context, person: UserId) -> Line | None:
    """Return a line that says when the person accepted the rules in force, if they did."""
    found = await rules_store.current_rules(ctx.db)
    when = await rules_store.acceptance_time(ctx.db, found.version, person) if found else None
    if when is None:
        return None
    return _(
        "You accepted the network's rules: {moment}. To read them: `rules`", moment=Moment(when)
    )


@feature.offers(ADD_TO_AREA)
async def put_into_area(
    ctx: Context, name: str, room: RoomId | None, soon: frozenset[RoomId]
) -> str:
    """Put a room into an area and return the area's name as it is written.

    With `room` None it only checks that this is allowed. `soon`: rooms that are opened together, so
    that an area with one of them needs no further right. Raises `UserError` if the name is no name
    for an area, or if the person may not add to it.
    """
    name = command.clean_name(name)
    one = await area_store.find_area(ctx.db, name)
    if one is None or not soon.intersection(one.rooms):
        one = await command.area_to_extend(ctx, room, name)
    if room is not None and (one is None or room not in one.rooms):
        one = await command.put_room(ctx, room, one.name if one else name)
    return one.name if one else name


@feature.offers(MOVE_ROOM)
async def move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Move everything that belongs to an upgraded room to the room that replaces it."""
    await area_store.move_room(ctx.db, old, new)
    await invitation_store.move_room(ctx.db, old, new)
    await door_store.move_room(ctx.db, old, new)
    await welcome_store.move_room(ctx.db, old, new)
    return []


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete what is kept about a person. Return a line for each kind of thing deleted."""
    requests = await door_store.forget_requests(ctx.db, person)
    for request in requests:
        await ctx.cancel_jobs(request.item)
        await items.delete(ctx.db, request.item)
        await ballot.schedule_withdrawal(ctx, request)
    invited, used = (
        await invitation_store.forget(ctx.db, person),
        await code_store.forget(ctx.db, person),
    )
    told = [n_("{count} invitation", "{count} invitations", invited)] if invited else []
    told += [n_("{count} code used", "{count} codes used", used)] if used else []
    agreed = await rules_store.forget(ctx.db, person)
    told += [n_("{count} acceptance", "{count} acceptances", agreed)] if agreed else []
    told += await list_end.forget(ctx, person)
    await welcome_store.forget(ctx.db, person)
    await companions_data.forget(ctx, person)
    given = await vouches.forget(ctx.db, person)
    told += [n_("{count} vouch", "{count} vouches", given)] if given else []
    asked = len(requests)
    return [*told, *([n_("{count} request", "{count} requests", asked)] if asked else [])]


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return what is kept about a person, as lines for them to read."""
    invited = await invitation_store.count_lists_of(ctx.db, person)
    used = await code_store.count_uses_of(ctx.db, person)
    told = [n_("Invited by {count} list.", "Invited by {count} lists.", invited)] if invited else []
    told += [n_("{count} code used", "{count} codes used", used)] if used else []
    for request in await door_store.open_requests_of(ctx.db, person):
        answers = tuple(await door_store.get_answers(ctx.db, request.item))
        told.append(
            _("Request {number}, your answers: {answers}", number=request.item, answers=answers)
        )
    told += [
        _("You are on list {number}, for “{area}”.", number=one.item, area=one.area)
        for one in await list_store.lists_with_person(ctx.db, person, ctx.now)
    ]
    told += [
        _("You vouched for request {number}.", number=number)
        for number in await vouches.vouches_by(ctx.db, person)
    ]
    told += [
        _("Accepted version {version} of the rules: {moment}", version=version, moment=Moment(at))
        for version, at in await rules_store.acceptances_of(ctx.db, person)
    ]
    return [
        *told,
        *await welcome_data.export(ctx, person),
        *await companions_data.export(ctx, person),
    ]
