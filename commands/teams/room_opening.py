"""Open the teams' rooms one after the other, also through restarts, and invite their people."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.api import (
    Answer,
    Callback,
    Context,
    CreateRoom,
    Edit,
    Effect,
    Invite,
    Item,
    Job,
    Line,
    Membership,
    MembershipChanged,
    MessageRef,
    Number,
    Room,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    moderators_only,
    outsiders,
    rooms,
)
from commands.teams import progress_view, room_setup, team_lookup, team_store
from commands.teams.declaration import (
    AGAIN_JOB,
    GREET_JOB,
    INVITE_JOB,
    INVITED_JOB,
    OPENED_JOB,
    feature,
)
from commands.teams.invitation_failures import MOST_SHOWN, invitation_state, uninvited_lines
from commands.teams.team_list_parser import TeamList
from commands.teams.team_store import Cohort, OpeningState, Team

INVITATIONS_PER_WAVE = 20
"""Limit of invitations in one wave."""
WAVE_INTERVAL = timedelta(seconds=4)
"""Time between waves."""
MOST_UNANSWERED = 60
"""Limit of invitations that wait for the homeserver's answer."""
SHOW_INTERVAL = 5.0
QUIET_UNTIL = timedelta(minutes=1)
"""An opening that takes longer ends with a message of its own."""
RETRY_AFTER = timedelta(hours=1)
MOST_TRIES = 3
GREET_AFTER = timedelta(minutes=1)
"""People who arrive within this time are greeted together."""


async def begin_cohort(
    ctx: Context, room: Room, title: str, listed: TeamList, area: str, space: RoomId | None
) -> Answer:
    """Store a cohort (teams opened together), post its progress, and open the first room. Return
    what to say, if anything."""
    number = await ctx.add_item("cohort", title, room.room)
    await team_store.put_cohort(ctx.db, Cohort(number, secrets.token_hex(10), area, space), ctx.now)
    for place, team in enumerate(listed.teams, start=1):
        item = await ctx.add_item("team", team.name, room.room)
        people = dict.fromkeys((*team.people, ctx.who))
        await team_store.put_team(ctx.db, item, number, place, [p for p in people if p != ctx.me])
    facts = {"number": number, "count": len(listed.teams)}
    await ctx.log("begun", facts, room=room.room)
    whole = await items.get(ctx.db, number)
    assert whole is not None
    said = Say(
        tuple(await _progress_lines(ctx, whole)),
        room=room.room,
        reply_to=None if ctx.is_private else ctx.origin.event,
        thread=ctx.origin.thread,
        item=number,
        slot="progress",
    )
    told = [_("How it goes is told in “{room}”.", room=room.name or room.room)]
    return [*(told if ctx.is_private else ()), said, *await _open_next(ctx, whole)]


async def is_in_progress(ctx: Context, number: Number) -> bool:
    """Return whether rooms of a cohort are still to be opened or people to be invited."""
    teams, people = (
        await team_store.count_team_states(ctx.db, number),
        await team_store.count_invitation_states(ctx.db, number),
    )
    return any(
        of[state] for of in (teams, people) for state in (OpeningState.WAITING, OpeningState.SENT)
    )


# --- rooms ----------------------------------------------------------------------------------------


async def _open_next(ctx: Context, whole: Item) -> list[Effect]:
    """Open the next room, one at a time: homeservers limit the rate, and a stop takes effect at
    once."""
    cohort, team = (
        await team_store.get_cohort(ctx.db, whole.number),
        await team_store.next_team_to_open(ctx.db, whole.number),
    )
    if cohort is None or team is None or not whole.open:
        return []
    await team_store.set_team_state(ctx.db, team.item, OpeningState.SENT)
    # Invitations in createRoom are not rate limited, but slow for people of far servers.
    near = bool(whole.author) and _server(whole.author) == _server(ctx.me)
    return [
        CreateRoom(
            f"{cohort.secret}-{team.place}",
            team.name,
            Callback.of(OPENED_JOB, team.item),
            whole.title,
            (whole.author,) if near else (),
        )
    ]


def _server(user: UserId) -> str:
    return user.partition(":")[2]


@feature.runs(OPENED_JOB)
async def handle_room_opened(ctx: Context, job: Job) -> Answer:
    """Set up a team's new room, or note why there is none, and open the next one. Return what to
    say, if anything."""
    team, whole = await _team_and_cohort(ctx, job)
    if team is None or whole is None:
        return None
    effects: list[Effect] = []
    code = str(job.payload["code"])
    room = None if code else await rooms.get(ctx.db, RoomId(str(job.payload["room"])))
    if room is None or not room.joined:
        failed = OpeningState.SILENT if code and not code.startswith("M_") else OpeningState.REFUSED
        await team_store.set_team_state(ctx.db, team.item, failed)
    else:
        await team_store.set_team_state(ctx.db, team.item, OpeningState.DONE, room.room)
        effects += await room_setup.set_up_room(ctx, whole, team, room)
        await schedule_wave(ctx, whole)
    return [*effects, *await _open_next(ctx, whole), *await _report(ctx, whole)]


