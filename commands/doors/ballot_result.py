"""The result of a room's vote: carried out, or handed to the moderators without a decision."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    DecisionResult,
    Job,
    Line,
    Number,
    Person,
    Say,
    _,
)
from commands.doors import decision, store, waiting_list, waiting_list_message
from commands.doors.declaration import BALLOT_JOB, VOTED_JOB, feature
from commands.doors.store import Request, RequestStep


@feature.runs(VOTED_JOB)
async def carry_out_ballot(ctx: Context, job: Job) -> Answer:
    """Let the person in or turn them down by the result of the vote. Does nothing if the request
    has ended meanwhile. Return what to say, if anything."""
    request = await store.get_request(ctx.db, Number(job.item)) if job.item is not None else None
    if request is None or request.step is not RequestStep.DECIDING:
        return None
    await store.set_ballot(ctx.db, request.item, None)
    request = replace(request, poll=None)
    await ctx.schedule(BALLOT_JOB, ctx.now, room=request.room)
    poll, result = int(job.payload["poll"]), DecisionResult(job.payload["result"])
    if result is DecisionResult.PASSED:
        return await decision.admit_automatically(ctx, request, poll)
    if result is DecisionResult.FAILED:
        return await decision.turn_down(ctx, request, poll)
    return await _hand_to_moderators(ctx, request, poll, result)


async def _hand_to_moderators(
    ctx: Context, request: Request, poll: int, result: DecisionResult
) -> Answer:
    """Hand the request to the moderators and tell them that the vote decided nothing."""
    await store.mark_undecided(ctx.db, request.item)
    await waiting_list.show_step(ctx, request.item)
    room = await ctx.moderators_room()
    if room is None:
        return None
    named = {"number": request.item, "poll": poll, "person": Person(request.person, full=True)}
    why: Line = (
        _("Request {number}, {person}: proposal {poll} was cancelled. You decide now.", **named)
        if result is DecisionResult.CANCELLED
        else _(
            "Request {number}, {person}: too few voted in proposal {poll}. You decide now.", **named
        )
    )
    lines = (why, *waiting_list_message.decision_help(request))
    return Say(lines, room=room, loud=True, item=request.item)
