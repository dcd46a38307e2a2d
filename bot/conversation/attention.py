"""Decides which lines concern the bot. Cheap and read-only, because it sees every line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot import distress
from bot.capability.registry import Registry
from bot.capability.room_policy import Policy, question_slot
from bot.conversation import distress_answers
from bot.conversation.addressing import AddressedLine, parse_addressing
from bot.distress import HelpKind
from bot.types import Message, UserId
from storage import items, questions
from storage.database import Tx
from storage.questions import Question


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a line concerns the bot. `may_be_vote` and `is_urgent` choose its rate limit.

    `help_kind` is set if it was typed in danger or after harm and is no command; such a line is
    urgent.
    """

    line: AddressedLine
    question: Question | None
    may_be_vote: bool = False
    is_urgent: bool = False
    help_kind: HelpKind | None = None


class Attention:
    """Decides which lines concern the bot. `bot_name` is its name besides its address."""

    def __init__(self, registry: Registry, me: UserId) -> None:
        self._registry = registry
        self._me = me
        self.bot_name = ""

    async def find_concern(self, tx: Tx, message: Message, policy: Policy) -> Concern | None:
        """Return why the line concerns the bot, or None. Reads only."""
        heard = parse_addressing(message, policy, self._me, self.bot_name)
        place = question_slot(policy, message.sender, message.room, message.thread)
        question = await questions.get(tx, *place, message.sender)
        if heard.is_addressed or question is not None:
            return self._concern(heard, question)
        if message.reply_to is not None:
            known = await items.item_about(tx, message.reply_to) is not None
            if known or self.has_listener(heard.text):
                return replace(self._concern(heard, None), may_be_vote=True)
        elif heard.is_exclaimed or self.is_bare(heard.text, replied=False):
            if self._registry.find_command(heard.text) is not None:
                return self._concern(heard, None)
        elif self.has_listener(heard.text):
            return Concern(heard, None, may_be_vote=True)
        door = self._help_kind(heard)
        return Concern(heard, None, is_urgent=True, help_kind=door) if door is not None else None

    def has_listener(self, text: str) -> bool:
        """Return whether a capability listens for such lines although they are not addressed."""
        return any(f.wants_line and f.wants_line(text) for f in self._registry.features.values())

    def _concern(self, heard: AddressedLine, question: Question | None) -> Concern:
        found, door = self._registry.find_command(heard.text), self._help_kind(heard)
        if found is None:
            return Concern(heard, question, is_urgent=door is not None, help_kind=door)
        urgent = found[0].is_urgent or door is not None
        return Concern(heard, question, found[0].is_vote, urgent, door)

    def _help_kind(self, heard: AddressedLine) -> HelpKind | None:
        """Return the kind of help a line calls for, unless it is the command for it."""
        if not (heard.is_addressed or heard.is_exclaimed):
            return distress.find_spoken_call(heard.text)
        found = self._registry.find_command(heard.text)
        if found is None:
            return distress.find_help_kind(heard.text)
        command = distress_answers.is_command(self._registry, *found)
        called = not command and distress.begins_call(heard.text, found[1])
        return distress.find_help_kind(heard.text) if called else None

    def is_bare(self, text: str, *, replied: bool) -> bool:
        """Return whether the line is a whole command without prefix: `voy 57`, in a reply `voy`."""
        found = self._registry.find_command(text)
        if found is None or not found[0].is_bare:
            return False
        number = re.fullmatch(r"(#?\d{1,9})?(?:\s+\d[\d/.\-:h ]*)?", found[2])
        return number is not None and (replied or number[1] is not None)

    def is_complete(self, text: str) -> bool:
        """Return whether the line means something by itself, like `voy 2`, so is no choice."""
        return self.is_bare(text, replied=False) or self.has_listener(text)
