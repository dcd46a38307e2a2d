"""Decides which devices count, and what the others are told."""

from __future__ import annotations

from bot import distress
from bot.capability.authority.permission import CONFIRM_DEVICE
from bot.capability.feature import Answer
from bot.capability.room_policy import Policy
from bot.conversation import distress_lines, help_room
from bot.conversation.attention import Concern
from bot.delivery.effects import Effect, Help, React, Say
from bot.distress import HelpKind
from bot.i18n import _
from bot.lines import Line, Person
from bot.run.duties import identity_changes
from bot.run.stages.limits import Limits
from bot.types import Message, PollEnd, PollVote, Trust

NOT_COUNTED = "✗"
"""A reaction, which is not encrypted: an app from whose device nothing counts shows it too."""


class DeviceTrust:
    """Only signed devices count, unless a room or the configuration allows more."""

    def __init__(self, limits: Limits, trusting: frozenset[Trust]) -> None:
        self._limits = limits
        self._trusting = trusting

    def counts_everywhere(self, trust: Trust) -> bool:
        """Return whether commands of a device with this trust are obeyed in every room."""
        return trust in self._trusting

    def counts_in_room(self, trust: Trust, known: Policy) -> bool:
        """Return whether commands of a device with this trust are obeyed in this room."""
        loosened = trust is Trust.UNSIGNED and known.loosened
        return loosened or trust in self._trusting

    def refuse_line(self, message: Message, known: Policy, concern: Concern) -> Answer:
        """Return the refusal of a line whose device does not count, () to refuse silently, None if
        it counts."""
        if self.counts_in_room(message.trust, known):
            return None
        heard = concern.line
        if not (heard.is_addressed or heard.is_exclaimed or concern.has_vote_limit):
            return ()
        told = self._refusal(message, known)
        if message.trust is Trust.UNSIGNED:
            told = (React(message.event, NOT_COUNTED), *told)
        called = distress.find_help_kind(heard.text) is HelpKind.DANGER
        if message.trust is Trust.REPLACED and known.is_private:
            return told  # they can't read us here; the help room tells them
        return (distress_lines.self_help_line(), *told) if called else told

    def _refusal(self, message: Message, known: Policy) -> tuple[Line | Effect, ...]:
        if not self._limits.may_tell(f"trust:{message.sender}", message.at):
            return ()
        if message.trust is Trust.REPLACED:
            return self._replaced_refusal(message, known)
        if message.trust is Trust.PLAIN:
            return (
                _("This room is not encrypted, so I do nothing here. Turn encryption on first."),
            )
        helped = Help(message.sender, help_room.STEPS)
        if not known.is_private:
            return (helped,)  # in the room everybody would read the answer but who needs it
        return (
            _("I can't act on this: the device you wrote from is not confirmed as yours yet."),
            CONFIRM_DEVICE,
            helped,
        )

    def _replaced_refusal(self, message: Message, known: Policy) -> tuple[Line | Effect, ...]:
        """Tell the sender in the help room; tell the room who can confirm them."""
        helped = Help(message.sender, identity_changes.confirmation_steps(message.sender))
        if known.is_private:
            return (helped,)
        return (
            _(
                "I do nothing that {person} writes now: their Matrix identity is a new one.",
                person=Person(message.sender),
            ),
            _(
                "Do you know them? Ask them by phone or face to face, then write here:"
                " `!confirm {address}`",
                address=message.sender,
            ),
            helped,
        )

    def refuse_vote(self, what: PollVote | PollEnd) -> Answer:
        """Return the refusal of a vote from a device that does not count, at most once in ten
        minutes."""
        if not self._limits.may_tell(f"trust:{what.sender}", what.at):
            return None
        if what.trust is Trust.REPLACED:
            return Help(what.sender, identity_changes.confirmation_steps(what.sender))
        lines = (
            _("I could not count your tap: the device you used is not confirmed as yours yet."),
            CONFIRM_DEVICE,
        )
        return [Say(lines, to=what.sender, loud=True), Help(what.sender, help_room.STEPS)]
