"""The backups that the bot makes by itself, beside its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import structlog

from bot.capability.authority.moderators_room import tell_moderators
from bot.capability.context import Origin
from bot.i18n import ToldError, _, verbatim
from bot.lines import Line, Moment
from bot.run.duties.daily_digest import next_digest
from bot.run.duties.restore_notice import NOWHERE, own_context
from bot.run.environment import Environment
from storage.database import Database, Tx
from storage.encryption.backup_keys import Recipients
from storage.encryption.keys import Keys
from storage.files import disk
from storage.files.backup import write_backup
from storage.files.backup_folder import backup_name, remove_old
from storage.files.backup_format import Sealing
from storage.files.backup_pipe import pipe_backup
from storage.files.schedule_state import ScheduleState, get_state, save_state

log = structlog.get_logger(__name__)

RETRY = timedelta(hours=1)
"""The pause after a failure."""
FAILURES_TOLD = 2
"""How many failures in a row the moderators are told of; one may be chance."""
_LONGEST_SLEEP = timedelta(minutes=1)
"""After which the clock is asked again: it may have been set."""


@dataclass(frozen=True, slots=True, repr=False)
class BackupPlan:
    """Where backups go, when they are made, and how long they are kept.

    To `folder` if `command` is empty. Daily `at` an hour of `zone`, or `every` so long instead.
    """

    data: Path
    keys: Keys
    recipients: Recipients
    account: str
    folder: Path | None
    command: tuple[str, ...]
    at: time
    zone: str
    every: timedelta | None
    keep_days: int
    keep_files: int | None

    def next_due(self, state: ScheduleState, now: datetime) -> datetime:
        """Return when the next backup is due (UTC).

        At once if the last attempt lies in the future: the clock was set back, and nobody knows how
        long ago it was.
        """
        tried = state.tried
        if tried is None or tried > now:
            return now
        regular = tried + self.every if self.every else next_digest(tried, self.at, self.zone)
        return min(regular, tried + RETRY) if state.failures else regular


class BackupSchedule:
    """Makes backups when they are due. `wake` lets the outbox send what moderators are told."""

    def __init__(self, plan: BackupPlan, env: Environment, wake: Callable[[], None]) -> None:
        self._plan = plan
        self._env = env
        self._wake = wake

    async def run(self) -> None:
        """Make each backup when it is due, until cancelled."""
        while True:
            state, now = await read_state(self._env.db), self._env.clock.now()
            wait = self._plan.next_due(state, now) - now
            if wait <= timedelta(0):
                await self.back_up(state)
            else:
                await asyncio.sleep(min(wait, _LONGEST_SLEEP).total_seconds())

    async def back_up(self, before: ScheduleState) -> None:
        """Make one backup now.

        It is stored as failed before it begins, so that it counts as failed if the process is
        killed.
        """
        now = self._env.clock.now()
        begun = before.begun(now)
        async with self._env.db.transaction() as tx:
            await save_state(tx, begun)
        try:
            await self._make(begun, now)
        except (ToldError, OSError) as error:
            why = _reason(error)
            log.warning("backup.failed", failures=begun.failures, why=why.msgid)
            after = replace(begun, why=why)
        else:
            log.info("backup.made")
            after = replace(begun, failures=0)
        async with self._env.db.transaction() as tx:
            await save_state(tx, await self._tell(tx, after))

    async def _make(self, state: ScheduleState, now: datetime) -> None:
        plan = self._plan
        sealing = Sealing(plan.recipients, plan.account, state.mark, now)
        if plan.command:
            await pipe_backup(plan.data, plan.keys, plan.command, sealing)
            return
        if plan.folder is None:
            raise ValueError("a plan names a folder or a command")
        await write_backup(plan.data, plan.keys, plan.folder / backup_name(now), sealing)
        gone = await asyncio.to_thread(
            remove_old,
            plan.folder,
            state.mark,
            now,
            keep_days=plan.keep_days,
            keep_files=plan.keep_files,
        )
        if gone:
            log.info("backup.old_removed", count=gone)

    async def _tell(self, tx: Tx, state: ScheduleState) -> ScheduleState:
        """Tell the moderators of failures once, and of their end. Return the state after it."""
        if not state.told and state.failures >= FAILURES_TOLD:
            lines = [
                _(
                    "The backup of my data failed {count} times in a row, last on {moment}.",
                    count=state.failures,
                    moment=Moment(self._env.clock.now()),
                ),
                _("Tell whoever runs me: `minga doctor` says why."),
                _("Until then a broken disk would take all that I keep."),
            ]
        elif state.told and state.failures == 0:
            lines = [_("The backup of my data works again.")]
        else:
            return state
        ctx = await own_context(tx, self._env)
        effects = await tell_moderators(ctx, lines, sorted(self._env.defaults.moderators))
        await self._env.answers.write_answer(tx, effects, Origin(NOWHERE), ctx.said_at)
        self._wake()
        return replace(state, told=state.failures > 0)


async def read_state(db: Database) -> ScheduleState:
    """Return when the last backup was attempted and how it ended."""
    async with db.reading() as tx:
        return await get_state(tx)


def _reason(error: ToldError | OSError) -> Line:
    """Return why an attempt failed."""
    if isinstance(error, ToldError):
        return error.lines[0]
    why = disk.disk_cause(error)
    if isinstance(why, disk.DiskTrouble):
        return why.lines[0]
    return verbatim(error.strerror or type(error).__name__)
