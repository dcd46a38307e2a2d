"""What comes from devices that are not confirmed: what counts, and what is said of the rest."""

from __future__ import annotations

from bot import distress, doubt, help_room, refuge
from bot.distress import Door
from bot.effects import Effect, Help, Say
from bot.feature import Answer
from bot.hearing import Heard
from bot.i18n import _
from bot.limits import Limits
from bot.permission import STEPS
from bot.policy import Policy
from bot.types import Line, Message, Person, PollEnd, PollVote, Trust


class Distrust:
    """Only signed devices count, unless a room or the configuration loosens it."""

    def __init__(self, limits: Limits, trusting: frozenset[Trust]) -> None:
        self._limits = limits
        self._trusting = trusting

    def everywhere(self, trust: Trust) -> bool:
        """Does such a device count in every room?"""
        return trust in self._trusting

    def counts(self, trust: Trust, known: Policy) -> bool:
        """Does what comes from such a device count in this room?"""
        loosened = trust is Trust.UNSIGNED and known.loosened
        return loosened or trust in self._trusting

    def of_line(self, message: Message, known: Policy, heard: Heard) -> Answer:
        """What is said instead of acting on it; None where it counts."""
        if self.counts(message.trust, known):
            return None
        if not (heard.marked or heard.exclaimed):
            return ()
        told = self._refused(message, known)
        called = distress.find(heard.text) is Door.DANGER
        if message.trust is Trust.REPLACED and known.private:
            return told  # there nothing of ours can be read; the help room says it
        return (refuge.by_yourself(), *told) if called else told

    def _refused(self, message: Message, known: Policy) -> tuple[Line | Effect, ...]:
        if not self._limits.first_telling(f"trust:{message.sender}", message.at):
            return ()
        if message.trust is Trust.REPLACED:
            return self._of_replaced(message, known)
        if message.trust is Trust.PLAIN:
            return (
                _("This room is not encrypted, so I do nothing here. Turn encryption on first."),
            )
        return (
            _("I can't act on this: the device you wrote from is not confirmed as yours yet."),
            STEPS,
            Help(message.sender, help_room.STEPS),
        )

    def _of_replaced(self, message: Message, known: Policy) -> tuple[Line | Effect, ...]:
        """Whoever has the new keys hears it in the help room; the room, who can help."""
        helped = Help(message.sender, doubt.steps(message.sender))
        if known.private:
            return (helped,)
        return (
            _("I do nothing that {person} writes now: their Matrix identity is a new one.",
              person=Person(message.sender)),
            _("Do you know them? Ask them by phone or face to face, then write here:"
              " `!confirm {address}`", address=message.sender),
            helped,
        )  # fmt: skip

    def of_vote(self, what: PollVote | PollEnd) -> Answer:
        """What is said of a tap that does not count."""
        if not self._limits.first_telling(f"trust:{what.sender}", what.at):
            return None
        if what.trust is Trust.REPLACED:
            return Help(what.sender, doubt.steps(what.sender))
        lines = (
            _("I could not count your tap: the device you used is not confirmed as yours yet."),
            STEPS,
        )
        return Say(lines, to=what.sender, loud=True)
