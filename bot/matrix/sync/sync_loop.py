"""The sync loop: fetch what the homeserver reports, in the order that loses nothing.

Keys are taken in before events, and a token is stored when everything before it is handled.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.gateway import OUTAGE, Inbox, Refused, SignedOut, TryLater
from bot.matrix.backoff import Backoff
from bot.matrix.fields import as_mapping, event_list, is_user_id
from bot.matrix.http import Http
from bot.matrix.sync.batches import BatchIntake
from bot.matrix.sync.early_requests import EarlyRequests
from bot.matrix.sync.gap_fill import MessageClock
from bot.matrix.sync.identity_reports import IdentityReports
from bot.matrix.sync.inbound_events import EventReader
from bot.matrix.sync.pulse import Pulse
from bot.matrix.sync.rollback import RollbackWatch
from bot.matrix.sync.room_queues import RoomQueues
from bot.matrix.sync.state_mirror import Mirror, has_members
from bot.matrix.sync.sync_batch import SyncBatch
from bot.matrix.sync.sync_filter import FILTER
from bot.matrix.sync.sync_pause import SyncPause
from bot.matrix.sync.verification_steps import read_device_step
from bot.types import RoomId
from storage import sync
from storage.database import Database

if TYPE_CHECKING:
    from bot.matrix.account_claim import AccountClaim
    from bot.matrix.crypto.crypto_machine import CryptoMachine
    from bot.matrix.rooms.keys_ahead import KeysAhead
    from bot.matrix.sync.to_device import DeviceStep, Withheld

LONG_POLL = 30.0
"""Seconds that the server may keep a sync open without news."""
TO_DEVICE_PAGE = 100
MOST_CATCH_UP_SYNCS = 100
LONGEST_STEP = 900.0
"""Seconds that the loop needs at most for what it does between two requests. A homeserver that
answers slowly may be asked for many devices' keys in one of them."""
LONGEST_EXCESS = 180.0
"""Seconds that a request or a pause may last beyond its time: a login may be renewed in it."""

_log = structlog.get_logger()


