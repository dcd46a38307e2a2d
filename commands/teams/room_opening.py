"""Open the teams' rooms one after the other, also through restarts, and invite their people."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    CreateRoom,
    Edit,
    Effect,
    Invite,
    Item,
    Job,
    Line,
    Membership,
    Moved,
    Number,
    Ref,
    Room,
    RoomId,
    Say,
    Then,
    UserError,
    UserId,
    _,
    items,
    rooms,
)
from commands.teams import progress_view, room_setup, team_lookup, team_store
from commands.teams.declaration import feature
from commands.teams.team_list_parser import Listed
from commands.teams.team_store import Cohort, State, Team

WAVE = 20
"""Limit of invitations in one wave."""
PAUSE = timedelta(seconds=4)
"""Time between waves."""
IN_FLIGHT = 60
"""Limit of invitations that wait for the homeserver's answer."""
SHOW_EVERY = 5.0
QUICK = timedelta(minutes=1)
"""An opening that takes longer ends with a message of its own."""
AGAIN = timedelta(hours=1)
TRIES = 3
GATHER = timedelta(minutes=1)
"""People who arrive within this time are greeted together."""
SHOWN = 20


async def begin(
    ctx: Context, room: Room, title: str, listed: Listed, area: str, space: RoomId | None
) -> Answer:
    """Store the cohort, post its progress, and open the first room."""
    number = await ctx.new_item("cohort", title, room.room)
    await team_store.put(ctx.db, Cohort(number, secrets.token_hex(10), area, space), ctx.read)
    for place, team in enumerate(listed.teams, start=1):
        item = await ctx.new_item("team", team.name, room.room)
        people = dict.fromkeys((*team.people, ctx.who))
        await team_store.put_team(ctx.db, item, number, place, [p for p in people if p != ctx.me])
    facts = {"number": number, "count": len(listed.teams)}
    await ctx.log("begun", facts, room=room.room)
    whole = await items.get(ctx.db, number)
    assert whole is not None
    said = Say(
        tuple(await _progress(ctx, whole)),
        room=room.room,
        reply_to=None if ctx.private else ctx.origin.event,
        thread=ctx.origin.thread,
        item=number,
        slot="progress",
    )
    told = [_("How it goes is told in “{room}”.", room=room.name or room.room)]
    return [*(told if ctx.private else ()), said, *await _open_next(ctx, whole)]


async def is_open(ctx: Context, number: Number) -> bool:
    """Return whether rooms or invitations are still to be done."""
    teams, people = (
        await team_store.counts(ctx.db, number),
        await team_store.invitations(ctx.db, number),
    )
    return any(of[state] for of in (teams, people) for state in (State.WAITING, State.SENT))


# --- rooms ----------------------------------------------------------------------------------------


async def _open_next(ctx: Context, whole: Item) -> list[Effect]:
    """Open the next room, one at a time: homeservers limit the rate, and a stop takes effect at
    once."""
    cohort, team = (
        await team_store.get(ctx.db, whole.number),
        await team_store.next_to_open(ctx.db, whole.number),
    )
    if cohort is None or team is None or not whole.open:
        return []
    await team_store.settle_team(ctx.db, team.item, State.SENT)
    # Invitations in createRoom are not rate limited, but slow for people of far servers.
    near = bool(whole.author) and _server(whole.author) == _server(ctx.me)
    return [
        CreateRoom(
            f"{cohort.secret}-{team.place}",
            team.name,
            Then(feature.name, "opened", team.item),
            whole.title,
            (whole.author,) if near else (),
        )
    ]


def _server(user: UserId) -> str:
    return user.partition(":")[2]


@feature.job("opened")
async def opened(ctx: Context, job: Job) -> Answer:
    """Set up the new room, or note why there is none, and open the next one."""
    team, whole = await _of(ctx, job)
    if team is None or whole is None:
        return None
    effects: list[Effect] = []
    code = str(job.payload["code"])
    room = None if code else await rooms.get(ctx.db, RoomId(str(job.payload["room"])))
    if room is None or not room.joined:
        failed = State.SILENT if code and not code.startswith("M_") else State.REFUSED
        await team_store.settle_team(ctx.db, team.item, failed)
    else:
        await team_store.settle_team(ctx.db, team.item, State.DONE, room.room)
        effects += await room_setup.alike(ctx, whole, team, room)
        await _invite_soon(ctx, whole)
    return [*effects, *await _open_next(ctx, whole), *await _told(ctx, whole)]


