"""How the bot is: one look at its sync, letters, jobs, disk and backups, and what is wrong then.

The one answer for `/readyz`, the metrics, the log and systemd. It names and counts no people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.i18n import _
from bot.lines import Line
from storage import outbox_entries
from storage.files import backup_records, disk

MOST_SILENCE = timedelta(minutes=5)
"""A sync lasts half a minute at most; some may fail."""


class Trouble(StrEnum):
    """What may be wrong. Monitoring knows these words: they never change."""

    CATCHING_UP = "catching_up"
    NO_SYNC = "no_sync"
    LETTERS_LATE = "letters_late"
    JOBS_LATE = "jobs_late"
    DISK_LOW = "disk_low"
    BACKUP_OLD = "backup_old"


UNREADY = (Trouble.CATCHING_UP, Trouble.NO_SYNC, Trouble.LETTERS_LATE)
"""What keeps people from being answered now. The rest is for the operator to mend in time."""

WELL = _("The bot reads and answers.")
WORDS: dict[Trouble, Line] = {
    Trouble.CATCHING_UP: _("The bot has not read yet what was said while it was off."),
    Trouble.NO_SYNC: _("The bot has read nothing from the homeserver for five minutes."),
    Trouble.LETTERS_LATE: _("Messages could not be delivered for more than a quarter of an hour."),
    Trouble.JOBS_LATE: _("Things are late by more than a quarter of an hour."),
    Trouble.DISK_LOW: _("Less than 200 MiB are free for the data."),
    Trouble.BACKUP_OLD: _("There is no backup of the last eight days."),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What one look found. All times are UTC; sizes are bytes."""

    at: datetime
    last_sync: datetime | None
    """Until when everything is handled; None until the first catch-up."""
    oldest_letter: datetime | None
    """Since when the homeserver is owed the oldest of the entries that wait for it alone."""
    letters_late: int
    jobs_late: int
    oldest_job: datetime | None
    """When the oldest of the late jobs was due."""
    last_backup: datetime | None
    free_bytes: int
    data_bytes: int

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """The troubles of the bot, in the order of `Trouble`."""
        letter, backup = self.oldest_letter, self.last_backup
        wrong = {
            Trouble.CATCHING_UP: self.last_sync is None,
            Trouble.NO_SYNC: (
                self.last_sync is not None and self.at - self.last_sync > MOST_SILENCE
            ),
            Trouble.LETTERS_LATE: (
                letter is not None and self.at - letter > outbox_entries.LATE_AFTER
            ),
            Trouble.JOBS_LATE: self.jobs_late > 0,
            Trouble.DISK_LOW: self.free_bytes < disk.LEAST_FREE_BYTES,
            Trouble.BACKUP_OLD: backup is None or self.at - backup > backup_records.OLDEST_BACKUP,
        }
        return tuple(trouble for trouble in Trouble if wrong[trouble])

    @property
    def unready(self) -> tuple[Trouble, ...]:
        """The reasons why the bot can't answer people now; empty if it can."""
        return tuple(trouble for trouble in self.troubles if trouble in UNREADY)
