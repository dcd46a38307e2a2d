"""The daily digest: a room may get all unrequested, silent messages in one message a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot import dates
from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.capability.room_policy import Policy
from bot.delivery.effects import Say
from bot.i18n import n_, verbatim
from bot.types import RoomId, UserId
from storage import digest_queue, jobs
from storage.database import Tx
from storage.digest_queue import DigestEntry

SETTING = "daily"
JOB = "digest"
MOST_BYTES = 1_800
"""Size limit of the message; with its frame the event stays under 2 kB."""
MOST_CHARACTERS = 240


def is_for_digest(say: Say, *, asked: bool) -> bool:
    """Return whether a message may wait for the daily digest: it answers nobody, is not urgent, and
    nothing refers to it later."""
    return not (asked or say.loud or say.to is not None or say.slot is not None)


async def keep_for_digest(
    tx: Tx, room: RoomId, text: str, named: Iterable[UserId], policy: Policy, now: datetime
) -> bool:
    """Store a message for the room's daily digest, and schedule the digest with its first message.

    Return False, and store nothing, if the room has no digest.
    """
    hour = policy.values.get(SETTING)
    if not hour or policy.is_private:
        return False
    if await digest_queue.add(tx, room, text, named, now):
        due = next_digest(now, time.fromisoformat(hour), policy.zone)
        wall = dates.to_wall(due, policy.zone)
        await jobs.add(tx, "", JOB, room, due, wall=wall, zone=policy.zone)
    return True


def next_digest(now: datetime, hour: time, zone: str) -> datetime:
    """Return the next instant (UTC) at which a clock in the zone shows this hour."""
    today = dates.to_wall(now, zone).date()
    first = dates.to_utc(datetime.combine(today, hour), zone)
    return (
        first
        if first > now
        else dates.to_utc(datetime.combine(today + timedelta(days=1), hour), zone)
    )


async def write_digest(ctx: Context) -> Answer:
    """Return all messages stored for the room's daily digest as one message, and delete them."""
    waited = await digest_queue.take(ctx.db, ctx.room)
    if not waited:
        return None
    count = len(waited)
    lines = [n_("News since the last time: {count}", "News since the last time: {count}", count)]
    size = 0
    for place, one in enumerate(waited):
        line = digest_line(one, ctx.policy.zone)
        size += len(line.encode()) + 1
        if size > MOST_BYTES:
            left = count - place
            lines.append(n_("And {count} more: `!news`", "And {count} more: `!news`", left))
            break
        lines.append(verbatim(line))
    return Say(tuple(lines), loud=True)


def digest_line(one: DigestEntry, zone: str) -> str:
    """Return a stored message as one line of text that begins with its local time."""
    text = " ".join(one.text.split())
    text = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
    return f"{dates.to_wall(one.at, zone):%H:%M} {text}"