class SyncLoop:
    """Fetches, hands over and settles. A crash anywhere repeats what was not settled."""

    def __init__(
        self,
        http: Http,
        db: Database,
        machine: CryptoMachine,
        mirror: Mirror,
        reader: EventReader,
        delivery: BatchIntake,
        ahead: KeysAhead,
        now: Callable[[], datetime],
        claim: AccountClaim | None = None,
    ) -> None:
        self._http = http
        self._db = db
        self._machine = machine
        self._mirror = mirror
        self._reader = reader
        self._delivery = delivery
        self._ahead = ahead
        self._now = now
        self._claim = claim
        self.pulse = Pulse()
        self.pause = SyncPause()
        self.rollback = RollbackWatch(http, db, delivery.holes)
        self._reports = IdentityReports(db, machine, now)
        self._answered: datetime | None = None
        self._failed = False
        self._floor: datetime | None = None
        self._backoff = Backoff()
        self._readable: set[tuple[RoomId, str]] = set()
        self._withheld: list[Withheld] = []
        self._steps: list[DeviceStep] = []
        self._early = EarlyRequests(db, now)
        self._upkeep = delivery.unknown_devices

    async def run(self, inbox: Inbox) -> None:
        """Ask the homeserver for news and hand it on, until cancelled. Raises `SignedOut`, or what
        `inbox` raised."""
        self.pulse.expect_within(LONGEST_STEP)
        self._floor = await sync.live_until(self._db)
        await self._mirror.load()
        await self._delivery.load()
        await self.rollback.load()
        self._readable |= await self._reader.waiting_sessions()
        ended: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as group:
                queues = RoomQueues(group)
                group.create_task(self._delivery.settle(inbox, queues))
                group.create_task(self._run_upkeep(inbox, queues))
                group.create_task(self._delivery.recheck_gaps(inbox, queues))
                group.create_task(self._delivery.recover(inbox, queues))
                group.create_task(self._ahead.run(self._delivery.caught_up))
                await self._loop(inbox, queues)
        except BaseExceptionGroup as errors:
            ended = _main_error(errors)
        if ended is not None:
            # Raised outside of the group: inside, the group would be among the causes of the
            # error, an endless loop for logging; and its own cause (a full disk) must stay.
            raise ended

    async def _loop(self, inbox: Inbox, queues: RoomQueues) -> None:
        token = await sync.get_token(self._db) or ""
        is_first = True
        away_since: datetime | None = None
        while True:
            try:
                batch = await self._gather(token)
            except TryLater as later:
                self._failed = True
                seconds = self._backoff.next_wait(later.after)
                told = _log.warning if away_since is None else _log.info
                told("no sync", code=later.code, seconds=round(seconds, 1))
                away_since = away_since or self._now()
                self.pulse.expect_within(seconds + LONGEST_EXCESS)
                await asyncio.sleep(seconds)
                continue
            self._backoff.reset()
            if away_since is not None:
                lasted = (batch.answered - away_since).total_seconds()
                _log.warning("sync again", after_seconds=round(lasted))
            await self.rollback.follow(batch, away_since or (self._floor if is_first else None))
            away_since = None
            inbox.note_answer(batch.answered)
            await self._mirror.update(batch.sections("join"))
            self._want_keys(batch, is_first=is_first)
            is_first = False
            withheld, self._withheld = self._withheld, []
            await self._reader.withhold(withheld)
            readable, self._readable = self._readable, set()
            self._retry_sessions(inbox, queues, readable)
            await self._reports.hand_over(inbox, queues)
            await self._hand_over_steps(inbox, queues, batch)
            self.pulse.expect_within(math.inf)  # behind too much work it waits until that is done
            await self._delivery.accept(inbox, queues, batch)
            self.pulse.expect_within(LONGEST_STEP)
            token = batch.token
            await self.pause.wait(_until_answered(batch, inbox))

    # --- asking -----------------------------------------------------------------------------------

    async def _gather(self, since: str) -> SyncBatch:
        """Make one sync; in a catch-up as many as needed until no to-device message is left.

        Synapse sends 100 keys a sync, and events must not be handled before their keys. After a
        failed sync, however brief, nothing that is read counts as live.
        """
        asked, before = self._now(), self._answered
        late = before is None or self._failed or asked - before > OUTAGE
        token, answers = since, []
        seconds = 0.0 if late else await self._poll_time(asked)
        for _ in range(MOST_CATCH_UP_SYNCS):
            answer = await self._request_sync(token, seconds)
            if self._claim is not None:
                await self._claim.note_sync(answer)
            token, seconds = str(answer["next_batch"]), 0.0
            answers.append(answer)
            if self._take_keys(answer) < (1 if late else TO_DEVICE_PAGE):
                break
        now = self._now()
        late = late or now - asked > OUTAGE
        if late:
            await self._maintain()
        floor, self._answered, self._failed = before or self._floor, now, False
        return SyncBatch(since, token, now, MessageClock(now, late, floor), answers)

    async def _request_sync(self, token: str, seconds: float) -> Mapping[str, Any]:
        query = {"filter": FILTER, "timeout": str(int(seconds * 1000))}
        query |= {"use_state_after": "true", "org.matrix.msc4222.use_state_after": "true"}
        if token:
            query["since"] = token
        # A first sync of many rooms may be slow. Otherwise 15 s over the poll time is an outage.
        limit = seconds + (15 if token else 300)
        self.pulse.expect_within(limit + LONGEST_EXCESS)
        answer = await self._http.call("GET", "/_matrix/client/v3/sync", query=query, timeout=limit)
        self.pulse.expect_within(LONGEST_STEP)
        if not isinstance(answer.get("next_batch"), str):
            raise TryLater("bad_json")
        return answer

    async def _poll_time(self, now: datetime) -> float:
        """Return how many seconds to wait for news: until the next report is due, at most
        `LONG_POLL`."""
        tell = await self._reader.next_report()
        return LONG_POLL if tell is None else min(max((tell - now).total_seconds(), 1.0), LONG_POLL)

    # --- keys -------------------------------------------------------------------------------------

    def _take_keys(self, answer: Mapping[str, Any]) -> int:
        """Take in to-device messages, device lists and key counts. Return the number of
        messages."""
        messages = event_list(answer.get("to_device"))
        if messages:
            brought = self._machine.receive_to_device(messages)
            self._readable |= brought.new_sessions
            self._withheld += brought.withheld
            self._steps += brought.steps
            self._reader.add_refused(brought.refused)
        lists = as_mapping(answer.get("device_lists"))
        changed, gone = _user_ids(lists.get("changed")), _user_ids(lists.get("left"))
        if changed or gone:
            self._machine.note_device_lists(changed, gone)
        counts = answer.get("device_one_time_keys_count")
        if isinstance(counts, Mapping):
            fallback = answer.get("device_unused_fallback_key_types")
            self._machine.note_key_counts(counts, fallback if isinstance(fallback, list) else None)
        if messages or changed or counts is not None:
            self._upkeep.set()
        return len(messages)

    def _want_keys(self, batch: SyncBatch, *, is_first: bool) -> None:
        """Have keys given ahead where people came or went; at first, where we spoke last."""
        sharer = self._machine.sharer
        sharer.want_in(room for room, section in batch.sections("join") if has_members(section))
        if is_first:
            sharer.want_recent()

    async def _hand_over_steps(self, inbox: Inbox, queues: RoomQueues, batch: SyncBatch) -> None:
        """Give steps of verifications by people in our rooms to their person's queue.

        A crash between the server's answer and this may lose one: the verification then lapses.
        """
        steps, self._steps = self._steps, []
        for one in await self._early.admit(steps):
            read = read_device_step(one.sender, one.type, one.content, one.trust, self._now())
            if read is not None:
                queue = RoomId(one.sender)
                batch.work.append(queues.add(queue, partial(inbox.receive, read)))

    async def _run_upkeep(self, inbox: Inbox, queues: RoomQueues) -> None:
        """Upload and query keys beside the loop, so that a slow server elsewhere delays nobody."""
        backoff = Backoff()
        while True:
            await self._upkeep.wait()
            self._upkeep.clear()
            if await self._maintain():
                backoff.reset()
                await self._reports.hand_over(inbox, queues)
                known, self._reader.unknown_devices = self._reader.unknown_devices, set()
                self._retry_sessions(inbox, queues, known)
            else:
                self._upkeep.set()
                await asyncio.sleep(backoff.next_wait())

    async def _maintain(self) -> bool:
        try:
            await self._machine.maintain(self._http)
        except (TryLater, Refused) as error:
            _log.warning("keys come later", code=error.code)
            return False
        return True

    def _retry_sessions(
        self, inbox: Inbox, queues: RoomQueues, sessions: set[tuple[RoomId, str]]
    ) -> None:
        for room, session in sessions:
            _ = queues.add(room, partial(self._reader.retry_session, inbox, room, session))


async def _until_answered(batch: SyncBatch, inbox: Inbox) -> None:
    await batch.settled.wait()
    await inbox.wait_until_answered()


def _main_error(errors: BaseExceptionGroup) -> BaseException:
    """Return what ended the loop. `SignedOut` says more than the errors that follow from it."""
    signed_out = errors.subgroup(SignedOut)
    found: BaseException = signed_out or errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def _user_ids(value: Any) -> list[str]:
    return [u for u in value if is_user_id(u)] if isinstance(value, list) else []
