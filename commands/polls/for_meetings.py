"""What polls offer to meetings: ask the room something, and list the decisions made meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import Answer, Context, Line, RoomId
from commands.polls.declaration import feature
from commands.polls.poll_store import Option, Rule
from commands.polls.records import decisions, record_store
from commands.polls.records.record_store import Asked
from commands.polls.setup import labels, opening_commands
from commands.polls.setup.plan import Plan
from commands.polls.voters.roll import Spec

MOST = 50
"""How many decisions are listed for one meeting."""


@feature.service("ask")
async def ask(ctx: Context, question: str, options: Sequence[str], closes: datetime) -> Answer:
    """Open a poll in this room in the name of the person.

    Without options it is a vote for, against or abstain.
    """
    found = tuple(map(Option, labels.checked(tuple(options)))) if options else ()
    rule = Rule("choice" if options else "majority")
    return await opening_commands.opened(
        ctx, Plan(labels.question(question), found, rule, closes, Spec())
    )


@feature.service("decided")
async def decided(ctx: Context, room: RoomId, since: datetime, until: datetime) -> list[Line]:
    """List the decisions between two times (both inclusive), oldest first."""
    asked = Asked("", since, until + timedelta(seconds=1))
    found = await record_store.find(ctx.db, [room], asked, 0, MOST)
    return [decisions.entry(one, with_room=False) for one in reversed(found)]
