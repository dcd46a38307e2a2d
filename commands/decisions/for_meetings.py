"""What polls offer to meetings: ask the room something, and list the decisions made meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import ASK_ROOM, DECISION_LINES, Answer, Context, Day, Line, RoomId, words
from commands.decisions.declaration import feature
from commands.poll_book import poll_store, record_store
from commands.poll_book.poll import SHOW_OF_HANDS, Option, PollRule
from commands.poll_book.record_store import RecordEntry, RecordQuery
from commands.poll_book.roll import VoterSpec
from commands.poll_lines import labels
from commands.polls import outcome, result_texts
from commands.polls.opening import opening_commands
from commands.polls.opening.plan import PollPlan

EITHER = words("Me da igual", "Tanto faz", "I don't mind")
MOST_DECISIONS = 50
"""How many decisions are listed for one meeting."""


@feature.offers(ASK_ROOM)
async def open_for_meeting(
    ctx: Context, question: str, options: Sequence[str], closes: datetime
) -> Answer:
    """Open a show of hands, which decides nothing, in this room in the name of the person. Return
    what to say, if anything.

    Without options they are yes, no, and that either is fine.
    """
    usual = (*(one.in_language(ctx.policy.language) for one in labels.YES_OR_NO), _either(ctx))
    found = tuple(map(Option, labels.checked_labels(tuple(options) or usual)))
    rule = PollRule("choice", SHOW_OF_HANDS)
    return await opening_commands.open_plan(
        ctx, PollPlan(labels.clean_question(question), found, rule, closes, VoterSpec())
    )


def _either(ctx: Context) -> str:
    return EITHER.in_language(ctx.policy.language)


@feature.offers(DECISION_LINES)
async def decisions_between(
    ctx: Context, room: RoomId, since: datetime, until: datetime
) -> list[Line]:
    """Return lines with the decisions of a room between two times (both inclusive), oldest
    first."""
    asked = RecordQuery("", since, until + timedelta(seconds=1), hands=True)
    found = await record_store.find_decisions(ctx.db, [room], asked, 0, MOST_DECISIONS)
    return [await _line(ctx, one) for one in reversed(found)]


async def _line(ctx: Context, one: RecordEntry) -> Line:
    """Return what came of it, with the option: `decided` alone would say nothing."""
    poll = await poll_store.get_poll(ctx.db, one.number)
    found = await outcome.current_outcome(ctx.db, poll)
    if one.is_show_of_hands:
        return result_texts.hands_line(found)
    return Line("{day}: {what}", {"day": Day(one.ended), "what": result_texts.headline(found)})