async def _team_and_cohort(ctx: Context, job: Job) -> tuple[Team | None, Item | None]:
    team = await team_store.get_team(ctx.db, job.item) if job.item is not None else None
    return team, await items.get(ctx.db, team.cohort) if team else None


# --- people ---------------------------------------------------------------------------------------


async def schedule_wave(ctx: Context, whole: Item) -> None:
    """Schedule the next invitations of a cohort (teams opened together), unless they are
    scheduled."""
    if not await ctx.has_job(whole.number, INVITE_JOB):
        await ctx.schedule(INVITE_JOB, ctx.now + WAVE_INTERVAL, item=whole.number, room=whole.room)


@feature.runs(INVITE_JOB)
async def invite_wave(ctx: Context, job: Job) -> Answer:
    """Invite the next people of a cohort to their teams' rooms, a limited number at a time. Return
    what to say, if anything."""
    whole = await items.get(ctx.db, job.item) if job.item is not None else None
    if whole is None or not whole.open:
        return None
    counted = await team_store.count_invitation_states(ctx.db, whole.number)
    free = max(min(INVITATIONS_PER_WAVE, MOST_UNANSWERED - counted[OpeningState.SENT]), 0)
    effects: list[Effect] = []
    for member in await team_store.people_to_invite(ctx.db, whole.number, free):
        room = member.team.room
        assert room is not None
        now = await rooms.membership(ctx.db, room, member.person)
        if now in (Membership.JOIN, Membership.INVITE):
            await team_store.set_invitation_state(
                ctx.db, member.team.item, member.person, OpeningState.DONE
            )
            continue
        await team_store.set_invitation_state(
            ctx.db, member.team.item, member.person, OpeningState.SENT
        )
        then = Callback.of(INVITED_JOB, member.team.item)
        effects.append(Invite(member.person, room, then=then))
    if await team_store.people_to_invite(ctx.db, whole.number, 1):
        await schedule_wave(ctx, whole)
    return [*effects, *await _report(ctx, whole)]


@feature.runs(INVITED_JOB)
async def handle_invited(ctx: Context, job: Job) -> Answer:
    """Store whether the homeserver invited a person to their team's room, or why not. Return what
    to say, if anything."""
    team, whole = await _team_and_cohort(ctx, job)
    if team is None or whole is None:
        return None
    code = str(job.payload["code"])
    person = UserId(str(job.payload["user"]))
    await team_store.set_invitation_state(ctx.db, team.item, person, invitation_state(code))
    return await _report(ctx, whole)


@feature.on(MembershipChanged)
async def schedule_greeting(ctx: Context, what: MembershipChanged) -> Answer:
    """Schedule that a team's steps are shown again for newcomers, who cannot read what was said
    before. Return what to say, if anything."""
    if what.after is not Membership.JOIN or what.before is Membership.JOIN or what.user == ctx.me:
        return None
    if await outsiders.is_no_newcomer(ctx, what.room, what.user):
        return None
    team = await team_store.team_in(ctx.db, what.room)
    if team is not None and not await ctx.has_job(team.item, GREET_JOB):
        await ctx.schedule(GREET_JOB, ctx.now + GREET_AFTER, item=team.item)
    return None


@feature.runs(GREET_JOB)
async def greet_newcomers(ctx: Context, job: Job) -> Answer:
    """Show a team's steps in its room once people have joined it, who can't read what was said
    before. Return what to say, if anything."""
    team, whole = await _team_and_cohort(ctx, job)
    if team is None or whole is None or team.room is None:
        return None
    lines = [
        *await progress_view.team_card(ctx, team, whole),
        _("To see this again: `!teams`. What else can be done: `!help`"),
    ]
    return Say(tuple(lines), room=team.room, item=team.item)


# --- telling --------------------------------------------------------------------------------------


