"""What polls offer to meetings: ask the room something, and list the decisions made meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import ASK_ROOM, DECISION_LINES, Answer, Context, Line, RoomId
from commands.decision_rules import labels
from commands.decisions import decisions
from commands.decisions.declaration import feature
from commands.poll_book import record_store
from commands.poll_book.poll_store import Option, PollRule
from commands.poll_book.record_store import RecordQuery
from commands.poll_book.roll import VoterSpec
from commands.polls.opening import opening_commands
from commands.polls.opening.plan import PollPlan

MOST_DECISIONS = 50
"""How many decisions are listed for one meeting."""


@feature.offers(ASK_ROOM)
async def open_for_meeting(
    ctx: Context, question: str, options: Sequence[str], closes: datetime
) -> Answer:
    """Open a poll in this room in the name of the person.

    Without options it is a vote for, against or abstain.
    """
    found = tuple(map(Option, labels.checked_labels(tuple(options)))) if options else ()
    rule = PollRule("choice" if options else "majority")
    return await opening_commands.open_plan(
        ctx, PollPlan(labels.clean_question(question), found, rule, closes, VoterSpec())
    )


@feature.offers(DECISION_LINES)
async def decisions_between(
    ctx: Context, room: RoomId, since: datetime, until: datetime
) -> list[Line]:
    """List the decisions between two times (both inclusive), oldest first."""
    asked = RecordQuery("", since, until + timedelta(seconds=1))
    found = await record_store.find_decisions(ctx.db, [room], asked, 0, MOST_DECISIONS)
    return [decisions.entry_line(one, with_room=False) for one in reversed(found)]
