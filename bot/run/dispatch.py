"""Sends each inbound event through its stages, in order.

The last stage runs in one transaction: seen mark, change, answer and jobs are committed together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from bot.capability.bug_reports import report_bug
from bot.conversation.conversation import Conversation, truncate
from bot.delivery.outbox import Outbox
from bot.gateway import AccountStore, Gateway
from bot.run.duties import (
    forgotten_again,
    handovers,
    new_identity,
    recovery_notice,
    restore_notice,
    self_destruction,
)
from bot.run.environment import Environment
from bot.run.homeserver_contact import HomeserverStatus
from bot.run.job_work import JobWork
from bot.run.practice_rooms import PracticeRooms
from bot.run.stages.deferred_events import ParkedEvents
from bot.run.stages.flood_detection import FloodDetector
from bot.run.stages.incoming import Incoming, StageTools
from bot.run.stages.limits import Limits
from bot.run.stages.lines import LineStages
from bot.run.stages.listeners import ListenerRunner
from bot.run.stages.other_bots import OtherBotStages
from bot.run.stages.places import Place, Places
from bot.run.stages.signals import SignalStages
from bot.run.stages.unsigned_devices import DeviceTrust
from bot.run.stages.votes import VoteStages
from bot.run.transactions import TransactionRunner
from bot.types import (
    BanRuleChanged,
    BotInvited,
    Echo,
    EditedMessage,
    EventId,
    InboundEvent,
    LinkMessage,
    MembershipChanged,
    Message,
    PollEnd,
    PollVote,
    Reaction,
    Redaction,
    RoomRightsChanged,
    Trust,
    UserId,
    VerificationStep,
)
from storage import sync
from storage.files.disk import database_failed
from storage.jobs import Job

Stage = Callable[[Incoming], Awaitable[Incoming | None]]
"""Takes what is known of an event and returns it with more; None ends the event's way."""


