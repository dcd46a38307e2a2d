"""A request as one line: its number, who knocks at which door, and at which step they are."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Context, Line, Moment, Person, _, help_rooms, n_
from commands.doors import store, vouches
from commands.doors.store import Request, RequestStep
from commands.onboarding.areas import permissions

_ENDED = {
    RequestStep.ADMITTED: _("{number}: {person}, “{room}”: let in"),
    RequestStep.REJECTED: _("{number}: {person}, “{room}”: turned down"),
    RequestStep.GONE: _("{number}: {person}, “{room}”: waits no more"),
    RequestStep.LAPSED: _("{number}: {person}, “{room}”: nobody decided within 30 days"),
}


async def request_line(ctx: Context, one: Request) -> Line:
    """Return a line with a request's step, since when, and how many vouch for who knocks."""
    named = {
        "number": one.item,
        "person": Person(one.person, full=True),
        "room": await permissions.room_label_of(ctx, one.room),
    }
    if one.step in _ENDED:
        return replace(_ENDED[one.step], values=named)
    line = await _open_line(ctx, one, named)
    given, wanted = (
        len(await vouches.vouchers_of(ctx.db, one.item)),
        await vouches.vouches_needed(ctx),
    )
    if not given and not wanted:
        return line
    count = n_("{count} vouch", "{count} vouches", given)
    if wanted:
        count = n_("{given} of {count} vouch", "{given} of {count} vouches", wanted, given=given)
    return Line("{line} ({vouches})", {"line": line, "vouches": count})


async def _open_line(ctx: Context, one: Request, named: dict[str, object]) -> Line:
    named |= {"since": Moment(one.since, with_zone=False)}
    if one.poll is not None:
        return _(
            "{number}: {person}, “{room}”: the room votes in proposal {poll} since {since}",
            **named,
            poll=one.poll,
        )
    if one.step is RequestStep.DECIDING:
        return _("{number}: {person}, “{room}”: waits for a decision since {since}", **named)
    unread = await help_rooms.unread_since(ctx.db, one.person)
    if unread is not None:
        return _(
            "{number}: {person}, “{room}”: can't read the questions, no device of theirs is"
            " confirmed since {since}",
            **{**named, "since": Moment(unread, with_zone=False)},
        )
    return _(
        "{number}: {person}, “{room}”: at question {n} of {count} since {since}",
        **named,
        n=await store.count_answers(ctx.db, one.item) + 1,
        count=len(one.questions),
    )
