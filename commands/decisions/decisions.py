"""The record: find what was decided, by word and by date."""

from __future__ import annotations

import re

from bot.api import (
    PAGE_ARGUMENT,
    Answer,
    Context,
    Day,
    ItemAccess,
    Line,
    NamedArgument,
    ParsedArguments,
    Reach,
    RoomId,
    UserError,
    _,
    dates,
    fold,
    rooms,
    words,
)
from commands.decisions.declaration import feature
from commands.decisions.poll_minutes import page_argument
from commands.poll_book import record_store, texts
from commands.poll_book.record_store import RecordEntry, RecordQuery
from commands.polls import result_texts
from commands.polls.declaration import DECISIONS

ON_A_PAGE = 10
LAST_PAGE = 1000
SINCE = NamedArgument(words("desde", "desde", "since"))
UNTIL = NamedArgument(words("hasta", "até", "until"))
_SINCE = re.compile(r"(?:^|\s)(?:desde|since)\s+(.+?)(?=\s(?:hasta|até|ate|until)\s|$)", re.I)
_UNTIL = re.compile(r"(?:^|\s)(?:hasta|até|ate|until)\s+(.+?)(?=\s(?:desde|since)\s|$)", re.I)

feature.stands_for(words("qué se desidió", "o que decidiram", "what was agreed"), "decisions")


@feature.command(
    words(
        "decisiones",
        "decisões",
        "decisions",
        "acuerdos, actas, qué se decidió, qué se acordó, qué decidimos, "
        "qué acordamos | "
        "deliberações, atas, o que foi decidido, o que se decidiu, o que a gente decidiu, "
        "o que decidimos | what did we decide, "
        "what was decided",
    ),
    help=_("what was decided, by word or by date"),
    example=_("For example: `!decisions charter since October`"),
    topic=DECISIONS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    args=(SINCE, UNTIL, PAGE_ARGUMENT),
)
async def list_decisions(ctx: Context, parts: ParsedArguments) -> Answer:
    """List decisions, newest first; in private, from all rooms shared with the bot. Return the
    answer.

    Raises `UserError` if nothing is found.
    """
    asked = _parse_query(ctx, parts)
    page = min(page_argument(parts), LAST_PAGE)
    places = await _searched_rooms(ctx)
    before = (page - 1) * ON_A_PAGE
    found = await record_store.find_decisions(ctx.db, places, asked, before, ON_A_PAGE + 1)
    if not found and page == 1 and asked == RecordQuery(""):
        return _("Nothing has been decided here yet. What is open: `!pending`")
    if not found:
        raise UserError(
            _("I find no decision like that."), _("All of them: `!decisions`. Open: `!pending`")
        )
    lines = [entry_line(one, with_room=len(places) > 1) for one in found[:ON_A_PAGE]]
    if len(found) > ON_A_PAGE:
        again = f"{_query_text(parts)} ".lstrip()
        lines.append(_("Older ones: `!decisions {words}page:{page}`", words=again, page=page + 1))
    return [*lines, _("One in full: `!minutes {number}`", number=found[0].number)]


def _parse_query(ctx: Context, parts: ParsedArguments) -> RecordQuery:
    """Parse words and times in any order. Quoted text is only words."""
    text = " ".join(parts.free.split())
    first = last = None
    since, until = parts.named.get(SINCE.key), parts.named.get(UNTIL.key)
    if (match := _SINCE.search(text)) and not since and _span(ctx, match[1]):
        since, text = match[1], text[: match.start()] + text[match.end() :]
    if (match := _UNTIL.search(text)) and not until and _span(ctx, match[1]):
        until, text = match[1], text[: match.start()] + text[match.end() :]
    if since:
        first = _require_span(ctx, since)[0]
    if until:
        last = _require_span(ctx, until)[1]
    if first is None and last is None:
        text, found = dates.past.split_period(text, lambda phrase: _span(ctx, phrase))
        first, last = found or (None, None)
    return RecordQuery(fold(" ".join((text, *parts.quoted))), first, last)


def _query_text(parts: ParsedArguments) -> str:
    """Return the query as the person must type it for the next page."""
    named = (f"{key}:{value}" for key, value in parts.named.items() if key != PAGE_ARGUMENT.key)
    return " ".join((parts.free, *(f'"{words}"' for words in parts.quoted), *named)).strip()


async def _searched_rooms(ctx: Context) -> list[RoomId]:
    if not ctx.is_private:
        return [ctx.room]
    return [room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)]


def entry_line(one: RecordEntry, *, with_room: bool) -> Line:
    """Return one line that describes a decision in the list of decisions."""
    verdict = result_texts.VERDICT_TEXTS[one.verdict]
    named: dict[str, object] = {
        "number": one.number,
        "day": Day(one.ended),
        "verdict": verdict,
        "title": texts.short_question(one.title),
    }
    if with_room:
        return Line(
            "{number} {day}, {room}: “{title}”, {verdict}", {**named, "room": one.room_name}
        )
    return Line("{number} {day}: “{title}”, {verdict}", named)


def _require_span(ctx: Context, phrase: str) -> dates.past.Period:
    found = _span(ctx, phrase)
    if found is None:
        raise UserError(
            _("I can't read “{words}” as a date.", words=phrase[:80]),
            _("For example: `!decisions since October`, `!decisions since 01/10`"),
        )
    return found


def _span(ctx: Context, phrase: str) -> dates.past.Period | None:
    return dates.past.read_period(phrase, ctx.said_at, ctx.policy.zone)