async def _of(ctx: Context, job: Job) -> tuple[Team | None, Item | None]:
    team = await team_store.team(ctx.db, job.item) if job.item is not None else None
    return team, await items.get(ctx.db, team.cohort) if team else None


# --- people ---------------------------------------------------------------------------------------


async def _invite_soon(ctx: Context, whole: Item) -> None:
    if not await ctx.waits(whole.number, "invite"):
        await ctx.schedule("invite", ctx.read + PAUSE, item=whole.number, room=whole.room)


@feature.job("invite")
async def invite(ctx: Context, job: Job) -> Answer:
    """Invite the next wave of people."""
    whole = await items.get(ctx.db, job.item) if job.item is not None else None
    if whole is None or not whole.open:
        return None
    counted = await team_store.invitations(ctx.db, whole.number)
    free = max(min(WAVE, IN_FLIGHT - counted[State.SENT]), 0)
    effects: list[Effect] = []
    for member in await team_store.to_invite(ctx.db, whole.number, free):
        room = member.team.room
        assert room is not None
        now = await rooms.membership(ctx.db, room, member.person)
        if now in (Membership.JOIN, Membership.INVITE):
            await team_store.settle(ctx.db, member.team.item, member.person, State.DONE)
            continue
        await team_store.settle(ctx.db, member.team.item, member.person, State.SENT)
        then = Then(feature.name, "invited", member.team.item)
        effects.append(Invite(member.person, room, then=then))
    if await team_store.to_invite(ctx.db, whole.number, 1):
        await _invite_soon(ctx, whole)
    return [*effects, *await _told(ctx, whole)]


@feature.job("invited")
async def invited(ctx: Context, job: Job) -> Answer:
    """Note whether the homeserver invited the person, or why not."""
    team, whole = await _of(ctx, job)
    if team is None or whole is None:
        return None
    code = str(job.payload["code"])
    failed = State.REFUSED if code.startswith("M_") else State.SILENT
    person = UserId(str(job.payload["user"]))
    await team_store.settle(ctx.db, team.item, person, failed if code else State.DONE)
    return await _told(ctx, whole)


@feature.on(Moved)
async def arrived(ctx: Context, what: Moved) -> Answer:
    """Schedule the team's card for newcomers, who cannot read what was said before."""
    if what.now is not Membership.JOIN or what.before is Membership.JOIN or what.user == ctx.me:
        return None
    team = await team_store.team_in(ctx.db, what.room)
    if team is not None and not await ctx.waits(team.item, "greet"):
        await ctx.schedule("greet", ctx.read + GATHER, item=team.item)
    return None


@feature.job("greet")
async def greet(ctx: Context, job: Job) -> Answer:
    team, whole = await _of(ctx, job)
    if team is None or whole is None or team.room is None:
        return None
    lines = [
        *await progress_view.card(ctx, team, whole),
        _("To see this again: `!teams`. What else can be done: `!help`"),
    ]
    return Say(tuple(lines), room=team.room, item=team.item)


# --- telling --------------------------------------------------------------------------------------


