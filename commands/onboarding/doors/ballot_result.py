"""The result of a room's vote: carried out, or handed to the moderators without a decision."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, Decided, Job, Line, Number, Person, Say, _
from commands.onboarding.declaration import feature
from commands.onboarding.doors import deciders, decision, interview, store
from commands.onboarding.doors.store import Request, Step


@feature.job("voted")
async def voted(ctx: Context, job: Job) -> Answer:
    """Carry out the result of the vote. Does nothing if the request has ended meanwhile."""
    request = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    if request is None or request.step is not Step.DECIDING:
        return None
    await store.votes(ctx.db, request.item, None)
    request = replace(request, poll=None)
    await ctx.schedule("ballot", ctx.read, room=request.room)
    poll, result = int(job.payload["poll"]), Decided(job.payload["result"])
    if result is Decided.PASSED:
        return await decision.let_in_alone(ctx, request, poll)
    if result is Decided.FAILED:
        return await decision.turned_down(ctx, request, poll)
    return await _back(ctx, request, poll, result)


async def _back(ctx: Context, request: Request, poll: int, result: Decided) -> Answer:
    """Hand the request to the moderators and tell them that the vote decided nothing."""
    await store.undecided(ctx.db, request.item)
    room = await deciders.chosen_room(ctx) or await ctx.moderators_room()
    if room is None:
        return None
    named = {"number": request.item, "poll": poll, "person": Person(request.person, full=True)}
    why: Line = (
        _("Request {number}, {person}: proposal {poll} was cancelled. You decide now.", **named)
        if result is Decided.CANCELLED
        else _("Request {number}, {person}: too few voted in proposal {poll}. You decide now.",
               **named)
    )  # fmt: skip
    return Say((why, interview.how_to_decide(request)), room=room, loud=True, item=request.item)
