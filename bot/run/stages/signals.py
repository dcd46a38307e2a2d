"""The stages of everything that is no line and no vote: edits, reactions, comings and goings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.capability.context import Context
from bot.capability.feature import Answer, Handler
from bot.conversation.conversation import MOST_CHARACTERS
from bot.conversation.questions import open_question
from bot.delivery.outbox import Outbox
from bot.run.duties import identity_changes
from bot.run.stages.incoming import Incoming, StageTools
from bot.run.stages.listeners import ListenerRunner
from bot.types import (
    BanRuleChanged,
    DeviceVerified,
    EditedMessage,
    LinkMessage,
    Membership,
    MembershipChanged,
    OldIdentity,
    Reaction,
    Redaction,
    RoomRightsChanged,
    VerificationStep,
)
from storage.catch_up import parked_events, undecrypted_events

Listenable = (
    Reaction
    | Redaction
    | BanRuleChanged
    | RoomRightsChanged
    | LinkMessage
    | VerificationStep
    | EditedMessage
)
"""Events that capabilities listen for; the bot itself only ends a question at a redaction."""


class SignalStages:
    """What events without words for the bot go through."""

    def __init__(self, tools: StageTools, listeners: ListenerRunner, outbox: Outbox) -> None:
        self._tools = tools
        self._listeners = listeners
        self._outbox = outbox

    async def require_listener(self, incoming: Incoming) -> Incoming | None:
        """Drop an event that no capability listens for; return any other."""
        if self._tools.env.registry.listeners(type(incoming.event)):
            return incoming
        self._tools.drop(incoming)
        return None

    async def check_edit(self, incoming: Incoming) -> Incoming | None:
        """Return an edit if its device counts and it is short enough and within limits; drop any
        other."""
        tools = self._tools
        async with tools.env.db.reading() as tx:
            what = await identity_changes.with_current_trust(tx, incoming.event)
        incoming = replace(incoming, event=what)
        counts = tools.devices.counts_in_room(what.trust, incoming.policy)
        if len(what.text) > MOST_CHARACTERS or not counts:
            tools.drop(incoming)
            return None
        allowed = tools.limits.allows_edit(what.sender, what.at)
        return None if tools.is_over(incoming, "edit", allowed=allowed) else incoming

    async def limit_sender(self, incoming: Incoming) -> Incoming | None:
        """Return reactions, other networks' messages and verifications within their sender's
        limits; drop the others."""
        what = incoming.event
        if not isinstance(what, Reaction | LinkMessage | VerificationStep):
            return incoming
        limits = self._tools.limits
        if isinstance(what, VerificationStep) and what.step == "request":
            allowed = limits.allows_verification(what.sender, what.at)
        else:
            allowed = limits.allows_signal(what.sender, what.at)
        return None if self._tools.is_over(incoming, "signal", allowed=allowed) else incoming

    async def tell_listeners(self, incoming: Incoming) -> None:
        """Run the listeners for this type of event; a redaction ends the question about its line.
        Writes nothing if that does nothing."""
        listeners = self._tools.env.registry.listeners(type(incoming.event))
        run = partial(self._run_listeners, what=incoming.event, listeners=listeners)
        await self._tools.run(incoming, run, lightly=True)

    async def _run_listeners(
        self, ctx: Context, what: Listenable, listeners: Sequence[tuple[str, Handler]]
    ) -> Answer:
        if isinstance(what, Redaction):
            await open_question.end_withdrawn(ctx, what.target)
            await _withdraw_waiting(ctx, what)
        if isinstance(what, EditedMessage | LinkMessage | VerificationStep):
            ctx.is_trusted = self._tools.devices.counts_everywhere(what.trust)
        return await self._listeners.run_listeners(ctx, what, listeners)

    async def handle(self, incoming: Incoming) -> None:
        """Handle the event by the machine itself and then by the listening capabilities. Writes
        nothing if that does nothing: in a catch-up thousands may have come and gone."""
        run = partial(self._listeners.handle_event, what=incoming.event)
        await self._tools.run(incoming, run, lightly=True)
        event, theirs = incoming.event, {incoming.policy.person, incoming.helped}
        is_join = isinstance(event, MembershipChanged) and event.after is Membership.JOIN
        if is_join and event.user in theirs:
            self._outbox.arrivals.add(event.room, event.user)  # an entry may have waited for them
        elif isinstance(event, MembershipChanged | DeviceVerified | OldIdentity):
            self._outbox.release_held()


async def _withdraw_waiting(ctx: Context, what: Redaction) -> None:
    """Delete what its sender redacted before it could be handled: it is never handled then.

    A vote that another person redacted is still counted, as one that was handled is.
    """
    await parked_events.withdraw(ctx.db, what.target, what.sender)
    await undecrypted_events.withdraw(ctx.db, what.target, what.sender)