async def _report(ctx: Context, whole: Item) -> list[Effect]:
    """Edit the progress, at most every `SHOW_INTERVAL` seconds; at the end post the result and
    retry."""
    where = MessageRef(whole.number, "progress")
    if await is_in_progress(ctx, whole.number):
        if not await team_store.claim_progress_update(ctx.db, whole.number, ctx.now, SHOW_INTERVAL):
            return []
        return [Edit(where, tuple(await _progress_lines(ctx, whole)))]
    tries = await team_store.count_try(ctx.db, whole.number)
    lines, failed = await _result_lines(ctx, whole)
    if failed and tries < MOST_TRIES:
        if not await ctx.has_job(whole.number, AGAIN_JOB):
            await ctx.schedule(AGAIN_JOB, ctx.now + RETRY_AFTER, item=whole.number, room=whole.room)
        lines.append(
            _("I try again in an hour. At once: `!teams retry {number}`", number=whole.number)
        )
    elif failed:
        lines.append(_("To try once more: `!teams retry {number}`", number=whole.number))
    if ctx.now - whole.at < QUIET_UNTIL:
        return [Edit(where, tuple(lines))]
    mentions = (whole.author,) if whole.author else ()
    return [
        Edit(where, (lines[0],)),
        Say(
            tuple(lines),
            room=whole.room,
            reply_to=where,
            loud=True,
            item=whole.number,
            mentions=mentions,
        ),
    ]


async def _progress_lines(ctx: Context, whole: Item) -> list[Line]:
    return [
        await _progress_line(ctx, whole),
        _("To stop this: `!cancel {number}`", number=whole.number),
    ]


async def _progress_line(ctx: Context, whole: Item) -> Line:
    teams, people = (
        await team_store.count_team_states(ctx.db, whole.number),
        await team_store.count_invitation_states(ctx.db, whole.number),
    )
    return _(
        "Teams {number}, {title}: rooms open: {done} of {every}; invitations sent: {invited}.",
        number=whole.number,
        title=whole.title,
        done=teams[OpeningState.DONE],
        every=sum(teams.values()),
        invited=people[OpeningState.DONE],
    )


async def _result_lines(ctx: Context, whole: Item) -> tuple[list[Line], bool]:
    """Return what came of it, and whether anything failed."""
    teams, people = (
        await team_store.count_team_states(ctx.db, whole.number),
        await team_store.count_invitation_states(ctx.db, whole.number),
    )
    lines = [await _progress_line(ctx, whole)]
    if teams[OpeningState.STOPPED] or people[OpeningState.STOPPED]:
        lines.append(
            _("The rest was stopped. To go on: `!teams retry {number}`", number=whole.number)
        )
    closed = [
        team.name
        for team in await team_store.teams_of(ctx.db, whole.number)
        if team.state in (OpeningState.REFUSED, OpeningState.SILENT)
    ]
    if closed:
        lines.append(_("The homeserver did not open: {teams}", teams=tuple(closed[:MOST_SHOWN])))
    missing = await team_store.failed_invitations(ctx.db, whole.number)
    lines += uninvited_lines(missing)
    if not closed and not missing:
        lines.append(
            _(
                "How far they are: `!teams {number}`. Their steps: `!teams steps {number}"
                ' "Reading" "Draft"`',
                number=whole.number,
            )
        )
    return lines, bool(closed or missing)


# --- again ----------------------------------------------------------------------------------------


async def retry_cohort(ctx: Context, item: Item) -> Answer:
    """Open rooms and invite people again where that failed or was stopped, for `!teams retry`.
    Return what to say, if anything. Raises `UserError` without the right, and while rooms are still
    being opened."""
    if not await team_lookup.may_lead(ctx, item):
        raise moderators_only()
    if await is_in_progress(ctx, item.number):
        raise UserError(
            _(
                "Teams {number} are still being opened. How far: `!teams {number}`",
                number=item.number,
            )
        )
    if not await team_store.reset_failed(ctx.db, item.number):
        return [
            _(
                "There is nothing to try again: all rooms of teams {number} are open.",
                number=item.number,
            )
        ]
    await ctx.cancel_jobs(item.number, AGAIN_JOB)
    return [_("I try again. How it goes is told here."), *await _restart(ctx, item)]


@feature.runs(AGAIN_JOB)
async def retry_later(ctx: Context, job: Job) -> Answer:
    """Open a cohort's rooms and send invitations again that failed, unless somebody asked for it
    meanwhile. Return what to say, if anything."""
    whole = await items.get(ctx.db, job.item) if job.item is not None else None
    if whole is None or not whole.open or await is_in_progress(ctx, whole.number):
        return None
    return (
        await _restart(ctx, whole) if await team_store.reset_failed(ctx.db, whole.number) else None
    )


async def _restart(ctx: Context, whole: Item) -> list[Effect]:
    if not whole.open:
        await items.reopen(ctx.db, whole.number)
        whole = await items.get(ctx.db, whole.number) or whole
    await schedule_wave(ctx, whole)
    return await _open_next(ctx, whole)
