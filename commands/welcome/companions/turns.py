"""Turns of companions: one is asked in private, and the newcomer is told a while later.

A companion has that time to say no. The turn passes on if they do, leave or are forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Length,
    Line,
    Membership,
    MembershipChanged,
    Number,
    Person,
    Room,
    RoomId,
    Say,
    Setting,
    Span,
    UserId,
    _,
    items,
    rooms,
    words,
)
from commands.onboarding.areas import permissions
from commands.welcome.companions import languages, store
from commands.welcome.companions.store import CompanionTurn
from commands.welcome.declaration import (
    COMPANION_NEXT_JOB,
    COMPANION_OVER_JOB,
    COMPANION_TOLD_JOB,
    feature,
)

WAIT = Setting(
    "companion_wait",
    words("espera-acompañar", "espera-acompanhar", "companion-wait"),
    Length(timedelta(minutes=5), timedelta(days=3)),
    str(2 * 3600),
    _("How long whoever is to accompany a newcomer can say no before the newcomer hears of it."),
    network=True,
)
feature.settings.append(WAIT)
MOST_A_WEEK = 5
"""How many newcomers one person accompanies in a week."""
WEEK = timedelta(days=7)
SETTLED = timedelta(days=7)
"""Members for less than this are not asked yet: nobody knows them well."""
TURN_LIFETIME = timedelta(days=30)
"""How long it is stored who accompanies whom."""
DAY = timedelta(days=1)


async def begin_turns(ctx: Context, newcomer: UserId) -> list[Effect]:
    """Begin to look for a companion for a newcomer, once for each newcomer. Return what to send."""
    return (
        []
        if await store.turns_of_newcomer(ctx.db, newcomer)
        else await ask_next_companion(ctx, newcomer)
    )


async def ask_next_companion(
    ctx: Context, newcomer: UserId, *, promised: bool = False
) -> list[Effect]:
    """Ask the next person to accompany a newcomer: whoever shares a room with them and was asked
    longest ago. Return the messages.

    Who speaks the newcomer's language is asked before all others. If nobody is free, the moderators
    are told, at most once a day. `promised`: the newcomer was told of a companion who can't after
    all, so they are told of the change.
    """
    theirs = {room.room for room in await rooms.shared_rooms(ctx.db, newcomer)}
    if not theirs:
        return []
    new = ctx.now - SETTLED
    free = await store.companions_to_ask(ctx.db, newcomer, ctx.now - WEEK, MOST_A_WEEK, new)
    wanted = await languages.language_of(ctx, newcomer)
    speaks = {one: wanted in await languages.languages_of(ctx, one) for one in free}
    for person in sorted(free, key=lambda one: not speaks[one]):
        shared = await _shared_rooms(ctx, person, theirs)
        if shared:
            asked = await _ask_companion(ctx, newcomer, person, shared)
            return [_change_message(newcomer), asked] if promised else [asked]
    before = await store.turns_of_newcomer(ctx.db, newcomer)
    return await _report_nobody(ctx, newcomer, promised or any(pair.told_at for pair in before))


async def _shared_rooms(ctx: Context, person: UserId, theirs: Collection[RoomId]) -> list[Room]:
    return [one for one in await rooms.shared_rooms(ctx.db, person) if one.room in theirs]


async def _ask_companion(ctx: Context, newcomer: UserId, person: UserId, shared: list[Room]) -> Say:
    """Ask the companion. They are told only of rooms that they are in themselves."""
    room = shared[0].room
    number = await items.add(ctx.db, feature.name, "companion", room, person, "", ctx.said_at)
    await store.add_turn(ctx.db, number, newcomer, person, ctx.now)
    wait = timedelta(seconds=int(await ctx.setting_value(WAIT)))
    await ctx.schedule(COMPANION_TOLD_JOB, ctx.now + wait, item=number, room=room)
    await ctx.schedule(COMPANION_OVER_JOB, ctx.now + TURN_LIFETIME, item=number, room=room)
    names = tuple(permissions.room_label(one) for one in shared[:5])
    lines: tuple[Line, ...] = (
        _(
            "{person} has just come in ({rooms}), and it is your turn to accompany them: to say"
            " hello and to answer what they ask.",
            person=Person(newcomer, full=True),
            rooms=names,
        ),
        *await _their_language(ctx, newcomer, person),
        _(
            "In {span} I tell them that it is you. Sooner: `I can {number}`",
            span=Span(wait),
            number=number,
        ),
        _(
            "If you can't this time: `I can't {number}`. Then it is somebody else's turn.",
            number=number,
        ),
    )
    return Say(lines, to=person, loud=True, item=number)


async def _their_language(ctx: Context, newcomer: UserId, person: UserId) -> list[Line]:
    """Return a line for the companion on the newcomer's language, if it is not also their own."""
    theirs = await languages.language_of(ctx, newcomer)
    (named,) = languages.language_names((theirs,))
    if theirs not in await languages.languages_of(ctx, person):
        return [_("They read {language}, and nobody who is free does.", language=named)]
    if theirs != await languages.language_of(ctx, person):
        return [_("They read {language}.", language=named)]
    return []


async def _report_nobody(ctx: Context, newcomer: UserId, promised: bool) -> list[Effect]:
    """Tell a newcomer who was promised somebody that nobody is free; the moderators once a day."""
    told: list[Effect] = (
        [Say((_nobody_free_line(ctx),), to=newcomer, loud=True)] if promised else []
    )
    place = await ctx.moderators_room()
    if place is None or not await store.all_companions(ctx.db) or not await _first_today(ctx):
        return told
    lines = (
        _("Nobody who offered it is free to accompany those who are new now."),
        _("Whoever would like to: `!accompany yes`"),
    )
    return [*told, Say(lines, room=place)]


