"""A summary for newcomers: what was decided in the last 30 days, and what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import Context, Line, Number, RoomId, _
from commands.polls import poll_store, texts
from commands.polls.ballots import Verdict
from commands.polls.declaration import feature
from commands.polls.records import outcome, record_store
from commands.polls.records.record_store import Asked

RECENT = timedelta(days=30)
READ = 40
SHOWN = 5
"""How many lines of each fit on a phone's screen."""
UNDECIDED = (Verdict.NO_QUORUM, Verdict.NOBODY)


@feature.service("summary")
async def summary(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return the newest decisions and the next polls to close in these rooms."""
    return [*await _decided(ctx, places), *await _open(ctx, places)]


async def _decided(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    asked = Asked("", ctx.read - RECENT)
    found = await record_store.find(ctx.db, places, asked, 0, READ)
    made = [one for one in found if one.verdict not in UNDECIDED]
    if not made:
        return []
    polls = [await poll_store.get(ctx.db, one.number) for one in made[:SHOWN]]
    lines = [texts.headline(await outcome.of(ctx.db, poll)) for poll in polls]
    if len(made) > SHOWN:
        lines.append(_("All of them: `!decisions`"))
    return [
        _("Decided in the last 30 days:"),
        *lines,
        _("One in full: `!minutes {number}`", number=made[0].number),
    ]


async def _open(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    found: list[tuple[Number, str, datetime | None]] = []
    for place in places:
        found += await poll_store.open_in(ctx.db, place, SHOWN + 1)
    if not found:
        return []
    found.sort(key=lambda one: (one[2] is None, one[2] or ctx.read, one[0]))
    proposals = await poll_store.proposals(ctx.db, [one[0] for one in found[:SHOWN]])
    lines = [texts.pending(*one, proposal=one[0] in proposals) for one in found[:SHOWN]]
    more = [_("All that is open: `!pending`")] if len(found) > SHOWN else []
    return [_("Being decided now:"), *lines, *more]