async def _told(ctx: Context, whole: Item) -> list[Effect]:
    """Edit the progress, at most every `SHOW_INTERVAL` seconds; at the end post the result and
    retry."""
    where = Ref(whole.number, "progress")
    if await is_open(ctx, whole.number):
        if not await team_store.show(ctx.db, whole.number, ctx.read, SHOW_EVERY):
            return []
        return [Edit(where, tuple(await _progress(ctx, whole)))]
    tries = await team_store.tried(ctx.db, whole.number)
    lines, failed = await _result(ctx, whole)
    if failed and tries < TRIES:
        if not await ctx.waits(whole.number, "again"):
            await ctx.schedule("again", ctx.read + AGAIN, item=whole.number, room=whole.room)
        lines.append(_("I try again in an hour. At once: `!teams retry {number}`",
                       number=whole.number))  # fmt: skip
    elif failed:
        lines.append(_("To try once more: `!teams retry {number}`", number=whole.number))
    if ctx.read - whole.at < QUICK:
        return [Edit(where, tuple(lines))]
    mentions = (whole.author,) if whole.author else ()
    return [
        Edit(where, (lines[0],)),
        Say(tuple(lines), room=whole.room, reply_to=where, loud=True, item=whole.number,
            mentions=mentions),
    ]  # fmt: skip


async def _progress(ctx: Context, whole: Item) -> list[Line]:
    return [await _far(ctx, whole), _("To stop this: `!cancel {number}`", number=whole.number)]


async def _far(ctx: Context, whole: Item) -> Line:
    teams, people = (
        await team_store.counts(ctx.db, whole.number),
        await team_store.invitations(ctx.db, whole.number),
    )
    return _(
        "Teams {number}, {title}: rooms open: {done} of {every}; invitations sent: {invited}.",
        number=whole.number,
        title=whole.title,
        done=teams[State.DONE],
        every=sum(teams.values()),
        invited=people[State.DONE],
    )


async def _result(ctx: Context, whole: Item) -> tuple[list[Line], bool]:
    """Return what came of it, and whether anything failed."""
    teams, people = (
        await team_store.counts(ctx.db, whole.number),
        await team_store.invitations(ctx.db, whole.number),
    )
    lines = [await _far(ctx, whole)]
    if teams[State.STOPPED] or people[State.STOPPED]:
        lines.append(_("The rest was stopped. To go on: `!teams retry {number}`",
                       number=whole.number))  # fmt: skip
    closed = [
        team.name
        for team in await team_store.teams(ctx.db, whole.number)
        if team.state in (State.REFUSED, State.SILENT)
    ]
    if closed:
        lines.append(_("The homeserver did not open: {teams}", teams=tuple(closed[:SHOWN])))
    missing = await team_store.not_invited(ctx.db, whole.number)
    if missing:
        named = tuple(f"{m.person} ({m.team.name})" for m in missing[:SHOWN])
        lines.append(_("I could not invite, perhaps there is no such person or their server does"
                       " not answer: {people}", people=named))  # fmt: skip
    if not closed and not missing:
        lines.append(_("How far they are: `!teams {number}`. Their steps: `!teams steps {number}"
                       " \"Reading\" \"Draft\"`", number=whole.number))  # fmt: skip
    return lines, bool(closed or missing)


# --- again ----------------------------------------------------------------------------------------


async def again(ctx: Context, item: Item) -> Answer:
    """`!teams retry`: do again what failed or was stopped. Raises `UserError`."""
    if not await team_lookup.leads(ctx, item):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    if await is_open(ctx, item.number):
        raise UserError(_("Teams {number} are still being opened. How far: `!teams {number}`",
                          number=item.number))  # fmt: skip
    if not await team_store.retry(ctx.db, item.number):
        return [_("There is nothing to try again: all rooms of teams {number} are open.",
                  number=item.number)]  # fmt: skip
    await ctx.call_off(item.number, "again")
    return [_("I try again. How it goes is told here."), *await _retried(ctx, item)]


@feature.job("again")
async def once_more(ctx: Context, job: Job) -> Answer:
    """Do again what failed."""
    whole = await items.get(ctx.db, job.item) if job.item is not None else None
    if whole is None or not whole.open or await is_open(ctx, whole.number):
        return None
    return await _retried(ctx, whole) if await team_store.retry(ctx.db, whole.number) else None


async def _retried(ctx: Context, whole: Item) -> list[Effect]:
    if not whole.open:
        await items.reopen(ctx.db, whole.number)
        whole = await items.get(ctx.db, whole.number) or whole
    await _invite_soon(ctx, whole)
    return await _open_next(ctx, whole)
