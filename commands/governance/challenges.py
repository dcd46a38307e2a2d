"""Let members have the room vote on what a moderator did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    UNDO,
    Answer,
    CommandPlace,
    Context,
    Line,
    Moment,
    Person,
    UserError,
    _,
    describe_log_entry,
    is_in,
    log,
    n_,
    undo_request,
    words,
)
from commands.governance import effective_rule, requests, room_decisions, rules, store
from commands.governance.declaration import CHALLENGE, GOVERNANCE, feature

CHALLENGE_RULE = replace(rules.MEMBERS_RULE, days=3)
PAGE_SIZE = 10
SEARCH_DEPTH = 200


@feature.command(
    words(
        "cuestionar",
        "questionar",
        "challenge",
        "impugnar, objetar, revisar, pedir votación | contestar, objetar, pedir votação | object",
    ),
    help=_("have the room vote on what a moderator did"),
    example=_("For example: `!challenge`, and then `!challenge {line}`", line=12),
    topic=GOVERNANCE,
    where=CommandPlace.ROOM,
)
async def handle_challenge(ctx: Context, line: str = "") -> Answer:
    """List the log entries on which members can vote, or open the vote on one. Return the answer.

    The moderator has one vote in it like everybody. Raises `UserError` without the right, for a
    line that is unknown, too old, undone, or decided by the room, and for a no.
    """
    room = ctx.target_room.room
    if not await is_in(ctx, room, ctx.who):
        raise UserError(_("You can't ask for that: it is for who is in the room."))
    number = line.lstrip("#").rstrip(".")
    if not number:
        return await _list_challengeable(ctx)
    entry = await log.get(ctx.db, int(number)) if number.isdecimal() and len(number) < 10 else None
    if entry is None or entry.room != room:
        raise UserError(
            _(
                "There is no line {number} in this room's log. What can be voted on: `!challenge`",
                number=number[:20],
            )
        )
    await _require_challengeable(ctx, entry)
    what = await describe_log_entry(ctx, entry)
    ctx.confirm(
        n_(
            "I open a vote for {count} day here: shall this be taken back? {what}",
            "I open a vote for {count} days here: shall this be taken back? {what}",
            CHALLENGE_RULE.days,
            what=what,
        ),
    )
    return await _open_challenge(ctx, entry, what)


async def _open_challenge(ctx: Context, entry: log.LogEntry, what: Line) -> Answer:
    wish = undo_request(entry, _("take back: {what}", what=what))
    number = await requests.store_request(ctx, wish, challenge=True)
    kept = await store.get_request(ctx.db, number)
    assert kept is not None
    by = Person(entry.who) if entry.who else _("somebody who is gone")
    first = _(
        "{who} asks the room about what {by} did: {what}", who=Person(ctx.who), by=by, what=what
    )
    return await room_decisions.ask_room(ctx, kept, CHALLENGE_RULE, first)


async def _require_challengeable(ctx: Context, entry: log.LogEntry) -> None:
    if not _is_undoable(ctx, entry):
        raise UserError(_("That can't be taken back, or it was already."))
    if entry.who == ctx.me:
        raise UserError(_("The room decided that, and can decide anew."))
    if entry.rule is not None and effective_rule.is_network_setting(ctx, *entry.rule):
        raise UserError(_("That holds for the whole network; its moderators change it."))
    if entry.at < ctx.said_at - await _challenge_time(ctx):
        raise UserError(_("That is too long ago for a vote: {moment}.", moment=Moment(entry.at)))
    before = await store.find_challenge(ctx.db, entry.id)
    if before is not None:
        raise UserError(
            _(
                "The room votes or has voted on that, in proposal {poll}: `!results {poll}`",
                poll=before.poll or 0,
            )
        )


def _is_undoable(ctx: Context, entry: log.LogEntry) -> bool:
    of = ctx.registry.log_writer(entry.feature, entry.act)
    able = of is not None and entry.act in of.undo_handlers and UNDO in ctx.registry.acts
    return able and entry.undo is not None


async def _challenge_time(ctx: Context) -> timedelta:
    return timedelta(seconds=int(await ctx.setting_value(CHALLENGE, ctx.target_room.room)))


async def _list_challengeable(ctx: Context) -> Answer:
    """List the newest acts of moderators that can be undone."""
    since = ctx.said_at - await _challenge_time(ctx)
    found = [
        entry
        for entry in await log.newest_entries(ctx.db, ctx.target_room.room, SEARCH_DEPTH)
        if _is_undoable(ctx, entry) and entry.who != ctx.me and entry.at >= since
    ]
    if not found:
        return _("There is nothing here that the room could vote on. What was done: `!log`")
    first = _("What the room can vote on. For a vote: `!challenge` and the number.")
    lines = [
        _(
            "{number}: {when}, {who}: {what}",
            number=one.id,
            when=Moment(one.at, with_zone=False),
            who=Person(one.who) if one.who else _("somebody who is gone"),
            what=await describe_log_entry(ctx, one),
        )
        for one in found[:PAGE_SIZE]
    ]
    return [first, *lines]
