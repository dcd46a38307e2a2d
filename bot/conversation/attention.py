"""Decides which lines concern the bot. Cheap and read-only, because it sees every line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot import distress
from bot.capability.registry import Registry
from bot.capability.room_policy import Policy, corner
from bot.conversation import distress_answers
from bot.conversation.addressing import Heard, hear
from bot.distress import Door
from bot.types import Message, UserId
from storage import items, questions
from storage.database import Tx
from storage.questions import Question


@dataclass(frozen=True, slots=True)
class Heeded:
    """Why a line concerns the bot. `may_be_vote` and `is_urgent` choose its rate limit.

    `help_kind` is set if it was typed in danger or after harm and is no command; such a line is
    urgent.
    """

    heard: Heard
    question: Question | None
    vote: bool = False
    urgent: bool = False
    door: Door | None = None


class Attention:
    """Decides which lines concern the bot. `bot_name` is its name besides its address."""

    def __init__(self, registry: Registry, me: UserId) -> None:
        self._registry = registry
        self._me = me
        self.called = ""

    async def heed(self, tx: Tx, message: Message, policy: Policy) -> Heeded | None:
        """Return why the line concerns the bot, or None. Reads only."""
        heard = hear(message, policy, self._me, self.called)
        place = corner(policy, message.sender, message.room, message.thread)
        question = await questions.waiting(tx, *place, message.sender)
        if heard.marked or question is not None:
            return self._heeded(heard, question)
        if message.reply_to is not None:
            known = await items.about(tx, message.reply_to) is not None
            if known or self.listens(heard.text):
                return replace(self._heeded(heard, None), vote=True)
        elif heard.exclaimed or self.is_bare(heard.text, replied=False):
            if self._registry.find(heard.text) is not None:
                return self._heeded(heard, None)
        elif self.listens(heard.text):
            return Heeded(heard, None, vote=True)
        door = self._door(heard)
        return Heeded(heard, None, urgent=True, door=door) if door is not None else None

    def listens(self, text: str) -> bool:
        """Return whether a capability listens for such lines although they are not addressed."""
        return any(f.listens and f.listens(text) for f in self._registry.features.values())

    def _heeded(self, heard: Heard, question: Question | None) -> Heeded:
        found, door = self._registry.find(heard.text), self._door(heard)
        if found is None:
            return Heeded(heard, question, urgent=door is not None, door=door)
        urgent = found[0].urgent or door is not None
        return Heeded(heard, question, found[0].vote, urgent, door)

    def _door(self, heard: Heard) -> Door | None:
        """Return the kind of help a line calls for, unless it is the command for it."""
        if not (heard.marked or heard.exclaimed):
            return distress.spoken(heard.text)
        found = self._registry.find(heard.text)
        if found is None:
            return distress.find(heard.text)
        command = distress_answers.is_command(self._registry, *found)
        called = not command and distress.begins(heard.text, found[1])
        return distress.find(heard.text) if called else None

    def is_bare(self, text: str, *, replied: bool) -> bool:
        """Return whether the line is a whole command without prefix: `voy 57`, in a reply `voy`."""
        found = self._registry.find(text)
        if found is None or not found[0].bare:
            return False
        number = re.fullmatch(r"(#?\d{1,9})?(?:\s+\d[\d/.\-:h ]*)?", found[2])
        return number is not None and (replied or number[1] is not None)

    def acts(self, text: str) -> bool:
        """Return whether the line means something by itself, like `voy 2`, so is no choice."""
        return self.is_bare(text, replied=False) or self.listens(text)
