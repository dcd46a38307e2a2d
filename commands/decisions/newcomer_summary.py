"""A summary for newcomers: what was decided in the last 30 days, and what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import SUMMARY, Context, Line, Number, RoomId, _
from commands.decision_rules.ballots import PollVerdict
from commands.decisions.declaration import feature
from commands.poll_book import poll_store, record_store, texts
from commands.poll_book.record_store import RecordQuery
from commands.polls import outcome, result_texts

RECENT = timedelta(days=30)
MOST_READ = 40
MOST_SHOWN = 5
"""How many lines of each fit on a phone's screen."""
UNDECIDED = (PollVerdict.TIE, PollVerdict.NO_QUORUM, PollVerdict.NOBODY, PollVerdict.TOO_FEW)


@feature.offers(SUMMARY)
async def summarise_polls(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with the newest decisions and the next polls to close in these rooms."""
    return [*await _decided(ctx, places), *await _open(ctx, places)]


async def _decided(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    asked = RecordQuery("", ctx.now - RECENT)
    found = await record_store.find_decisions(ctx.db, places, asked, 0, MOST_READ)
    made = [one for one in found if one.verdict not in UNDECIDED]
    if not made:
        return []
    polls = [await poll_store.get_poll(ctx.db, one.number) for one in made[:MOST_SHOWN]]
    lines = [result_texts.headline(await outcome.current_outcome(ctx.db, poll)) for poll in polls]
    if len(made) > MOST_SHOWN:
        lines.append(_("All of them: `!decisions`"))
    return [
        _("Decided in the last 30 days:"),
        *lines,
        _("One in full: `!minutes {number}`", number=made[0].number),
    ]


async def _open(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    found: list[tuple[Number, str, datetime | None]] = []
    for place in places:
        found += await poll_store.open_polls_in(ctx.db, place, MOST_SHOWN + 1)
    if not found:
        return []
    found.sort(key=lambda one: (one[2] is None, one[2] or ctx.now, one[0]))
    proposals = await poll_store.find_proposals(ctx.db, [one[0] for one in found[:MOST_SHOWN]])
    lines = [texts.pending_line(*one, proposal=one[0] in proposals) for one in found[:MOST_SHOWN]]
    more = [_("All that is open: `!pending`")] if len(found) > MOST_SHOWN else []
    return [_("Being decided now:"), *lines, *more]