def _nobody_free_line(ctx: Context) -> Line:
    named = tuple(Person(one, full=True) for one in sorted(ctx.defaults.moderators)[:3])
    return _("Nobody else is free to accompany you now. For your questions: {people}", people=named)


async def _first_today(ctx: Context) -> bool:
    before = await store.told_nobody_free(ctx.db)
    if before is not None and ctx.now - before < DAY:
        return False
    await store.note_nobody_free(ctx.db, ctx.now)
    return True


# --- the course of a turn -----------------------------------------------------------------------


async def tell_newcomer(ctx: Context, pair: CompanionTurn) -> Say:
    """Tell a newcomer which companion accompanies them. Return the message."""
    await ctx.cancel_jobs(pair.item, COMPANION_TOLD_JOB)
    await store.mark_told(ctx.db, pair.item, ctx.now)
    lines = (companion_line(pair), *await _other_language(ctx, pair), refusal_help(pair))
    return Say(lines, to=pair.newcomer, loud=True, item=pair.item)


async def _other_language(ctx: Context, pair: CompanionTurn) -> list[Line]:
    """Return a line for the newcomer if their companion does not speak their language."""
    spoken = await languages.languages_of(ctx, pair.person)
    if await languages.language_of(ctx, pair.newcomer) in spoken:
        return []
    names = languages.language_names(spoken)
    return [_("They speak {languages}: nobody who is free speaks yours.", languages=names)]


def companion_line(pair: CompanionTurn) -> Line:
    """Return the line that tells a newcomer which companion accompanies them."""
    return _(
        "{person} accompanies you at the start. Write to them whenever you want to ask something.",
        person=Person(pair.person, full=True),
    )


def refusal_help(pair: CompanionTurn) -> Line:
    """Return the line that tells the newcomer how to decline their companion."""
    return _("If you would rather not: `!accompany no {number}`", number=pair.item)


async def end_turn(ctx: Context, pair: CompanionTurn) -> None:
    """End the accompanying of a newcomer. Its companion is not asked again for this newcomer."""
    await ctx.cancel_jobs(pair.item, COMPANION_TOLD_JOB)
    await store.mark_over(ctx.db, pair.item, ctx.now)
    await items.close(ctx.db, pair.item)


async def pass_turn(ctx: Context, pair: CompanionTurn) -> list[Effect]:
    """End the accompanying of a newcomer and ask the next companion. Return what to send.

    A newcomer who was told of it is told that there is a change, not why.
    """
    await end_turn(ctx, pair)
    return await ask_next_companion(ctx, pair.newcomer, promised=pair.told_at is not None)


def _change_message(newcomer: UserId) -> Say:
    line = _("There is a change in who accompanies you: I look for somebody else and tell you.")
    return Say((line,), to=newcomer, loud=True)


async def _open_turn(ctx: Context, job: Job) -> CompanionTurn | None:
    pair = await store.get_turn(ctx.db, Number(job.item)) if job.item is not None else None
    return pair if pair is not None and not pair.is_over else None


@feature.runs(COMPANION_TOLD_JOB)
async def tell_newcomer_when_due(ctx: Context, job: Job) -> Answer:
    """Tell the newcomer who accompanies them, after the companion's time to say no, if the two
    still share a room. Return what to say, if anything."""
    pair = await _open_turn(ctx, job)
    if pair is None:
        return None
    if not await _share_a_room(ctx, pair):
        return await pass_turn(ctx, pair)
    said = _(
        "I told {person} that it is you. You can write to them first.", person=Person(pair.newcomer)
    )
    return [await tell_newcomer(ctx, pair), Say((said,), to=pair.person, item=pair.item)]


@feature.runs(COMPANION_OVER_JOB)
async def drop_turn(ctx: Context, job: Job) -> Answer:
    """Delete the record of a companion's turn, `TURN_LIFETIME` after it was given. Return what to
    say, if anything."""
    if job.item is not None:
        await items.delete(ctx.db, Number(job.item))
    return None


@feature.runs(COMPANION_NEXT_JOB)
async def replace_companion(ctx: Context, job: Job) -> Answer:
    """Look for another companion for a newcomer after the one before was forgotten. Return what to
    say, if anything."""
    if job.person is None:
        return None
    return await ask_next_companion(ctx, job.person, promised=bool(job.payload["promised"]))


async def _share_a_room(ctx: Context, pair: CompanionTurn) -> bool:
    theirs = {room.room for room in await rooms.shared_rooms(ctx.db, pair.newcomer)}
    return bool(await _shared_rooms(ctx, pair.person, theirs))


@feature.on(MembershipChanged)
async def watch_departures(ctx: Context, what: MembershipChanged) -> Answer:
    """Pass on or end the turns of a companion or newcomer who left or was banned. Return what to
    say, if anything."""
    if what.after not in (Membership.LEAVE, Membership.BAN):
        return None
    effects: list[Effect] = []
    for pair in await store.open_turns_of(ctx.db, what.user):
        if what.after is Membership.BAN or not await _share_a_room(ctx, pair):
            effects += await pass_turn(ctx, pair)
    if not await rooms.shares_chat_room(ctx.db, what.user):
        for pair in await store.turns_of_newcomer(ctx.db, what.user):
            if not pair.is_over:
                await end_turn(ctx, pair)
    return effects