class Dispatcher:
    """Implements the `Inbox` protocol and runs jobs.

    `on_schedule` is called after a job was added.
    """

    def __init__(
        self,
        env: Environment,
        outbox: Outbox,
        gateway: Gateway,
        limits: Limits,
        practice: PracticeRooms,
        on_schedule: Callable[[], None],
        trusting: frozenset[Trust] = frozenset({Trust.SIGNED}),
    ) -> None:
        self._env = env
        self._outbox = outbox
        self._account: AccountStore = gateway
        self._runner = TransactionRunner(env, outbox, gateway, on_schedule)
        self._tools = StageTools(env, self._runner, limits, DeviceTrust(limits, trusting))
        self._parked = ParkedEvents(env.db, gateway, env.clock)
        self.practice = practice
        self.contact = HomeserverStatus(env.clock)
        self.ended = asyncio.Event()
        self.conversation = Conversation(env.registry, env.me, env.defaults.moderators)
        listeners = ListenerRunner(env.registry, limits)
        self._places = Places(env.db, env.me)
        self._other_bots = OtherBotStages(self._tools, practice, outbox)
        self.floods = FloodDetector(env.me)
        self._lines = LineStages(
            self._tools, self.conversation, self._parked, listeners, self.floods
        )
        self._votes = VoteStages(self._tools, self._parked)
        self._signals = SignalStages(self._tools, listeners, outbox)
        self._stages = self._all_stages()

    def _all_stages(self) -> Mapping[Place, Mapping[type, tuple[Stage, ...]]]:
        """Return the stages of events by where they happened and their type, in their order.

        Those of `object` are for all other types; an event without any is dropped.
        """
        lines, votes, signals, others = self._lines, self._votes, self._signals, self._other_bots
        line = (
            lines.end_help,
            lines.find_concern,
            lines.report_room_flood,
            lines.park_or_drop,
            lines.limit_sender,
            lines.answer,
        )
        vote = (votes.limit_sender, votes.count)
        listened = (signals.require_listener, signals.limit_sender, signals.tell_listeners)
        rules = (BanRuleChanged, RoomRightsChanged)
        kinds = (Reaction, *rules, LinkMessage, VerificationStep)
        ours: Mapping[type, tuple[Stage, ...]] = {
            Message: line,
            PollVote: vote,
            PollEnd: vote,
            EditedMessage: (
                signals.check_edit,
                lines.answer_corrected,
                signals.require_listener,
                signals.tell_listeners,
            ),
            Redaction: (signals.tell_listeners,),
            **dict.fromkeys(kinds, listened),
            object: (signals.handle,),
        }
        steps = (LinkMessage, MembershipChanged, BotInvited)
        return {
            Place.OURS: ours,
            Place.HELP: {object: (signals.handle,)},
            Place.HANDED_OVER: {
                Message: (lines.end_help, lines.find_concern, others.answer_line),
                PollVote: (others.refuse_vote,),
                **dict.fromkeys(steps, (others.take_step,)),
            },
            Place.PRACTICE: {
                Message: (lines.end_help, others.practise),
                PollVote: (others.practise,),
                PollEnd: (others.practise,),
            },
            Place.NOBODYS: {},
        }

    # --- the Inbox ----------------------------------------------------------------------------

    async def receive(self, what: InboundEvent) -> None:
        """Handle one event at most once. An event that raises is marked as seen, not retried.

        Raises if the database failed: that ends the process, and unmarked events come again.
        """
        try:
            if isinstance(what, Echo):
                await self._outbox.confirm_delivery(what)
            else:
                event = truncate(what) if isinstance(what, Message) else what
                await self._send_through_stages(await self._tools.look_up(event))
        except Exception as error:
            if database_failed(error):
                raise
            report_bug(error, what.event, None)
            async with self._env.db.transaction() as tx:
                await sync.mark_seen(tx, what.event, self._env.clock.now())

    async def _send_through_stages(self, incoming: Incoming) -> None:
        place, found = await self._places.find(incoming)
        stages = self._stages[place]
        known: Incoming | None = found
        for stage in stages.get(type(found.event), stages.get(object, (self._drop,))):
            assert known is not None
            if (known := await stage(known)) is None:
                return

    async def _drop(self, incoming: Incoming) -> None:
        self._tools.drop(incoming)

    def note_answer(self, at: datetime) -> None:
        """Note that the homeserver answered at this time (UTC), so that it counts as reachable."""
        self.contact.note_answer(at)

    async def commit_batch(
        self,
        token: str,
        live_until: datetime,
        unmarked: Collection[EventId] = (),
        newest: sync.NewestEvent | None = None,
    ) -> None:
        """Commit the sync token with the newest event until it, and mark as seen the events of the
        batch that needed no transaction of their own.

        Then handle the parked events that are ready, and let jobs run that are due until
        `live_until` (UTC).
        """
        marks = [*self._tools.marks, *unmarked]
        self._tools.marks.clear()
        async with self._env.db.transaction() as tx:
            await sync.mark_all_seen(tx, marks, self._env.clock.now())
            await sync.save_token(tx, token, newest)
            await sync.save_live_until(tx, live_until)
        for event in await self._parked.ready_events():
            if isinstance(event, Message):
                await self._lines.resume(truncate(event))
            else:
                await self._votes.resume(event)
        self.contact.mark_handled(live_until)

    async def wait_until_answered(self) -> None:
        """Wait until every committed answer is sent."""
        await self._outbox.quiet.wait()

    # --- jobs and notices -----------------------------------------------------------------------

    async def run_job(self, job: Job) -> None:
        """Run a due job and commit its changes and answer, at most once."""
        await self._runner.run(JobWork(self._env, job))
        if job.name == self_destruction.JOB:
            self.ended.set()

    async def announce_identity(self) -> bool:
        """Tell the rooms that the bot has a new identity, that data was lost, or that another bot
        goes on there.

        Return whether any of it was to be told.
        """
        renewed = await new_identity.announce_identity(self._env)
        handed = await handovers.announce_handovers(self._env)
        return await recovery_notice.announce_recovery(self._env) or renewed or handed

    async def ask_for_rooms(self) -> None:
        """Repeat our request to the bot that hands rooms over to us, for the rooms about which it
        has not answered."""
        if await handovers.ask_again(self._env):
            self._outbox.wake()

    async def forget_again(self) -> frozenset[UserId]:
        """Forget who asked for it in a time that the database has lost, and return who it was.
        Raises `TryLater`."""
        return await forgotten_again.forget_again(self._env, self._account)

    async def announce_restore(self, forgotten: Collection[UserId] = ()) -> bool:
        """Tell the rooms that a backup was restored, and the people who were forgotten again so.
        Return False if none was."""
        return await restore_notice.announce_restore(self._env, forgotten)
