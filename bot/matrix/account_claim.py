"""Let only the bot that was started last work on an account; any other one stops.

The account data event `org.minga.running` (spec §Client config) names the current run. A run writes
its name there before anything else, and waits until the earlier run says that it has stopped. A run
that reads another name there stops. Reasons: docs/decisions/0027.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from bot.gateway import OUTAGE, Refused, SignedOut, TryLater
from bot.i18n import _
from bot.lines import Line
from bot.matrix.account_data import account_data_path
from bot.matrix.fields import as_mapping, event_list
from bot.matrix.http import Http
from bot.matrix.run_record import CLAIM_TYPE, MOST_FORMER, RunRecord, current_run
from bot.types import UserId
from storage.database import Database, DatabaseError
from storage.files import lock, run_history
from storage.files.run_history import RunHistory

STOP_TIMEOUT = 40.0
"""Seconds that an earlier run has to stop. It learns of the claim with its next sync."""
WAITING = _(
    "The bot's last run did not say that it ended. Waiting up to {seconds} seconds for it, so that"
    " no two bots work at once.",
    seconds=round(STOP_TIMEOUT),
)
LOOK_INTERVAL = 0.5
"""Seconds between two reads while waiting. A sync would take keys that are not ours yet."""
RUNS_REMEMBERED = 20
GIVE_UP_TIMEOUT = 5.0
"""Seconds for telling the homeserver that this run has ended."""

_log = structlog.get_logger()


class Superseded(SignedOut):
    """Another bot works for this account now. The message says since when, and what to do."""


class AccountClaim:
    """This run's claim to the account.

    Call `stake` once, `check` before changes, `give_up` at the end.
    """

    def __init__(
        self,
        http: Http,
        db: Database,
        me: UserId,
        folder: Path,
        report: Callable[[Line], None] = lambda _line: None,
    ) -> None:
        """Begin with no claim. `report` tells who waits for the start why it takes long."""
        self._http, self._report = http, report
        self._db = db
        self._me = me
        self._mark = lock.folder_id(folder)
        self._past = RunHistory()
        self._own = RunRecord(secrets.token_hex(16), "", int(datetime.now(UTC).timestamp()))
        self._taken_by: RunRecord | None = None
        self._heard = _boot_time()
        self._looking = asyncio.Lock()

    @property
    def device(self) -> str:
        """The device of this run."""
        return self._own.device

    @property
    def former_devices(self) -> tuple[str, ...]:
        """The devices of earlier runs, which nobody uses any more, that are not signed out yet."""
        return self._own.former

    @property
    def is_stale(self) -> bool:
        """Whether another run has worked since this database was last used.

        It counts as restored then.
        """
        return self._past.stale

    # --- at the start -----------------------------------------------------------------------------

    async def refuse_superseded(self, *, take_over: bool) -> None:
        """Raise `Superseded` if our last run ended because another took over the account, unless
        `take_over` is set: its login may be gone since."""
        past = await self._read_history()
        if past.why and not take_over:
            raise Superseded(past.why)

    async def stake(self, device: str, *, take_over: bool = False) -> None:
        """Claim the account and wait until the earlier run has stopped. Raises `Superseded`.

        A database that knows the latest run goes on from it; so does one that knows no run, which
        is new or restored. Any other is superseded, unless `take_over` is set.
        """
        self._past = past = await self._read_history()
        before = await self._read()
        ours = before is not None and before.run in past.runs
        claimed = past.has_claimed
        if before is not None and claimed and not ours and not take_over:
            raise Superseded(before.superseded_line())
        here = ours and past.folder == self._mark  # we hold its lock: that run is dead
        shown = before.devices_before(device) if before is not None else ()
        self._own = replace(self._own, device=device, former=_join(past.devices, shown, device))
        # On disk first: a crash must not lock us out, nor make a copy look like the original.
        stale, apart = past.stale or (claimed and not ours), before is not None and not here
        runs = _runs_to_remember(past.runs, before, self._own.run)
        self._past = replace(
            past, runs=runs, stale=stale or (apart and claimed), why="", devices=self._devices
        )
        await self._save_history(self._past)
        await self._write(self._own)
        if before is not None and apart:
            stopped = not before.over and await self._wait_until_stopped(before)
            stale |= claimed and (stopped or before.over != past.over)
        if not stale:
            self._past = replace(self._past, folder=self._mark, over="", stale=False)
            await self._save_history(self._past)
        self._heard = _boot_time()
        self._http.before_change = self.check

    async def _wait_until_stopped(self, before: RunRecord) -> bool:
        """Return whether the earlier run said within `STOP_TIMEOUT` that it has stopped.

        Raises `Superseded` if a third run appears.
        """
        _log.warning("waiting for another bot on this account to stop")
        self._report(WAITING)
        deadline = time.monotonic() + STOP_TIMEOUT
        while time.monotonic() < deadline:
            found = await self._read()
            if found is not None and found.run != self._own.run:
                raise Superseded(found.superseded_line())
            if found is not None and found.stopped == before.run:
                _log.warning("the other bot has stopped")
                return True
            await asyncio.sleep(LOOK_INTERVAL)
        _log.warning("the other bot does not answer")
        return False

    async def finish_new_start(self, device: str) -> None:
        """Mark a database that another run has overtaken as usable again: as a restored one, with a
        new login."""
        self._own = replace(self._own, device=device, former=self._own.devices_before(device))
        await self._write(self._own)
        self._past = replace(
            self._past, folder=self._mark, over="", stale=False, devices=self._devices
        )
        await self._save_history(self._past)

    async def note_signed_out(self) -> None:
        """Record that the former devices are signed out. Until then each later start finds them
        in `former_devices`, also after one that broke off."""
        self._own = replace(self._own, former=())
        self._past = replace(self._past, devices=self._devices)
        await self._save_history(self._past)
        found = await self._read()
        if found is not None and found.run == self._own.run:
            await self._write(self._own)

    # --- while it works ---------------------------------------------------------------------------

    async def note_sync(self, answer: Mapping[str, Any]) -> None:
        """Note that a sync answered, which shows which run has the account. Raises `Superseded` if
        it is another one."""
        for event in event_list(answer.get("account_data")):
            found = RunRecord.read(as_mapping(event.get("content")))
            if event.get("type") == CLAIM_TYPE and (found is None or found.run != self._own.run):
                async with self._looking:
                    await self._ask_server()
        self._heard = _boot_time()

    async def check(self) -> None:
        """Check, before changing something at the homeserver, that no other bot has taken the
        account.

        Asks the server only if no sync has answered for longer than `OUTAGE`. Raises `Superseded`
        or `TryLater`.
        """
        async with self._looking:
            if self._taken_by is not None:
                raise Superseded(self._taken_by.superseded_line())
            if _boot_time() - self._heard > OUTAGE.total_seconds():
                await self._ask_server()

    async def _ask_server(self) -> None:
        """Ask the homeserver for the current run. A server that has lost some days is told
        again."""
        found = await self._read()
        if found is None or found.run in self._past.runs:
            await self._write(self._own)
        elif found.run != self._own.run:
            self._taken_by = found
            raise Superseded(found.superseded_line())
        self._heard = _boot_time()

    # --- at the end -------------------------------------------------------------------------------

    async def give_up(self) -> None:
        """Record that this run does nothing any more, so that the next one need not wait.

        Never raises.
        """
        taken = self._taken_by
        try:
            async with asyncio.timeout(GIVE_UP_TIMEOUT):
                if taken is not None:
                    await self._save_history(
                        replace(self._past, why=taken.superseded_line().in_english())
                    )
                    await self._write(replace(taken, stopped=self._own.run))
                    return
                if self._own.run in self._past.runs and not self._past.stale:
                    word = secrets.token_hex(16)
                    await self._save_history(replace(self._past, over=word))
                    await self._write(replace(self._own, over=word))
        except (TimeoutError, Refused, TryLater, SignedOut, DatabaseError, MemoryError) as error:
            _log.info("the end of this run is not known", error=type(error).__name__)

    # --- the records ------------------------------------------------------------------------------

    @property
    def _devices(self) -> tuple[str, ...]:
        """The device of this run, and the former ones."""
        return (self._own.device, *self._own.former)

    async def _read_history(self) -> RunHistory:
        async with self._db.reading() as tx:
            return await run_history.get_history(tx)

    async def _save_history(self, past: RunHistory) -> None:
        async with self._db.transaction() as tx:
            await run_history.save_history(tx, past)

    async def _read(self) -> RunRecord | None:
        return await current_run(self._http, self._me)

    async def _write(self, record: RunRecord) -> None:
        path = account_data_path(self._me, CLAIM_TYPE)
        await self._http.call("PUT", path, asdict(record), checked=False)


def _boot_time() -> float:
    """Return seconds of a clock that also runs while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _join(known: Collection[str], shown: Collection[str], current: str) -> tuple[str, ...]:
    """Return the former devices: those that our disk knows, whatever the account's data leaves out
    or puts beside them, then those that it shows."""
    return tuple(one for one in dict.fromkeys((*known, *shown)) if one != current)[:MOST_FORMER]


def _runs_to_remember(runs: Collection[str], before: RunRecord | None, own: str) -> tuple[str, ...]:
    """Return the latest runs. The one that the server names stays, however often a start fails."""
    known = before.run if before is not None and before.run in runs else None
    kept = [run for run in runs if run != known]
    return (*kept, *([known] if known else []), own)[-RUNS_REMEMBERED:]
