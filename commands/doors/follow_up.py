"""`!ask`: one more question to who knocks; the answer joins the request."""

from __future__ import annotations

import json
import re
from dataclasses import astuple

from bot.api import (
    Answer,
    Context,
    MissingArgument,
    Rest,
    UserError,
    _,
    chosen_moderators_room,
    words,
)
from commands.doors import (
    ballot,
    interview,
    questions,
    request_lookup,
    store,
    stuck_requests,
    waiting_list,
)
from commands.doors.declaration import feature
from commands.doors.store import DoorQuestion, Request, RequestStep
from commands.onboarding.declaration import NEWCOMERS
from storage.database import Tx

MOST = 15
"""Questions of one request, with those that its door asks."""

feature.log_line("asked", _("asked request {number} one more question"))


@feature.command(
    words(
        "preguntar",
        "perguntar",
        "ask",
        "preguntarle, pregúntale, repreguntar | pergunte, perguntar para | ask back",
    ),
    help=_("ask who knocked one more question; the answer joins their request"),
    example=_("For example: `!ask {number} Who told you about us?`", number=57),
    topic=NEWCOMERS,
    of=("request",),
)
async def ask_back(ctx: Context, request: request_lookup.OpenRequest, *, question: Rest) -> Answer:
    """Ask a newcomer one more question. They don't learn who asks; the request waits for it. Return
    the answer.

    Raises `UserError` if there is no such open request, if the question is too long or the request
    has as many as it may, `MissingArgument` without a question.
    """
    if instead := await ballot.start_room_decision(ctx, request):
        return instead
    text = " ".join(question.strip(" :;,").split())
    if not re.search(r"\w", text):
        raise MissingArgument("question", _("the question"))
    if len(text) > questions.LONGEST:
        raise UserError(_("A question has up to {most} letters.", most=questions.LONGEST))
    if len(request.questions) >= MOST:
        raise UserError(
            _("Request {number} has {most} questions already.", number=request.item, most=MOST)
        )
    if ctx.room != await chosen_moderators_room(ctx.db):
        ctx.discreet = not ctx.is_private  # what is asked says something about who knocks
    was_waiting = request.step is RequestStep.DECIDING
    await _add_question(ctx.db, request, DoorQuestion(text, follow_up=True))
    await ctx.log("asked", {"number": request.item}, room=request.room)
    if not was_waiting:
        return _(
            "Request {number}: it is asked after the questions that are still open.",
            number=request.item,
        )
    await store.set_step(ctx.db, request.item, RequestStep.ASKING, ctx.now)
    await stuck_requests.schedule_request_reminders(ctx, request.item)
    await interview.ask_next_question(ctx, request.item, request.person)
    await waiting_list.show_step(ctx, request.item)
    return _(
        "Request {number}: asked, without your name. The moderators hear of the answer.",
        number=request.item,
    )


async def _add_question(tx: Tx, request: Request, one: DoorQuestion) -> None:
    """Store one more question of this request, after the others."""
    every = json.dumps([astuple(asked) for asked in (*request.questions, one)])
    await tx.run("UPDATE doors_request SET questions = ? WHERE item = ?", every, request.item)
