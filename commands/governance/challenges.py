"""Let members have the room vote on what a moderator did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    UNDO,
    Answer,
    Context,
    Line,
    Moment,
    Person,
    UserError,
    Where,
    _,
    back,
    log,
    n_,
    verbatim,
    words,
)
from commands.governance import effective_rule, requests, room_decisions, rules, store
from commands.governance.declaration import CHALLENGE, GOVERNANCE, feature, here

RULE = replace(rules.MEMBERS, days=3)
PAGE = 10
DEEP = 200


@feature.command(
    words("cuestionar", "questionar", "challenge", "impugnar | contestar |"),
    help=_("have the room vote on what a moderator did"),
    example=_("For example: `!challenge`, and then `!challenge {line}`", line=12),
    topic=GOVERNANCE,
    where=Where.ROOM,
)
async def challenge(ctx: Context, *, text: str = "") -> Answer:
    """List what can be voted on, or open the vote on a log entry.

    The moderator has one vote in it like everybody. Raises `UserError`.
    """
    room = here(ctx).room
    if not await effective_rule.is_member(ctx, room):
        raise UserError(_("You can't ask for that: it is for who is in the room."))
    number = text.strip().lstrip("#").rstrip(".")
    if not number:
        return await _listed(ctx)
    entry = await log.get(ctx.db, int(number)) if number.isdecimal() and len(number) < 10 else None
    if entry is None or entry.room != room:
        raise UserError(_("There is no line {number} in this room's log. What can be voted on:"
                          " `!challenge`", number=number[:20]))  # fmt: skip
    await _check(ctx, entry)
    what = await told(ctx, entry)
    ctx.confirm(
        n_("I open a vote for {count} day here: shall this be taken back? {what}",
           "I open a vote for {count} days here: shall this be taken back? {what}",
           RULE.days, what=what),
    )  # fmt: skip
    return await _opened(ctx, entry, what)


async def _opened(ctx: Context, entry: log.Entry, what: Line) -> Answer:
    wish = back(entry, _("take back: {what}", what=what))
    number = await requests.keep(ctx, wish, challenge=True)
    kept = await store.get(ctx.db, number)
    assert kept is not None
    by = Person(entry.who) if entry.who else _("somebody who is gone")
    first = _("{who} asks the room about what {by} did: {what}", who=Person(ctx.who), by=by,
              what=what)  # fmt: skip
    return await room_decisions.asked(ctx, kept, RULE, first)


async def _check(ctx: Context, entry: log.Entry) -> None:
    if not _can_go_back(ctx, entry):
        raise UserError(_("That can't be taken back, or it was already."))
    if entry.who == ctx.me:
        raise UserError(_("The room decided that, and can decide anew."))
    if entry.rule is not None and effective_rule.is_networks(ctx, *entry.rule):
        raise UserError(_("That holds for the whole network; its moderators change it."))
    if entry.at < ctx.now - await _time(ctx):
        raise UserError(_("That is too long ago for a vote: {moment}.", moment=Moment(entry.at)))
    before = await store.challenged(ctx.db, entry.id)
    if before is not None:
        raise UserError(_("The room votes or has voted on that, in proposal {poll}: "
                          "`!results {poll}`", poll=before.poll or 0))  # fmt: skip


def _can_go_back(ctx: Context, entry: log.Entry) -> bool:
    of = ctx.registry.features.get(entry.feature)
    able = of is not None and entry.act in of.undoes and UNDO in ctx.registry.acts
    return able and entry.undo is not None


async def _time(ctx: Context) -> timedelta:
    return timedelta(seconds=int(await ctx.setting(CHALLENGE, here(ctx).room)))


async def _listed(ctx: Context) -> Answer:
    """List the newest acts of moderators that can be undone."""
    since = ctx.now - await _time(ctx)
    found = [
        entry
        for entry in await log.newest(ctx.db, here(ctx).room, DEEP)
        if _can_go_back(ctx, entry) and entry.who != ctx.me and entry.at >= since
    ]
    if not found:
        return _("There is nothing here that the room could vote on. What was done: `!log`")
    first = _("What the room can vote on. For a vote: `!challenge` and the number.")
    lines = [
        _("{number}: {when}, {who}: {what}", number=one.id, when=Moment(one.at, with_zone=False),
          who=Person(one.who) if one.who else _("somebody who is gone"),
          what=await told(ctx, one))
        for one in found[:PAGE]
    ]  # fmt: skip
    return [first, *lines]


async def told(ctx: Context, entry: log.Entry) -> Line:
    """Describe a log entry in the words of the capability that wrote it."""
    of = ctx.registry.features.get(entry.feature)
    describe = of.services.get("describe") if of else None
    line = await describe(ctx, entry) if describe else None
    return line if isinstance(line, Line) else verbatim(f"{entry.feature}, {entry.act}")
