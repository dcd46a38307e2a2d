"""What the list of who waits at the doors says, posted once and edited from then on."""

from __future__ import annotations

from bot.api import Answer, Context, Edit, Job, Line, MessageRef, Number, Say, _, n_
from commands.doors import ballot, request_lines
from commands.doors import waiting_list_store as lists
from commands.doors.declaration import LIST_JOB, feature
from commands.doors.store import Request, RequestStep
from commands.doors.waiting_list_store import WaitingList

LIST_SLOT = "list"


@feature.runs(LIST_JOB)
async def show_list(ctx: Context, job: Job) -> Answer:
    """Post a room's list of who waits to come in, or edit it to say who waits now. Return what to
    say, if anything."""
    one = await lists.get_list(ctx.db, Number(job.item)) if job.item is not None else None
    if one is None:
        return None
    lines = tuple(await _list_lines(ctx, one))
    if await lists.note_shown(ctx.db, one.item, ctx.now):
        return Edit(MessageRef(one.item, LIST_SLOT), lines, room=one.room)
    return Say(lines, room=one.room, loud=True, item=one.item, slot=LIST_SLOT)


async def _list_lines(ctx: Context, one: WaitingList) -> list[Line]:
    listed = await lists.requests_on(ctx.db, one.item)
    waiting = [request for request in listed if request.step is RequestStep.DECIDING]
    mine = [one for one in waiting if await ballot.deciding_room(ctx, one) is None]
    lines: list[Line] = [
        n_(
            "{count} request waits for a decision.",
            "{count} requests wait for a decision.",
            len(mine),
        )
        if mine
        else _("At the door: nobody of these waits for a decision now.")
    ]
    lines += [await request_lines.request_line(ctx, request) for request in listed]
    lines += [
        _("To read the answers, write to me in private: `requests {number}`", number=first.item)
        for first in (mine or waiting)[:1]
    ]
    lines += [line for first in mine[:1] for line in decision_help(first)]
    if one.is_over:
        lines.append(_("This list goes on in a newer message."))
    return lines


def decision_help(request: Request) -> list[Line]:
    """Return the lines that say how to admit or reject the people who wait, or to ask them more."""
    return [
        _(
            "To let them in: `!admit {number}`. Or: `!reject {number}` and the reason.",
            number=request.item,
        ),
        _("To ask them one more thing: `!ask {number}` and the question.", number=request.item),
    ]
