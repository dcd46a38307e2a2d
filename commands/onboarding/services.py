"""Services for other capabilities: log lines, areas, moved rooms, a person's data."""

from __future__ import annotations

from bot.api import (
    ACCEPTED_RULES,
    ADD_TO_AREA,
    AREA_ROOMS,
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
    n_,
)
from commands.onboarding.areas import command
from commands.onboarding.areas import store as area_store
from commands.onboarding.codes import store as code_store
from commands.onboarding.companions import personal_data as companions_data
from commands.onboarding.declaration import feature
from commands.onboarding.doors import ballot, door_marks, vouches
from commands.onboarding.doors import store as door_store
from commands.onboarding.expected_lists import list_end
from commands.onboarding.expected_lists import store as list_store
from commands.onboarding.invitations import store as invitation_store
from commands.onboarding.rules import store as rules_store
from commands.onboarding.welcome import personal_data as welcome_data

feature.rows("onboarding_area_room", room="room", on_clash="drop")
feature.rows("onboarding_invitation", room="room", where="state = 'waiting'")
feature.rows(
    "onboarding_invitation",
    person="person",
    says=n_("{count} invitation", "{count} invitations", 0),
)
feature.rows("onboarding_list", person="newcomer", on_forget="code")
feature.rows(
    "onboarding_use", person="person", says=n_("{count} code used", "{count} codes used", 0)
)
feature.rows("onboarding_guess", person="person")
feature.rows(
    "onboarding_stranger",
    person="person",
    room="room",
    on_move="keep",
    why="their private room, which the bot leaves if nothing comes of it",
)
feature.rows(
    "onboarding_accepted",
    person="person",
    says=n_("{count} acceptance", "{count} acceptances", 0),
)
feature.rows("onboarding_to_ask", person="person")
feature.rows("onboarding_coming", room="room", person="person")
feature.rows("onboarding_coming", person="author", on_forget="blank")
feature.rows("onboarding_question", room="room")
feature.rows("onboarding_request", room="room", person="person", on_forget="code")
feature.rows(
    "onboarding_refused",
    room="room",
    person="person",
    on_forget="keep",
    why="being forgotten must not undo a refusal, which ends by itself",
)
feature.rows("onboarding_vouch", person="person", says=n_("{count} vouch", "{count} vouches", 0))
feature.rows("onboarding_offer", person="person")
feature.rows("onboarding_companion", person=("newcomer", "person"), on_forget="code")
feature.rows("onboarding_welcome", room="room", on_clash="drop")
feature.rows("onboarding_greeting", room="room", on_clash="drop", person="person")
feature.rows("onboarding_newcomer", person="person")
feature.rows("onboarding_door", room="room", on_move="code")
feature.rows("onboarding_crowd", room="room", on_move="code")


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
async def move_door_marks(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Join what is under way at the old room's door with that of the new one."""
    await door_marks.move_room(ctx.db, old, new)
    return []


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's requests, arrivals, places on lists and turns. Return lines that say so."""
    requests = await door_store.forget_requests(ctx.db, person)
    for request in requests:
        await ctx.cancel_jobs(request.item)
        await items.delete(ctx.db, request.item)
        await ballot.schedule_withdrawal(ctx, request)
    await invitation_store.delete_arrivals_of(ctx.db, person)
    told = await list_end.forget(ctx, person)
    await companions_data.forget(ctx, person)
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
