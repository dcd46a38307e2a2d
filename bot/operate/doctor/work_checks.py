"""The checks of `minga doctor` for the bot's work: its last sync, rooms, letters and jobs.

They read the database only. Rooms are called by their names, people are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.i18n import _, n_
from bot.lines import Line
from bot.operate.config import Config
from bot.operate.doctor.backup_checks import check_schedule
from bot.operate.doctor.findings import Finding, bad_finding, fine_finding, note_finding
from bot.operate.watch.condition import MOST_SILENCE
from bot.text.normalisation import one_line
from bot.types import RoomId, UserId
from storage import help_rooms, jobs, outbox_entries, rooms
from storage.database import Database
from storage.files.schedule_state import ScheduleState, get_state
from storage.membership import removals
from storage.membership.removals import Removal
from storage.membership.room import Room
from storage.schema import is_current
from storage.sync import live_until

_RESTART = "systemctl restart minga"


@dataclass(frozen=True, slots=True)
class WorkSummary:
    """What the database tells of the bot's work. All times are UTC."""

    last_sync: datetime | None
    rooms: tuple[Room, ...]
    removals: tuple[Removal, ...]
    late_letters: tuple[int, datetime | None]
    """How many could not be delivered yet though no reader is awaited, and since when the oldest
    waits."""
    unread_letters: tuple[int, datetime | None]
    """The same of those whose reader never came to the room that was made for them."""
    late_jobs: tuple[int, datetime | None]
    """How many are late, and since when the oldest is due."""
    helped: int
    """How many people have an open help room."""
    backups: ScheduleState
    """How the last backup went that the bot made by itself."""


async def read_work(db: Database) -> WorkSummary | None:
    """Return a summary of the rooms, jobs and outbox in the database, or None if it is new or of an
    older version."""
    if not await is_current(db):
        return None
    until, now = await live_until(db), datetime.now(UTC)
    async with db.reading() as tx:
        return WorkSummary(
            until,
            tuple(one for one in await rooms.network_rooms(tx) if one.kind != "m.space"),
            tuple(await removals.all_removals(tx)),
            await outbox_entries.late_for_homeserver(tx, now),
            await outbox_entries.late_for_readers(tx, now),
            await jobs.late_jobs(tx, now),
            await help_rooms.count_open(tx),
            await get_state(tx),
        )


def check_work(config: Config, work: WorkSummary, *, is_running: bool) -> Iterator[Finding]:
    """Yield a finding for each check of jobs and outbox."""
    yield from _last_sync(work, is_running=is_running)
    for room in work.rooms:
        yield from _room(config, room)
    for name, at in work.removals:
        yield note_finding(
            _(
                "The bot was taken out of “{room}” on {at} UTC. To have it back, a moderator of the"
                " network has to invite it again.",
                room=one_line(name) or "…",
                at=f"{at:%Y-%m-%d %H:%M}",
            )
        )
    yield from _waiting(work, is_running=is_running)
    yield from check_schedule(config, work.backups)
    if work.helped:
        yield note_finding(
            _(
                "People whose device nobody confirmed: {count}. The bot helps each of them in a"
                " help room; what they write elsewhere does not count until then.",
                count=work.helped,
            )
        )


def _last_sync(work: WorkSummary, *, is_running: bool) -> Iterator[Finding]:
    if work.last_sync is None:
        return
    at, silence = f"{work.last_sync:%Y-%m-%d %H:%M}", datetime.now(UTC) - work.last_sync
    if not is_running:
        yield note_finding(
            _("The bot is off: it has read nothing since {at} UTC. Start it.", at=at)
        )
    elif silence > MOST_SILENCE:
        yield bad_finding(
            _(
                "The bot runs, but has read nothing from the homeserver since {at} UTC. If it was"
                " not started just now: {command}",
                at=at,
                command=_RESTART,
            )
        )
    else:
        yield fine_finding(_("The last sync with the homeserver was at {at} UTC.", at=at))


def _room(config: Config, room: Room) -> Iterator[Finding]:
    """Report what keeps the bot silent in one of the network's rooms."""
    named = _name(room.room, room.name)
    me = UserId(config.matrix.user_id)
    needed, has = room.power_to_write, room.power_of(me)
    if has < needed:
        yield bad_finding(
            _(
                "In {room} the bot may not write: it has power {has}, and {needed} is needed."
                " A moderator of the room can give it: `!permissions` there says how.",
                room=named,
                has=has,
                needed=needed,
            )
        )
    if not room.is_encrypted and not config.trust.unencrypted_rooms:
        yield bad_finding(
            _(
                "{room} is not encrypted: the bot keeps quiet there. A moderator of the room can"
                " turn encryption on in its settings, or take the bot out.",
                room=named,
            )
        )


def _name(room: RoomId, name: str) -> Line:
    return _("“{room}”", room=one_line(name) or room)


def _waiting(work: WorkSummary, *, is_running: bool) -> Iterator[Finding]:
    cure = _LOOK if is_running else _START
    count, since = work.late_letters
    if since is not None:
        yield bad_finding(
            n_(
                "{count} message could not be delivered since {since} UTC. {cure}",
                "{count} messages could not be delivered, the oldest since {since} UTC. {cure}",
                count,
                since=f"{since:%Y-%m-%d %H:%M}",
                cure=cure,
            )
        )
    count, since = work.unread_letters
    if since is not None:
        yield note_finding(
            n_(
                "{count} message waits for its reader, who did not come to the room made for them.",
                "{count} messages wait for readers who did not come to the room made for them.",
                count,
            )
        )
    count, since = work.late_jobs
    if since is not None:
        yield bad_finding(
            n_(
                "{count} thing is late, due since {since} UTC. {cure}",
                "{count} things are late, the oldest due since {since} UTC. {cure}",
                count,
                since=f"{since:%Y-%m-%d %H:%M}",
                cure=cure,
            )
        )


_START = _("Start the bot: it does them then.")
_LOOK = _("The bot tries again by itself; why not yet, its log says: journalctl -u minga")
