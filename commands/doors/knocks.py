"""Knocks: a request opens, and ends if they leave or are let in by hand. Floods are slowed."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Day,
    Effect,
    Job,
    Membership,
    MembershipChanged,
    MessageRef,
    Number,
    Redact,
    Remove,
    Room,
    RoomId,
    Say,
    UserId,
    _,
    items,
    n_,
    rooms,
)
from commands.doors import (
    ballot,
    deciders,
    door_marks,
    interview,
    store,
    stuck_requests,
    vouches,
    waiting_list,
)
from commands.doors.declaration import LAPSE_JOB, LOOK_JOB, feature
from commands.doors.store import DoorQuestion, Request, RequestStep
from commands.expected_lists import recognition
from commands.rules import store as rules_store

REQUEST_LIFETIME = timedelta(days=30)
"""How long a request and its answers wait for a decision."""
PER_SERVER = 50
"""People of one other homeserver who are asked at a door at a time; the rest waits."""
SLOW_AFTER = timedelta(days=1)
"""Somebody who takes longer than this to answer does not count against that limit."""
LOOK_AGAIN = timedelta(minutes=2)
"""How long until the door looks again for people who wait outside."""
WAITING_TOLD = 20
"""People of one homeserver who are told in a day that they have to wait."""
MOST_KNOCKS, IN_A_DAY = 3, timedelta(days=1)
"""Knocks that a person can take back in a day; then they are asked once the day is over."""


@feature.on(MembershipChanged)
async def watch_door(ctx: Context, what: MembershipChanged) -> Answer:
    """Open a request when somebody knocks; close the person's requests here at any other change.
    Return what to say, if anything."""
    if what.user == ctx.me and what.after is Membership.JOIN:
        await schedule_look(ctx, what.room)  # somebody may have knocked before the bot came
    now = await rooms.membership(ctx.db, what.room, what.user)
    if now is Membership.KNOCK and what.after is Membership.KNOCK:
        return await _receive_knock(ctx, what.user)
    if now is Membership.KNOCK:
        return None
    effects: list[Effect] = []
    for request in await store.open_requests_of(ctx.db, what.user, what.room):
        effects += await close_request(ctx, request, RequestStep.GONE)
    return effects


async def _receive_knock(ctx: Context, person: UserId) -> Answer:
    """React to a knock: open a request, or let the person wait, or refuse them."""
    room = await rooms.get(ctx.db, ctx.room)
    if room is None or not deciders.is_door(ctx, room):
        return None
    if await store.open_requests_of(ctx.db, person, room.room):
        return None
    until = await store.refused_until(ctx.db, person, room.room, ctx.now)
    if until is not None:
        said = _(
            "You can ask to come into “{room}” again from {day}.", room=room.name, day=Day(until)
        )
        return [Remove(person, room.room), Say((said,), to=person, loud=True)]
    if await _comes_and_goes(ctx, room, person):
        await schedule_look(ctx, room.room, LOOK_AGAIN)
        return None
    server = person.partition(":")[2]
    if await _crowd_went(ctx, room, server) or await _is_full(ctx, room, server):
        return await _wait_outside(ctx, room, person)
    return await open_request(ctx, room, person)


async def open_request(ctx: Context, room: Room, person: UserId) -> list[Effect]:
    """Open a person's request to come in at the door `room`, and ask the first question.

    Return what to send: nothing for who is let in already, an invitation for who is expected.
    """
    if await rules_store.held_admissions(ctx.db, person):
        return []
    if (expected := await recognition.admit_at_door(ctx, room, person)) is not None:
        return expected
    asked = await store.get_questions(ctx.db, room.room) or [DoorQuestion("")]
    number = await items.add(ctx.db, feature.name, "request", room.room, person, "", ctx.said_at)
    await store.add_request(ctx.db, number, person, room.room, asked, ctx.now)
    await ctx.schedule(LAPSE_JOB, ctx.now + REQUEST_LIFETIME, item=number, room=room.room)
    await stuck_requests.schedule_request_reminders(ctx, number)
    await interview.ask_next_question(ctx, number, person)
    request = await store.get_request(ctx.db, number)
    assert request is not None
    await waiting_list.show_step(ctx, number)
    return await vouches.ask_members(ctx, request, room.room)


async def _comes_and_goes(ctx: Context, room: Room, person: UserId) -> bool:
    """Tell whether this person knocks and leaves again and again.

    Each request costs a number and a message in the room, so they wait outside and are asked later.
    """
    gone = await store.count_taken_back(ctx.db, room.room, ctx.now - IN_A_DAY, person)
    return gone >= MOST_KNOCKS


async def _crowd_went(ctx: Context, room: Room, server: str) -> bool:
    """Tell whether people of that homeserver do."""
    if server == ctx.me.partition(":")[2]:
        return False
    since = ctx.now - IN_A_DAY
    return (
        await store.count_at_step(ctx.db, room.room, server, RequestStep.GONE, since) >= PER_SERVER
    )


async def _is_full(ctx: Context, room: Room, server: str) -> bool:
    """Tell whether enough people of that homeserver are being asked. Our own has no limit."""
    asked = await store.count_at_step(
        ctx.db, room.room, server, RequestStep.ASKING, ctx.now - SLOW_AFTER
    )
    return asked >= PER_SERVER and server != ctx.me.partition(":")[2]


async def _wait_outside(ctx: Context, room: Room, person: UserId) -> list[Effect]:
    """Tell the moderators once a day for each homeserver, and the first people who wait.

    Not everybody: somebody with many accounts could make the bot write to all of them.
    """
    await schedule_look(ctx, room.room, LOOK_AGAIN)
    server = person.partition(":")[2]
    told = await door_marks.count_in_crowd(ctx.db, room.room, server, ctx.now)
    if told > WAITING_TOLD:
        return []
    said = _(
        "Many people of {server} want to come into “{room}” now, so it takes a while until I"
        " ask you: up to a day. Keep your request as it is, and I write to you.",
        server=server,
        room=room.name,
    )
    effects: list[Effect] = [Say((said,), to=person, loud=True)]
    place = await ctx.moderators_room()
    if told > 1 or place is None:
        return effects
    lines = (
        _(
            "Many people of {server} knock at “{room}” at once. I ask {most} of them at a time; the"
            " rest waits outside, for up to a day.",
            server=server,
            room=room.name,
            most=PER_SERVER,
        ),
        _("Somebody whom you expect can come in now: invite them in your app."),
        _("Who is at which step: `!requests`"),
    )
    return [Say(lines, room=place, loud=True), *effects]


async def schedule_look(ctx: Context, room: RoomId, pause: timedelta = timedelta(0)) -> bool:
    """Schedule a look for people who knock and were not asked. Return False if one is scheduled."""
    if not await door_marks.mark_look(ctx.db, room):
        return False
    await ctx.schedule(LOOK_JOB, ctx.now + pause, room=room)
    return True


@feature.runs(LOOK_JOB)
async def open_waiting_requests(ctx: Context, _job: Job) -> Answer:
    """Open requests for people who waited outside, as far as the limits allow. Return what to say,
    if anything."""
    await door_marks.clear_look(ctx.db, ctx.room)
    room = await rooms.get(ctx.db, ctx.room)
    if room is None or not deciders.is_door(ctx, room):
        return None
    effects: list[Effect] = []
    for person in await store.people_knocking(ctx.db, room.room):
        refused = await store.refused_until(ctx.db, person, room.room, ctx.now)
        server = person.partition(":")[2]
        later = refused is not None or await _comes_and_goes(ctx, room, person)
        later = later or await _crowd_went(ctx, room, server)
        if not later and not await _is_full(ctx, room, server):
            effects += await open_request(ctx, room, person)
    if await store.people_knocking(ctx.db, room.room):
        await schedule_look(ctx, room.room, LOOK_AGAIN)
    return effects


async def close_request(ctx: Context, request: Request, step: RequestStep) -> list[Effect]:
    """Close a request at this step: end its vote, delete its answers, redact what showed them.

    Returns the redactions and the messages about the vote.
    """
    effects = await ballot.withdraw_ballot(ctx, request)
    await store.set_step(ctx.db, request.item, step, ctx.now)
    await store.shred_answers(ctx.db, request.item)
    await ctx.cancel_jobs(request.item)
    await items.close(ctx.db, request.item)
    await waiting_list.show_step(ctx, request.item)
    again = await items.forget_posts(ctx.db, request.item, interview.REREAD_SLOT)
    effects.append(Redact(MessageRef(request.item, "answers"), quiet=True))
    return [*effects, *(Redact(event, room, quiet=True) for event, room in again)]


@feature.runs(LAPSE_JOB)
async def lapse_request(ctx: Context, job: Job) -> Answer:
    """Close a request that nobody decided in time, delete the answers, and tell the newcomer.
    Return what to say, if anything."""
    request = await store.get_request(ctx.db, Number(job.item)) if job.item is not None else None
    if request is None or not request.open:
        return None
    name = await _name(ctx, request)
    lines = (
        n_(
            "It is {count} day now; I deleted what you answered for “{room}”.",
            "It is {count} days now; I deleted what you answered for “{room}”.",
            REQUEST_LIFETIME.days,
            room=name,
        ),
        _("If you still want to come in, knock again."),
    )
    told = Say(lines, to=request.person, loud=True)
    return [
        *await close_request(ctx, request, RequestStep.LAPSED),
        Remove(request.person, request.room),
        told,
    ]


async def _name(ctx: Context, request: Request) -> str:
    room = await rooms.get(ctx.db, request.room)
    return (room.name if room else "") or request.room
