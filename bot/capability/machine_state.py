"""How the machine under the bot is, for `!status`: for who looks after it, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.capability.context import Context
from storage import outbox_entries, sync
from storage.files import backup_records, disk


@dataclass(frozen=True, slots=True)
class MachineState:
    """Times are UTC; None: never, or nothing."""

    last_sync: datetime | None
    """Until when everything that the homeserver reported is handled."""
    letters_late: int
    """How many messages wait for the homeserver or their readers, for over a quarter of an hour."""
    oldest_letter: datetime | None
    last_backup: datetime | None
    backup_is_old: bool
    disk_is_low: bool


async def read_machine_state(ctx: Context) -> MachineState | None:
    """Return the state of the bot's machine (disk, outbox, homeserver), or None if the person may
    not see it.

    Only network moderators may, in private: in a room others would read along.
    """
    if not ctx.is_private or ctx.who not in ctx.defaults.moderators or ctx.defaults.practice:
        return None
    folder = ctx.db.folder
    late, since = await outbox_entries.late_entries(ctx.db, ctx.now)
    made = backup_records.last_backup(folder)
    return MachineState(
        await sync.read_live_until(ctx.db),
        late,
        since,
        made,
        made is not None and ctx.now - made > backup_records.OLDEST_BACKUP,
        disk.free_bytes(folder) < disk.LEAST_FREE_BYTES,
    )
